import * as vscode from "vscode";
import { controllerId, notebookTypes } from "../../host/notebookTypes.ts";

/** How long a notebook that was opened may take to be seen, in ms. */
const longestMs = 3000;

/**
 * Makes our controller the chosen one of a notebook in an editor, as its first run would; false: it is not in sight, or VS Code does
 * not let it be chosen. `extension`: our id.
 */
export async function chooseController(notebook: vscode.NotebookDocument, extension: string): Promise<boolean> {
  const type = notebookTypes.find((one) => one === notebook.notebookType);
  const notebookEditor = type && (await editorOf(notebook));
  if (type === undefined || notebookEditor === undefined) return false;
  const chosen = await vscode.commands.executeCommand("notebook.selectKernel", {
    ...{ id: controllerId(type), extension, notebookEditor },
  });
  return chosen !== false;
}

async function editorOf(notebook: vscode.NotebookDocument): Promise<vscode.NotebookEditor | undefined> {
  const find = () => vscode.window.visibleNotebookEditors.find((one) => one.notebook === notebook);
  const found = find();
  if (found !== undefined) return found;
  return new Promise((resolve) => {
    const end = (editor: vscode.NotebookEditor | undefined) => {
      clearTimeout(timer);
      listener.dispose();
      resolve(editor);
    };
    const timer = setTimeout(() => end(undefined), longestMs);
    const listener = vscode.window.onDidChangeVisibleNotebookEditors(() => {
      const editor = find();
      if (editor !== undefined) end(editor);
    });
  });
}
