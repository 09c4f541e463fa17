import * as vscode from "vscode";
import { metadataOf } from "../../catalog/metricCatalog.ts";
import type { Section } from "../../catalog/section.ts";
import type { Subject, TreeNode } from "../../catalog/treeNode.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import type { Clock } from "../../platform/ports.ts";
import {
  metricKind,
  metricSelector,
  queryNotebook,
  type SuggestedQuery,
  suggestedQueries,
} from "../../query/defaultQuery.ts";
import type { QueryConnections } from "../../query/destination.ts";
import type { QueryOpener } from "../../query/queryOpener.ts";
import type { RunHistory } from "../../query/runHistory.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { ActiveServer, type AdviceSettings } from "./activeServer.ts";
import { DayChange } from "./dayChange.ts";
import { HistoryView } from "./historyView.ts";
import { LabelsView } from "./labelsView.ts";
import { MetricsView } from "./metricsView.ts";
import { RulesView } from "./rulesView.ts";
import { ServerView } from "./serverView.ts";
import { TargetsView } from "./targetsView.ts";

/** The views of the side bar that follow the active connection. */
export const explorerViewIds = ["metrics", "labels", "targets", "rules", "server", "history"] as const;
export type ExplorerViewId = (typeof explorerViewIds)[number];

export interface ExplorerFeatureDeps {
  readonly connections: QueryConnections;
  readonly settingsOf: AdviceSettings;
  readonly opener: () => Promise<QueryOpener>;
  /** Opens a file's text as a notebook that is no file yet. */
  readonly openNotebook: (text: string) => Promise<void>;
  readonly history: RunHistory;
  readonly views: Readonly<Record<ExplorerViewId, vscode.TreeView<TreeNode>>>;
  readonly clock: Clock;
  readonly setLoading: (isLoading: boolean) => void;
  readonly setPicked: (isPicked: boolean) => void;
  readonly setFiltered: (view: "metrics" | "targets", isFiltered: boolean) => void;
}

/** Everything behind the views of the side bar; loaded when the first of them is shown. */
export class ExplorerFeature extends DisposableStore {
  readonly #deps: ExplorerFeatureDeps;
  readonly metrics: MetricsView;
  readonly labels: LabelsView;
  readonly targets: TargetsView;
  readonly rules: RulesView;
  readonly server: ServerView;
  readonly history: HistoryView;
  readonly trees: Readonly<Record<ExplorerViewId, vscode.TreeDataProvider<TreeNode>>>;
  readonly #sections: readonly Section<unknown>[];

