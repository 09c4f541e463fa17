import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { readCell, readFrame } from "../../host/notebookCells.ts";
import { decodeNotebook, type NotebookProblem } from "../../notebook/notebookBytes.ts";
import type { NotebookCell } from "../../notebook/notebookCells.ts";
import { readNotebook } from "../../notebook/readNotebook.ts";
import { writeNotebook } from "../../notebook/writeNotebook.ts";

/** A file's bytes as a notebook of VS Code's. Throws with a sentence for a person where the file is none. */
export function notebookData(bytes: Uint8Array): vscode.NotebookData {
  const text = decodeNotebook(bytes);
  if (typeof text !== "string") throw new Error(problemSentence(text));
  const { frame, cells } = readNotebook(text, randomUUID());
  const data = new vscode.NotebookData(cells.map(cellData));
  data.metadata = { frame };
  return data;
}

/** Why bytes are no notebook, in a sentence for a person; `undefined`: they are one. */
export function notebookObstacle(bytes: Uint8Array): string | undefined {
  const text = decodeNotebook(bytes);
  return typeof text === "string" ? undefined : problemSentence(text);
}

/** A cell of ours as VS Code wants it; what is needed to write it back goes along as metadata. */
export function cellData({ kind, text, title, source }: NotebookCell): vscode.NotebookCellData {
  const data =
    kind === "query"
      ? new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, "promql")
      : new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, text, "markdown");
  data.metadata = { ...(title !== undefined && { title }), ...(source !== undefined && { source }) };
  return data;
}

/** An open notebook as it would be written now. */
export function dataOf(notebook: vscode.NotebookDocument): vscode.NotebookData {
  const cells = notebook.getCells().map(({ kind, document, metadata }) => {
    const cell = new vscode.NotebookCellData(kind, document.getText(), document.languageId);
    cell.metadata = { ...metadata };
    return cell;
  });
  const data = new vscode.NotebookData(cells);
  data.metadata = { ...notebook.metadata };
  return data;
}

/** The bytes of a notebook's file. */
export function notebookBytes({ cells, metadata }: vscode.NotebookData): Uint8Array {
  const notebook = { frame: readFrame(metadata), cells: cells.map((cell) => readCell(cell, cell.value)) };
  return new TextEncoder().encode(writeNotebook(notebook));
}

function problemSentence(problem: NotebookProblem): string {
  switch (problem.code) {
    case "notUtf8":
      return `This file is not UTF-8 (byte ${problem.offset.toLocaleString("en-US")} is none of it), so it could not be written back as it is. Open it as text, save it with the encoding UTF-8, and try again. Nothing was changed.`;
    case "mergeConflict":
      return `Line ${problem.line.toLocaleString("en-US")} is the mark of a merge conflict. Open the file as text, resolve the conflict, and try again. Nothing was changed.`;
  }
}
