import * as vscode from "vscode";
import type { FileMove } from "../../host/fileMoves.ts";
import { isPromqlNotebook } from "../../host/notebookTypes.ts";
import type { Clock } from "../../platform/ports.ts";
import { partsOf, type Run } from "../../query/run.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { Emitter, type Event } from "../../shared/event.ts";
import { type CellOutputs, isCopied, outcomeOf } from "./cellOutputs.ts";
import { keyOf, NotebookRuns } from "./notebookRuns.ts";
import { Succession } from "./succession.ts";
import type { TimeWindow } from "./timeWindow.ts";

/** Shows runs below their cells. */
export interface NotebookView {
  show(uri: string, title: string, runs: readonly Run[], started: string | undefined): void;
  close(uri: string): void;
}

export interface OpenedNotebooksDeps {
  readonly view: NotebookView;
  readonly outputs: CellOutputs;
  readonly controllerOf: (notebook: vscode.NotebookDocument) => vscode.NotebookController | undefined;
  /** Makes our controller that of a notebook, as a first run does; false: it cannot be chosen now. */
  readonly chooseController: (notebook: vscode.NotebookDocument) => Promise<boolean>;
  readonly clock: Clock;
  readonly onDidMove: Event<FileMove>;
  readonly guard: (work: () => Promise<void>) => void;
  readonly now: () => number;
}

/** What a notebook that is closed leaves to the one that takes its place. */
interface Estate {
  readonly runs: NotebookRuns | undefined;
  readonly window: TimeWindow | undefined;
}

/** What is known of open notebooks, as long as they are open: their runs and their time, whatever VS Code does to their cells. */
export class OpenedNotebooks extends DisposableStore {
  readonly #deps: OpenedNotebooksDeps;
  readonly #runs = new Map<string, NotebookRuns>();
  readonly #windows = new Map<string, TimeWindow>();
  readonly #succession: Succession<Estate>;
  readonly #changed = this.register(new Emitter<vscode.Uri>());

  /** Fires when a run of a notebook started, went on or ended, or its time was set. */
  readonly onDidChange = this.#changed.event;

  constructor(deps: OpenedNotebooksDeps) {
    super();
    this.#deps = deps;
    this.#succession = this.register(
      new Succession<Estate>({
        ...deps,
        estateOf: ({ uri }) => {
          const [runs, window] = [this.runsOf(uri), this.windowOf(uri)];
          return runs === undefined && window === undefined ? undefined : { runs, window };
        },
        inherit: (...inherited) => deps.guard(() => this.#inherit(...inherited)),
      }),
    );
    this.register(vscode.workspace.onDidCloseNotebookDocument((notebook) => this.#close(notebook)));
    this.register(
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges }) => {
        if (!isPromqlNotebook(notebook)) return;
        if (contentChanges.some(({ removedCells }) => removedCells.length > 0)) this.#forgetGone(notebook);
        for (const cell of contentChanges.flatMap(({ addedCells }) => addedCells)) void this.#clearCopied(cell);
        for (const { cell, outputs } of cellChanges) if (outputs?.length === 0) this.#forgetCleared(cell);
      }),
    );
  }

  /** `undefined`: none of its cells was run. */
  runsOf(uri: vscode.Uri): NotebookRuns | undefined {
    return this.#runs.get(uri.toString());
  }

  /** The runs of a notebook, one of whose cells is about to be run. */
  open({ uri }: vscode.NotebookDocument): NotebookRuns {
    const id = uri.toString();
    const existing = this.#runs.get(id);
    if (existing !== undefined) return existing;
    const opened = new NotebookRuns({
      ...this.#deps,
      onChange: (started) => {
        if (this.#runs.get(id) !== opened) return;
        this.#deps.view.show(id, uri.path.split("/").at(-1) ?? uri.path, opened.runs.runs, started);
        this.#changed.fire(uri);
      },
    });
    this.#runs.set(id, opened);
    return opened;
  }

  /** The time that every cell is asked for; `undefined`: what its text says. */
  windowOf(uri: vscode.Uri): TimeWindow | undefined {
    return this.#windows.get(uri.toString());
  }

  setWindow(uri: vscode.Uri, window: TimeWindow | undefined): void {
    if (window === undefined) this.#windows.delete(uri.toString());
    else this.#windows.set(uri.toString(), window);
    this.#changed.fire(uri);
  }

  override dispose(): void {
    for (const { runs } of this.#runs.values()) runs.cancel();
    super.dispose();
  }

  /** Answers of cells that are there no more take no room. */
  #forgetGone(notebook: vscode.NotebookDocument): void {
    const opened = this.runsOf(notebook.uri);
    if (opened === undefined) return;
    const there = new Set(notebook.getCells().map(keyOf));
    for (const { request } of opened.runs.runs) {
      if (!there.has(request.key)) opened.forget(request.key);
    }
  }

  /** What a person has cleared away is neither refreshed nor exported. */
  #forgetCleared(cell: vscode.NotebookCell): void {
    const opened = this.runsOf(cell.notebook.uri);
    const key = keyOf(cell);
    const isCleared = cell.outputs.length === 0 && opened?.isBusy(key) === false;
    if (isCleared && opened.runs.find(key) !== undefined) opened.forget(key);
  }

  /** A copy of a cell comes with the output of the other one, whose controls would run that. */
  async #clearCopied(cell: vscode.NotebookCell): Promise<void> {
    if (!isCopied(cell)) return;
    let execution: vscode.NotebookCellExecution | undefined;
    try {
      execution = this.#deps.controllerOf(cell.notebook)?.createNotebookCellExecution(cell);
      execution?.start();
      await execution?.clearOutput();
    } catch {
      // Nothing was run in this notebook: the output finds no run, and says so.
    } finally {
      execution?.end(undefined);
    }
  }

  /** Goes on where another notebook was: its file has another name now. */
  async #inherit(
    { runs: from, window }: Estate,
    notebook: vscode.NotebookDocument,
    keys: readonly string[],
  ): Promise<void> {
    if (window !== undefined) this.setWindow(notebook.uri, window);
    if (from === undefined) return;
    const opened = this.open(notebook);
    const answered = notebook.getCells().flatMap((cell, i) => {
      const was = keys[i];
      if (was !== undefined) opened.adopt(keyOf(cell), from, was);
      const run = opened.runs.find(keyOf(cell))?.run;
      return run === undefined ? [] : [{ cell, run }];
    });
    // Below cells there are only outputs of executions, and there are none without a controller that was chosen.
    if (answered.length === 0 || !(await this.#deps.chooseController(notebook))) return;
    for (const { cell, run } of answered) {
      if (notebook.isClosed || cell.index < 0 || opened.isBusy(keyOf(cell))) continue;
      const execution = opened.announce(cell);
      if (execution === undefined) continue;
      opened.begin(execution, run.startedAt);
      await this.#deps.outputs.begin(cell, execution);
      await this.#deps.outputs.end(cell, execution, run);
      opened.end(keyOf(cell), outcomeOf(run), execution, endOf(run));
    }
  }

  #close(notebook: vscode.NotebookDocument): void {
    if (!isPromqlNotebook(notebook)) return;
    const id = notebook.uri.toString();
    this.#runs.get(id)?.cancel();
    this.#succession.close(notebook);
    this.#runs.delete(id);
    this.#windows.delete(id);
    this.#deps.view.close(id);
  }
}

/** When the last request of a run was over. */
function endOf(run: Run): number {
  return Math.max(run.startedAt, ...partsOf(run).map((part) => (part.state === "running" ? 0 : part.finishedAt)));
}
