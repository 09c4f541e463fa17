import { separatorLine, titleText } from "../promql/separators.ts";
import { markdownLines, queryLines } from "./cellText.ts";
import { conflictLine } from "./notebookBytes.ts";
import type { NotebookCell, NotebookFrame, PieceForm, PromqlNotebook } from "./notebookCells.ts";
import { beginsWithDefaults, formsFor } from "./pieceForm.ts";
import { byteOrderMark, readNotebook, readPiece, takeApart } from "./readNotebook.ts";

/** Tries before every cell gets a separator of its own. */
const maxTries = 5;

/**
 * The text of a file that reads back as these cells: kind, title and text. Cells that nobody changed are written as they were;
 * `# %%` is added only where a cell would not read as it should without it.
 */
export function writeNotebook({ frame, cells: given }: PromqlNotebook): string {
  const cells = given.map((cell) => plain(cell, frame.file));
  let marksFrom = cells.length;
  for (let tries = 1; tries <= maxTries; tries++) {
    const text = compose(frame, cells, marksFrom);
    const wrong = firstMistake(frame, cells, text);
    if (wrong === undefined) return text;
    if (marksFrom === 0) break;
    // The next cell was taken for a part of this one; or else this one does not read as it should by itself.
    marksFrom = wrong + 1 < marksFrom ? wrong + 1 : Math.min(wrong, marksFrom - 1);
    if (tries === maxTries - 1) marksFrom = 0;
  }
  // What the cells say of where they came from is of no use.
  const anew = cells.map((cell) => ({ ...cell, source: undefined }));
  const bare = { ...frame, lead: "" };
  const text = compose(bare, anew, 1);
  return firstMistake(frame, cells, text) === undefined ? text : compose(bare, anew, 0);
}

/** With lines that end in `\n` and a title that fits behind a separator; pieces of other files are none of this one. */
function plain({ kind, text: given, title, source: from }: NotebookCell, file: string): NotebookCell {
  const source = from?.file === file ? from : undefined;
  const text = given.replace(/\r\n?/g, "\n");
  // VS Code shows no byte order mark at a text's start, and does not give it back.
  const isMarked = source !== undefined && readPiece(source).text === byteOrderMark + text;
  return {
    kind,
    text: isMarked ? byteOrderMark + text : text,
    title: title === undefined ? undefined : titleText(title),
    source,
  };
}

/** Where a text, read, is first not what the cells are; `undefined`: nowhere. */
function firstMistake({ file }: NotebookFrame, cells: readonly NotebookCell[], text: string): number | undefined {
  if (conflictLine(text) !== undefined) return 0;
  const read = readNotebook(text, file).cells;
  const at = cells.findIndex((cell, i) => !isSame(cell, read[i]));
  if (at !== -1) return at;
  if (read.length > cells.length) return Math.max(0, cells.length - 1);
  // The same cells mean another thing where the first one sets defaults, or does no more.
  return beginsWithDefaults(cells, file) === beginsWithDefaults(read, file) ? undefined : 0;
}

function isSame(a: NotebookCell, b: NotebookCell | undefined): boolean {
  return a.kind === b?.kind && a.title === b.title && a.text === b.text;
}

/** Puts the cells' pieces one after the other; those from `marksFrom` on begin with `# %%`. */
function compose(
  { file, hasByteOrderMark, lead, eol }: NotebookFrame,
  cells: readonly NotebookCell[],
  marksFrom: number,
) {
  const forms = formsFor(cells, file).map((form, i) => (i < marksFrom ? form : "marked"));
  const pieces = cells.map((cell, i) => pieceOf(cell, forms[i] ?? "marked", i === cells.length - 1, eol));
  const closed = pieces.map((piece, i) => piece + missingEnds(piece, cells[i], cells[i + 1], eol));
  const start = (hasByteOrderMark ? byteOrderMark : "") + (cells.length === 0 || forms[0] === "head" ? "" : lead);
  return start + closed.join("");
}

/** A cell's piece of the file. What is still as it was read is taken over byte for byte. */
function pieceOf(cell: NotebookCell, form: PieceForm, isLast: boolean, eol: string): string {
  const { source } = cell;
  const was = source && readPiece(source);
  const parts = source && takeApart(source);
  const hasSameText = was?.kind === cell.kind && was.text === cell.text;
  const hasSameHead = was?.kind === cell.kind && was.title === cell.title && source?.form === form;
  if (source !== undefined && hasSameText && hasSameHead) {
    return isLast && !source.isLast && !cell.text.endsWith("\n") ? withoutBlankEnd(source.raw) : source.raw;
  }
  const separator = hasSameHead ? (parts?.separator ?? "") : separatorOf(cell, form);
  const start = separator === "" ? "" : separator + eol;
  if (hasSameText) return start + (parts?.body ?? "");
  const lines = cell.kind === "query" ? queryLines(cell.text) : markdownLines(cell.text);
  const body = cell.text === "" ? "" : lines.join(eol);
  const closing =
    was === undefined || was.text === "" || was.text.endsWith("\n") ? undefined : endsOf(parts?.body ?? "");
  return start + body + eol.repeat(closingEnds(cell, isLast, closing));
}

/** How many line ends stand behind a cell's text; `before`: how many did. */
function closingEnds({ kind, text }: NotebookCell, isLast: boolean, before: number | undefined): number {
  // Two at most are taken for the piece's end: a text that ends with one of its own needs both.
  if (kind === "query" && text.endsWith("\n")) return 2;
  if (text === "") return isLast ? 0 : 1;
  return before ?? (isLast ? 1 : 2);
}

function separatorOf({ kind, title }: NotebookCell, form: PieceForm): string {
  return form === "marked" || form === "weak" ? separatorLine({ kind, title, isWeak: form === "weak" }) : "";
}

/** Line ends at a text's end, 2 at most. */
function endsOf(text: string): number {
  const [rest, last] = split(text);
  return last === "" ? 0 : split(rest)[1] === "" ? 1 : 2;
}

function withoutBlankEnd(raw: string): string {
  return endsOf(raw) === 2 ? split(raw)[0] : raw;
}

/** A text and the line end at its end. */
function split(text: string): readonly [string, string] {
  const end = text.endsWith("\r\n") ? "\r\n" : (/[\r\n]$/.exec(text)?.[0] ?? "");
  return [text.slice(0, text.length - end.length), end];
}

/** The line ends that are missing before the next piece: one always, and a blank line where others stood between the two. */
function missingEnds(piece: string, cell?: NotebookCell, next?: NotebookCell, eol = "\n"): string {
  if (next === undefined) return "";
  const [rest, end] = split(piece);
  const wereNeighbours = cell?.source !== undefined && cell.source.at + 1 === next.source?.at;
  const hasBlankLine = end !== "" && /(?:^|[\r\n])[ \t]*$/.test(rest);
  return (end === "" ? eol : "") + (wereNeighbours || hasBlankLine ? "" : eol);
}