  constructor(deps: ExplorerFeatureDeps) {
    super();
    this.#deps = deps;
    const server = this.register(new ActiveServer(deps.connections, deps.settingsOf));
    const { views, setFiltered } = deps;
    const now = () => deps.clock.now();
    this.metrics = this.register(
      new MetricsView({ view: views.metrics, server, now, setFiltered: (is) => setFiltered("metrics", is) }),
    );
    this.labels = this.register(new LabelsView({ view: views.labels, server, now, setPicked: deps.setPicked }));
    this.targets = this.register(
      new TargetsView({ view: views.targets, server, now, setFiltered: (is) => setFiltered("targets", is) }),
    );
    this.rules = this.register(new RulesView({ view: views.rules, server, now }));
    this.server = this.register(new ServerView({ view: views.server, server, now }));
    this.history = this.register(new HistoryView(deps.history));
    const { metrics, labels, targets, rules, history } = this;
    this.trees = {
      metrics: metrics.tree,
      labels: labels.tree,
      targets: targets.tree,
      rules: rules.tree,
      server: this.server.tree,
      history,
    };
    this.#sections = [
      ...[metrics, labels, targets, rules, this.server].map(({ section }) => section),
      this.targets.dropped,
    ];
    const announce = () => deps.setLoading(this.#isLoading);
    for (const section of this.#sections) this.register(section.onDidChange(announce));
    this.register(labels.readings.onDidChange(announce));
    this.register(metrics.search.onDidAsk(announce));
    this.register(
      server.onDidChange(() => {
        for (const section of this.#sections) section.reset();
      }),
    );
    this.register(
      server.onDidLearn(() => {
        // What a view shows came from the server itself: only those that could not be read, or were not, change.
        for (const { section, tree } of [metrics, labels, targets, rules, this.server]) {
          if (section.state.kind === "idle" || section.state.kind === "failed") tree.redraw();
        }
      }),
    );
    this.#followDays();
  }

  /** What was read today is yesterday's after midnight, and says so. */
  #followDays(): void {
    const { views, clock } = this.#deps;
    const day = this.register(new DayChange(clock));
    this.register(
      day.onDidChange(() => {
        for (const { tree } of [this.metrics, this.labels, this.targets, this.rules, this.server]) tree.refreshTimes();
        this.history.redraw();
      }),
    );
    for (const view of Object.values(views)) this.register(view.onDidChangeVisibility(() => day.check()));
    this.register(vscode.window.onDidChangeWindowState(() => day.check()));
  }

  /** Gives all readings of the side bar up. */
  cancel(): void {
    for (const section of this.#sections) section.cancel();
    this.labels.readings.cancel();
    this.metrics.search.cancel();
  }

  get #isLoading(): boolean {
    const isSectionLoading = this.#sections.some(({ state }) => state.kind === "loading");
    return isSectionLoading || this.labels.readings.isReading || this.metrics.search.isAsking;
  }

  /** Shows and runs the query for a first look at a metric. */
  async runMetric(name: string): Promise<void> {
    const [query] = this.#queriesOf(name);
    if (query !== undefined) await (await this.#deps.opener()).explore(query);
  }

  /** Lets a person pick one of the queries that suit a metric. */
  async runMetricAs(name: string): Promise<void> {
    const items = this.#queriesOf(name).map((query) => ({
      label: plainLabel(query.title, 200),
      detail: plainLabel(query.text, 300),
      query,
    }));
    const picked = await vscode.window.showQuickPick(items, {
      title: "Run a Query of This Metric",
      placeHolder: "Which one?",
      matchOnDetail: true,
    });
    if (picked !== undefined) await (await this.#deps.opener()).explore(picked.query);
  }

  async openMetricFile(name: string): Promise<void> {
    await (await this.#deps.opener()).open(this.#queriesOf(name));
  }

  /** Opens what rows stand for as a notebook: the queries of metrics, of a group of rules, or of earlier runs. */
  async openNotebook(subjects: readonly Subject[]): Promise<void> {
    const queries = subjects.flatMap((one) => this.#notebookQueries(one));
    if (queries.length > 0) await this.#deps.openNotebook(queryNotebook(headingOf(subjects), queries));
  }

  #notebookQueries(subject: Subject): readonly SuggestedQuery[] {
    switch (subject.kind) {
      case "metric":
        return this.#queriesOf(subject.name);
      case "ruleGroup":
        return subject.rules.map(({ name, query }) => ({ title: name, text: query }));
      case "run": {
        const query = this.history.query(subject.id);
        return query === undefined ? [] : [query];
      }
      default:
        return [];
    }
  }

  async countSeries(name: string): Promise<void> {
    const query: SuggestedQuery = { title: `${name}, number of series`, text: `count(${metricSelector(name)})` };
    await (await this.#deps.opener()).explore(query);
  }

  /** Shows and runs a query of the side bar that is not a metric's. */
  async explore(query: SuggestedQuery): Promise<void> {
    await (await this.#deps.opener()).explore(query);
  }

  async openFile(query: SuggestedQuery): Promise<void> {
    await (await this.#deps.opener()).open([query]);
  }

  async insert(text: string): Promise<void> {
    if (await (await this.#deps.opener()).insert(text)) return;
    void vscode.window.setStatusBarMessage("$(info) There is no text editor to insert into.", 4000);
  }

  #queriesOf(name: string): readonly SuggestedQuery[] {
    const catalog = this.metrics.catalog;
    return suggestedQueries(name, metricKind(name, catalog && metadataOf(name, catalog.metadata)));
  }
}

/** What a notebook of these rows is called. */
function headingOf(subjects: readonly Subject[]): string {
  const names = subjects.flatMap((one) => (one.kind === "metric" || one.kind === "ruleGroup" ? [one.name] : []));
  const [first, ...others] = names;
  if (first === undefined) return "Queries of the history";
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
