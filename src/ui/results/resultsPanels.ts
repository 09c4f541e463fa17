import * as vscode from "vscode";
import * as z from "zod/mini";
import { parseExportOptions } from "../../host/exportOptions.ts";
import type { FileMove } from "../../host/fileMoves.ts";
import { movedTo } from "../../host/movedTo.ts";
import { exportFormatIds } from "../../query/export/exportFormats.ts";
import type { Run } from "../../query/run.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { AppError } from "../../shared/errors.ts";
import type { Event } from "../../shared/event.ts";
import type { ResultAction } from "../../shared/protocol/results.ts";
import { type AnySessionDeps, type FileQueries, fileSession } from "./fileSession.ts";
import { ResultsPanel } from "./resultsPanel.ts";
import { resultsViewType } from "./resultsViewType.ts";

/** What the host needs of the page's stored state; the rest is the page's own. */
const storedState = z.object({
  stored: z.object({ uri: z.string(), file: z.string(), keptAt: z.nullable(z.number()) }),
});

export interface ResultsPanelsDeps extends AnySessionDeps {
  readonly extensionUri: vscode.Uri;
  readonly queries: FileQueries;
  readonly closed: (uri: vscode.Uri) => void;
  readonly onDidChangeSettings: Event<unknown>;
  readonly onDidMove: Event<FileMove>;
}

/** One panel for each file, used again by every run of it until it is kept. */
export class ResultsPanels extends DisposableStore {
  readonly #deps: ResultsPanelsDeps;
  readonly #panels = new Map<string, ResultsPanel>();
  readonly #kept = new Set<ResultsPanel>();

  constructor(deps: ResultsPanelsDeps) {
    super();
    this.#deps = deps;
    this.register(
      deps.onDidChangeSettings(() => {
        for (const panel of this.#all) panel.refresh();
      }),
    );
    this.register(deps.onDidMove((move) => this.#move(move)));
  }

  /** Panels go with their file; one of a file that was there before stays that file's. */
  #move(move: FileMove): void {
    for (const panel of this.#all) {
      const { uri } = panel;
      const to = movedTo(uri, move);
      if (to === undefined) continue;
      if (!this.#kept.has(panel)) {
        if (this.#panels.has(to)) continue;
        this.#panels.delete(uri);
        this.#panels.set(to, panel);
      }
      panel.move(to, vscode.Uri.parse(to).path.split("/").at(-1) ?? to);
    }
  }

  get #all(): readonly ResultsPanel[] {
    return [...this.#panels.values(), ...this.#kept];
  }

  /** Does something with what is looked at in the panel that has the keyboard. */
  async act(action: ResultAction): Promise<void> {
    const said = await this.#active().act(action);
    if (said !== "") void vscode.window.setStatusBarMessage(`$(info) ${said}`, 4000);
  }

  /** Exports what is looked at in the panel that has the keyboard; `argument` as a key binding gives it. */
  async export(argument: unknown): Promise<void> {
    await this.#active().export(parseExportOptions(argument, exportFormatIds));
  }

  #active(): ResultsPanel {
    const panel = this.#all.find(({ isActive }) => isActive);
    if (panel === undefined) throw new AppError({ kind: "misconfigured", what: "noAnswer", detail: "" });
    return panel;
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
    for (const panel of this.#all) panel.dispose();
    super.dispose();
  }

  /** Takes on a panel of a window that was opened again. It shows what its page stored, and asks nothing. */
  restore(webviewPanel: vscode.WebviewPanel, state: unknown): void {
    const read = z.safeParse(storedState, state);
    // Without a file there is nothing that could be run.
    if (!read.success) {
      webviewPanel.dispose();
      return;
    }
    const { uri, file, keptAt } = read.data.stored;
    const panel = this.#own(webviewPanel, uri);
    if (keptAt === null && !this.#panels.has(uri)) this.#panels.set(uri, panel);
    else this.#kept.add(panel);
    panel.restored(file, keptAt ?? undefined);
  }

  #create(uri: string): ResultsPanel {
    const webviewPanel = vscode.window.createWebviewPanel(
      resultsViewType,
      "PromQL Results",
      { viewColumn: resultsColumn(), preserveFocus: true },
      { enableScripts: true, localResourceRoots: [] },
    );
    const panel = this.#own(webviewPanel, uri);
    this.#panels.set(uri, panel);
    return panel;
  }

  #own(webviewPanel: vscode.WebviewPanel, uri: string): ResultsPanel {
    // It may be somewhere else by the time it is asked for.
    const file = () => vscode.Uri.parse(panel.uri);
    const { queries, closed, extensionUri } = this.#deps;
    // Owned by the map, not by the store: a panel that was closed takes its answers with it.
    const panel = new ResultsPanel({
      ...fileSession(file, queries, this.#deps),
      panel: webviewPanel,
      extensionUri,
      uri,
    });
    const release = () => {
      this.#panels.delete(panel.uri);
      closed(file());
    };
    panel.onKeep = () => {
      release();
      this.#kept.add(panel);
    };
    webviewPanel.onDidDispose(() => {
      if (!this.#kept.delete(panel)) release();
    });
    return panel;
  }
}

/** Beside the text, or where the results of another file stand already; never over the text that is being run. */
function resultsColumn(): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const isText = activeTabGroup.activeTab?.input instanceof vscode.TabInputText;
  const group = all.find(
    (one) =>
      !(isText && one.viewColumn === activeTabGroup.viewColumn) &&
      // VS Code puts a word of its own in front of a panel's view type.
      one.tabs.some(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(resultsViewType)),
  );
  return group?.viewColumn ?? vscode.ViewColumn.Beside;
}
