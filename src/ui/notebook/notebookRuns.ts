import type * as vscode from "vscode";
import { FileRuns } from "../../query/fileRuns.ts";
import { partsOf } from "../../query/run.ts";

/** A cell's name among the runs of its notebook; the same while the notebook is open, wherever the cell is moved. */
export function keyOf(cell: vscode.NotebookCell): string {
  return cell.document.uri.toString();
}

export interface NotebookRunsDeps {
  readonly now: () => number;
  /** Told of every change; `started` is the key of a run that has just begun. */
  readonly onChange: (started: string | undefined) => void;
  readonly controllerOf: (notebook: vscode.NotebookDocument) => vscode.NotebookController | undefined;
}

/** The runs of one notebook's cells, and what VS Code has been told of them. */
export class NotebookRuns {
  readonly runs: FileRuns;
  readonly #deps: NotebookRunsDeps;
  /** Of cells that run or wait for their turn. */
  readonly #executions = new Map<string, vscode.NotebookCellExecution>();
  readonly #started = new WeakSet<vscode.NotebookCellExecution>();
  /** What each cell was run as, to tell whether it would be the same now. */
  readonly #ranAs = new Map<string, string>();
  /** Of the last execution. */
  #order = 0;

  constructor(deps: NotebookRunsDeps) {
    this.#deps = deps;
    this.runs = new FileRuns(deps);
  }

  ranAs(key: string): string | undefined {
    return this.#ranAs.get(key);
  }

  setRanAs(key: string, fingerprint: string): void {
    this.#ranAs.set(key, fingerprint);
  }

  /** True while a cell runs or waits for its turn. */
  isBusy(key: string): boolean {
    return this.#executions.has(key);
  }

  /** True until a cell's execution has ended or another one has taken its place. */
  isCurrent(key: string, execution: vscode.NotebookCellExecution): boolean {
    return this.#executions.get(key) === execution;
  }

  /** Tells VS Code that a cell is about to run. A run of it that is under way or waits is given up. */
  announce(cell: vscode.NotebookCell): vscode.NotebookCellExecution | undefined {
    const key = keyOf(cell);
    this.end(key, undefined);
    const execution = this.#deps.controllerOf(cell.notebook)?.createNotebookCellExecution(cell);
    if (execution === undefined) return undefined;
    this.#executions.set(key, execution);
    execution.token.onCancellationRequested(() => {
      this.runs.cancel(key);
      // One that waits for its turn is over at once.
      if (!this.#started.has(execution)) this.end(key, undefined, execution);
    });
    return execution;
  }

  /** Tells VS Code that a cell's turn has come, or came at another time, in ms since 1970. */
  begin(execution: vscode.NotebookCellExecution, at = this.#deps.now()): void {
    this.#started.add(execution);
    execution.executionOrder = ++this.#order;
    execution.start(at);
  }

  /** Ends a cell's execution; `only`: not another one that has taken its place. */
  end(
    key: string,
    success: boolean | undefined,
    only?: vscode.NotebookCellExecution,
    at: number = this.#deps.now(),
  ): void {
    const execution = this.#executions.get(key);
    if (execution === undefined || (only !== undefined && only !== execution)) return;
    this.#executions.delete(key);
    execution.end(success, at);
  }

  /** Gives up what is known of a cell that is there no more, or whose answer is not wanted any more. */
  forget(key: string): void {
    this.end(key, undefined);
    this.#ranAs.delete(key);
    this.runs.forget(key);
  }

  /** Gives everything up that is under way: VS Code would take the cells of the same file, opened again, for running ones. */
  cancel(): void {
    this.runs.cancel();
    for (const key of [...this.#executions.keys()]) this.end(key, undefined);
  }

  /** Takes over what another notebook's cell, `was`, has come to. */
  adopt(key: string, from: NotebookRuns, was: string): void {
    const started = from.runs.find(was);
    const ranAs = from.ranAs(was);
    // What was under way has been cancelled.
    if (started === undefined || partsOf(started.run).some(({ state }) => state === "running")) return;
    this.runs.adopt(started, key);
    if (ranAs !== undefined) this.#ranAs.set(key, ranAs);
  }
}
