import * as vscode from "vscode";
import { defaultsCellOf, titleOf } from "../../host/notebookCells.ts";
import type { DirectiveKey } from "../../promql/data/directiveKeys.ts";
import { textValue } from "../../promql/directiveValue.ts";
import { editDirective } from "../../promql/editDirective.ts";
import { parsePromqlCell } from "../../promql/file.ts";

type SettableKey = Exclude<DirectiveKey, "var">;

/** Sets directives in a cell's own text, or takes them away (`undefined`), as one edit that can be undone. */
export async function setDirectives(
  cell: vscode.NotebookCell,
  values: readonly (readonly [SettableKey, string | undefined])[],
): Promise<void> {
  const { document } = cell;
  const before = document.getText();
  const after = values.reduce((text, [key, value]) => withDirective(text, key, value), before);
  if (after === before || cell.index < 0) return;
  const edit = new vscode.WorkspaceEdit();
  const [from, to] = changedSpan(before, after);
  const range = new vscode.Range(document.positionAt(from), document.positionAt(to));
  edit.replace(document.uri, range, after.slice(from, after.length - (before.length - to)));
  await vscode.workspace.applyEdit(edit);
}

/** A cell's text with another value of a directive, or with none of it at all. */
function withDirective(text: string, key: SettableKey, value: string | undefined): string {
  const directives = parsePromqlCell(text, { defaults: [], title: undefined }).blocks[0]?.directives ?? [];
  const change = editDirective(text, directives, key, value);
  if (change === undefined) return text;
  const changed = text.slice(0, change.from) + change.text + text.slice(change.to);
  // One that was said twice would still be said.
  return value === undefined ? withDirective(changed, key, value) : changed;
}

/** The span of the first text that the second one has other words for: the cursor elsewhere stays where it is. */
function changedSpan(before: string, after: string): readonly [from: number, to: number] {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let same = 0;
  while (same < shorter - from && before.at(-1 - same) === after.at(-1 - same)) same++;
  return [from, before.length - same];
}

/** Sets a directive for all cells that do not set it themselves, in the first cell, which is made if there is none. */
export async function setDefault(
  notebook: vscode.NotebookDocument,
  key: SettableKey,
  value: string | undefined,
): Promise<void> {
  const first = defaultsCellOf(notebook);
  if (first !== undefined) return setDirectives(first, [[key, value]]);
  if (value === undefined) return;
  const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, `# @${key} ${value}`, "promql");
  await apply(notebook.uri, vscode.NotebookEdit.insertCells(0, [cell]));
}

/** Gives a cell another title, or none (empty). */
export async function setTitle(cell: vscode.NotebookCell, title: string): Promise<void> {
  const written = parsePromqlCell(cell.document.getText(), { defaults: [], title: undefined }).blocks[0]?.directives;
  // A title in the text wins over the separator's.
  if (written?.some(({ key }) => key === "title")) {
    return setDirectives(cell, [["title", title === "" ? undefined : textValue(title)]]);
  }
  if ((titleOf(cell.metadata) ?? "") === title || cell.index < 0) return;
  const { title: _before, ...others } = cell.metadata;
  const metadata = title === "" ? others : { ...others, title };
  await apply(cell.notebook.uri, vscode.NotebookEdit.updateCellMetadata(cell.index, metadata));
}

/** Makes a cell the first one of its notebook. */
export async function moveToTop({ index, notebook, kind, document, metadata }: vscode.NotebookCell): Promise<void> {
  if (index <= 0) return;
  const data = new vscode.NotebookCellData(kind, document.getText(), document.languageId);
  data.metadata = { ...metadata };
  const range = new vscode.NotebookRange(index, index + 1);
  await apply(notebook.uri, vscode.NotebookEdit.deleteCells(range), vscode.NotebookEdit.insertCells(0, [data]));
}

async function apply(uri: vscode.Uri, ...changes: readonly vscode.NotebookEdit[]): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.set(uri, [...changes]);
  await vscode.workspace.applyEdit(edit);
}
