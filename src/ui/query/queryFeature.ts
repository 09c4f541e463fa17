import * as vscode from "vscode";
import type { FileMove } from "../../host/fileMoves.ts";
import { cellOf } from "../../host/notebookCells.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { PromqlDocuments } from "../../host/promqlDocuments.ts";
import type { KeyValueStore } from "../../platform/ports.ts";
import { resolveDirectives } from "../../promql/effectiveDirectives.ts";
import { blockAt } from "../../promql/file.ts";
import type { AnswerWindow } from "../../query/answerExemplars.ts";
import type { QueryConnections } from "../../query/destination.ts";
import type { Run, RunMode } from "../../query/run.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import type { Event } from "../../shared/event.ts";
import type { ExemplarList, MetricsSource } from "../../shared/model/source.ts";
import type { CellQueries } from "./cellQueries.ts";
import { promqlEditor } from "./promqlEditor.ts";
import { type BlockReference, QueryLenses } from "./queryLenses.ts";
import { RunController, type RunView } from "./runController.ts";
import { readRunExemplars } from "./runExemplars.ts";
import { RunPlanner } from "./runPlanner.ts";
import { RunPrompts } from "./runPrompts.ts";
import { sourceOfRun } from "./runSource.ts";
import { ScratchText } from "./scratchText.ts";
import { TextProblems } from "./textProblems.ts";

/** What the running of queries stands on. */
export interface QueryFeatureDeps {
  /** Loaded with the first notebook. */
  readonly cells: () => Promise<CellQueries>;
  readonly connections: QueryConnections;
  readonly memory: KeyValueStore;
  readonly view: RunView;
  readonly defaults: () => { readonly rangeMs: number; readonly maxSeries: number };
  readonly codeLensEnabled: () => boolean;
  readonly onDidChangeSettings: (listener: () => void) => Disposable;
  readonly onDidMove: Event<FileMove>;
  readonly now: () => number;
  readonly setRunning: (isRunning: boolean) => void;
  readonly onEnd: (run: Run) => void;
}

/** Everything about `.promql` text in the editor that is loaded when the first such text, or the first run, asks for it. */
export class QueryFeature extends DisposableStore {
  readonly lenses: QueryLenses;
  readonly controller: RunController;
  readonly scratch: ScratchText;
  readonly documents: PromqlDocuments;
  readonly planner: RunPlanner;
  readonly problems: TextProblems;
  readonly prompts: RunPrompts;
  readonly #cells: QueryFeatureDeps["cells"];

