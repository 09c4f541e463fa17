import * as vscode from "vscode";
import type { PromqlFile } from "../../promql/file.ts";
import type { Destination } from "../../query/destination.ts";
import type { PlannedRun, StartedRun } from "../../query/fileRuns.ts";
import type { Run, RunAgain, RunChoices, RunMode } from "../../query/run.ts";
import { type Runnable, runnableOf } from "../../query/runnables.ts";
import { locate, type Verdict, verdictOf } from "../../query/verdict.ts";
import { AppError, type ServerPosition } from "../../shared/errors.ts";
import { type CellOutputs, outcomeOf } from "./cellOutputs.ts";
import { keyOf, type NotebookRuns } from "./notebookRuns.ts";
import type { OpenedNotebooks } from "./openedNotebooks.ts";
import { within } from "./timeWindow.ts";

/** What running cells takes from the running of queries anywhere. */
export interface NotebookQueries {
  readonly planner: {
    mayRun(isAutomatic?: boolean): Promise<boolean>;
    plan(uri: vscode.Uri, runnables: readonly Runnable[]): Promise<readonly PlannedRun[] | undefined>;
    again(
      uri: vscode.Uri,
      before: StartedRun,
      choices: RunChoices,
      isAutomatic: boolean,
    ): Promise<PlannedRun | undefined>;
  };
  readonly documents: { parse(document: vscode.TextDocument): PromqlFile };
  readonly prompts: { destinationOf(name: string | undefined): Destination };
  readonly problems: { setVerdict(uri: vscode.Uri, key: string, verdict: Verdict | undefined): void };
}

export interface NotebookRunnerDeps {
  readonly queries: () => Promise<NotebookQueries>;
  readonly opened: OpenedNotebooks;
  readonly outputs: CellOutputs;
  readonly onEnd: (run: Run) => void;
}

/** Runs cells: asks what has to be asked, sends one after the other, and tells VS Code and the cells how it goes. */
export class NotebookRunner {
  readonly #deps: NotebookRunnerDeps;
  /** How cells are to be asked for once, whatever their text says. */
  readonly #modes = new WeakMap<vscode.NotebookCell, RunMode>();
  readonly #opened: OpenedNotebooks;
  #queries: NotebookQueries | undefined;

  constructor(deps: NotebookRunnerDeps) {
    this.#deps = deps;
    this.#opened = deps.opened;
  }

  runOf(cell: vscode.NotebookCell): Run | undefined {
    return this.#opened.runsOf(cell.notebook.uri)?.runs.find(keyOf(cell))?.run;
  }

