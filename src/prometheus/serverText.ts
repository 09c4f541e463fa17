/** Characters of a text that are looked through for markup: what counts stands at its beginning. */
const maxLookedAt = 8192;

/** As much of a server's own words as a failure carries. */
export const maxServerText = 300;

const voidContent = /<(script|style|template)\b[\s\S]*?(?:<\/\1\s*>|$)|<!--[\s\S]*?(?:-->|$)/gi;
const anyTag = /<[/!?a-z][^>]*(?:>|$)/gi;

/**
 * Tags by name. In a message of Prometheus `<by>` and `<op:or>` are tokens of the query and have to stay, so only names
 * that HTML and SVG define count as markup there.
 */
const htmlNames =
  "a|abbr|address|article|aside|audio|b|base|blockquote|body|br|button|canvas|center|code|dd|details|dialog|div|dl|dt|em|" +
  "embed|fieldset|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|label|li|link|main|" +
  "marquee|math|meta|nav|noscript|object|ol|option|p|pre|script|section|select|small|source|span|strong|style|sub|sup|" +
  "svg|table|tbody|td|template|textarea|tfoot|th|thead|title|tr|u|ul|video|xmp";
/**
 * Attributes need a `=`: in `a<b and c>d` nothing is markup. No part can match what the next one begins with, so that a text
 * without any `>` costs no more than its length.
 */
const htmlTag = new RegExp(`</?(?:${htmlNames})(?:\\s*/?|[\\s/][^<>=]*=[^<>]*)>`, "gi");
const activeTag =
  /<(?:img|svg|script|iframe|object|embed|video|audio|input|body|style|math|link|meta)[\s/][^>]*(?:>|$)/gi;

/** C0 and C1 controls, and the characters that reorder text on the screen. */
const invisible = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

function oneLine(text: string): string {
  return text
    .replace(/[\t\n\v\f\r\u2028\u2029]/g, " ")
    .replace(invisible, "")
    .replace(/ {2,}/g, " ")
    .trim();
}

function cut(text: string): string {
  const short = text.length <= maxServerText ? text : `${text.slice(0, maxServerText - 1)}…`;
  // Lone surrogates, sent as such or cut apart here.
  return short.replace(/\p{Surrogate}/gu, "");
}

/**
 * The words of a page or a plain text in one line of at most 300 characters: no markup, no control or bidirectional
 * characters, no secrets. Redacted before and after, since taking characters out can put a secret together.
 */
export function cleanPage(text: string, redact: (text: string) => string): string {
  const content = redact(text).slice(0, maxLookedAt).replace(voidContent, " ");
  const titleEnds = /<\/title\s*>/i.exec(content)?.index ?? 0;
  const [title, rest] = [content.slice(0, titleEnds), content.slice(titleEnds)].map((part) =>
    oneLine(part.replace(anyTag, " ")),
  );
  return cut(redact(oneLine(withoutRepeat(title ?? "", rest ?? ""))));
}

/** A title and the text below it, of which the first words often are the title's own, or its last ones (Apache). */
function withoutRepeat(title: string, rest: string): string {
  const words = title.slice(0, maxServerText).split(" ");
  const begins = (end: string) => end !== "" && `${rest} `.startsWith(`${end} `);
  const repeated = words.map((_, i) => words.slice(i).join(" ")).find(begins) ?? "";
  return `${title} ${rest.slice(repeated.length)}`;
}

/** The same for a message in Prometheus' envelope, in which only HTML's own tags count as markup. */
export function cleanMessage(text: string, redact: (text: string) => string): string {
  const plain = redact(text).slice(0, maxLookedAt).replace(htmlTag, " ").replace(activeTag, " ");
  return cut(redact(oneLine(plain)));
}
