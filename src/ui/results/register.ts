import * as vscode from "vscode";
import { registerCommands } from "../../host/commands.ts";
import { describeFailure, type FailureContext } from "../../host/failureMessage.ts";
import type { HostPorts } from "../../host/hostPorts.ts";
import type { Run, RunAgain } from "../../query/run.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import type { ServerPosition } from "../../shared/errors.ts";
import { once } from "../../shared/once.ts";
import type { ResultsPanels, ResultsPanelsDeps } from "./resultsPanels.ts";
import { resultsViewType } from "./resultsViewType.ts";

/** Commands about the panel in front. */
export interface ResultsCommands {
  "promqlWorkbench.results.keep"(): Promise<void>;
  "promqlWorkbench.results.export"(argument?: unknown): Promise<void>;
}

/** What the panel has others do with the queries of a file. */
interface Queries {
  readonly exemplars: ResultsPanelsDeps["exemplars"];
  readonly sourceOf: ResultsPanelsDeps["sourceOf"];
  readonly controller: {
    rerun(uri: vscode.Uri, asked: RunAgain, isAutomatic: boolean): Promise<Run | undefined>;
    cancel(uri: vscode.Uri, key: string): void;
    reveal(uri: vscode.Uri, key: string, position: ServerPosition | undefined): unknown;
    panelClosed(uri: vscode.Uri): void;
  };
}

export interface RegisterResultsDeps {
  readonly host: HostPorts;
  readonly extensionUri: vscode.Uri;
  readonly query: () => Promise<Queries>;
  readonly links: ResultsPanelsDeps["links"];
  /** What of a connection's settings makes the advice about its failures truer. */
  readonly settingsOf: (connectionId: string) => Omit<FailureContext, "server">;
}

export interface RegisteredResults extends Disposable {
  /** Loaded with the first answer. */
  readonly panels: () => Promise<ResultsPanels>;
}

/** The results panel: its commands, and the panels of a window that is opened again. */
export function registerResults({
  host,
  extensionUri,
  query,
  links,
  settingsOf,
}: RegisterResultsDeps): RegisteredResults {
  const { log, reporter, settings, fileMoves, clock } = host;
  const store = new DisposableStore();
  const panels = once(async () => {
    const { ResultsPanels } = await import("./resultsPanels.ts");
    return store.register(
      new ResultsPanels({
        extensionUri,
        log,
        describe: (failure, { name, connectionId }) =>
          describeFailure(failure, { ...settingsOf(connectionId), server: name }),
        rerun: async (uri, asked, isAutomatic) => {
          const run = async () => (await query()).controller.rerun(uri, asked, isAutomatic);
          // Nobody asked just now, so nobody is told but by the panel.
          return isAutomatic ? run() : reporter.guard("Run", run);
        },
        cancel: (uri, key) => void reporter.guard("Cancel", async () => (await query()).controller.cancel(uri, key)),
        reveal: (uri, key, position) =>
          void reporter.guard("Show", async () => (await query()).controller.reveal(uri, key, position)),
        timeZone: () => settings.current.results.timeZone,
        setTimeZone: (zone) => settings.update("results.timeZone", zone),
        onDidChangeSettings: settings.onDidChange,
        onDidMove: fileMoves.onDidMove,
        clock,
        links,
        exemplars: async (...asked) => (await query()).exemplars(...asked),
        sourceOf: async (...asked) => (await query()).sourceOf(...asked),
        guard: (title, work) => reporter.guard(title, work),
        closed: (uri) => void reporter.guard("Close", async () => (await query()).controller.panelClosed(uri)),
      }),
    );
  });
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
  return { panels, dispose: () => store.dispose() };
}
