import * as vscode from "vscode";
import type { FileMove } from "../../host/fileMoves.ts";
import { movedTo } from "../../host/movedTo.ts";
import { cellOf } from "../../host/notebookCells.ts";
import type { PromqlDocuments } from "../../host/promqlDocuments.ts";
import { type Block, blockAt, type PromqlFile } from "../../promql/file.ts";
import { FileRuns, type PlannedRun, planned, type StartedRun } from "../../query/fileRuns.ts";
import { type SentQueries, sentByPlan, sentByRun } from "../../query/links/sentQueries.ts";
import type { Run, RunAgain, RunMode } from "../../query/run.ts";
import { blockOfRun, partOf, type Runnable, runnableOf, selectedRunnables } from "../../query/runnables.ts";
import { locate, verdictOf } from "../../query/verdict.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { AppError, type ServerPosition } from "../../shared/errors.ts";
import { Emitter, type Event } from "../../shared/event.ts";
import type { CellQueries } from "./cellQueries.ts";
import type { RunPlanner } from "./runPlanner.ts";
import { expressionStart, type TextProblems } from "./textProblems.ts";

/** Shows runs; told again at each change of any of them. */
export interface RunView {
  /** `started`: the key of a run that a person has just started, which opens the panel and comes to its front. */
  show(uri: string, title: string, runs: readonly Run[], started: string | undefined): void;
  /** Opens a file's results or brings them to the front, with the run of `key` if one is named. */
  open(uri: string, title: string, runs: readonly Run[], key: string | undefined): void;
}

export interface RunControllerDeps {
  readonly cells: () => Promise<Pick<CellQueries, "inWindow">>;
  readonly documents: PromqlDocuments;
  readonly planner: RunPlanner;
  readonly problems: TextProblems;
  readonly view: RunView;
  readonly onDidMove: Event<FileMove>;
  readonly now: () => number;
  /** Told of every run that has ended, however it did. */
  readonly onEnd: (run: Run) => void;
  readonly onRunningChanged: (isRunning: boolean) => void;
}

/** Runs blocks of `.promql` documents: asks what has to be asked, sends, shows, and puts errors at their place. */
export class RunController extends DisposableStore {
  readonly #deps: RunControllerDeps;
  readonly #files = new Map<string, FileRuns>();
  /** Files whose panel is open; the runs of another one live as long as its document. */
  readonly #shown = new Set<string>();
  readonly #changed = this.register(new Emitter<vscode.Uri>());

  /** Fires when a run of a file started, went on or ended. */
  readonly onDidChange = this.#changed.event;

