import * as vscode from "vscode";

/** Characters that some file system has no place for in a name. */
const notInNames = /[\p{Cc}<>:"/\\|?*\s]+/gu;

/** A file name made of a title, which may be any text. */
export function fileNameOf(title: string, ending: string): string {
  const name = title
    .replace(notInNames, "-")
    .replace(/^[.-]+|[.-]+$/g, "")
    .slice(0, 80);
  return `${name === "" ? "results" : name}.${ending}`;
}

/** Asks where to save a PNG and saves it; says what came of it. */
export async function savePicture(title: string, bytes: ArrayBuffer, near: vscode.Uri): Promise<string> {
  const folder = vscode.workspace.getWorkspaceFolder(near)?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = fileNameOf(title, "png");
  const target = await vscode.window.showSaveDialog({
    title: "Save Picture of Chart",
    filters: { "PNG picture": ["png"] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (target === undefined) return "";
  await vscode.workspace.fs.writeFile(target, new Uint8Array(bytes));
  return `Saved ${target.path.split("/").at(-1) ?? ""}.`;
}
