import { LatestRun } from "../shared/abort.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { type Failure, failureOf, isCancelled } from "../shared/errors.ts";
import { Emitter } from "../shared/event.ts";
import type { Names } from "../shared/model/names.ts";
import type { MetricsSource } from "../shared/model/source.ts";
import type { MetricCatalog } from "./metricCatalog.ts";
import {
  filterNames,
  isEmptyPattern,
  type NamePattern,
  onlyPart,
  parseNamePattern,
  saysTooMuch,
  selectorOf,
} from "./nameFilter.ts";
import { ascending } from "./nameOrder.ts";
import { doubtsOf } from "./partialNodes.ts";
import { type NameSpan, recentScope } from "./recentScope.ts";

/** Names that a search at the server brings back at most. */
export const maxFound = 1000;

/** What somebody looks for, and how far back. */
interface Wanted {
  readonly text: string;
  readonly span: NameSpan;
}

/** What a filter has left over. */
export interface FoundNames extends Wanted {
  readonly kind: "found";
  readonly names: Names;
  /** Searched at the server, since the list here is not whole, or not of that time. */
  readonly atServer: boolean;
  readonly hasMore: boolean;
  /** What the server remarked that keeps it from being whole. */
  readonly doubts: readonly string[];
}

export interface FailedSearch extends Wanted {
  readonly kind: "failed";
  readonly failure: Failure;
}

export type SearchResult = FoundNames | FailedSearch;

export interface MetricSearchDeps {
  /** The list that is filtered; `undefined` where it could not be read, which is said there. */
  readonly catalog: () => Promise<MetricCatalog | undefined>;
  readonly source: (signal: AbortSignal) => Promise<Pick<MetricsSource, "metricNames">>;
  readonly now: () => number;
}

export interface FindOptions {
  /** By default the last hour; further back only the server can look. */
  readonly span?: NameSpan;
  /** Where a failure is said; without it, it takes the place of the names. */
  readonly onFailure?: (failure: Failure) => void;
}

/** The filter of a list of metrics: here where the list is whole, else at the server. Only the newest search counts. */
export class MetricSearch extends DisposableStore {
  readonly #deps: MetricSearchDeps;
  readonly #run = this.register(new LatestRun());
  readonly #changed = this.register(new Emitter<void>());
  readonly #asked = this.register(new Emitter<void>());
  #result: SearchResult | undefined;
  #asking = 0;

  /** Fires when something else has been found, or the filter is gone. */
  readonly onDidChange = this.#changed.event;
  /** Fires when `isAsking` may be another. */
  readonly onDidAsk = this.#asked.event;

  constructor(deps: MetricSearchDeps) {
    super();
    this.#deps = deps;
  }

  /** What was found last; `undefined`: nothing is looked for. */
  get result(): SearchResult | undefined {
    return this.#result;
  }

  get isRunning(): boolean {
    return this.#run.isRunning;
  }

  /** True while a server is asked. */
  get isAsking(): boolean {
    return this.#asking > 0;
  }

  /** Looks for what was typed; nothing typed is no filter. Does not throw. */
  async find(text: string, { span = "hour", onFailure }: FindOptions = {}): Promise<void> {
    const pattern = parseNamePattern(text);
    if (isEmptyPattern(pattern)) return this.goBackTo(undefined);
    await this.#run.start(async ({ signal, isCurrent }) => {
      try {
        const result = await this.#look({ text, span }, pattern, signal);
        if (result !== undefined && isCurrent()) this.#show(result);
      } catch (error) {
        if (!isCurrent() || isCancelled(error)) return;
        const failure = failureOf(error);
        if (onFailure === undefined) this.#show({ kind: "failed", text, span, failure });
        else onFailure(failure);
      }
    });
  }

  /** Looks for the same once more, such as in a newer list. */
  async repeat(): Promise<void> {
    if (this.#result !== undefined) await this.find(this.#result.text, { span: this.#result.span });
  }

  /** Looks for the same in the last day: what is silent now may have been there. */
  async lookFurtherBack(): Promise<void> {
    if (this.#result !== undefined) await this.find(this.#result.text, { span: "day" });
  }

  /** Gives a search under way up; what was found before stays. */
  cancel(): void {
    this.#run.cancel();
  }

  /** Gives a search under way up, and shows what was found earlier. */
  goBackTo(result: SearchResult | undefined): void {
    this.cancel();
    this.#show(result);
  }

  async #look(wanted: Wanted, pattern: NamePattern, signal: AbortSignal): Promise<FoundNames | undefined> {
    const catalog = await this.#deps.catalog();
    if (catalog === undefined || signal.aborted) return undefined;
    if (catalog.isTruncated || wanted.span !== "hour") return this.#ask(wanted, pattern, signal);
    const names = await filterNames(catalog.names, pattern, signal);
    return { ...wanted, kind: "found", names, atServer: false, hasMore: false, doubts: [] };
  }

  async #ask(wanted: Wanted, pattern: NamePattern, signal: AbortSignal): Promise<FoundNames> {
    this.#noteAsking(1);
    try {
      const source = await this.#deps.source(signal);
      const containing = onlyPart(pattern);
      const scope = {
        ...recentScope(this.#deps.now(), maxFound, [selectorOf(pattern)], wanted.span),
        ...(containing === undefined ? {} : { containing }),
      };
      const { names, truncated, warnings } = await source.metricNames(scope, { signal });
      const sorted = await ascending(names, signal);
      const left = saysTooMuch(pattern) ? await filterNames(sorted, pattern, signal) : sorted;
      const doubts = doubtsOf(warnings);
      return { ...wanted, kind: "found", names: left, atServer: true, hasMore: truncated, doubts };
    } finally {
      this.#noteAsking(-1);
    }
  }

  #noteAsking(change: 1 | -1): void {
    this.#asking += change;
    this.#asked.fire();
  }

  #show(result: SearchResult | undefined): void {
    this.#result = result;
    this.#changed.fire();
  }
}
