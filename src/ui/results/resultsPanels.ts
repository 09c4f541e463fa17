import * as vscode from "vscode";
import type { Logger } from "../../platform/ports.ts";
import type { ResultsModelDeps } from "../../query/resultsModel.ts";
import type { Run, RunChoices } from "../../query/run.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import type { ServerPosition } from "../../shared/errors.ts";
import { ResultsPanel } from "./resultsPanel.ts";

/** The view type of the panel, as VS Code stores it for windows that are opened again. */
export const resultsViewType = "promqlWorkbench.results";

export interface ResultsPanelsDeps {
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
  readonly describe: ResultsModelDeps["describe"];
  readonly rerun: (uri: vscode.Uri, key: string, choices: RunChoices) => void;
  readonly cancel: (uri: vscode.Uri, key: string) => void;
  readonly reveal: (uri: vscode.Uri, key: string, position: ServerPosition | undefined) => void;
  readonly closed: (uri: vscode.Uri) => void;
}

/** One panel for each file, used again by every run of it. */
export class ResultsPanels extends DisposableStore {
  readonly #deps: ResultsPanelsDeps;
  readonly #panels = new Map<string, ResultsPanel>();

  constructor(deps: ResultsPanelsDeps) {
    super();
    this.#deps = deps;
  }

  /** `started`: a run that a person has just started, which opens the panel; a closed one stays closed otherwise. */
  show(uri: string, title: string, runs: readonly Run[], started: string | undefined): void {
    const panel = this.#panels.get(uri) ?? (started === undefined ? undefined : this.#create(uri));
    panel?.show(title, runs, started);
  }

  /** Opens a file's panel or brings it to the front, with the run of `key` if one is named. */
  open(uri: string, title: string, runs: readonly Run[], key: string | undefined): void {
    const panel = this.#panels.get(uri) ?? this.#create(uri);
    panel.show(title, runs, key);
    panel.reveal();
  }

  override dispose(): void {
    for (const panel of [...this.#panels.values()]) panel.dispose();
    super.dispose();
  }

  #create(uri: string): ResultsPanel {
    const webviewPanel = vscode.window.createWebviewPanel(
      resultsViewType,
      "PromQL Results",
      { viewColumn: resultsColumn(), preserveFocus: true },
      { enableScripts: true, localResourceRoots: [] },
    );
    const file = vscode.Uri.parse(uri);
    const { rerun, cancel, reveal, closed } = this.#deps;
    // Owned by the map, not by the store: a panel that was closed takes its answers with it.
    const panel = new ResultsPanel({
      ...this.#deps,
      panel: webviewPanel,
      controller: {
        rerun: (key, choices) => rerun(file, key, choices),
        cancel: (key) => cancel(file, key),
        reveal: (key, position) => reveal(file, key, position),
      },
    });
    this.#panels.set(uri, panel);
    webviewPanel.onDidDispose(() => {
      this.#panels.delete(uri);
      closed(file);
    });
    return panel;
  }
}

/** Beside the text, or where the results of another file stand already. */
function resultsColumn(): vscode.ViewColumn {
  const group = vscode.window.tabGroups.all.find(({ tabs }) =>
    // VS Code puts a word of its own in front of a panel's view type.
    tabs.some(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(resultsViewType)),
  );
  return group?.viewColumn ?? vscode.ViewColumn.Beside;
}
