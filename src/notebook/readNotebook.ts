import { type Block, parsePromqlFile } from "../promql/file.ts";
import { scanLines } from "../promql/lines.ts";
import { readSeparator, readWeakSeparator } from "../promql/separators.ts";
import { lineEnd, markdownText, queryText } from "./cellText.ts";
import type { CellSource, NotebookCell, NotebookFrame, PieceForm, PromqlNotebook } from "./notebookCells.ts";

export const byteOrderMark = "\ufeff";

/**
 * Reads a `.promql` file as cells: any text is one. A file of blanks alone is one empty cell, an empty file has none. `file`
 * names this reading of it.
 */
export function readNotebook(text: string, file = ""): PromqlNotebook {
  const hasByteOrderMark = text.startsWith(byteOrderMark);
  const content = hasByteOrderMark ? text.slice(byteOrderMark.length) : text;
  const frame = { file, hasByteOrderMark, eol: usualEol(content) };
  const { prologue, blocks } = parsePromqlFile(text);
  const piece = ({ from, to }: { readonly from: number; readonly to: number }) =>
    text.slice(Math.max(from, text.length - content.length), to);
  const head = piece(prologue);
  const leads = blocks.length > 0 && /^[ \t\r\n]*$/.test(head);
  const pieces: (readonly [PieceForm, string])[] = blocks.map((block) => [formOf(text, block), piece(block)]);
  if (!leads && head !== "") pieces.unshift(["head", head]);
  const cells = pieces.map(([form, raw], at) => readPiece({ file, raw, form, at, isLast: at === pieces.length - 1 }));
  return { frame: { ...frame, lead: leads ? head : "" }, cells };
}

function formOf(text: string, { separator }: Block): PieceForm {
  if (separator === undefined) return "free";
  return text.startsWith("###", separator.from) ? "weak" : "marked";
}

/** A piece taken apart; `separator` has no line end, `body` is what lies behind it. */
export interface Piece {
  readonly kind: NotebookCell["kind"];
  readonly title: string | undefined;
  readonly separator: string;
  readonly body: string;
}

/** Takes a piece apart. A piece that does not begin as its form says has no separator. */
export function takeApart({ raw, form }: Pick<CellSource, "raw" | "form">): Piece {
  const [line = { from: 0, to: 0 }] = scanLines(raw);
  const read = form === "marked" ? readSeparator : form === "weak" ? readWeakSeparator : undefined;
  const separator = read?.(raw, line);
  if (separator === undefined) return { kind: "query", title: undefined, separator: "", body: raw };
  return {
    kind: separator.kind,
    title: separator.title?.text,
    separator: raw.slice(separator.from, separator.to),
    body: raw.slice(separator.to).replace(/^(?:\r\n?|\n)/, ""),
  };
}

/** The cell that a piece is shown as. */
export function readPiece(source: CellSource): NotebookCell {
  const { kind, title, body } = takeApart(source);
  return { kind, title, text: kind === "query" ? queryText(body) : markdownText(body), source };
}

/** How most lines of a text end; `\n` where none does. */
function usualEol(text: string): NotebookFrame["eol"] {
  const counts = { "\n": 0, "\r\n": 0, "\r": 0 };
  for (const [end] of text.matchAll(lineEnd)) counts[end as NotebookFrame["eol"]]++;
  if (counts["\r\n"] > counts["\n"] && counts["\r\n"] >= counts["\r"]) return "\r\n";
  return counts["\r"] > counts["\n"] ? "\r" : "\n";
}
