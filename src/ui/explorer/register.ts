import * as vscode from "vscode";
import type { Subject, TreeNode } from "../../catalog/treeNode.ts";
import { registerCommands } from "../../host/commands.ts";
import type { ErrorReporter } from "../../host/errorReporter.ts";
import { metricSelector } from "../../query/defaultQuery.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import type { ExplorerFeature, ExplorerViewId } from "./explorerFeature.ts";
import { metricDropType, registerDrop } from "./metricDrop.ts";

/** Commands of the side bar's views; those of a row are handed the row. */
export interface ExplorerCommands {
  "promqlWorkbench.explorer.cancel"(): Promise<void>;
  "promqlWorkbench.metrics.refresh"(): Promise<void>;
  "promqlWorkbench.metrics.filter"(): Promise<void>;
  "promqlWorkbench.metrics.clearFilter"(): Promise<void>;
  "promqlWorkbench.metric.run"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.metric.runAs"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.metric.insert"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.metric.copyName"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.metric.copySelector"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.metric.newFile"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.metric.countSeries"(node?: unknown, nodes?: unknown): Promise<void>;
}

export interface RegisterExplorerDeps {
  /** Loads the feature when a view is first shown, and hands it the views. */
  readonly feature: (views: Readonly<Record<ExplorerViewId, vscode.TreeView<TreeNode>>>) => Promise<ExplorerFeature>;
  readonly reporter: ErrorReporter;
}

/** The views of the side bar and their commands; what is behind them is loaded when one of them is shown. */
export function registerExplorer({ feature: load, reporter }: RegisterExplorerDeps): Disposable {
  const store = new DisposableStore();
  let loaded: Promise<ExplorerFeature> | undefined;
  const feature = (): Promise<ExplorerFeature> => {
    loaded ??= load(views).catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
  const view = (
    id: ExplorerViewId,
    options: Partial<vscode.TreeViewOptions<TreeNode>> = {},
  ): vscode.TreeView<TreeNode> => {
    const provider = store.register(new LazyProvider(async () => (await feature()).trees[id]));
    return store.register(
      vscode.window.createTreeView(`promqlWorkbench.${id}`, { ...options, treeDataProvider: provider }),
    );
  };
  const views: Readonly<Record<ExplorerViewId, vscode.TreeView<TreeNode>>> = {
    metrics: view("metrics", {
      showCollapseAll: true,
      canSelectMany: true,
      dragAndDropController: {
        dragMimeTypes: [metricDropType],
        dropMimeTypes: [],
        handleDrag(nodes, transfer) {
          const names = nodes.flatMap(({ subject }) => (subject?.kind === "metric" ? [subject.name] : []));
          transfer.set(metricDropType, new vscode.DataTransferItem(names.map(metricSelector).join("\n")));
        },
      },
    }),
  };
  store.register(registerDrop());

  /** The metrics that a command is about: of the rows it is handed, else of those that are selected. */
  const metricsOf = (node: unknown, nodes: unknown): readonly string[] => {
    const rows = Array.isArray(nodes) ? nodes : node === undefined ? views.metrics.selection : [node];
    return rows.flatMap((row) => {
      const subject = subjectOf(row);
      return subject?.kind === "metric" ? [subject.name] : [];
    });
  };
  const withMetric =
    (act: (feature: ExplorerFeature, name: string) => Promise<void>) => async (node?: unknown, nodes?: unknown) => {
      const [name] = metricsOf(node, nodes);
      if (name !== undefined) await act(await feature(), name);
    };
  const commands: ExplorerCommands = {
    "promqlWorkbench.explorer.cancel": async () => (await feature()).cancel(),
    "promqlWorkbench.metrics.refresh": async () => (await feature()).metrics.section.refresh(),
    "promqlWorkbench.metrics.filter": async () => {
      await vscode.commands.executeCommand("promqlWorkbench.metrics.focus");
      await (await feature()).metrics.askFilter();
    },
    "promqlWorkbench.metrics.clearFilter": async () => (await feature()).metrics.clearFilter(),
    "promqlWorkbench.metric.run": withMetric((explorer, name) => explorer.runMetric(name)),
    "promqlWorkbench.metric.runAs": withMetric((explorer, name) => explorer.runMetricAs(name)),
    "promqlWorkbench.metric.newFile": withMetric((explorer, name) => explorer.openMetricFile(name)),
    "promqlWorkbench.metric.countSeries": withMetric((explorer, name) => explorer.countSeries(name)),
    "promqlWorkbench.metric.insert": async (node, nodes) => {
      const names = metricsOf(node, nodes);
      if (names.length > 0) await (await feature()).insert(names.map(metricSelector).join("\n"));
    },
    "promqlWorkbench.metric.copyName": async (node, nodes) => {
      await vscode.env.clipboard.writeText(metricsOf(node, nodes).join("\n"));
    },
    "promqlWorkbench.metric.copySelector": async (node, nodes) => {
      const selectors = metricsOf(node, nodes).map((name) => metricSelector(name));
      await vscode.env.clipboard.writeText(selectors.map((one) => (one.endsWith("}") ? one : `${one}{}`)).join("\n"));
    },
  };
  store.register(registerCommands(commands, reporter));
  return store;
}

/** Rows come from VS Code's menus, and from whoever runs the command: only a well-formed one counts. */
function subjectOf(node: unknown): Subject | undefined {
  if (typeof node !== "object" || node === null || !("subject" in node)) return undefined;
  const { subject } = node;
  return typeof subject === "object" && subject !== null && "kind" in subject ? (subject as Subject) : undefined;
}

/** A tree whose provider is loaded when VS Code asks for its first rows. */
class LazyProvider extends DisposableStore implements vscode.TreeDataProvider<TreeNode> {
  readonly #load: () => Promise<vscode.TreeDataProvider<TreeNode>>;
  readonly #changed = this.register(new vscode.EventEmitter<TreeNode | undefined>());
  #loaded: vscode.TreeDataProvider<TreeNode> | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(load: () => Promise<vscode.TreeDataProvider<TreeNode>>) {
    super();
    this.#load = load;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    const provider = await this.#provider();
    return [...((await provider.getChildren(node)) ?? [])];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem | Thenable<vscode.TreeItem> {
    // Rows exist only after their provider does.
    return this.#loaded?.getTreeItem(node) ?? new vscode.TreeItem(node.label);
  }

  async #provider(): Promise<vscode.TreeDataProvider<TreeNode>> {
    const provider = await this.#load();
    if (this.#loaded === undefined) {
      this.#loaded = provider;
      const subscription = provider.onDidChangeTreeData?.(() => this.#changed.fire(undefined));
      if (subscription !== undefined) this.register(subscription);
    }
    return provider;
  }
}
