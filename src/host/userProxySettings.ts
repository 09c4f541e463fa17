import * as vscode from "vscode";
import type { EditorProxySettings } from "../platform/ports.ts";

/**
 * `http.proxy` and its kin as the user set them. VS Code reads them so too; a value of the workspace is passed over even
 * if one slips in there, since a repository must not choose through whom credentials go.
 */
export const userProxySettings: EditorProxySettings = {
  read: (name) => vscode.workspace.getConfiguration("http").inspect<unknown>(name)?.globalValue,
};
