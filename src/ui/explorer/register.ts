import * as vscode from "vscode";
import type { Subject, TreeNode } from "../../catalog/treeNode.ts";
import { registerCommands } from "../../host/commands.ts";
import type { HostPorts } from "../../host/hostPorts.ts";
import { openAddress } from "../../host/openAddress.ts";
import { metricSelector, type SuggestedQuery } from "../../query/defaultQuery.ts";
import type { QueryConnections } from "../../query/destination.ts";
import type { QueryOpener } from "../../query/queryOpener.ts";
import type { RunHistory } from "../../query/runHistory.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import { AppError } from "../../shared/errors.ts";
import { formatLabelName, formatLabels, formatMatcher, withoutVariables } from "../../shared/model/labels.ts";
import { once } from "../../shared/once.ts";
import type { AdviceSettings } from "./activeServer.ts";
import type { ExplorerFeature, ExplorerViewId } from "./explorerFeature.ts";
import { metricDropType, registerDrop } from "./metricDrop.ts";

/** Commands of the side bar's views; those of a row are handed the row. */
export interface ExplorerCommands {
  "promqlWorkbench.explorer.openNotebook"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.explorer.cancel"(): Promise<void>;
  "promqlWorkbench.metrics.refresh"(): Promise<void>;
  "promqlWorkbench.metrics.filter"(): Promise<void>;
  "promqlWorkbench.metrics.clearFilter"(): Promise<void>;
  "promqlWorkbench.metrics.lookFurtherBack"(): Promise<void>;
  "promqlWorkbench.labels.refresh"(): Promise<void>;
  "promqlWorkbench.labels.clearPicks"(): Promise<void>;
  "promqlWorkbench.labels.copySelector"(): Promise<void>;
  "promqlWorkbench.labels.insertSelector"(): Promise<void>;
  "promqlWorkbench.labels.runSelector"(): Promise<void>;
  "promqlWorkbench.label.findValue"(node?: unknown): Promise<void>;
  "promqlWorkbench.label.countSeries"(node?: unknown): Promise<void>;
  "promqlWorkbench.label.insert"(node?: unknown): Promise<void>;
  "promqlWorkbench.targets.refresh"(): Promise<void>;
  "promqlWorkbench.targets.onlyUnhealthy"(): Promise<void>;
  "promqlWorkbench.targets.showAll"(): Promise<void>;
  "promqlWorkbench.targets.refreshDropped"(): Promise<void>;
  "promqlWorkbench.target.open"(node?: unknown): Promise<void>;
  "promqlWorkbench.target.run"(node?: unknown): Promise<void>;
  "promqlWorkbench.rules.refresh"(): Promise<void>;
  "promqlWorkbench.rule.run"(node?: unknown): Promise<void>;
  "promqlWorkbench.rule.open"(node?: unknown): Promise<void>;
  "promqlWorkbench.server.refresh"(): Promise<void>;
  "promqlWorkbench.history.run"(node?: unknown): Promise<void>;
  "promqlWorkbench.history.insert"(node?: unknown): Promise<void>;
  "promqlWorkbench.history.open"(node?: unknown): Promise<void>;
  "promqlWorkbench.history.remove"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.history.clear"(): Promise<void>;
  "promqlWorkbench.row.run"(node?: unknown): Promise<void>;
  "promqlWorkbench.row.copy"(node?: unknown): Promise<void>;
  "promqlWorkbench.metric.run"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.metric.runAs"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.metric.insert"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.metric.copyName"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.metric.copySelector"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.metric.newFile"(node?: unknown, nodes?: unknown): Promise<void>;
  "promqlWorkbench.metric.countSeries"(node?: unknown, nodes?: unknown): Promise<void>;
}

export interface RegisterExplorerDeps {
  readonly host: HostPorts;
  readonly connections: QueryConnections;
  readonly settingsOf: AdviceSettings;
  readonly history: RunHistory;
  readonly opener: () => Promise<QueryOpener>;
  readonly openNotebook: (text: string) => Promise<void>;
}

/** A view of the side bar and the provider of its rows, as VS Code holds them. */
export interface ShownView {
  readonly view: vscode.TreeView<TreeNode>;
  readonly rows: vscode.TreeDataProvider<TreeNode>;
}

/** The registered views; for tests, since VS Code tells nobody what a tree shows. */
export interface RegisteredExplorer extends Disposable {
  readonly shown: Readonly<Record<ExplorerViewId, ShownView>>;
}

