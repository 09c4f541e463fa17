import * as vscode from "vscode";
import { type EffectiveDirectives, resolveDirectives } from "../../promql/effectiveDirectives.ts";
import { type Block, blockAt, type PromqlFile } from "../../promql/file.ts";
import type { QueryConnection } from "../../query/destination.ts";
import { planRun, undefinedVariables } from "../../query/planRun.ts";
import { type RunPlan, runQuery } from "../../query/queryRunner.ts";
import type { Run, RunChoices, RunMode, RunPart } from "../../query/run.ts";
import { LatestRun } from "../../shared/abort.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import type { Failure, ServerPosition } from "../../shared/errors.ts";
import { Emitter } from "../../shared/event.ts";
import type { PromqlDocuments } from "./promqlDocuments.ts";
import type { RunPrompts } from "./runPrompts.ts";
import type { TextProblems } from "./textProblems.ts";

/** Points of the widest chart; the panel draws fewer where it is narrow. */
const maxPoints = 1000;

/** Where a connection does not say how often its server scrapes; Grafana assumes the same. */
const assumedScrapeIntervalMs = 15_000;

/** Shows runs; told again at each change of any of them. */
export interface RunView {
  show(uri: string, title: string, runs: readonly Run[]): void;
  /** Brings a file's results to the front; false if they are closed. */
  reveal(uri: string): Promise<boolean>;
}

/** Something of a file that can be run. */
interface Runnable {
  readonly key: string;
  readonly text: string;
  readonly directives: EffectiveDirectives;
}

/** A block's place in the list of results, with its present run. */
class Slot {
  readonly latest = new LatestRun();
  runnable: Runnable;
  plan: RunPlan;
  run: Run | undefined;

  constructor(runnable: Runnable, plan: RunPlan) {
    this.runnable = runnable;
    this.plan = plan;
  }

  get isRunning(): boolean {
    return this.latest.isRunning;
  }
}

export interface RunControllerDeps {
  readonly documents: PromqlDocuments;
  readonly prompts: RunPrompts;
  readonly problems: TextProblems;
  readonly view: RunView;
  readonly defaults: () => { readonly rangeMs: number; readonly maxSeries: number };
  readonly now: () => number;
  readonly onRunningChanged: (isRunning: boolean) => void;
}

/** Runs blocks of `.promql` documents: asks what has to be asked, sends, shows, and puts errors at their place. */
export class RunController extends DisposableStore {
  readonly #deps: RunControllerDeps;
  readonly #files = new Map<string, Map<string, Slot>>();
  readonly #changed = this.register(new Emitter<vscode.Uri>());

  /** Fires when a run of a file started, went on or ended. */
  readonly onDidChange = this.#changed.event;

  constructor(deps: RunControllerDeps) {
    super();
    this.#deps = deps;
  }

