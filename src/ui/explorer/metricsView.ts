import * as vscode from "vscode";
import { foundNodes, foundText } from "../../catalog/foundNodes.ts";
import { type MetricCatalog, readMetricCatalog } from "../../catalog/metricCatalog.ts";
import { metricNodes } from "../../catalog/metricNodes.ts";
import { MetricSearch } from "../../catalog/metricSearch.ts";
import { Section } from "../../catalog/section.ts";
import type { TreeNode } from "../../catalog/treeNode.ts";
import { failureSentence } from "../../host/failureMessage.ts";
import { serverParts } from "../../host/notOfferedMessage.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { ExplorerView, type FollowingView } from "./explorerView.ts";

/** How long typing rests before names are looked for, in milliseconds: here, and at the server. */
const localQuietMs = 40;
const serverQuietMs = 400;

const numbers = new Intl.NumberFormat("en-US");

export interface MetricsViewDeps extends FollowingView {
  readonly setFiltered: (isFiltered: boolean) => void;
}

/** The metrics of the active connection by name, with a filter. */
export class MetricsView extends DisposableStore {
  readonly section: Section<MetricCatalog>;
  readonly tree: ExplorerView<MetricCatalog>;
  readonly search: MetricSearch;
  readonly #deps: MetricsViewDeps;

  constructor(deps: MetricsViewDeps) {
    super();
    this.#deps = deps;
    const { server, now, view, setFiltered } = deps;
    this.section = this.register(
      new Section({
        load: async (options) => readMetricCatalog(await server.source(options.signal), { ...options, now: now() }),
        now,
      }),
    );
    this.search = this.register(
      new MetricSearch({
        catalog: async () => (await this.section.ensure()).loaded?.value,
        source: (signal) => server.source(signal),
        now,
      }),
    );
    this.tree = this.register(
      new ExplorerView({
        view,
        section: this.section,
        refreshCommand: "promqlWorkbench.metrics.refresh",
        server,
        rows: (catalog) => this.#rows(catalog),
        empty: "The server has no metrics of the last hour.",
        part: serverParts.metrics,
        message: (catalog) => this.#message(catalog),
      }),
    );
    this.register(
      this.search.onDidChange(() => {
        setFiltered(this.search.result !== undefined);
        this.tree.decorate();
        this.tree.redraw();
      }),
    );
    this.register(
      this.section.onDidChange(() => {
        // Another server, or a newer list: what was found in the old one is no answer any more.
        const { kind } = this.section.state;
        if (kind === "idle") this.clearFilter();
        else if (kind === "ready") void this.search.repeat();
      }),
    );
  }

  /** What is known of a metric's family; read here before if the view was shown. */
  get catalog(): MetricCatalog | undefined {
    return this.section.state.loaded?.value;
  }

  /** Asks for a part of a name; the tree follows while it is typed. Escape brings the former filter back. */
  async askFilter(): Promise<void> {
    const { search } = this;
    let before = search.result;
    const input = vscode.window.createInputBox();
    const store = new DisposableStore();
    let timer: NodeJS.Timeout | undefined;
    let isAccepted = false;
    input.title = "Filter Metrics";
    input.placeholder = "Parts of a name, all of which have to occur; ^ before the first one: the name begins with it";
    input.value = before?.text ?? "";
    const quiet = () => (this.catalog?.isTruncated === true ? serverQuietMs : localQuietMs);
    await new Promise<void>((resolve) => {
      store.register(
        input.onDidChangeValue((text) => {
          clearTimeout(timer);
          timer = setTimeout(() => void this.#findTyped(text, input), quiet());
        }),
      );
      store.register(
        input.onDidAccept(() => {
          isAccepted = true;
          clearTimeout(timer);
          // The input closes: a failure stands among the rows, where the names would be.
          void search.find(input.value);
          input.hide();
        }),
      );
      store.register(
        this.#deps.server.onDidChange(() => {
          before = undefined;
        }),
      );
      store.register(input.onDidHide(() => resolve()));
      input.show();
    });
    clearTimeout(timer);
    store.dispose();
    input.dispose();
    if (!isAccepted) search.goBackTo(before);
  }

  clearFilter(): void {
    this.search.goBackTo(undefined);
  }

  async #findTyped(text: string, input: vscode.InputBox): Promise<void> {
    input.busy = true;
    input.validationMessage = undefined;
    await this.search.find(text, {
      onFailure: (failure) => {
        input.validationMessage = plainLabel(failureSentence(failure, this.#deps.server.context), 300);
      },
    });
    if (!this.search.isRunning) input.busy = false;
  }

  #rows(catalog: MetricCatalog): readonly TreeNode[] {
    const { result } = this.search;
    if (result?.kind === "failed") return this.tree.failureRows(result.failure, { below: "search" });
    return result === undefined ? metricNodes(catalog) : foundNodes(result, catalog);
  }

  #message({ names, isTruncated, metadataState }: MetricCatalog): string | undefined {
    const { result } = this.search;
    if (result !== undefined) {
      const said = result.kind === "failed" ? "the search failed" : foundText(result, names.length);
      return `"${plainLabel(result.text)}": ${said}`;
    }
    if (isTruncated)
      return `The first ${numbers.format(names.length)} metrics; the server has more. Filter to search there.`;
    if (metadataState === "failed")
      return "Types could not be read: they are guessed from the names. Refresh to try again.";
    return metadataState === "none" && names.length > 0
      ? "The server tells no types: they are guessed from the names."
      : undefined;
  }
}
