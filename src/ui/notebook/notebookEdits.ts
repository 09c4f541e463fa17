import * as vscode from "vscode";
import { defaultsCellOf, titleOf } from "../../host/notebookCells.ts";
import type { DirectiveKey } from "../../promql/data/directiveKeys.ts";
import { editDirective } from "../../promql/editDirective.ts";
import type { PromqlFile } from "../../promql/file.ts";

/** A text that is read as PromQL. */
interface Documents {
  parse(document: vscode.TextDocument): PromqlFile;
}

type SettableKey = Exclude<DirectiveKey, "var">;

/** Sets directives in a cell's own text, or takes them away (`undefined`), as one edit that can be undone. */
export async function setDirectives(
  documents: Documents,
  cell: vscode.NotebookCell,
  values: readonly (readonly [SettableKey, string | undefined])[],
): Promise<void> {
  const { document } = cell;
  for (const [key, value] of values) {
    const directives = documents.parse(document).blocks[0]?.directives ?? [];
    const change = editDirective(document.getText(), directives, key, value);
    if (change === undefined) continue;
    const range = new vscode.Range(document.positionAt(change.from), document.positionAt(change.to));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, range, change.text);
    await vscode.workspace.applyEdit(edit);
  }
}

/** Sets a directive for all cells that do not set it themselves, in the first cell, which is made if there is none. */
export async function setDefault(
  documents: Documents,
  notebook: vscode.NotebookDocument,
  key: SettableKey,
  value: string | undefined,
): Promise<void> {
  const first = defaultsCellOf(notebook);
  if (first !== undefined) return setDirectives(documents, first, [[key, value]]);
  if (value === undefined) return;
  const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, `# @${key} ${value}`, "promql");
  await apply(notebook.uri, vscode.NotebookEdit.insertCells(0, [cell]));
}

/** Gives a cell another title, or none (empty). */
export async function setTitle(cell: vscode.NotebookCell, title: string): Promise<void> {
  if ((titleOf(cell.metadata) ?? "") === title) return;
  const { title: _before, ...others } = cell.metadata;
  const metadata = title === "" ? others : { ...others, title };
  await apply(cell.notebook.uri, vscode.NotebookEdit.updateCellMetadata(cell.index, metadata));
}

async function apply(uri: vscode.Uri, change: vscode.NotebookEdit): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.set(uri, [change]);
  await vscode.workspace.applyEdit(edit);
}
