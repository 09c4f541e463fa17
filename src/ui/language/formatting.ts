import * as vscode from "vscode";
import { cellOf } from "../../host/notebookCells.ts";
import { parsePromqlCell, parsePromqlFile } from "../../promql/file.ts";
import { formatFile } from "../../promql/format/formatFile.ts";

/**
 * The changes that lay out a document's queries, or those of the blocks that `range` touches. A query that cannot be laid out stays
 * as it is and nothing is said of it: saving may have asked, and what is wrong with a text is told at its place.
 */
export function formattingEdits(document: vscode.TextDocument, range?: vscode.Range): vscode.TextEdit[] {
  const text = document.getText();
  const file =
    cellOf(document) === undefined ? parsePromqlFile(text) : parsePromqlCell(text, { defaults: [], title: undefined });
  const touching = range && { from: document.offsetAt(range.start), to: document.offsetAt(range.end) };
  return formatFile(text, file, touching).map(({ from, to, text: wanted }) =>
    vscode.TextEdit.replace(new vscode.Range(document.positionAt(from), document.positionAt(to)), wanted),
  );
}