  constructor(deps: RunControllerDeps) {
    super();
    this.#deps = deps;
    this.register(deps.onDidMove((move) => this.#move(move)));
    this.register(deps.documents.onDidClose((uri) => this.#release(uri.toString())));
  }

  /** The runs of a file, in the order in which their blocks were first run. */
  runsOf(uri: vscode.Uri): readonly Run[] {
    return this.#files.get(uri.toString())?.runs ?? [];
  }

  runOf(uri: vscode.Uri, key: string): { readonly run: Run | undefined; readonly isRunning: boolean } {
    const runs = this.#files.get(uri.toString());
    return { run: runs?.find(key)?.run, isRunning: runs?.isRunning(key) ?? false };
  }

  /** The selection if there is one, else the block under the cursor. A selection of several blocks runs each of them. */
  async runAtCursor(editor: vscode.TextEditor, mode?: RunMode): Promise<void> {
    const runnables = this.#runnablesAt(editor);
    if (runnables.length > 0) await this.#start(editor.document, runnables, mode);
  }

  #runnablesAt({ document, selection }: vscode.TextEditor): readonly Runnable[] {
    const file = this.#deps.documents.parse(document);
    const selected = selection.isEmpty ? [] : selectedIn(document, file, selection);
    const block =
      blockAt(file, document.offsetAt(selection.active)) ?? file.blocks.find(({ kind }) => kind === "query");
    const runnables = selected.length > 0 || block === undefined ? selected : runnablesOf(document, file, block);
    if (runnables.length === 0) {
      void vscode.window.setStatusBarMessage("$(info) There is no query at the cursor.", 4000);
    }
    return runnables;
  }

  /**
   * What a block sends, without sending it: the requests of its last run if it has had one, else those of a run right now.
   * `undefined`: there is no such block, or the user gave up a question that a run asks.
   */
  async requestsOf(uri: vscode.Uri, key: string): Promise<readonly SentQueries[] | undefined> {
    const last = this.#files.get(uri.toString())?.find(key);
    const sent = last && sentByRun(last.run);
    if (sent !== undefined) return [sent];
    const document = await openDocument(uri);
    const file = document && this.#deps.documents.parse(document);
    const block = file?.blocks.find((one) => one.key === key);
    const runnables = document && file && block ? runnablesOf(document, file, block) : [];
    if (document !== undefined && runnables.length > 0) return this.#requests(document, runnables);
    throw new AppError({ kind: "misconfigured", what: "blockGone", detail: key });
  }

  /** What running at the cursor would send now. `undefined` as above. */
  async requestsAtCursor(editor: vscode.TextEditor): Promise<readonly SentQueries[] | undefined> {
    const runnables = this.#runnablesAt(editor);
    if (runnables.length === 0) return undefined;
    const cell = cellOf(editor.document);
    if (cell === undefined) return this.#requests(editor.document, runnables);
    const cells = await this.#deps.cells();
    const inWindow = runnables.map((one) => ({ ...one, directives: cells.inWindow(cell, one.directives) }));
    return this.#requests(editor.document, inWindow);
  }

  async #requests(document: vscode.TextDocument, runnables: readonly Runnable[]) {
    const plans = await this.#deps.planner.plan(document.uri, runnables, { isSent: false });
    const now = this.#deps.now();
    return plans?.map(({ plan }) => sentByPlan(plan, now));
  }

  async runBlock(document: vscode.TextDocument, key: string, mode?: RunMode): Promise<void> {
    const file = this.#deps.documents.parse(document);
    const block = file.blocks.find((one) => one.key === key);
    if (block !== undefined) await this.#start(document, runnablesOf(document, file, block), mode);
  }

  /** All blocks in order, one after the other; cancelling stops the rest. */
  async runAll(document: vscode.TextDocument): Promise<void> {
    const file = this.#deps.documents.parse(document);
    const runnables = file.blocks.flatMap((block) => runnablesOf(document, file, block));
    if (runnables.length === 0) {
      void vscode.window.setStatusBarMessage("$(info) There is no query in this file.", 4000);
      return;
    }
    await this.#start(document, runnables);
  }

  /**
   * Runs a block that has a result again, with the choices made in the results panel, on its connection as it is now. An
   * automatic run asks nothing of a person: where a question would be due there is none. It opens nothing, comes to no front
   * and is not remembered.
   */
  async rerun(uri: vscode.Uri, asked: RunAgain, isAutomatic: boolean): Promise<Run | undefined> {
    const { planner } = this.#deps;
    if (!(await planner.mayRun(isAutomatic))) return undefined;
    const before = this.#files.get(uri.toString())?.find(asked.key);
    // Of a kept or restored panel: there is no such run any more, or it is one of another text by now.
    if (before === undefined || before.input.text !== asked.text)
      return isAutomatic ? undefined : this.#runAnew(uri, asked);
    const again = await planner.again(uri, before, asked.choices, isAutomatic);
    return again && this.#execute(uri, [again]);
  }

  /** Runs the block that a kept or restored result is of, as it stands in its file now. */
  async #runAnew(uri: vscode.Uri, { key, text, choices }: RunAgain): Promise<Run | undefined> {
    const document = await openDocument(uri);
    const file = document && this.#deps.documents.parse(document);
    const { key: blockKey, isPart } = blockOfRun(key);
    const block = file?.blocks.find((one) => one.key === blockKey);
    const [whole] = document && file && block ? runnablesOf(document, file, block) : [];
    if (document === undefined || whole === undefined) {
      throw new AppError({ kind: "misconfigured", what: "blockGone", detail: key });
    }
    // What was shown is what a person expects to run, not what has come in its place.
    if (isPart ? !whole.text.includes(text) : whole.text !== text) {
      throw new AppError({ kind: "misconfigured", what: "blockChanged", detail: "" });
    }
    const plans = await this.#deps.planner.plan(document.uri, [isPart ? partOf(whole, key, text) : whole]);
    return (
      plans &&
      this.#execute(
        uri,
        plans.map(({ input }) => planned(input, choices)),
      )
    );
  }

