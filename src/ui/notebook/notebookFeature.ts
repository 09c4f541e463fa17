import * as vscode from "vscode";
import { defaultsCellOf } from "../../host/notebookCells.ts";
import { isPromqlNotebook } from "../../host/notebookTypes.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { type EffectiveDirectives, resolveDirectives } from "../../promql/effectiveDirectives.ts";
import type { PromqlFile } from "../../promql/file.ts";
import type { QueryConnection } from "../../query/destination.ts";
import type { Run, RunMode } from "../../query/run.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import type { Event } from "../../shared/event.ts";
import { formatDuration } from "../../shared/model/time.ts";
import { timeZoneOf } from "../../shared/model/zonedTime.ts";
import { once } from "../../shared/once.ts";
import { CellOutputs, type CellOutputsDeps } from "./cellOutputs.ts";
import { CellStatusItems, type DestinationTitles } from "./cellStatusItems.ts";
import { moveToTop, setDefault, setDirectives, setTitle } from "./notebookEdits.ts";
import { askDuration, askTimeWindow } from "./notebookPrompts.ts";
import { type NotebookQueries, NotebookRunner } from "./notebookRunner.ts";
import { OpenedNotebooks, type OpenedNotebooksDeps } from "./openedNotebooks.ts";
import { windowDirectives, windowText, within } from "./timeWindow.ts";

/** What is asked of a person about where queries go. */
interface ConnectionPrompts extends DestinationTitles {
  pickConnection(
    placeHolder: string,
    options: { readonly none: string },
  ): Promise<QueryConnection | "add" | "adopt" | "none" | undefined>;
  /** A connection for a name, asked for where it is not set up; `undefined`: the person gave up. */
  connectionFor(name: string): Promise<QueryConnection | undefined>;
}

/** What notebooks take from the running of queries. */
export interface NotebookDeps extends Omit<OpenedNotebooksDeps, "outputs"> {
  readonly queries: () => Promise<NotebookQueries & { readonly prompts: ConnectionPrompts }>;
  readonly describe: CellOutputsDeps["describe"];
  /** The setting: `local`, `utc` or an IANA name. */
  readonly timeZone: () => string;
  readonly defaultRangeMs: () => number;
  readonly onEnd: (run: Run) => void;
  readonly onDidChangeConnections: Event<void>;
  /** Names the controller in the notebook's toolbar. */
  readonly setLabel: (label: string) => void;
}

