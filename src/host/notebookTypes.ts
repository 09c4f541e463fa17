import type * as vscode from "vscode";

/** Notebooks of `*.promql`, and of `*.promqlnb`: VS Code has one priority for each type. */
export const notebookTypes = ["promql-workbench.notebook", "promql-workbench.notebook-file"] as const;

export function isPromqlNotebook({ notebookType }: vscode.NotebookDocument): boolean {
  return notebookTypes.some((type) => type === notebookType);
}

/** The id of the controller that runs notebooks of a type. */
export function controllerId(type: (typeof notebookTypes)[number]): string {
  return `${type}.promql`;
}