  /** The runs of a file, in the order in which their blocks were first run. */
  runsOf(uri: vscode.Uri): readonly Run[] {
    const slots = [...(this.#files.get(uri.toString())?.values() ?? [])];
    return slots.flatMap(({ run }) => (run === undefined ? [] : [run]));
  }

  runOf(uri: vscode.Uri, key: string): { readonly run: Run | undefined; readonly isRunning: boolean } {
    const slot = this.#files.get(uri.toString())?.get(key);
    return { run: slot?.run, isRunning: slot?.isRunning ?? false };
  }

  /** The selection if there is one, else the block under the cursor. */
  async runAtCursor(editor: vscode.TextEditor, mode?: RunMode): Promise<void> {
    const { document, selection } = editor;
    const file = this.#deps.documents.parse(document);
    const block = blockAt(file, document.offsetAt(selection.active));
    if (!selection.isEmpty) {
      const text = document.getText(selection).trim();
      if (text !== "") {
        const directives = resolveDirectives(file, block ?? { directives: [] });
        await this.#start(document, [{ key: `selection:${text}`, text, directives }], mode);
        return;
      }
    }
    const nearest = block ?? file.blocks.find(({ kind }) => kind === "query");
    if (nearest?.expression === undefined) {
      void vscode.window.setStatusBarMessage("$(info) There is no query at the cursor.", 4000);
      return;
    }
    await this.#start(document, [runnableOf(document, file, nearest)].flat(), mode);
  }

  async runBlock(document: vscode.TextDocument, key: string, mode?: RunMode): Promise<void> {
    const file = this.#deps.documents.parse(document);
    const block = file.blocks.find((one) => one.key === key);
    if (block !== undefined) await this.#start(document, runnableOf(document, file, block), mode);
  }

  /** All blocks in order, one after the other; cancelling stops the rest. */
  async runAll(document: vscode.TextDocument): Promise<void> {
    const file = this.#deps.documents.parse(document);
    const runnables = file.blocks.flatMap((block) => runnableOf(document, file, block));
    if (runnables.length === 0) {
      void vscode.window.setStatusBarMessage("$(info) There is no query in this file.", 4000);
      return;
    }
    await this.#start(document, runnables);
  }

  /** Runs a block that has a result again, with the choices made in the results panel. */
  async rerun(uri: vscode.Uri, key: string, choices: RunChoices): Promise<void> {
    const slot = this.#files.get(uri.toString())?.get(key);
    if (slot === undefined || !(await this.#deps.prompts.confirmTrust())) return;
    slot.plan = { ...slot.plan, request: { ...slot.plan.request, choices } };
    await this.#execute(uri, slot);
  }

  /** Cancels one run of a file, or all of them, or everything. */
  cancel(uri?: vscode.Uri, key?: string): void {
    for (const [file, slots] of this.#files) {
      if (uri !== undefined && file !== uri.toString()) continue;
      for (const [name, slot] of slots) if (key === undefined || name === key) slot.latest.cancel();
    }
    if (key === undefined) this.#batch.cancel();
  }

  readonly #batch = this.register(new LatestRun());

  /** Opens the results of a file, or brings them to the front. */
  async showResults(uri: vscode.Uri): Promise<void> {
    const runs = this.runsOf(uri);
    if (runs.length === 0)
      void vscode.window.setStatusBarMessage("$(info) No query of this file has been run yet.", 4000);
    else if (!(await this.#deps.view.reveal(uri.toString()))) this.#deps.view.show(uri.toString(), titleOf(uri), runs);
  }

  /** Shows a block in the editor, at the server's position in it if there is one. */
  async reveal(uri: vscode.Uri, key: string, position?: ServerPosition): Promise<void> {
    const slot = this.#files.get(uri.toString())?.get(key);
    const editor = await vscode.window.showTextDocument(uri, { viewColumn: columnOf(uri) });
    const { document } = editor;
    const expression = this.#deps.documents.parse(document).blocks.find((block) => block.key === key)?.expression;
    const offset = position === undefined || slot?.run === undefined ? 0 : (locate(slot, position) ?? 0);
    const start = expression?.from ?? Math.max(document.getText().indexOf(slot?.runnable.text ?? ""), 0);
    const place = document.positionAt(start + offset);
    editor.selection = new vscode.Selection(place, place);
    editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  override dispose(): void {
    this.cancel();
    super.dispose();
  }

  async #start(document: vscode.TextDocument, runnables: readonly Runnable[], mode?: RunMode): Promise<void> {
    const { prompts } = this.#deps;
    if (!(await prompts.confirmTrust())) return;
    const plans = await this.#plan(document, runnables, mode);
    if (plans === undefined) return;
    const slots = plans.map(({ runnable, plan }) => this.#slot(document.uri, runnable, plan));
    const [only] = slots;
    if (slots.length === 1 && only !== undefined) {
      await this.#execute(document.uri, only);
      return;
    }
    await this.#batch.start(async ({ isCurrent }) => {
      for (const slot of slots) {
        if (!isCurrent()) return;
        await this.#execute(document.uri, slot);
      }
    });
  }

  /** Destinations, consents and variables of all blocks, before any of them is sent. */
  async #plan(
    document: vscode.TextDocument,
    runnables: readonly Runnable[],
    mode: RunMode | undefined,
  ): Promise<readonly { readonly runnable: Runnable; readonly plan: RunPlan }[] | undefined> {
    const { prompts } = this.#deps;
    const missing = new Set(runnables.flatMap(({ text, directives }) => undefinedVariables(text, directives.vars)));
    const destinations: QueryConnection[] = [];
    for (const { directives } of runnables) {
      const connection = await prompts.connectionFor(directives.connection);
      if (connection === undefined || !(await prompts.confirmSending(connection, document.uri))) return undefined;
      destinations.push(connection);
    }
    const variables = await prompts.variablesFor([...missing]);
    if (variables === undefined) return undefined;
    for (const connection of new Set(destinations)) prompts.introduce(connection, document.uri);
    return runnables.flatMap((runnable, i) => {
      const connection = destinations[i];
      if (connection === undefined) return [];
      const chosen = mode === undefined || mode === "both" ? undefined : mode;
      const plan = planRun({
        key: runnable.key,
        text: runnable.text,
        directives: chosen === undefined ? runnable.directives : { ...runnable.directives, mode: chosen },
        target: connection.target,
        variables,
        minStepMs: connection.minStepMs || assumedScrapeIntervalMs,
        maxPoints,
        defaults: this.#deps.defaults(),
        source: () => connection.source(),
      });
      return [{ runnable, plan }];
    });
  }

  #slot(uri: vscode.Uri, runnable: Runnable, plan: RunPlan): Slot {
    const slots = this.#files.get(uri.toString()) ?? new Map<string, Slot>();
    this.#files.set(uri.toString(), slots);
    const slot = slots.get(runnable.key) ?? new Slot(runnable, plan);
    slot.runnable = runnable;
    slot.plan = plan;
    slots.set(runnable.key, slot);
    return slot;
  }

  async #execute(uri: vscode.Uri, slot: Slot): Promise<void> {
    const { problems, view, now } = this.#deps;
    problems.setVerdict(uri, slot.runnable.key, undefined);
    const finished = slot.latest.start(({ signal, isCurrent }) =>
      runQuery({
        plan: slot.plan,
        now,
        signal,
        onChange: (run) => {
          // A newer run of this block has taken over; a run that was only cancelled still says so.
          if (!isCurrent() && slot.isRunning) return;
          slot.run = run;
          view.show(uri.toString(), titleOf(uri), this.runsOf(uri));
          this.#changed.fire(uri);
        },
      }),
    );
    this.#announce();
    const run = await finished;
    this.#announce();
    this.#changed.fire(uri);
    if (slot.run === run) problems.setVerdict(uri, slot.runnable.key, verdictOf(slot, run));
  }

  #announce(): void {
    const slots = [...this.#files.values()].flatMap((one) => [...one.values()]);
    this.#deps.onRunningChanged(slots.some(({ isRunning }) => isRunning));
  }
}

function runnableOf(document: vscode.TextDocument, file: PromqlFile, block: Block): readonly Runnable[] {
  if (block.kind !== "query" || block.expression === undefined) return [];
  const { from, to } = block.expression;
  return [{ key: block.key, text: document.getText().slice(from, to), directives: resolveDirectives(file, block) }];
}

function titleOf(uri: vscode.Uri): string {
  return uri.path.split("/").at(-1) ?? uri.path;
}

function columnOf(uri: vscode.Uri): vscode.ViewColumn {
  const open = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  return open?.viewColumn ?? vscode.ViewColumn.One;
}

function failureOfPart(part: RunPart | undefined): Failure | undefined {
  return part?.state === "failed" ? part.failure : undefined;
}

/** Where a server's position lies in the block's text as written. */
function locate(slot: Slot, position: ServerPosition): number | undefined {
  return slot.run === undefined ? undefined : slot.plan.locate(position, slot.run.window);
}

/** What the server said against the query itself; trouble on the way there is none of the text's business. */
function verdictOf(slot: Slot, run: Run) {
  const failure = [run.range?.part, run.instant?.part].map(failureOfPart).find((one) => one?.kind === "rejected");
  if (failure?.kind !== "rejected") return undefined;
  return {
    text: slot.runnable.text,
    offset: failure.position === undefined ? undefined : locate(slot, failure.position),
    message: failure.message,
    server: run.request.target.name,
  };
}
