import { lexPromql } from "../promql/lexer.ts";
import type { NotebookCell, PieceForm } from "./notebookCells.ts";

/** True if a file's first cell sets defaults for all others: comments alone, with neither a separator nor a title. */
export function beginsWithDefaults([first]: readonly NotebookCell[], file: string): boolean {
  if (first === undefined || first.kind === "markdown" || first.title !== undefined) return false;
  // A piece of another file's is written anew.
  const form = first.source?.file === file ? first.source.form : undefined;
  if (form === "marked" || form === "weak") return false;
  // Behind a blank: there is no byte order mark in a cell, what looks like one belongs to its text.
  const tokens = lexPromql(` ${first.text}`, 0, first.text.length + 1);
  return tokens.length > 0 && tokens.every(({ kind }) => kind === "comment");
}

/** How each cell of a file is best told from its neighbours: as it was, or as the cells around it are. */
export function formsFor(cells: readonly NotebookCell[], file: string): readonly PieceForm[] {
  const formOf = ({ kind, source }: NotebookCell) => (kind === "markdown" ? "marked" : source?.form);
  const forms = cells.map(formOf);
  const lastFree = forms.lastIndexOf("free");
  const hasMarks = forms.includes("marked");
  const isWeak = !hasMarks && forms.includes("weak");
  return cells.map(({ title, text }, i): PieceForm => {
    const form = forms[i];
    if (i === 0 && beginsWithDefaults(cells, file)) return "head";
    if (form === "marked" || form === "weak") return form;
    // What was the head may be a query by now.
    if (form === "head") return i > 0 || title !== undefined ? "marked" : text.trim() === "" ? "head" : "free";
    if (form === "free" && title === undefined) return "free";
    if (isWeak) return "weak";
    return title === undefined && (i < lastFree || (!hasMarks && lastFree >= 0)) ? "free" : "marked";
  });
}
