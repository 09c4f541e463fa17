import * as vscode from "vscode";
import { DisposableStore } from "../../shared/disposable.ts";
import type { Event } from "../../shared/event.ts";
import { type AnySessionDeps, type FileQueries, fileSession } from "./fileSession.ts";
import { NotebookOutputs } from "./notebookOutputs.ts";
import { ResultExporter } from "./resultExporter.ts";
import { ResultsPanels, type ResultsPanelsDeps } from "./resultsPanels.ts";
import { ResultsSession } from "./resultsSession.ts";

export interface ResultsFeatureDeps
  extends Omit<AnySessionDeps, "exporter">,
    Pick<ResultsPanelsDeps, "extensionUri" | "closed" | "onDidChangeSettings" | "onDidMove"> {
  readonly query: FileQueries;
  readonly notebooks: FileQueries;
  readonly messaging: vscode.NotebookRendererMessaging;
}

/** Answers beside the text and in notebooks: what is loaded with the first of them. */
export class ResultsFeature extends DisposableStore {
  readonly panels: ResultsPanels;
  readonly notebookOutputs: NotebookOutputs<vscode.NotebookEditor>;

  constructor(own: ResultsFeatureDeps) {
    super();
    const deps = { ...own, exporter: this.register(new ResultExporter()) };
    const { query, notebooks, messaging, onDidChangeSettings } = deps;
    this.panels = this.register(new ResultsPanels({ ...deps, queries: query }));
    this.notebookOutputs = this.register(
      new NotebookOutputs<vscode.NotebookEditor>({
        post: (packet, editor) => void messaging.postMessage(packet, editor),
        uriOf: ({ notebook }) => notebook.uri.toString(),
        createSession: (uri) =>
          new ResultsSession({
            ...fileSession(() => vscode.Uri.parse(uri), notebooks, deps),
            uri,
            showsAllRuns: true,
            isVisible: () => vscode.window.visibleNotebookEditors.some((one) => one.notebook.uri.toString() === uri),
          }),
        onDidChangeVisibility: vscode.window.onDidChangeVisibleNotebookEditors as Event<unknown>,
        onDidChangeSettings,
      }),
    );
  }
}
