/** Characters without a shape of their own, which hide in a text or turn its direction around. */
const invisible = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** As many characters of a server's text as a row shows; an endless one would be laid out as a whole. */
const longestLine = 300;

/** The same for a tooltip. */
const longestText = 4000;

/** Text of a server in one line of at most 300 characters that reads as it is stored: nothing in it hides, moves or acts. */
export function plainLine(text: string): string {
  return cut(readable(text.slice(0, longestText)).replace(/\s+/g, " "), longestLine);
}

/** The same with its line ends, at most 4,000 characters. */
export function plainLines(text: string): string {
  const lines = text
    .slice(0, longestText + 1)
    .replace(/\r\n?/g, "\n")
    .split("\n");
  return cut(lines.map((line) => readable(line).replace(/\s+/g, " ")).join("\n"), longestText);
}

function readable(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/\p{Cc}+/gu, " ")
    .replace(invisible, "");
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  // Not between the halves of a character, of which the first alone would be no text.
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
