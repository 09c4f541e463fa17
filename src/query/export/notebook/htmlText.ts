const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control, format and unpaired characters: they show nothing, or turn what follows around. Tabs and line breaks stay. */
const invisible = /[^\P{Cc}\t\n\r]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The same but for what joins letters and signs, which prose in some languages needs. */
const unwanted = /[^\P{Cc}\t\n\r]|[\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A text of anybody as HTML that reads as this text, in an element or in an attribute in double quotes. */
export function htmlText(text: string): string {
  return escaped(text.replace(invisible, "\ufffd"), /[&<>"']/g);
}

/** A text that its author wrote in Markdown: references such as `&copy;` stay what they are, which is never markup. */
export function htmlProse(text: string): string {
  return escaped(text.replace(unwanted, "\ufffd"), /&(?!(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]\w*);)|[<>"']/g);
}

function escaped(text: string, signs: RegExp): string {
  return text.replace(signs, (sign) => escapes[sign] ?? "");
}
