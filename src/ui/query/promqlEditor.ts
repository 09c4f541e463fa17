import * as vscode from "vscode";

/** The editor of PromQL that a command means: the active one, else one that is in sight. */
export function promqlEditor(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId === "promql") return editor;
  return vscode.window.visibleTextEditors.find(({ document }) => document.languageId === "promql");
}
