import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { plainLabel } from "../../host/plainLabel.ts";
import { writeBytes } from "../../host/writeChunks.ts";

/** Asks where to save a PNG and saves it; says what came of it. Throws `notWritten`. */
export async function savePicture(name: string, bytes: ArrayBuffer, near: vscode.Uri): Promise<string> {
  const folder = vscode.workspace.getWorkspaceFolder(near)?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: "Save Picture of Chart",
    filters: { "PNG picture": ["png"] },
    defaultUri: folder === undefined ? vscode.Uri.file(join(homedir(), name)) : vscode.Uri.joinPath(folder, name),
  });
  if (target === undefined) return "";
  await writeBytes(target, new Uint8Array(bytes));
  return `Saved ${plainLabel(target.path.split("/").at(-1) ?? target.path, 80)}.`;
}
