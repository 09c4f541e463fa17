import type { QueryAnswer, UnixMs } from "./answer.ts";
import type { Labels } from "./labels.ts";

/** Options of every request: `signal` cancels it, and the socket is closed before the promise rejects. */
export interface RequestOptions {
  readonly signal: AbortSignal;
}

/** An instant query. Without `time` the server takes its own now. `limit` bounds series where the server knows the parameter. */
export interface InstantQuery {
  readonly query: string;
  readonly time?: UnixMs;
  readonly limit?: number;
}

/** A range query; `start`, `end` in ms, `stepMs` > 0, at most 11,000 steps on Prometheus. */
export interface RangeQuery {
  readonly query: string;
  readonly start: UnixMs;
  readonly end: UnixMs;
  readonly stepMs: number;
  readonly limit?: number;
}

/** Bounds of a metadata read: selectors (OR-ed), time window, and number of answers. */
export interface MetadataScope {
  readonly matchers?: readonly string[];
  readonly start?: UnixMs;
  readonly end?: UnixMs;
  readonly limit?: number;
}

/** Names or values, sorted as sent, with what the server said about them. `truncated`: it has more than it sent. */
export interface NameList {
  readonly names: readonly string[];
  readonly warnings: readonly string[];
  readonly truncated: boolean;
}

export interface SeriesList {
  readonly series: readonly Labels[];
  readonly warnings: readonly string[];
  readonly truncated: boolean;
}

/** Type, help and unit of a metric family; any of them may be empty. */
export interface MetricMetadata {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** A scrape target; fields that a backend does not send are `undefined`. Durations in seconds, times in ms. */
export interface Target {
  readonly pool: string;
  readonly labels: Labels;
  readonly discoveredLabels: Labels;
  readonly scrapeUrl: string;
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
  readonly lastScrape: UnixMs | undefined;
  readonly lastScrapeSeconds: number | undefined;
  readonly scrapeInterval: string | undefined;
}

export interface Alert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: string;
  readonly activeAt: UnixMs | undefined;
  /** As the server prints it, e.g. `1e+00`. */
  readonly value: string;
}

/** A rule as the server evaluates it; `query` is the server's printed form. */
export interface Rule {
  readonly kind: "alerting" | "recording";
  readonly name: string;
  readonly query: string;
  readonly labels: Labels;
  readonly health: string;
  readonly lastError: string;
  readonly lastEvaluation: UnixMs | undefined;
  readonly evaluationSeconds: number | undefined;
  /** Alerting rules only. */
  readonly state: string | undefined;
  readonly alerts: readonly Alert[];
}

export interface RuleGroup {
  readonly name: string;
  readonly file: string;
  readonly intervalSeconds: number | undefined;
  readonly rules: readonly Rule[];
}

/** What the server calls itself; fields are `undefined` where it does not say. */
export interface BuildInfo {
  readonly application: string | undefined;
  readonly version: string | undefined;
  readonly revision: string | undefined;
}

/**
 * Everything the program reads from a system of metrics. One implementation a kind of source. Every method throws
 * `AppError`; none of them writes. Nothing here turns a failure into an empty answer.
 */
export interface MetricsSource {
  query(params: InstantQuery, options: RequestOptions): Promise<QueryAnswer>;
  queryRange(params: RangeQuery, options: RequestOptions): Promise<QueryAnswer>;
  metricNames(scope: MetadataScope, options: RequestOptions): Promise<NameList>;
  labelNames(scope: MetadataScope, options: RequestOptions): Promise<NameList>;
  labelValues(label: string, scope: MetadataScope, options: RequestOptions): Promise<NameList>;
  series(scope: MetadataScope, options: RequestOptions): Promise<SeriesList>;
  /** Of one metric, or of all (`metric` absent). */
  metadata(
    params: { readonly metric?: string },
    options: RequestOptions,
  ): Promise<ReadonlyMap<string, readonly MetricMetadata[]>>;
  targets(options: RequestOptions): Promise<readonly Target[]>;
  rules(options: RequestOptions): Promise<readonly RuleGroup[]>;
  alerts(options: RequestOptions): Promise<readonly Alert[]>;
  buildInfo(options: RequestOptions): Promise<BuildInfo>;
  /** Closes idle sockets; requests under way are cancelled. */
  dispose(): void;
}

/** What a connection hands to the maker of its source. */
export interface SourceEndpoint {
  /** Base URL without trailing slash, user info, query or fragment; `/api/v1/...` is appended to it. */
  readonly baseUrl: string;
  readonly method: "auto" | "GET" | "POST";
  readonly timeoutMs: number;
  /** Plain parameters added to every request's URL, e.g. `dedup=true`. */
  readonly queryParams: Readonly<Record<string, string>>;
  /**
   * Headers with credentials for exactly `origin`, asked anew for each request (so that a rotated secret is used).
   * Throws `secretMissing` or `originChanged` rather than leaving a header out.
   */
  headers(origin: string, options: RequestOptions): Promise<Readonly<Record<string, string>>>;
  /** Values that must never appear in an error or a log (secrets now in use). */
  secretsToRedact(): readonly string[];
  /** Bounds of the decoder: samples, and bytes of decompressed text. */
  readonly maxSamples: number;
  readonly maxBytes: number;
}

/** Makes the source of a connection; `extension.ts` hands one for each kind to `connections`. */
export type SourceFactory = (endpoint: SourceEndpoint) => MetricsSource;
