import * as vscode from "vscode";
import { registerCommands } from "../../host/commands.ts";
import { describeFailure, type FailureContext } from "../../host/failureMessage.ts";
import type { HostPorts } from "../../host/hostPorts.ts";
import type { Run, RunAgain } from "../../query/run.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import type { ServerPosition } from "../../shared/errors.ts";
import { once } from "../../shared/once.ts";
import { rendererId } from "../../shared/protocol/cellOutput.ts";
import type { FileQueries } from "./fileSession.ts";
import type { NotebookOutputs } from "./notebookOutputs.ts";
import type { ResultsFeatureDeps } from "./resultsFeature.ts";
import type { ResultsPanels } from "./resultsPanels.ts";
import { resultsViewType } from "./resultsViewType.ts";

/** Commands about the panel in front. */
export interface ResultsCommands {
  "promqlWorkbench.results.keep"(): Promise<void>;
  "promqlWorkbench.results.export"(argument?: unknown): Promise<void>;
}

/** What the results have others do with the queries of a file or notebook. */
export interface Queries {
  readonly exemplars: FileQueries["exemplars"];
  readonly sourceOf: FileQueries["sourceOf"];
  readonly controller: {
    rerun(uri: vscode.Uri, asked: RunAgain, isAutomatic: boolean): Promise<Run | undefined>;
    cancel(uri: vscode.Uri, key: string): void;
    reveal(uri: vscode.Uri, key: string, position: ServerPosition | undefined): unknown;
  };
}

/** The same of files, which have panels. */
interface PanelQueries extends Queries {
  readonly controller: Queries["controller"] & { panelClosed(uri: vscode.Uri): void };
}

export interface RegisterResultsDeps {
  readonly host: HostPorts;
  readonly extensionUri: vscode.Uri;
  readonly query: () => Promise<PanelQueries>;
  /** Whoever runs the cells of notebooks. */
  readonly notebooks: () => Promise<Queries>;
  readonly links: ResultsFeatureDeps["links"];
  /** What of a connection's settings makes the advice about its failures truer. */
  readonly settingsOf: (connectionId: string) => Omit<FailureContext, "server">;
}

export interface RegisteredResults extends Disposable {
  /** Loaded with the first answer. */
  readonly panels: () => Promise<ResultsPanels>;
  /** What the outputs of cells show; loaded with the first of them. */
  readonly notebookOutputs: () => Promise<NotebookOutputs<vscode.NotebookEditor>>;
}

/** Results in panels and in the outputs of cells: their commands, and the panels of a window that is opened again. */
export function registerResults({
  host,
  extensionUri,
  query,
  notebooks,
  links,
  settingsOf,
}: RegisterResultsDeps): RegisteredResults {
  const { log, reporter, settings, fileMoves, clock } = host;
  const store = new DisposableStore();
  const messaging = vscode.notebooks.createRendererMessaging(rendererId);
  const feature = once(async () => {
    const { ResultsFeature } = await import("./resultsFeature.ts");
    return store.register(
      new ResultsFeature({
        extensionUri,
        log,
        describe: (failure, { name, connectionId }) =>
          describeFailure(failure, { ...settingsOf(connectionId), server: name }),
        query: queriesOf(query, reporter),
        notebooks: queriesOf(notebooks, reporter),
        messaging,
        timeZone: () => settings.current.results.timeZone,
        setTimeZone: (zone) => settings.update("results.timeZone", zone),
        onDidChangeSettings: settings.onDidChange,
        onDidMove: fileMoves.onDidMove,
        clock,
        links,
        guard: (title, work) => reporter.guard(title, work),
        closed: (uri) => void reporter.guard("Close", async () => (await query()).controller.panelClosed(uri)),
      }),
    );
  });
  const panels = async () => (await feature()).panels;
  const notebookOutputs = async () => (await feature()).notebookOutputs;
  // From the beginning: outputs may have been there before this host was, and ask it what they are about.
  store.register(
    messaging.onDidReceiveMessage(
      ({ editor, message }) =>
        void reporter.guard("Show Result", async () => (await notebookOutputs()).receive(editor, message)),
    ),
  );
  store.register(
    vscode.window.registerWebviewPanelSerializer(resultsViewType, {
      deserializeWebviewPanel: async (panel, state) => (await panels()).restore(panel, state),
    }),
  );
  const commands: ResultsCommands = {
    "promqlWorkbench.results.keep": async () => (await panels()).act("keep"),
    "promqlWorkbench.results.export": async (argument) => (await panels()).export(argument),
  };
  store.register(registerCommands(commands, reporter));
  return { panels, notebookOutputs, dispose: () => store.dispose() };
}

/** Loads whoever runs queries when one of them is to be run. */
function queriesOf(load: () => Promise<Queries>, reporter: HostPorts["reporter"]): FileQueries {
  return {
    rerun: async (uri, asked, isAutomatic) => {
      const run = async () => (await load()).controller.rerun(uri, asked, isAutomatic);
      // Nobody asked just now, so nobody is told but by the results.
      return isAutomatic ? run() : reporter.guard("Run", run);
    },
    cancel: (uri, key) => void reporter.guard("Cancel", async () => (await load()).controller.cancel(uri, key)),
    reveal: (uri, key, position) =>
      void reporter.guard("Show", async () => (await load()).controller.reveal(uri, key, position)),
    exemplars: async (...asked) => (await load()).exemplars(...asked),
    sourceOf: async (...asked) => (await load()).sourceOf(...asked),
  };
}
