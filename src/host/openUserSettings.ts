import * as vscode from "vscode";

/**
 * Opens the user's settings file at our connections. The first command opens the default profile's file, where settings
 * of scope `application` lie; not every host has it.
 */
export async function openUserSettings(): Promise<vscode.TextDocument | undefined> {
  const argument = { revealSetting: { key: "promqlWorkbench.connections" } };
  for (const command of ["workbench.action.openApplicationSettingsJson", "workbench.action.openSettingsJson"]) {
    try {
      await vscode.commands.executeCommand(command, argument);
    } catch {
      continue;
    }
    const document = vscode.window.activeTextEditor?.document;
    if (document?.uri.path.endsWith("/User/settings.json") === true) return document;
  }
  return undefined;
}
