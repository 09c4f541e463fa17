import * as vscode from "vscode";

/**
 * Opens an http or https address in the person's browser, with every sign as it is; VS Code asks first. Not by `openExternal`: that
 * takes a `Uri`, which is decoded and encoded again on the way, where `+` and `&` of a query get lost (microsoft/vscode#85930).
 */
export async function openAddress(url: string): Promise<void> {
  const { origin } = new URL(url);
  // The server's "localhost" may be another machine's: in a remote window its port is forwarded.
  const reachable = await vscode.env.asExternalUri(vscode.Uri.parse(`${origin}/`, true));
  const base = reachable.toString(true).replace(/\/+$/, "");
  await vscode.commands.executeCommand("vscode.open", base + url.slice(origin.length));
}
