import * as vscode from "vscode";
import { registerCommands } from "../../host/commands.ts";
import { describeFailure, type FailureContext } from "../../host/failureMessage.ts";
import type { HostPorts } from "../../host/hostPorts.ts";
import { controllerId, isPromqlNotebook, notebookTypes } from "../../host/notebookTypes.ts";
import type { AnswerWindow } from "../../query/answerExemplars.ts";
import type { QueryConnections } from "../../query/destination.ts";
import type { Run } from "../../query/run.ts";
import type { RunHistory } from "../../query/runHistory.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import type { ExemplarList, MetricsSource } from "../../shared/model/source.ts";
import { once } from "../../shared/once.ts";
import type { NotebookCommands } from "./notebookCommands.ts";
import type { NotebookDeps, NotebookFeature } from "./notebookFeature.ts";
import type { NotebookRunner } from "./notebookRunner.ts";
import type { NotebookView } from "./openedNotebooks.ts";
import { keepRenamedNotebooks } from "./renamedNotebooks.ts";

/** What answers below cells may ask about runs, as those in panels do. */
interface AnswerQueries {
  exemplars(uri: vscode.Uri, run: Run, window: AnswerWindow, signal: AbortSignal): Promise<ExemplarList | undefined>;
  sourceOf(uri: vscode.Uri, run: Run, signal: AbortSignal): Promise<MetricsSource | undefined>;
}

export interface RegisterNotebooksDeps {
  readonly extensionId: string;
  readonly host: HostPorts;
  readonly connections: QueryConnections;
  readonly history: RunHistory;
  readonly query: () => Promise<AnswerQueries & Awaited<ReturnType<NotebookDeps["queries"]>>>;
  /** Where answers are shown. */
  readonly outputs: () => Promise<NotebookView>;
  /** What of a connection's settings makes the advice about its failures truer. */
  readonly settingsOf: (connectionId: string) => Omit<FailureContext, "server">;
}

export interface RegisteredNotebooks extends Disposable {
  /** Opens a file's text as a notebook that is no file yet. */
  readonly open: (text: string) => Promise<void>;
  /** What commands about text do in a cell. */
  readonly cells: () => Promise<NotebookFeature>;
  /** What an answer below a cell has done to its query. */
  readonly queries: () => Promise<AnswerQueries & { readonly controller: NotebookRunner }>;
}