/** The views of the side bar and their commands; what is behind them is loaded when one of them is shown. */
export function registerExplorer({
  host,
  connections,
  settingsOf,
  history: runs,
  opener,
  openNotebook,
}: RegisterExplorerDeps): RegisteredExplorer {
  const { reporter, contextKeys, clock } = host;
  const store = new DisposableStore();
  const feature = once(async () => {
    const { ExplorerFeature } = await import("./explorerFeature.ts");
    return store.register(
      new ExplorerFeature({
        connections,
        settingsOf,
        opener,
        openNotebook,
        history: runs,
        views,
        clock,
        setLoading: (isLoading) => contextKeys.set("promqlWorkbench.isLoading", isLoading),
        setPicked: (isPicked) => contextKeys.set("promqlWorkbench.labelsPicked", isPicked),
        setFiltered: (view, isFiltered) => contextKeys.set(`promqlWorkbench.${view}Filtered`, isFiltered),
      }),
    );
  });
  const view = (id: ExplorerViewId, options: Partial<vscode.TreeViewOptions<TreeNode>> = {}): ShownView => {
    const rows = store.register(new LazyProvider(async () => (await feature()).trees[id]));
    const viewOptions = { ...options, treeDataProvider: rows };
    return { view: store.register(vscode.window.createTreeView(`promqlWorkbench.${id}`, viewOptions)), rows };
  };
  const shown: RegisteredExplorer["shown"] = {
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
    labels: view("labels", { showCollapseAll: true, manageCheckboxStateManually: true }),
    targets: view("targets", { showCollapseAll: true }),
    rules: view("rules", { showCollapseAll: true }),
    server: view("server", { showCollapseAll: true }),
    history: view("history", { canSelectMany: true }),
  };
  const { metrics, labels, targets, rules, server, history } = shown;
  const views = {
    metrics: metrics.view,
    labels: labels.view,
    targets: targets.view,
    rules: rules.view,
    server: server.view,
    history: history.view,
  };
  store.register(registerDrop());
  /** What a command of a row is about: the row it is handed, else the one that is selected in its view. */
  const subject = (node: unknown, id: ExplorerViewId) => subjectOf(node) ?? views[id].selection[0]?.subject;

  const remembered = (explorer: ExplorerFeature, node: unknown): SuggestedQuery | undefined => {
    const run = subject(node, "history");
    return run?.kind === "run" ? explorer.history.query(run.id) : undefined;
  };
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
    "promqlWorkbench.explorer.openNotebook": async (node, nodes) => {
      const rows = Array.isArray(nodes) ? nodes : [node];
      await (await feature()).openNotebook(rows.flatMap((row) => subjectOf(row) ?? []));
    },
    "promqlWorkbench.explorer.cancel": async () => (await feature()).cancel(),
    "promqlWorkbench.metrics.refresh": async () => (await feature()).metrics.section.refresh(),
    "promqlWorkbench.metrics.filter": async () => {
      await vscode.commands.executeCommand("promqlWorkbench.metrics.focus");
      await (await feature()).metrics.askFilter();
    },
    "promqlWorkbench.metrics.clearFilter": async () => (await feature()).metrics.clearFilter(),
    "promqlWorkbench.metrics.lookFurtherBack": async () => (await feature()).metrics.search.lookFurtherBack(),
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
    "promqlWorkbench.labels.refresh": async () => (await feature()).labels.section.refresh(),
    "promqlWorkbench.labels.clearPicks": async () => (await feature()).labels.clearPicks(),
    "promqlWorkbench.labels.copySelector": async () => {
      const { selector } = (await feature()).labels;
      if (selector !== undefined) await vscode.env.clipboard.writeText(selector);
    },
    "promqlWorkbench.labels.insertSelector": async () => {
      const explorer = await feature();
      const { selector } = explorer.labels;
      if (selector !== undefined) await explorer.insert(selector);
    },
    "promqlWorkbench.labels.runSelector": async () => {
      const explorer = await feature();
      const { selector } = explorer.labels;
      if (selector === undefined) return;
      // All series of a selector may be very many: their number by metric is asked for instead.
      await explorer.explore({ title: `Series of ${selector}`, text: `count by (__name__) (${selector})` });
    },
    "promqlWorkbench.label.findValue": async (node) => {
      const label = subject(node, "labels");
      if (label?.kind === "label") await (await feature()).labels.findValue(label.name);
    },
    "promqlWorkbench.label.countSeries": async (node) => {
      const label = subject(node, "labels");
      if (label?.kind !== "label") return;
      const { name } = label;
      const text = withoutVariables(`count by (${formatLabelName(name)}) ({${formatMatcher(name, "!=", "")}})`);
      await (await feature()).explore({ title: `Series by ${name}`, text });
    },
    "promqlWorkbench.label.insert": async (node) => {
      const row = subject(node, "labels");
      const text = textOf(row);
      if (text !== undefined) await (await feature()).insert(text);
    },
    "promqlWorkbench.targets.refresh": async () => (await feature()).targets.section.refresh(),
    "promqlWorkbench.targets.onlyUnhealthy": async () => (await feature()).targets.showOnlyUnhealthy(true),
    "promqlWorkbench.targets.showAll": async () => (await feature()).targets.showOnlyUnhealthy(false),
    "promqlWorkbench.targets.refreshDropped": async () => (await feature()).targets.refreshDropped(),
    "promqlWorkbench.target.open": async (node) => {
      const target = subject(node, "targets");
      if (target?.kind !== "target") return;
      const address = target.page ?? target.url;
      const url = URL.canParse(address) ? new URL(address) : undefined;
      // A server names the address: nothing but a page is opened, and VS Code asks before it does.
      if (url?.protocol !== "http:" && url?.protocol !== "https:") {
        throw new AppError({ kind: "misconfigured", what: "targetUrl", detail: address });
      }
      await openAddress(url.href);
    },
    "promqlWorkbench.target.run": async (node) => {
      const target = subject(node, "targets");
      if (target?.kind !== "target") return;
      const labels = target.labels.filter(([name]) => name === "job" || name === "instance");
      const text = withoutVariables(formatLabels([["__name__", "up"], ...labels]));
      await (await feature()).explore({ title: `Health of ${target.url}`, text });
    },
    "promqlWorkbench.rules.refresh": async () => (await feature()).rules.section.refresh(),
    "promqlWorkbench.rule.run": async (node) => {
      const rule = subject(node, "rules");
      if (rule?.kind === "rule") await (await feature()).explore({ title: rule.name, text: rule.query });
    },
    "promqlWorkbench.rule.open": async (node) => {
      const rule = subject(node, "rules");
      if (rule?.kind === "rule") await (await feature()).openFile({ title: rule.name, text: rule.query });
    },
    "promqlWorkbench.server.refresh": async () => (await feature()).server.section.refresh(),
    "promqlWorkbench.history.run": async (node) => {
      const explorer = await feature();
      const query = remembered(explorer, node);
      if (query !== undefined) await explorer.explore(query);
    },
    "promqlWorkbench.history.insert": async (node) => {
      const explorer = await feature();
      const query = remembered(explorer, node);
      if (query !== undefined) await explorer.insert(query.text);
    },
    "promqlWorkbench.history.open": async (node) => {
      const explorer = await feature();
      const query = remembered(explorer, node);
      if (query !== undefined) await explorer.openFile(query);
    },
    "promqlWorkbench.history.remove": async (node, nodes) => {
      const rows = Array.isArray(nodes) ? nodes : node === undefined ? views.history.selection : [node];
      const ids = rows.flatMap((row) => {
        const one = subjectOf(row);
        return one?.kind === "run" ? [one.id] : [];
      });
      await (await feature()).history.remove(ids);
    },
    "promqlWorkbench.history.clear": async () => (await feature()).history.clear(),
    "promqlWorkbench.row.run": async (node) => {
      const row = subjectOf(node);
      if (row?.kind === "query") await (await feature()).explore({ title: row.title, text: row.text });
    },
    "promqlWorkbench.row.copy": async (node) => {
      const row = subjectOf(node);
      const text = row?.kind === "run" ? remembered(await feature(), node)?.text : textOf(row);
      if (text !== undefined) await vscode.env.clipboard.writeText(text);
    },
  };
  store.register(registerCommands(commands, reporter));
  return { shown, dispose: () => store.dispose() };
}

/** Rows come from VS Code's menus, and from whoever runs the command: only a well-formed one counts. */
function subjectOf(node: unknown): Subject | undefined {
  if (typeof node !== "object" || node === null || !("subject" in node)) return undefined;
  const { subject } = node;
  return typeof subject === "object" && subject !== null && "kind" in subject ? (subject as Subject) : undefined;
}

/** What copying a row puts into the clipboard. */
function textOf(subject: Subject | undefined): string | undefined {
  switch (subject?.kind) {
    case "text":
    case "query":
      return subject.text;
    case "label":
      return subject.name;
    case "labelValue":
      return withoutVariables(formatMatcher(subject.label, "=", subject.value));
    case "target":
      return subject.url;
    case "rule":
      return subject.query;
    default:
      return undefined;
  }
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