  /** Cancels one run of a file, or all of them, or everything. */
  cancel(uri?: vscode.Uri, key?: string): void {
    for (const [file, runs] of this.#files) if (uri === undefined || file === uri.toString()) runs.cancel(key);
  }

  /** Opens the results of a file, or brings them to the front, with the run of one block if `key` names it. */
  showResults(uri: vscode.Uri, key?: string): void {
    const runs = this.runsOf(uri);
    if (runs.length === 0) {
      void vscode.window.setStatusBarMessage("$(info) No query of this file has been run yet.", 4000);
      return;
    }
    this.#shown.add(uri.toString());
    this.#deps.view.open(uri.toString(), titleOf(uri), runs, key);
  }

  /** A person closed the results of a file: what runs goes on, and its lenses know of it while the file is open. */
  panelClosed(uri: vscode.Uri): void {
    this.#shown.delete(uri.toString());
    const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
    if (!isOpen) this.#release(uri.toString());
  }

  /** Gives a file's answers back to the memory once nobody can see them: neither a panel nor a document is open. */
  #release(uri: string): void {
    if (this.#shown.has(uri)) return;
    this.#files.get(uri)?.cancel();
    this.#files.delete(uri);
    this.#announce();
  }

  /** Runs go with their file; those of a file that was there before stay. */
  #move(move: FileMove): void {
    for (const [file, runs] of [...this.#files]) {
      const to = movedTo(file, move);
      if (to === undefined || this.#files.has(to)) continue;
      this.#files.delete(file);
      this.#files.set(to, runs);
      if (this.#shown.delete(file)) this.#shown.add(to);
      this.#changed.fire(vscode.Uri.parse(to));
    }
  }

  /** Shows a block in the editor, at the server's position in it if its text is still what was sent. */
  async reveal(uri: vscode.Uri, key: string, position?: ServerPosition): Promise<void> {
    const started = this.#files.get(uri.toString())?.find(key);
    const editor = await vscode.window.showTextDocument(uri, { viewColumn: columnOf(uri) });
    const { document } = editor;
    const { blocks } = this.#deps.documents.parse(document);
    const asRun = started && expressionStart(document.getText(), blocks, key, started.input.text);
    const offset = position === undefined || started === undefined ? 0 : (locate(started, position) ?? 0);
    const block = blocks.find((one) => one.key === key);
    const place = document.positionAt(asRun === undefined ? (block?.from ?? 0) : asRun + offset);
    editor.selection = new vscode.Selection(place, place);
    editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  override dispose(): void {
    this.cancel();
    super.dispose();
  }

  async #start(document: vscode.TextDocument, runnables: readonly Runnable[], mode?: RunMode): Promise<void> {
    const { planner } = this.#deps;
    if (!(await planner.mayRun())) return;
    const plans = await planner.plan(document.uri, runnables, { mode });
    if (plans !== undefined) await this.#execute(document.uri, plans);
  }

  /** Resolves with the run where it is a single one. */
  async #execute(uri: vscode.Uri, plans: readonly PlannedRun[]): Promise<Run | undefined> {
    const { problems } = this.#deps;
    const runs = this.#runsFor(uri);
    const finish = (one: StartedRun) => {
      if (!one.isAutomatic) this.#deps.onEnd(one.run);
      if (runs.isLatest(one)) problems.setVerdict(uri, one.run.request.key, verdictOf(one));
    };
    for (const { plan } of plans) problems.setVerdict(uri, plan.request.key, undefined);
    const [only, ...others] = plans;
    if (only === undefined || others.length > 0) {
      await runs.startAll(plans, finish);
      return undefined;
    }
    const one = await runs.start(only);
    finish(one);
    return one.run;
  }

  #runsFor(uri: vscode.Uri): FileRuns {
    const file = uri.toString();
    const existing = this.#files.get(file);
    if (existing !== undefined) return existing;
    const runs = new FileRuns({
      now: this.#deps.now,
      onChange: (started) => {
        // The file may be somewhere else by now.
        const [now] = [...this.#files].find(([, one]) => one === runs) ?? [];
        // Its answers were given up: what still ends has nobody to tell.
        if (now === undefined) return;
        const uri = vscode.Uri.parse(now);
        if (started !== undefined) this.#shown.add(now);
        this.#deps.view.show(now, titleOf(uri), runs.runs, started);
        this.#changed.fire(uri);
        this.#announce();
      },
    });
    this.#files.set(file, runs);
    return runs;
  }

  #announce(): void {
    this.#deps.onRunningChanged([...this.#files.values()].some((runs) => runs.isRunning()));
  }
}

function runnablesOf(document: vscode.TextDocument, file: PromqlFile, block: Block): readonly Runnable[] {
  return runnableOf(document.getText(), file, block);
}

function selectedIn(
  document: vscode.TextDocument,
  file: PromqlFile,
  { start, end }: vscode.Selection,
): readonly Runnable[] {
  return selectedRunnables(document.getText(), file, { from: document.offsetAt(start), to: document.offsetAt(end) });
}

/** `undefined`: there is no such file any more. */
async function openDocument(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

function titleOf(uri: vscode.Uri): string {
  return uri.path.split("/").at(-1) ?? uri.path;
}

function columnOf(uri: vscode.Uri): vscode.ViewColumn {
  const open = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  return open?.viewColumn ?? vscode.ViewColumn.One;
}
