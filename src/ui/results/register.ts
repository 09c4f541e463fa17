import * as vscode from "vscode";
import type { Disposable } from "../../shared/disposable.ts";
import type { ResultAction } from "../../shared/protocol/results.ts";

/** The view type of the panel, as VS Code stores it for windows that are opened again. */
export const resultsViewType = "promqlWorkbench.results";

/** The panels, once something needs them. */
interface Panels {
  restore(panel: vscode.WebviewPanel, state: unknown): void;
  act(action: ResultAction): Promise<void>;
  export(argument: unknown): Promise<void>;
}

export interface ResultsRegistration {
  readonly panels: () => Promise<Panels>;
  registerCommands(commands: Readonly<Record<string, (argument?: unknown) => Promise<void>>>): Disposable;
}

/** What VS Code knows of the results panel before there is one. */
export function registerResults({ panels, registerCommands }: ResultsRegistration): readonly Disposable[] {
  return [
    vscode.window.registerWebviewPanelSerializer(resultsViewType, {
      deserializeWebviewPanel: async (panel, state) => (await panels()).restore(panel, state),
    }),
    registerCommands({
      "promqlWorkbench.results.keep": async () => (await panels()).act("keep"),
      "promqlWorkbench.results.export": async (argument?: unknown) => (await panels()).export(argument),
    }),
  ];
}
