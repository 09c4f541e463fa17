import * as vscode from "vscode";
import { notebookTypes } from "../../host/notebookTypes.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { dataOf, notebookBytes, notebookData, notebookObstacle } from "./notebookSerializer.ts";

const [notebookOfText, notebookFile] = notebookTypes;

/** Opens a text as a notebook in its place. Changes that are not saved are saved first, if the person agrees. */
export async function openAsNotebook(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isUntitled) {
    // There is no file that two editors could share: the notebook gets what the text says.
    const bytes = new TextEncoder().encode(document.getText());
    if (await mayOpen(bytes)) await showNew(notebookData(bytes));
    return;
  }
  if (!(await savedFirst(document.isDirty, uri, () => document.save()))) return;
  if (!(await mayOpen(await vscode.workspace.fs.readFile(uri)))) return;
  await vscode.commands.executeCommand("vscode.openWith", uri, typeFor(uri));
  await closeTabs((input) => input instanceof vscode.TabInputText && isSame(input.uri, uri));
}

/** Opens a notebook's file as text in its place. */
export async function openAsText(notebook: vscode.NotebookDocument): Promise<void> {
  const { uri } = notebook;
  if (notebook.isUntitled) {
    const content = new TextDecoder().decode(notebookBytes(dataOf(notebook)));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "promql", content }));
    return;
  }
  if (!(await savedFirst(notebook.isDirty, uri, () => notebook.save()))) return;
  await vscode.commands.executeCommand("vscode.openWith", uri, "default");
  await closeTabs((input) => input instanceof vscode.TabInputNotebook && isSame(input.uri, uri));
}

/** Opens a notebook that is no file yet, with the cells of a file's text, or with an empty one. */
export async function openNew(text: string): Promise<void> {
  const data = notebookData(new TextEncoder().encode(text));
  const isEmpty = data.cells.length === 0;
  if (isEmpty) data.cells.push(new vscode.NotebookCellData(vscode.NotebookCellKind.Code, "", "promql"));
  await showNew(data);
  // Who wants a new one wants to write.
  if (isEmpty) await vscode.commands.executeCommand("notebook.cell.edit");
}

async function showNew(data: vscode.NotebookData): Promise<void> {
  const notebook = await vscode.workspace.openNotebookDocument(notebookFile, data);
  await vscode.window.showNotebookDocument(notebook, { preview: false });
}

/** The notebook type that a file's name belongs to. */
function typeFor({ path }: vscode.Uri): string {
  return path.endsWith(".promqlnb") ? notebookFile : notebookOfText;
}

/** What is no notebook stays open as the text that it is, and the person is told why. */
async function mayOpen(bytes: Uint8Array): Promise<boolean> {
  const obstacle = notebookObstacle(bytes);
  if (obstacle !== undefined)
    await vscode.window.showWarningMessage("Not a notebook yet", { modal: true, detail: obstacle });
  return obstacle === undefined;
}

/** Two editors of a file with changes in one of them would overwrite each other. */
async function savedFirst(isDirty: boolean, uri: vscode.Uri, save: () => Thenable<boolean>): Promise<boolean> {
  if (!isDirty) return true;
  const button = "Save and Open";
  const name = plainLabel(uri.path.split("/").at(-1) ?? "");
  const answer = await vscode.window.showWarningMessage(
    `${name} has changes that are not saved.`,
    { modal: true, detail: "A text and a notebook of the same file do not see each other's changes." },
    button,
  );
  return answer === button && (await save());
}

async function closeTabs(isMeant: (input: unknown) => boolean): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  await vscode.window.tabGroups.close(tabs.filter(({ input, isDirty }) => isMeant(input) && !isDirty));
}

function isSame(a: vscode.Uri, b: vscode.Uri): boolean {
  return a.toString() === b.toString();
}
