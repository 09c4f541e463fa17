import * as vscode from "vscode";
import type { CellSource, NotebookCell, NotebookFrame } from "../notebook/notebookCells.ts";
import { beginsWithDefaults } from "../notebook/pieceForm.ts";
import { isPromqlNotebook } from "./notebookTypes.ts";

/** The cell whose text a document is; `undefined` for every other document, and for cells of other notebooks. */
export function cellOf(document: vscode.TextDocument): vscode.NotebookCell | undefined {
  if (document.uri.scheme !== "vscode-notebook-cell") return undefined;
  for (const notebook of vscode.workspace.notebookDocuments) {
    if (!isPromqlNotebook(notebook) || notebook.uri.path !== document.uri.path) continue;
    const cell = notebook.getCells().find((one) => one.document === document);
    if (cell !== undefined) return cell;
  }
  return undefined;
}

/** The cell that sets defaults for the others, if there is one. */
export function defaultsCellOf(notebook: vscode.NotebookDocument): vscode.NotebookCell | undefined {
  const [first] = notebook.getCells();
  if (first === undefined) return undefined;
  const cell = readCell(first, first.document.getText());
  return beginsWithDefaults([cell], readFrame(notebook.metadata).file) ? first : undefined;
}

/** A cell of VS Code's as ours. Its metadata may have been written by anybody. */
export function readCell(
  {
    kind,
    metadata,
  }: { readonly kind: vscode.NotebookCellKind; readonly metadata?: { readonly [key: string]: unknown } },
  text: string,
): NotebookCell {
  return {
    kind: kind === vscode.NotebookCellKind.Markup ? "markdown" : "query",
    text: text.replace(/\r\n?/g, "\n"),
    title: titleOf(metadata),
    source: sourceOf(metadata?.["source"]),
  };
}

/** What of a file belongs to no cell, out of a notebook's metadata. */
export function readFrame(metadata: { readonly [key: string]: unknown } | undefined): NotebookFrame {
  const { file, hasByteOrderMark, lead, eol } = (metadata?.["frame"] ?? {}) as Readonly<Record<string, unknown>>;
  return {
    file: typeof file === "string" ? file : "",
    hasByteOrderMark: hasByteOrderMark === true,
    lead: typeof lead === "string" && /^[ \t\r\n]*$/.test(lead) ? lead : "",
    eol: eol === "\r\n" || eol === "\r" ? eol : "\n",
  };
}

/** A cell's title, out of its metadata. */
export function titleOf(metadata: { readonly [key: string]: unknown } | undefined): string | undefined {
  const title = metadata?.["title"];
  return typeof title === "string" && title.trim() !== "" ? title : undefined;
}

function sourceOf(value: unknown): CellSource | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { file, raw, form, at, isLast } = value as Readonly<Record<string, unknown>>;
  if (typeof file !== "string" || typeof raw !== "string") return undefined;
  if (typeof at !== "number" || typeof isLast !== "boolean") return undefined;
  return form === "head" || form === "free" || form === "weak" || form === "marked"
    ? { file, raw, form, at, isLast }
    : undefined;
}