/** Notebooks of `.promql` files: how they are read and written, and who runs them; the code is loaded with the first one. */
export function registerNotebooks({
  host,
  connections,
  history,
  query,
  outputs,
  settingsOf,
  extensionId,
}: RegisterNotebooksDeps): RegisteredNotebooks {
  const { reporter, settings, clock, fileMoves } = host;
  const store = new DisposableStore();
  const controllers = notebookTypes.map((type) => {
    const controller = store.register(vscode.notebooks.createNotebookController(controllerId(type), type, "PromQL"));
    controller.supportedLanguages = ["promql"];
    controller.supportsExecutionOrder = true;
    controller.executeHandler = (cells, notebook) =>
      reporter.guard("Run", async () => (await feature()).runner.execute(cells, notebook));
    return controller;
  });
  const feature = once(async () => {
    const { NotebookFeature } = await import("./notebookFeature.ts");
    const show = (work: (view: NotebookView) => void) =>
      void reporter.guard("Show Results", async () => work(await outputs()));
    const loaded = store.register(
      new NotebookFeature({
        queries: query,
        view: {
          show: (...shown) => show((view) => view.show(...shown)),
          close: (uri) => show((view) => view.close(uri)),
        },
        chooseController: async (notebook) =>
          (await import("./chooseController.ts")).chooseController(notebook, extensionId),
        clock,
        onDidMove: fileMoves.onDidMove,
        guard: (work) => void reporter.guard("Notebook", work),
        controllerOf: ({ notebookType }) => controllers.find((one) => one.notebookType === notebookType),
        describe: (failure, { connectionId, name }) =>
          describeFailure(failure, { ...settingsOf(connectionId), server: name }),
        timeZone: () => settings.current.results.timeZone,
        defaultRangeMs: () => settings.current.query.defaultRangeMs,
        now: () => clock.now(),
        onEnd: (run) => void reporter.guard("History", () => history.add(run)),
        onDidChangeConnections: connections.onDidChange,
        setLabel: (label) => {
          for (const controller of controllers) controller.label = label;
        },
      }),
    );
    store.register(loaded.status.onDidChangeCellStatusBarItems(() => items.fire()));
    void reporter.guard("Notebook", () => loaded.start());
    return loaded;
  });

  const items = store.register(new vscode.EventEmitter<void>());
  const opening = once(() => import("./openNotebook.ts"));
  const serializer = once(() => import("./notebookSerializer.ts"));
  for (const type of notebookTypes) {
    store.register(
      vscode.workspace.registerNotebookSerializer(
        type,
        {
          deserializeNotebook: async (bytes) => (await serializer()).notebookData(bytes),
          serializeNotebook: async (data) => (await serializer()).notebookBytes(data),
        },
        // Answers never get into the file, and so not into version control.
        { transientOutputs: true },
      ),
    );
    store.register(
      vscode.notebooks.registerNotebookCellStatusBarItemProvider(type, {
        onDidChangeCellStatusBarItems: items.event,
        provideCellStatusBarItems: async (cell) => (await feature()).status.provideCellStatusBarItems(cell),
      }),
    );
  }

  store.register(keepRenamedNotebooks((work) => void reporter.guard("Notebook", work)));

  const ofCell = async (
    argument: unknown,
    work: (loaded: NotebookFeature, cell: vscode.NotebookCell) => Promise<void>,
  ) => {
    const cell = cellFrom(argument);
    // Markdown has neither directives nor a place that shows them.
    if (cell?.kind === vscode.NotebookCellKind.Code) await work(await feature(), cell);
  };
  const ofNotebook = async (work: (loaded: NotebookFeature, notebook: vscode.NotebookDocument) => Promise<void>) => {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (notebook !== undefined && isPromqlNotebook(notebook)) await work(await feature(), notebook);
  };
  const commands: NotebookCommands = {
    "promqlWorkbench.notebook.new": async () => (await opening()).openNew(""),
    "promqlWorkbench.notebook.openAsNotebook": async (argument) => {
      const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
      if (uri !== undefined) await (await opening()).openAsNotebook(uri);
    },
    "promqlWorkbench.notebook.openAsText": () => ofNotebook(async (_, one) => (await opening()).openAsText(one)),
    "promqlWorkbench.notebook.export": (options) => ofNotebook((loaded, one) => loaded.export(one, options)),
    "promqlWorkbench.notebook.setConnection": () => ofNotebook((loaded, one) => loaded.setConnection(one)),
    "promqlWorkbench.notebook.setTimeRange": () => ofNotebook((loaded, one) => loaded.setTimeRange(one)),
    "promqlWorkbench.notebook.setTitle": async (argument) => {
      const cell = cellFrom(argument);
      if (cell !== undefined) await (await feature()).setTitle(cell);
    },
    "promqlWorkbench.notebook.setCellConnection": (cell) =>
      ofCell(cell, (loaded, one) => loaded.setCellConnection(one)),
    "promqlWorkbench.notebook.setMode": (cell) => ofCell(cell, (loaded, one) => loaded.setMode(one)),
    "promqlWorkbench.notebook.setRange": (cell) => ofCell(cell, (loaded, one) => loaded.setRange(one)),
    "promqlWorkbench.notebook.setStep": (cell) => ofCell(cell, (loaded, one) => loaded.setStep(one)),
  };
  store.register(registerCommands(commands, reporter));
  return {
    open: async (text) => (await opening()).openNew(text),
    cells: feature,
    queries: async () => {
      const [queries, { runner }] = await Promise.all([query(), feature()]);
      return {
        exemplars: (...asked) => queries.exemplars(...asked),
        sourceOf: (...asked) => queries.sourceOf(...asked),
        controller: runner,
      };
    },
    dispose: () => store.dispose(),
  };
}

/** The cell that a command means: the one it was clicked in, or the selected one of the notebook in front. */
function cellFrom(argument: unknown): vscode.NotebookCell | undefined {
  if (typeof argument === "object" && argument !== null && "document" in argument && "notebook" in argument) {
    const cell = argument as vscode.NotebookCell;
    return isPromqlNotebook(cell.notebook) ? cell : undefined;
  }
  const editor = vscode.window.activeNotebookEditor;
  if (editor === undefined || !isPromqlNotebook(editor.notebook)) return undefined;
  const index = editor.selection.start;
  return index < editor.notebook.cellCount ? editor.notebook.cellAt(index) : undefined;
}
