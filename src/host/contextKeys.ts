import * as vscode from "vscode";

/** Context keys of ours, for `when` clauses; each is set by one owner. */
export interface ContextKeys {
  /** The connections were read; before that a welcome view would only flash. */
  readonly "promqlWorkbench.connectionsReady": boolean;
  readonly "promqlWorkbench.connectionCount": number;
  readonly "promqlWorkbench.hasActiveConnection": boolean;
  readonly "promqlWorkbench.isRunning": boolean;
  /** A view of the side bar is being read. */
  readonly "promqlWorkbench.isLoading": boolean;
  readonly "promqlWorkbench.metricsFiltered": boolean;
  /** Values of labels are picked in the side bar. */
  readonly "promqlWorkbench.labelsPicked": boolean;
  readonly "promqlWorkbench.targetsFiltered": boolean;
}

/** Sets context keys, each only when its value changes. */
export class ContextKeySetter {
  readonly #values = new Map<keyof ContextKeys, unknown>();

  set<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
    if (this.#values.get(key) === value) return;
    this.#values.set(key, value);
    // VS Code answers nothing of interest, and a failure here has no remedy.
    vscode.commands.executeCommand("setContext", key, value).then(undefined, () => undefined);
  }
}
