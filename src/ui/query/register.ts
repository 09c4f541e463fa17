import * as vscode from "vscode";
import { registerCommands } from "../../host/commands.ts";
import type { HostPorts } from "../../host/hostPorts.ts";
import type { KeyValueStore } from "../../platform/ports.ts";
import type { QueryConnections } from "../../query/destination.ts";
import type { RunMode } from "../../query/run.ts";
import type { RunHistory } from "../../query/runHistory.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import { once } from "../../shared/once.ts";
import type { CellQueries } from "./cellQueries.ts";
import type { QueryFeature } from "./queryFeature.ts";
import type { BlockReference } from "./queryLenses.ts";
import type { RunView } from "./runController.ts";

/** Commands of running queries; each may be given the block by a lens. */
export interface QueryCommands {
  "promqlWorkbench.query.run"(block?: unknown): Promise<void>;
  "promqlWorkbench.query.runRange"(block?: unknown): Promise<void>;
  "promqlWorkbench.query.runInstant"(block?: unknown): Promise<void>;
  "promqlWorkbench.query.runAll"(): Promise<void>;
  "promqlWorkbench.query.cancel"(block?: unknown): Promise<void>;
  "promqlWorkbench.query.new"(): Promise<void>;
  "promqlWorkbench.query.chooseConnection"(block?: unknown): Promise<void>;
  "promqlWorkbench.results.show"(block?: unknown): Promise<void>;
}

export interface RegisterQueryDeps {
  readonly host: HostPorts;
  readonly connections: QueryConnections;
  /** Of the workspace. */
  readonly memory: KeyValueStore;
  readonly history: RunHistory;
  /** What is done where a query is a cell. */
  readonly cells: () => Promise<CellQueries>;
  /** Where answers are shown; its code comes with the first answer, not with the first look at a file. */
  readonly panels: () => Promise<RunView>;
}

export interface RegisteredQuery extends Disposable {
  /** Loaded on first use. */
  readonly feature: () => Promise<QueryFeature>;
}

/** Commands, lenses and the first look at open files; the code behind them is loaded when one of them is used. */
export function registerQuery({
  host,
  connections,
  memory,
  history,
  cells,
  panels,
}: RegisterQueryDeps): RegisteredQuery {
  const { reporter, settings, contextKeys, fileMoves, clock } = host;
  const store = new DisposableStore();
  const feature = once(async () => {
    const { QueryFeature } = await import("./queryFeature.ts");
    return store.register(
      new QueryFeature({
        ...{ connections, memory, cells },
        view: {
          show: (...shown) => void reporter.guard("Show Results", async () => (await panels()).show(...shown)),
          open: (...shown) => void reporter.guard("Show Results", async () => (await panels()).open(...shown)),
        },
        defaults: () => ({
          rangeMs: settings.current.query.defaultRangeMs,
          maxSeries: settings.current.query.maxSeries,
        }),
        codeLensEnabled: () => settings.current.editor.codeLens,
        onDidChangeSettings: (listener) => settings.onDidChange(listener),
        onDidMove: fileMoves.onDidMove,
        now: () => clock.now(),
        onEnd: (run) => void reporter.guard("History", () => history.add(run)),
        setRunning: (isRunning) => contextKeys.set("promqlWorkbench.isRunning", isRunning),
      }),
    );
  });
  const run = async (block: unknown, mode?: RunMode) => (await feature()).run(blockReference(block), mode);
  const commands: QueryCommands = {
    "promqlWorkbench.query.run": (block) => run(block),
    "promqlWorkbench.query.runRange": (block) => run(block, "range"),
    "promqlWorkbench.query.runInstant": (block) => run(block, "instant"),
    "promqlWorkbench.query.runAll": async () => (await feature()).runAll(),
    "promqlWorkbench.query.cancel": async (block) => {
      const reference = blockReference(block);
      const { controller } = await feature();
      controller.cancel(reference === undefined ? undefined : vscode.Uri.parse(reference.uri), reference?.key);
    },
    "promqlWorkbench.results.show": async (block) => (await feature()).showResults(blockReference(block)),
    "promqlWorkbench.query.new": async () => {
      const document = await vscode.workspace.openTextDocument({ language: "promql", content: "" });
      await vscode.window.showTextDocument(document);
    },
    "promqlWorkbench.query.chooseConnection": async (block) =>
      (await feature()).chooseConnection(blockReference(block)),
  };
  store.register(registerCommands(commands, reporter));
  const changed = store.register(new vscode.EventEmitter<void>());
  let loaded: QueryFeature | undefined;
  const load = async (): Promise<void> => {
    try {
      const first = await feature();
      if (loaded !== undefined) return;
      loaded = first;
      store.register(first.lenses.onDidChangeCodeLenses(() => changed.fire()));
      changed.fire();
    } catch {
      // The next look at a text tries again, and a run says what is wrong.
    }
  };
  store.register(
    vscode.languages.registerCodeLensProvider(
      { language: "promql" },
      {
        onDidChangeCodeLenses: changed.event,
        provideCodeLenses(document) {
          // Not awaited: VS Code measures how long a provider takes and asks a slow one less often ever after.
          if (loaded === undefined) void load();
          return loaded?.lenses.provideCodeLenses(document) ?? [];
        },
      },
    ),
  );
  // Problems of a text are told even where lenses are switched off. Without such a text nothing is loaded.
  const look = (document: vscode.TextDocument) => {
    if (document.languageId === "promql" && loaded === undefined) void load();
  };
  store.register(vscode.workspace.onDidOpenTextDocument(look));
  for (const document of vscode.workspace.textDocuments) look(document);
  return { feature, dispose: () => store.dispose() };
}

/** Arguments of commands come from anywhere: only a well-formed reference counts. */
export function blockReference(value: unknown): BlockReference | undefined {
  if (typeof value !== "object" || value === null || !("uri" in value) || !("key" in value)) return undefined;
  const { uri, key } = value;
  return typeof uri === "string" && typeof key === "string" ? { uri, key } : undefined;
}
