/**
 * Lines that would end a cell, or make its file unreadable, if they stood in column 1: separators, and the marks of a merge
 * conflict. In a file each is indented by one blank more than in its cell.
 */
const dangerous = /^ *(?:# %%|<{7}|={7}|>{7})(?:[ \t]|$)/;

/** A line end, as VS Code counts them. */
export const lineEnd = /\r\n?|\n/g;

/** The lines of a query cell as they stand in a file. */
export function queryLines(text: string): readonly string[] {
  return text.split("\n").map((line) => (dangerous.test(line) ? ` ${line}` : line));
}

/** The lines of a Markdown cell as they stand in a file: comments. */
export function markdownLines(text: string): readonly string[] {
  return text.split("\n").map((line) => {
    // `# %%` would be a separator.
    const safe = /^\\*%%/.test(line) ? `\\${line}` : line;
    return safe === "" ? "#" : `# ${safe}`;
  });
}

/** What `queryLines` were made of; two line ends at most close a cell, all others belong to it. */
export function queryText(body: string): string {
  const lines = body.split(lineEnd);
  for (let ends = 0; ends < 2 && lines.length > 0 && lines.at(-1) === ""; ends++) lines.pop();
  return lines.map((line) => (line.startsWith(" ") && dangerous.test(line) ? line.slice(1) : line)).join("\n");
}

/** What `markdownLines` were made of. Lines that are no comments are taken as they are. */
export function markdownText(body: string): string {
  const lines = body.split(lineEnd);
  while (lines.length > 0 && /^[ \t]*$/.test(lines.at(-1) ?? "")) lines.pop();
  return lines
    .map((line) => line.replace(/^[ \t]*# ?/, ""))
    .map((line) => (/^\\+%%/.test(line) ? line.slice(1) : line))
    .join("\n");
}
