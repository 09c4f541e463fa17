/** A line without its end; offsets in UTF-16 code units. A line ends at `\n`, `\r\n` or a lone `\r`, as in VS Code. */
export interface Line {
  readonly from: number;
  readonly to: number;
}

/** All lines of a text, at least one. A byte order mark at the text's start belongs to no line. */
export function scanLines(text: string): readonly Line[] {
  const lines: Line[] = [];
  let from = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const ends = /\r\n?|\n/g;
  for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
    lines.push({ from, to: end.index });
    from = ends.lastIndex;
  }
  lines.push({ from, to: text.length });
  return lines;
}

/** Index of the line that holds `offset` (its line end included), for ascending `lines`. */
export function lineIndexAt(lines: readonly Line[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const from = lines[middle]?.from ?? 0;
    if (from <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** True for a line of blanks only. */
export function isBlankLine(text: string, line: Line): boolean {
  return firstInk(text, line) === line.to;
}

/** True for a line whose first sign is `#`. */
export function isCommentLine(text: string, line: Line): boolean {
  const ink = firstInk(text, line);
  return ink < line.to && text.charAt(ink) === "#";
}

function firstInk(text: string, line: Line): number {
  let at = line.from;
  while (at < line.to && isBlank(text.charAt(at))) at++;
  return at;
}

/** A space or a tab. */
export function isBlank(sign: string): boolean {
  return sign === " " || sign === "\t";
}