  /** True if a cell that was run would be run with another text, another time or to another place now. */
  isStale(cell: vscode.NotebookCell): boolean {
    const ranAs = this.#opened.runsOf(cell.notebook.uri)?.ranAs(keyOf(cell));
    if (ranAs === undefined || this.#queries === undefined) return false;
    return fingerprint(this.#queries, this.#runnable(this.#queries, cell)) !== ranAs;
  }

  /** Runs one cell as VS Code's own button does; `mode` beats its directives. */
  async run(cell: vscode.NotebookCell, mode: RunMode | undefined): Promise<void> {
    if (mode !== undefined) this.#modes.set(cell, mode);
    const ranges = [{ start: cell.index, end: cell.index + 1 }];
    try {
      await vscode.commands.executeCommand("notebook.cell.execute", { ranges, document: cell.notebook.uri });
    } finally {
      // It may not have come to the run.
      this.#modes.delete(cell);
    }
  }

  /** Runs cells in their order; those that hold no query are passed over. */
  async execute(cells: readonly vscode.NotebookCell[], notebook: vscode.NotebookDocument): Promise<void> {
    const modes = new Map(cells.map((cell) => [cell, this.#modes.get(cell)]));
    const queries = await this.#deps.queries();
    this.#queries = queries;
    const queried = cells.flatMap((cell) => {
      const runnable = this.#runnable(queries, cell);
      return runnable === undefined ? [] : [{ cell, runnable, mode: modes.get(cell) }];
    });
    if (queried.length === 0) {
      void vscode.window.setStatusBarMessage("$(info) There is no query in this cell.", 4000);
      return;
    }
    if (!(await queries.planner.mayRun())) return;
    const plans = await queries.planner.plan(
      notebook.uri,
      queried.map(({ runnable, mode }) => asked(runnable, mode)),
    );
    if (plans === undefined || notebook.isClosed) return;
    const opened = this.#opened.open(notebook);
    for (const { runnable } of queried) opened.setRanAs(runnable.key, fingerprint(queries, runnable));
    const started = queried.flatMap(({ cell }, i) => {
      const plan = plans[i];
      // A cell may be gone by the time that every question was answered.
      return plan === undefined || cell.index < 0 ? [] : [{ cell, plan, execution: opened.announce(cell) }];
    });
    try {
      for (const { cell, plan, execution } of started) {
        // It was cancelled while it waited, or has been run in another way since.
        const isDue = execution === undefined || opened.isCurrent(keyOf(cell), execution);
        if (isDue) await this.#run(queries, opened, cell, plan, execution);
      }
    } finally {
      for (const { cell, execution } of started) if (execution) opened.end(keyOf(cell), undefined, execution);
    }
  }

  /** Runs a cell again with the choices made below it; as in the results panel. */
  async rerun(uri: vscode.Uri, asked: RunAgain, isAutomatic: boolean): Promise<Run | undefined> {
    const queries = await this.#deps.queries();
    if (!(await queries.planner.mayRun(isAutomatic))) return undefined;
    const before = this.#opened.runsOf(uri)?.runs.find(asked.key);
    const cell = cellOfKey(uri, asked.key);
    if (before === undefined || cell === undefined) {
      if (isAutomatic) return undefined;
      throw new AppError({ kind: "misconfigured", what: "blockGone", detail: asked.key });
    }
    const again = await queries.planner.again(uri, before, asked.choices, isAutomatic);
    const opened = this.#opened.runsOf(uri);
    if (again === undefined || opened === undefined || cell.index < 0) return undefined;
    return this.#run(queries, opened, cell, again, isAutomatic ? undefined : opened.announce(cell));
  }

  cancel(uri: vscode.Uri, key?: string): void {
    this.#opened.runsOf(uri)?.runs.cancel(key);
  }

  /** Shows a cell, and in it what the server's position points at. */
  async reveal(uri: vscode.Uri, key: string, position: ServerPosition | undefined): Promise<void> {
    const cell = cellOfKey(uri, key);
    if (cell === undefined) return;
    const editor = await vscode.window.showNotebookDocument(cell.notebook);
    const range = new vscode.NotebookRange(cell.index, cell.index + 1);
    editor.selections = [range];
    editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
    if (position === undefined) return;
    await vscode.commands.executeCommand("notebook.cell.edit");
    const text = vscode.window.activeTextEditor;
    const place = this.#placeOf(cell, key, position);
    if (text?.document !== cell.document || place === undefined) return;
    text.selection = new vscode.Selection(place, place);
    text.revealRange(new vscode.Range(place, place));
  }

  /** Where in a cell's text a server's position is; `undefined`: the text is another one by now. */
  #placeOf(cell: vscode.NotebookCell, key: string, position: ServerPosition): vscode.Position | undefined {
    const started = this.#opened.runsOf(cell.notebook.uri)?.runs.find(key);
    const expression = this.#queries?.documents.parse(cell.document).blocks[0]?.expression;
    const offset = started && locate(started, position);
    if (started === undefined || expression === undefined || offset === undefined) return undefined;
    const text = cell.document.getText().slice(expression.from, expression.to);
    return text === started.input.text ? cell.document.positionAt(expression.from + offset) : undefined;
  }

  #runnable(queries: NotebookQueries, cell: vscode.NotebookCell): Runnable | undefined {
    if (cell.kind !== vscode.NotebookCellKind.Code) return undefined;
    const file = queries.documents.parse(cell.document);
    const [query] = file.blocks.flatMap((block) => runnableOf(cell.document.getText(), file, block));
    const window = this.#opened.windowOf(cell.notebook.uri);
    return query && { ...query, key: keyOf(cell), directives: within(query.directives, window) };
  }

  async #run(
    queries: NotebookQueries,
    opened: NotebookRuns,
    cell: vscode.NotebookCell,
    plan: PlannedRun,
    execution: vscode.NotebookCellExecution | undefined,
  ): Promise<Run | undefined> {
    const key = keyOf(cell);
    if (cell.notebook.isClosed || cell.index < 0) return undefined;
    try {
      if (execution !== undefined) {
        opened.begin(execution);
        await this.#deps.outputs.begin(cell, execution);
      }
      this.#judge(queries, cell, undefined);
      const started = await opened.runs.start(plan);
      if (!started.isAutomatic) this.#deps.onEnd(started.run);
      if (opened.runs.isLatest(started)) this.#judge(queries, cell, verdictOf(started));
      if (execution !== undefined && opened.isCurrent(key, execution) && !cell.notebook.isClosed) {
        await this.#deps.outputs.end(cell, execution, started.run);
      }
      if (execution !== undefined) opened.end(key, outcomeOf(started.run), execution);
      return started.run;
    } catch (error) {
      if (execution !== undefined) opened.end(key, false, execution);
      throw error;
    }
  }

  #judge(queries: NotebookQueries, cell: vscode.NotebookCell, verdict: Verdict | undefined): void {
    const [block] = queries.documents.parse(cell.document).blocks;
    if (block !== undefined) queries.problems.setVerdict(cell.document.uri, block.key, verdict);
  }
}

/** A query with the kind of request that was asked for this once. */
function asked(runnable: Runnable, mode: RunMode | undefined): Runnable {
  if (mode === undefined || mode === "both") return runnable;
  return { ...runnable, directives: { ...runnable.directives, mode } };
}

/** All that makes a query what it is, where it goes included. */
function fingerprint({ prompts }: NotebookQueries, runnable: Runnable | undefined): string {
  if (runnable === undefined) return "";
  const { sources: _places, vars, ...others } = runnable.directives;
  const destination = prompts.destinationOf(others.connection);
  const target = destination.kind === "ready" ? destination.connection.target : undefined;
  return JSON.stringify([runnable.text, [...vars], others, target?.connectionId, target?.origin]);
}

function cellOfKey(uri: vscode.Uri, key: string): vscode.NotebookCell | undefined {
  const notebook = vscode.workspace.notebookDocuments.find((one) => one.uri.toString() === uri.toString());
  return notebook?.getCells().find((cell) => keyOf(cell) === key);
}
