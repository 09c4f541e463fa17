import { isCommentLine, scanLines } from "../promql/lines.ts";
import type { NotebookCell, PieceForm } from "./notebookCells.ts";

/** True if the first cell sets defaults for all others: comments alone, without a separator. */
export function beginsWithDefaults(cells: readonly NotebookCell[]): boolean {
  return formFor(cells, 0) === "head";
}

/** How a cell is best told from its neighbours: as it was, or as the cells around it are. */
export function formFor(cells: readonly NotebookCell[], index: number): PieceForm {
  const cell = cells[index];
  if (cell === undefined || cell.kind === "markdown") return "marked";
  const form = cell.source?.form;
  if (cell.title === undefined && index === 0 && (form === "head" || (form === undefined && isComment(cell.text)))) {
    return "head";
  }
  if (form === "marked" || form === "head") return "marked";
  if (form === "weak") return "weak";
  if (form === "free" && cell.title === undefined) return "free";
  const others = (from: number, wanted: PieceForm) =>
    cells.slice(from).some(({ kind, source }) => source?.form === wanted && kind === "query");
  const hasMarks = cells.some(({ kind, source }) => kind === "markdown" || source?.form === "marked");
  if (!hasMarks && others(0, "weak")) return "weak";
  const isAmongFree = others(index, "free") || (!hasMarks && others(0, "free"));
  return isAmongFree && cell.title === undefined ? "free" : "marked";
}

function isComment(text: string): boolean {
  return text.trim() !== "" && scanLines(text).every((line) => line.from === line.to || isCommentLine(text, line));
}
