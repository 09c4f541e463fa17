import * as vscode from "vscode";
import { defaultsCellOf } from "../../host/notebookCells.ts";
import { isPromqlNotebook } from "../../host/notebookTypes.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { resolveDirectives } from "../../promql/effectiveDirectives.ts";
import type { QueryConnection } from "../../query/destination.ts";
import type { Run } from "../../query/run.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import type { Event } from "../../shared/event.ts";
import { timeZoneOf } from "../../shared/model/zonedTime.ts";
import { once } from "../../shared/once.ts";
import { CellOutputs, type CellOutputsDeps } from "./cellOutputs.ts";
import { CellStatusItems, type DestinationTitles } from "./cellStatusItems.ts";
import { setDefault, setDirectives, setTitle } from "./notebookEdits.ts";
import { askDuration, askTimeWindow } from "./notebookPrompts.ts";
import { type NotebookQueries, NotebookRunner, type NotebookView } from "./notebookRunner.ts";
import { windowDirectives, windowText } from "./timeWindow.ts";

/** What is asked of a person about where queries go. */
interface ConnectionPrompts extends DestinationTitles {
  pickConnection(
    placeHolder: string,
    options: { readonly none: string },
  ): Promise<QueryConnection | "add" | "adopt" | "none" | undefined>;
}

/** What notebooks take from the running of queries. */
export interface NotebookDeps {
  readonly queries: () => Promise<NotebookQueries & { readonly prompts: ConnectionPrompts }>;
  readonly view: NotebookView;
  readonly controllerOf: (notebook: vscode.NotebookDocument) => vscode.NotebookController | undefined;
  readonly describe: CellOutputsDeps["describe"];
  /** The setting: `local`, `utc` or an IANA name. */
  readonly timeZone: () => string;
  readonly defaultRangeMs: () => number;
  readonly now: () => number;
  readonly onEnd: (run: Run) => void;
  readonly onDidChangeConnections: Event<void>;
  /** Names the controller in the notebook's toolbar. */
  readonly setLabel: (label: string) => void;
}

/** Everything about notebooks that is loaded with the first one. */
export class NotebookFeature extends DisposableStore {
  readonly runner: NotebookRunner;
  readonly status: CellStatusItems;
  readonly #deps: NotebookDeps;
  readonly #exporter = once(async () => {
    const { NotebookExporter } = await import("./notebookExporter.ts");
    return this.register(new NotebookExporter());
  });
  #shownLabel: string | undefined;
  #queries: Awaited<ReturnType<NotebookDeps["queries"]>> | undefined;

  constructor(deps: NotebookDeps) {
    super();
    this.#deps = deps;
    const outputs = new CellOutputs(deps);
    this.runner = this.register(new NotebookRunner({ ...deps, outputs }));
    this.status = this.register(
      new CellStatusItems({
        queries: () => this.#queries,
        runOf: (cell) => this.runner.runOf(cell),
        isStale: (cell) => this.runner.isStale(cell),
        windowOf: (uri) => this.runner.windowOf(uri),
        defaultRangeMs: deps.defaultRangeMs,
      }),
    );
    const refresh = () => this.#refresh();
    this.register(this.runner.onDidChange(refresh));
    this.register(deps.onDidChangeConnections(refresh));
    this.register(vscode.window.onDidChangeVisibleNotebookEditors(refresh));
    this.register(
      vscode.workspace.onDidChangeNotebookDocument(({ notebook }) => {
        if (isPromqlNotebook(notebook)) refresh();
      }),
    );
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(refresh));
  }

  /** Reads text from now on: what stands below the cells can be said. */
  async start(): Promise<void> {
    this.#queries ??= await this.#deps.queries();
    this.#refresh();
  }

  /** Exports a notebook with its results; `options` as a key binding gives them. */
  async export(notebook: vscode.NotebookDocument, options: unknown): Promise<void> {
    const { describe, timeZone, now } = this.#deps;
    await (await this.#exporter()).export(
      {
        notebook,
        describe,
        ...{ now: now(), zone: timeZoneOf(timeZone()) },
        runOf: (cell) => this.runner.runOf(cell),
        isStale: (cell) => this.runner.isStale(cell),
      },
      options,
    );
  }

  /** Lets a person choose where all cells go that do not say it themselves. */
  async setConnection(notebook: vscode.NotebookDocument): Promise<void> {
    const picked = await this.#pick(
      "Where do the queries of this notebook go?",
      "Wherever the active connection leads",
    );
    if (picked === undefined) return;
    await setDefault(notebook, "connection", picked === "none" ? undefined : picked.target.connectionId);
  }

  /** Lets a person choose where one cell goes. */
  async setCellConnection(cell: vscode.NotebookCell): Promise<void> {
    const picked = await this.#pick("Where does this query go?", "Where the notebook's queries go");
    if (picked === undefined) return;
    await setDirectives(cell, [["connection", picked === "none" ? undefined : picked.target.connectionId]]);
  }

  async #pick(placeHolder: string, none: string): Promise<QueryConnection | "none" | undefined> {
    const { prompts } = await this.#deps.queries();
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
    this.runner.setWindow(uri, picked === "none" ? undefined : picked);
    const said = picked === "none" ? "Each cell has its own time again" : `All cells: ${windowText(picked)}`;
    void vscode.window.setStatusBarMessage(`$(clock) ${said}. Run them to see it.`, 5000);
  }

  async setTitle(cell: vscode.NotebookCell): Promise<void> {
    const title = await vscode.window.showInputBox({
      title: "Title of the Cell",
      value: (await this.#read(cell)).directives?.title ?? "",
      prompt: "Stands behind the cell's separator in the file, or in its @title; empty: no title",
    });
    if (title !== undefined) await setTitle(cell, title.trim());
  }

  async setMode(cell: vscode.NotebookCell): Promise<void> {
    const picked = await vscode.window.showQuickPick(
      [
        { label: "Range and instant", detail: "Values over time, and the last ones", mode: undefined },
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
    const picked = await vscode.window.showQuickPick(
      [{ label: "Automatic", step: undefined }, ...items, { label: "$(edit) Another Step…", step: "other" }],
      { title: "Step of the Range Request" },
    );
    if (picked === undefined) return;
    const step = picked.step === "other" ? await askDuration("Step of the Range Request", "30s") : picked.step;
    if (step !== undefined || picked.step === undefined) await setDirectives(cell, [["step", step]]);
  }

  /** A cell's text with the notebook's defaults, and what both come to. */
  async #read(cell: vscode.NotebookCell) {
    const file = (await this.#deps.queries()).documents.parse(cell.document);
    const [block] = file.blocks;
    return { file, directives: block && resolveDirectives(file, block) };
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
      const file = first && queries.documents.parse(first.document);
      const [block] = file?.blocks ?? [];
      const name = file && block ? resolveDirectives(file, block).connection : undefined;
      const window = this.runner.windowOf(notebook.uri);
      const { title } = queries.prompts.titleOf(name);
      return `${title.replace(/^\$\([a-z]+\) /, "")}${window === undefined ? "" : ` · ${windowText(window)}`}`;
    });
    const [title, ...others] = [...new Set(titles)];
    if (title === undefined) return "PromQL";
    return others.length === 0 ? plainLabel(title) : "PromQL: several connections";
  }
}