  constructor(deps: QueryFeatureDeps) {
    super();
    this.#cells = deps.cells;
    const documents = this.register(new PromqlDocuments());
    const prompts = new RunPrompts(deps);
    const planner = new RunPlanner({ prompts, defaults: deps.defaults });
    const problems = this.register(
      new TextProblems({
        documents,
        dialectOf: (name) => {
          const destination = prompts.destinationOf(name);
          return destination.kind === "ready" ? destination.connection.dialect() : "promql";
        },
        onDidChangeConnections: deps.connections.onDidChange,
      }),
    );
    this.controller = this.register(
      new RunController({ ...deps, documents, planner, problems, onRunningChanged: deps.setRunning }),
    );
    this.lenses = this.register(
      new QueryLenses({ documents, prompts, controller: this.controller, isEnabled: deps.codeLensEnabled }),
    );
    this.scratch = new ScratchText({ documents, controller: this.controller });
    this.prompts = prompts;
    this.documents = documents;
    this.planner = planner;
    this.problems = problems;
    this.register(deps.onDidMove((move) => prompts.moved(move)));
    this.register(documents.onDidClose((uri) => prompts.closed(uri)));
    this.register(vscode.workspace.onDidCloseNotebookDocument(({ uri }) => prompts.closed(uri)));
    this.register(this.controller.onDidChange(() => this.lenses.refresh()));
    this.register(deps.connections.onDidChange(() => this.lenses.refresh()));
    this.register(deps.onDidChangeSettings(() => this.lenses.refresh()));
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.lenses.refresh()));
  }

  /** Runs what a lens names, or what the active editor's cursor or selection says. */
  async run(reference: BlockReference | undefined, mode?: RunMode): Promise<void> {
    if (reference !== undefined) {
      await this.controller.runBlock(
        await vscode.workspace.openTextDocument(vscode.Uri.parse(reference.uri)),
        reference.key,
        mode,
      );
      return;
    }
    const editor = promqlEditor();
    if (editor === undefined) return;
    const cell = cellOf(editor.document);
    // A cell's answer belongs below it.
    if (cell !== undefined) await (await this.#cells()).run(cell, mode);
    else await this.controller.runAtCursor(editor, mode);
  }

  async runAll(): Promise<void> {
    const editor = promqlEditor();
    if (editor === undefined) return;
    if (cellOf(editor.document) !== undefined) await vscode.commands.executeCommand("notebook.execute");
    else await this.controller.runAll(editor.document);
  }

  /** Asks for the exemplars of a run of a file, as its panel does when a person switches them on. */
  exemplars(uri: vscode.Uri, run: Run, window: AnswerWindow, signal: AbortSignal): Promise<ExemplarList | undefined> {
    return readRunExemplars(this.prompts, uri, run, window, signal);
  }

  /** The way to the server of a run of a file, as its panel needs it when a person asks why an answer is empty. */
  sourceOf(uri: vscode.Uri, run: Run, signal: AbortSignal): Promise<MetricsSource | undefined> {
    return sourceOfRun(this.prompts, uri, run, signal);
  }

  /** The results of a lens' file, or of the active editor's. */
  showResults(reference: BlockReference | undefined): void {
    const uri = reference === undefined ? promqlEditor()?.document.uri : vscode.Uri.parse(reference.uri);
    if (uri !== undefined) this.controller.showResults(uri, reference?.key);
  }

  /** Lets the user choose where a block goes: the workspace's active connection, or the one its directive names. */
  async chooseConnection(reference: BlockReference | undefined): Promise<void> {
    const place = await this.#placeOf(reference);
    const cell = place && cellOf(place.document);
    if (cell !== undefined) {
      await (await this.#cells()).setCellConnection(cell);
      return;
    }
    const directive = place?.directives.get("connection");
    const name = directive?.value?.key === "connection" ? directive.value.value : undefined;
    if (place === undefined || directive === undefined || name === undefined) {
      await vscode.commands.executeCommand("promqlWorkbench.connection.select");
      return;
    }
    if (this.prompts.destinationOf(name).kind === "unknown") {
      await this.prompts.connectionFor(name);
      this.lenses.refresh();
      return;
    }
    const picked = await this.prompts.pickConnection(`This file says @connection ${plainLabel(name)}. Change it to …`);
    if (picked === undefined || picked === "none") return;
    if (picked === "add" || picked === "adopt") {
      await vscode.commands.executeCommand(`promqlWorkbench.connection.${picked}`);
      return;
    }
    const { document } = place;
    if (document.version !== place.version) {
      void vscode.window.setStatusBarMessage("$(info) The text changed meanwhile: nothing was replaced.", 4000);
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(
      document.positionAt(directive.valueSpan.from),
      document.positionAt(directive.valueSpan.to),
    );
    edit.replace(document.uri, range, picked.target.connectionId);
    await vscode.workspace.applyEdit(edit);
  }

  async #placeOf(reference: BlockReference | undefined) {
    const editor = promqlEditor();
    const document =
      reference === undefined
        ? editor?.document
        : await vscode.workspace.openTextDocument(vscode.Uri.parse(reference.uri));
    if (document === undefined) return undefined;
    const file = this.documents.parse(document);
    const block =
      reference === undefined
        ? blockAt(file, editor === undefined ? 0 : document.offsetAt(editor.selection.active))
        : file.blocks.find(({ key }) => key === reference.key);
    return {
      document,
      version: document.version,
      directives: resolveDirectives(file, block ?? { directives: [] }).sources,
    };
  }
}
