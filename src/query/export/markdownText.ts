/** Control, format and unpaired characters: they show nothing, or turn what follows around. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** What has no meaning in a line of Markdown wherever it stands; a dot or colon only before a space, as in a sentence. */
const special = /[^\p{L}\p{M}\p{N} ,;'"()%=?+-]/gu;

const sentenceMark = /[.:]/;

/** A text of anybody as a line of Markdown that reads as this text: no markup, links, pictures or table cells come of it. */
export function markdownText(text: string): string {
  return visibleLine(text).replace(special, (character, at: number, whole: string) => {
    const next = whole.charAt(at + character.length);
    if (sentenceMark.test(character) && (next === "" || next === " ")) return character;
    return character === "\ufffd" ? character : `&#${character.codePointAt(0)};`;
  });
}

/** A text of code in backticks, where Markdown changes nothing; one that could break out of them is written as plain text. */
export function markdownCode(text: string): string {
  const line = visibleLine(text);
  // Tables split at a pipe also in code, and programs differ in how it is escaped there.
  return line === "" || /[`|\\]|^ | $/.test(line) ? markdownText(line) : `\`${line}\``;
}

/** A block of code as it is, line breaks included, behind a fence longer than any inside. */
export function markdownBlock(text: string, language: string): string {
  const lines = text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.replaceAll("\t", "    ").replace(invisible, "\ufffd"));
  const longest = [...text.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 0);
  const fence = "`".repeat(Math.max(3, longest + 1));
  return [fence + language, ...lines, fence].join("\n");
}

function visibleLine(text: string): string {
  return text.replace(/[\t\n\r]+/g, " ").replace(invisible, "\ufffd");
}