/** Everything about notebooks that is loaded with the first one. */
export class NotebookFeature extends DisposableStore {
  readonly #opened: OpenedNotebooks;
  readonly runner: NotebookRunner;
  readonly status: CellStatusItems;
  readonly #deps: NotebookDeps;
  readonly #exporter = once(async () => {
    const { NotebookExporter } = await import("./notebookExporter.ts");
    return this.register(new NotebookExporter());
  });
  /** The cells that set defaults, to notice where one does no more. */
  readonly #defaultsCells = new WeakMap<vscode.NotebookDocument, vscode.NotebookCell>();
  #shownLabel: string | undefined;
  #queries: Awaited<ReturnType<NotebookDeps["queries"]>> | undefined;

  constructor(deps: NotebookDeps) {
    super();
    this.#deps = deps;
    const outputs = new CellOutputs(deps);
    this.#opened = this.register(new OpenedNotebooks({ ...deps, outputs }));
    this.runner = new NotebookRunner({ ...deps, opened: this.#opened, outputs });
    this.status = this.register(
      new CellStatusItems({
        queries: () => this.#queries,
        runOf: (cell) => this.runner.runOf(cell),
        isStale: (cell) => this.runner.isStale(cell),
        windowOf: (uri) => this.#opened.windowOf(uri),
        defaultRangeMs: deps.defaultRangeMs,
      }),
    );
    const refresh = () => this.#refresh();
    this.register(this.#opened.onDidChange(refresh));
    this.register(deps.onDidChangeConnections(refresh));
    this.register(vscode.window.onDidChangeVisibleNotebookEditors(refresh));
    this.register(
      vscode.workspace.onDidChangeNotebookDocument(({ notebook }) => {
        if (!isPromqlNotebook(notebook)) return;
        void this.#watchDefaults(notebook);
        refresh();
      }),
    );
    this.register(vscode.workspace.onDidOpenNotebookDocument((notebook) => void this.#watchDefaults(notebook)));
    for (const notebook of vscode.workspace.notebookDocuments) void this.#watchDefaults(notebook);
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(refresh));
  }

  /** Reads text from now on: what stands below the cells can be said. */
  async start(): Promise<void> {
    this.#queries ??= await this.#deps.queries();
    this.#refresh();
  }

  /** Runs a cell as VS Code's own button does; `mode` beats its directives. */
  async run(cell: vscode.NotebookCell, mode: RunMode | undefined): Promise<void> {
    await this.runner.run(cell, mode);
  }

  /** A cell's directives with the time that the notebook's toolbar sets for all cells. */
  inWindow(cell: vscode.NotebookCell, directives: EffectiveDirectives): EffectiveDirectives {
    return within(directives, this.#opened.windowOf(cell.notebook.uri));
  }

  /** Exports a notebook with its results; `options` as a key binding gives them. */
  async export(notebook: vscode.NotebookDocument, options: unknown): Promise<void> {
    const { describe, timeZone, now } = this.#deps;
    const { documents } = await this.#deps.queries();
    await (await this.#exporter()).export(
      {
        notebook,
        describe,
        ...{ now: now(), zone: timeZoneOf(timeZone()) },
        runOf: (cell) => this.runner.runOf(cell),
        isStale: (cell) => this.runner.isStale(cell),
        titleOf: (cell) => directivesOf(documents.parse(cell.document))?.title,
      },
      options,
    );
  }

  /** Lets a person choose where all cells go that do not say it themselves. */
  async setConnection(notebook: vscode.NotebookDocument): Promise<void> {
    const first = defaultsCellOf(notebook);
    const picked = await this.#pick(first, {
      placeHolder: "Where do the queries of this notebook go?",
      none: "Wherever the active connection leads",
    });
    if (picked === undefined) return;
    await setDefault(notebook, "connection", picked === "none" ? undefined : picked.target.connectionId);
  }

  /** Lets a person choose where one cell goes. */
  async setCellConnection(cell: vscode.NotebookCell): Promise<void> {
    const picked = await this.#pick(cell, {
      placeHolder: "Where does this query go?",
      none: "Where the notebook's queries go",
    });
    if (picked === undefined) return;
    await setDirectives(cell, [["connection", picked === "none" ? undefined : picked.target.connectionId]]);
  }

  /** A connection for a cell. One that its text names and that is not set up here is set up, or another one remembered for it. */
  async #pick(
    cell: vscode.NotebookCell | undefined,
    { placeHolder, none }: { readonly placeHolder: string; readonly none: string },
  ): Promise<QueryConnection | "none" | undefined> {
    const { prompts } = await this.#deps.queries();
    const name = cell && (await this.#read(cell)).directives?.connection;
    if (name !== undefined && prompts.destinationOf(name).kind === "unknown") {
      await prompts.connectionFor(name);
      this.#refresh();
      return undefined;
    }
    const picked = await prompts.pickConnection(placeHolder, { none });
    if (picked !== "add" && picked !== "adopt") return picked;
    await vscode.commands.executeCommand(`promqlWorkbench.connection.${picked}`);
    return undefined;
  }

  /** Lets a person choose one time for all cells, of this session. */
  async setTimeRange({ uri }: vscode.NotebookDocument): Promise<void> {
    const picked = await askTimeWindow({
      title: "Time Range of All Cells, Until the Notebook Is Closed",
      none: "As the cells say",
    });
    if (picked === undefined) return;
    this.#opened.setWindow(uri, picked === "none" ? undefined : picked);
    const said = picked === "none" ? "Each cell has its own time again" : `All cells: ${windowText(picked)}`;
    void vscode.window.setStatusBarMessage(`$(clock) ${said}. Run them to see it.`, 5000);
  }

  async setTitle(cell: vscode.NotebookCell): Promise<void> {
    if (defaultsCellOf(cell.notebook) === cell) {
      // With a title it would be a part of the runbook like any other, and every query would go elsewhere.
      void vscode.window.showInformationMessage(
        "This cell sets the notebook's defaults, and has no title: with one it would set nothing. Put a Markdown cell below it.",
      );
      return;
    }
    const title = await vscode.window.showInputBox({
      title: "Title of the Cell",
      value: (await this.#read(cell)).directives?.title ?? "",
      prompt: "Stands behind the cell's separator in the file, or in its @title; empty: no title",
    });
    if (title !== undefined) await setTitle(cell, title.trim());
  }

  async setMode(cell: vscode.NotebookCell): Promise<void> {
    const usual = (await this.#defaults(cell)).mode;
    const picked = await vscode.window.showQuickPick(
      [
        usual === undefined
          ? { label: "Range and instant", detail: "Values over time, and the last ones", mode: undefined }
          : { label: `As the notebook says: ${usual}`, detail: "Its defaults have @mode", mode: undefined },
        { label: "Range", detail: "Values over time", mode: "range" },
        { label: "Instant", detail: "Values at one time", mode: "instant" },
      ],
      { title: "What to Ask For" },
    );
    if (picked !== undefined) await setDirectives(cell, [["mode", picked.mode]]);
  }

  async setRange(cell: vscode.NotebookCell): Promise<void> {
    const picked = await askTimeWindow({ title: "Time of This Query", none: "As the notebook says" });
    if (picked === undefined) return;
    const { file, directives } = await this.#read(cell);
    const window = picked === "none" ? undefined : picked;
    await setDirectives(cell, windowDirectives(window, directives?.mode, file.prologue.directives));
  }

  async setStep(cell: vscode.NotebookCell): Promise<void> {
    const items = ["15s", "1m", "5m", "1h"].map((step) => ({ label: step, step }));
    const usual = (await this.#defaults(cell)).stepMs;
    const none = usual === undefined ? "Automatic" : `As the notebook says: ${formatDuration(usual)}`;
    const picked = await vscode.window.showQuickPick(
      [{ label: none, step: undefined }, ...items, { label: "$(edit) Another Step…", step: "other" }],
      { title: "Step of the Range Request" },
    );
    if (picked === undefined) return;
    const step = picked.step === "other" ? await askDuration("Step of the Range Request", "30s") : picked.step;
    if (step !== undefined || picked.step === undefined) await setDirectives(cell, [["step", step]]);
  }

  /** What a cell's query would ask for if its own text said nothing. */
  async #defaults(cell: vscode.NotebookCell): Promise<EffectiveDirectives> {
    const { file } = await this.#read(cell);
    return resolveDirectives(file, { directives: [] });
  }

  /** A cell's text with the notebook's defaults, and what both come to. */
  async #read(cell: vscode.NotebookCell) {
    const file = (await this.#deps.queries()).documents.parse(cell.document);
    return { file, directives: directivesOf(file) };
  }

  /** Says that queries go elsewhere from now on, where something was put above the cell that said where they go. */
  async #watchDefaults(notebook: vscode.NotebookDocument): Promise<void> {
    if (!isPromqlNotebook(notebook)) return;
    const before = this.#defaultsCells.get(notebook);
    const now = defaultsCellOf(notebook);
    if (now === undefined) this.#defaultsCells.delete(notebook);
    else this.#defaultsCells.set(notebook, now);
    // One that was deleted, or became a query, was changed on purpose.
    if (before === undefined || before === now || before.index <= 0) return;
    const { directives = [] } = this.#queries?.documents.parse(before.document).blocks[0] ?? {};
    if (directives.length === 0) return;
    const move = "Move It to the Top";
    const named = [...new Set(directives.map(({ key }) => `@${key}`))].join(", ");
    const answer = await vscode.window.showWarningMessage(
      `The cell with the notebook's defaults (${named}) is not the first one any more, so it sets nothing.`,
      move,
    );
    if (answer === move) await moveToTop(before);
  }

  #refresh(): void {
    this.status.refresh();
    const label = this.#label();
    // VS Code passes on what is the same, too.
    if (label !== this.#shownLabel) this.#deps.setLabel(label);
    this.#shownLabel = label;
  }

  /** Where the notebooks in sight send their queries: the one name that VS Code shows for all of them. */
  #label(): string {
    const queries = this.#queries;
    if (queries === undefined) return "PromQL";
    const notebooks = vscode.window.visibleNotebookEditors.map(({ notebook }) => notebook).filter(isPromqlNotebook);
    const titles = notebooks.map((notebook) => {
      const first = defaultsCellOf(notebook);
      const name = first && directivesOf(queries.documents.parse(first.document))?.connection;
      const window = this.#opened.windowOf(notebook.uri);
      const { title } = queries.prompts.titleOf(name);
      return `${title.replace(/^\$\([a-z]+\) /, "")}${window === undefined ? "" : ` · ${windowText(window)}`}`;
    });
    const [title, ...others] = [...new Set(titles)];
    if (title === undefined) return "PromQL";
    return others.length === 0 ? plainLabel(title) : "PromQL: several connections";
  }
}

/** What a cell's directives and the notebook's defaults come to. */
function directivesOf(file: PromqlFile): EffectiveDirectives | undefined {
  const [block] = file.blocks;
  return block && resolveDirectives(file, block);
}
