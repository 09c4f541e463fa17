import * as vscode from "vscode";
import { type MetricCatalog, readMetricCatalog } from "../../catalog/metricCatalog.ts";
import { metricNodes } from "../../catalog/metricNodes.ts";
import { filterNames, isEmptyPattern, onlyPart, parseNamePattern, selectorOf } from "../../catalog/nameFilter.ts";
import { ascending } from "../../catalog/nameOrder.ts";
import { recentScope } from "../../catalog/recentScope.ts";
import { Section } from "../../catalog/section.ts";
import { remark, type TreeNode } from "../../catalog/treeNode.ts";
import { failureSentence } from "../../host/failureMessage.ts";
import { serverParts } from "../../host/notOfferedMessage.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { LatestRun } from "../../shared/abort.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { failureOf, isCancelled } from "../../shared/errors.ts";
import type { Names } from "../../shared/model/names.ts";
import { ExplorerView, type FollowingView } from "./explorerView.ts";

/** How long typing rests before names are looked for, in milliseconds: here, and at the server. */
const localQuietMs = 40;
const serverQuietMs = 400;

/** Names that a search at the server brings back at most. */
const maxFound = 1000;

const numbers = new Intl.NumberFormat("en-US");

/** What a filter has left over. */
interface Found {
  readonly text: string;
  readonly names: Names;
  /** Searched at the server, since the list here is not whole. */
  readonly atServer: boolean;
  readonly hasMore: boolean;
}

export interface MetricsViewDeps extends FollowingView {
  readonly setFiltered: (isFiltered: boolean) => void;
}

/** The metrics of the active connection by name, with a filter. */
export class MetricsView extends DisposableStore {
  readonly section: Section<MetricCatalog>;
  readonly tree: ExplorerView<MetricCatalog>;
  readonly #deps: MetricsViewDeps;
  readonly #search = this.register(new LatestRun());
  #found: Found | undefined;

  constructor(deps: MetricsViewDeps) {
    super();
    this.#deps = deps;
    const { server, now, view } = deps;
    this.section = this.register(
      new Section({
        load: async (options) => readMetricCatalog(await server.source(options.signal), { ...options, now: now() }),
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
      this.section.onDidChange(() => {
        // Another server, or a newer list: what was found in the old one is no answer any more.
        const { kind } = this.section.state;
        if (kind === "idle") this.#show(undefined);
        else if (kind === "ready" && this.#found !== undefined) void this.#find(this.#found.text);
      }),
    );
  }

  /** What is known of a metric's family; read here before if the view was shown. */
  get catalog(): MetricCatalog | undefined {
    return this.section.state.loaded?.value;
  }

  /** Asks for a part of a name; the tree follows while it is typed. Escape brings the former filter back. */
  async askFilter(): Promise<void> {
    const before = this.#found;
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
          timer = setTimeout(() => void this.#find(text, input), quiet());
        }),
      );
      store.register(
        input.onDidAccept(() => {
          isAccepted = true;
          clearTimeout(timer);
          void this.#find(input.value);
          input.hide();
        }),
      );
      store.register(input.onDidHide(() => resolve()));
      input.show();
    });
    clearTimeout(timer);
    store.dispose();
    input.dispose();
    if (!isAccepted) this.#show(before);
  }

  clearFilter(): void {
    this.#search.cancel();
    this.#show(undefined);
  }

  async #find(text: string, input?: vscode.InputBox): Promise<void> {
    const pattern = parseNamePattern(text);
    if (isEmptyPattern(pattern)) {
      this.clearFilter();
      return;
    }
    if (input !== undefined) input.busy = true;
    try {
      await this.#search.start(async ({ signal, isCurrent }) => {
        const state = await this.section.ensure();
        const catalog = state.loaded?.value;
        if (catalog === undefined || !isCurrent()) return;
        const found = catalog.isTruncated
          ? await this.#findAtServer(text, signal)
          : {
              text,
              names: await filterNames(catalog.names, pattern, signal),
              atServer: false,
              hasMore: false,
            };
        if (isCurrent()) this.#show(found);
      });
    } catch (error) {
      if (isCancelled(error)) return;
      if (input !== undefined) {
        input.validationMessage = plainLabel(failureSentence(failureOf(error), this.#deps.server.context), 300);
      } else throw error;
    } finally {
      if (input !== undefined) input.busy = false;
    }
  }

  async #findAtServer(text: string, signal: AbortSignal): Promise<Found> {
    const { server, now } = this.#deps;
    const source = await server.source(signal);
    const pattern = parseNamePattern(text);
    const containing = onlyPart(pattern);
    const scope = {
      ...recentScope(now(), maxFound, [selectorOf(pattern)]),
      ...(containing === undefined ? {} : { containing }),
    };
    const { names, truncated } = await source.metricNames(scope, { signal });
    return { text, names: await ascending(names, signal), atServer: true, hasMore: truncated };
  }

  #show(found: Found | undefined): void {
    this.#found = found;
    this.#deps.setFiltered(found !== undefined);
    this.tree.decorate();
    this.tree.redraw();
  }

  #rows(catalog: MetricCatalog): readonly TreeNode[] {
    if (this.#found?.names.length === 0) return [remark("none found", "No metric has such a name.")];
    return metricNodes(catalog, this.#found?.names);
  }

  #message({ names, isTruncated, metadataState }: MetricCatalog): string | undefined {
    const found = this.#found;
    if (found !== undefined) {
      const count = numbers.format(found.names.length);
      const shown = found.hasMore ? `first ${count}, the server has more` : count;
      const of_ = found.atServer ? "searched at the server" : `of ${numbers.format(names.length)}`;
      return `"${plainLabel(found.text)}": ${found.hasMore ? shown : `${shown} ${of_}`}`;
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
