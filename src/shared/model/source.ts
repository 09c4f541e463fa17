import type { Failure } from "../errors.ts";
import type { QueryAnswer, UnixMs } from "./answer.ts";
import type { ProbedEndpoint } from "./capabilities.ts";
import type { Labels } from "./labels.ts";
import type { Names } from "./names.ts";

/** A request failed and will be sent again. */
export interface RetryNote {
  /** Number of the sending to come; the first one was 1. */
  readonly attempt: number;
  /** How long that waits, in ms from now. */
  readonly waitMs: number;
  /** Why it has to be. */
  readonly failure: Failure;
}

/** Options of every request: `signal` cancels it, and the socket is closed before the promise rejects. */
export interface RequestOptions {
  readonly signal: AbortSignal;
  /** Told before each wait for another sending; must not throw. */
  readonly onRetry?: ((note: RetryNote) => void) | undefined;
  /** Told what a server remarked on an answer that is no query's, for each of them: it may not be whole. Must not throw. */
  readonly onWarnings?: ((warnings: readonly string[]) => void) | undefined;
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
  /**
   * Text in every metric name or label value that is looked for, in upper or lower case alike. `matchers` have to say it too: a
   * server that has a search of its own is asked for the text alone, any other one by the matchers.
   */
  readonly containing?: string;
  readonly start?: UnixMs;
  readonly end?: UnixMs;
  readonly limit?: number;
}

/** Names or values, sorted as sent, with what the server said about them. `truncated`: it has more than it sent. */
export interface NameList {
  readonly names: Names;
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
  /** As configured, e.g. `15s`. */
  readonly scrapeInterval: string | undefined;
  readonly scrapeTimeout: string | undefined;
  /** `scrapeUrl` as others than the server itself reach it. */
  readonly globalUrl: string | undefined;
}

/** A target that relabelling dropped; the pool is `undefined` before Prometheus 3.3. */
export interface DroppedTarget {
  readonly pool: string | undefined;
  readonly discoveredLabels: Labels;
}

/** The first dropped targets, and how many there are in all. */
export interface DroppedTargetList {
  readonly targets: readonly DroppedTarget[];
  readonly total: number;
}

export interface Alert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: string;
  readonly activeAt: UnixMs | undefined;
  /** Set while the alert fires only because of the rule's `keep_firing_for`. */
  readonly keepFiringSince: UnixMs | undefined;
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
  /** From here on of alerting rules only; recording rules have `undefined` or nothing. */
  readonly state: string | undefined;
  /** `for:` in seconds. */
  readonly durationSeconds: number | undefined;
  /** `keep_firing_for:` in seconds; `undefined` before Prometheus 2.42. */
  readonly keepFiringForSeconds: number | undefined;
  /** Templates as configured; those of its alerts are filled in. */
  readonly annotations: Labels;
  readonly alerts: readonly Alert[];
  /** What the query is written in where that is not PromQL: vmalert also evaluates `graphite` and `vlogs`. */
  readonly foreignLanguage?: string;
}

export interface RuleGroup {
  readonly name: string;
  readonly file: string;
  readonly intervalSeconds: number | undefined;
  readonly lastEvaluation: UnixMs | undefined;
  /** How long the last evaluation took, in seconds. */
  readonly evaluationSeconds: number | undefined;
  readonly rules: readonly Rule[];
}

/** What of a query's series has exemplars to show, in a time window: `start`, `end` in ms. */
export interface ExemplarQuery {
  readonly query: string;
  readonly start: UnixMs;
  readonly end: UnixMs;
}

/** One observation that was recorded beside a series, with labels of its own such as the id of a trace. */
export interface Exemplar {
  readonly labels: Labels;
  readonly value: number;
  readonly time: UnixMs;
}

/** The exemplars of one series. Its labels are the stored ones, which a query's answer may not have. */
export interface ExemplarSeries {
  readonly seriesLabels: Labels;
  readonly exemplars: readonly Exemplar[];
}

/** Series that have exemplars. `total`: how many the server sent, of which only the first are kept where they are too many. */
export interface ExemplarList {
  readonly series: readonly ExemplarSeries[];
  readonly warnings: readonly string[];
  readonly total: number;
  readonly truncated: boolean;
}

/** What the server calls itself; fields are `undefined` where it does not say. */
export interface BuildInfo {
  readonly application: string | undefined;
  readonly version: string | undefined;
  readonly revision: string | undefined;
  readonly branch?: string | undefined;
  readonly goVersion?: string | undefined;
}

/** An entry of a list of the largest: series, values or bytes by name. */
export interface NamedCount {
  readonly name: string;
  readonly value: number;
}

/**
 * What the storage holds, with lists of the largest, largest first. Prometheus speaks of its head block (the last hours),
 * VictoriaMetrics of one day. What a server does not say is `undefined`.
 */
export interface TsdbStatus {
  readonly headStats: {
    readonly numSeries: number | undefined;
    /** Different pairs of a label and a value. */
    readonly numLabelPairs: number | undefined;
    /** Labels of all series added up (VictoriaMetrics), which is far more than the different ones. */
    readonly totalLabelValuePairs: number | undefined;
    readonly chunkCount: number | undefined;
    /** Oldest and newest sample; `undefined` also while there is none. */
    readonly minTime: UnixMs | undefined;
    readonly maxTime: UnixMs | undefined;
  };
  readonly seriesCountByMetricName: readonly NamedCount[] | undefined;
  readonly labelValueCountByLabelName: readonly NamedCount[] | undefined;
  readonly memoryInBytesByLabelName: readonly NamedCount[] | undefined;
  /** Names are `label=value`. */
  readonly seriesCountByLabelValuePair: readonly NamedCount[] | undefined;
  /** VictoriaMetrics only, as is the next. */
  readonly seriesCountByLabelName: readonly NamedCount[] | undefined;
  readonly seriesCountByFocusLabelValue: readonly NamedCount[] | undefined;
}

/** State of the server's process; what it does not say is `undefined`. */
export interface RuntimeInfo {
  readonly startTime: UnixMs | undefined;
  /** The server's clock when it answered (Prometheus 3.2). */
  readonly serverTime: UnixMs | undefined;
  readonly hostname: string | undefined;
  /** As the server prints it: a time, a size or both, e.g. `15d or 10GiB`. */
  readonly storageRetention: string | undefined;
  readonly timeSeriesCount: number | undefined;
  readonly goroutineCount: number | undefined;
  /** False: the configuration on disk was refused and an older one is in use. */
  readonly reloadConfigSuccess: boolean | undefined;
  readonly lastConfigTime: UnixMs | undefined;
}

/**
 * Everything the program reads from a system of metrics. One implementation a kind of source. Every method throws
 * `AppError`; none of them writes. Nothing here turns a failure into an empty answer.
 */
export interface MetricsSource {
  query(params: InstantQuery, options: RequestOptions): Promise<QueryAnswer>;
  queryRange(params: RangeQuery, options: RequestOptions): Promise<QueryAnswer>;
  /** Those of all series that the selectors in the query choose, whatever the query makes of them. */
  exemplars(params: ExemplarQuery, options: RequestOptions): Promise<ExemplarList>;
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
  /** At most `limit` of them; the server sends all, which takes it time. */
  droppedTargets(params: { readonly limit: number }, options: RequestOptions): Promise<DroppedTargetList>;
  rules(options: RequestOptions): Promise<readonly RuleGroup[]>;
  alerts(options: RequestOptions): Promise<readonly Alert[]>;
  buildInfo(options: RequestOptions): Promise<BuildInfo>;
  runtimeInfo(options: RequestOptions): Promise<RuntimeInfo>;
  /** Command line flags and their values. */
  flags(options: RequestOptions): Promise<ReadonlyMap<string, string>>;
  /** Names of what is switched on, such as `api.search` (Prometheus 3.9). */
  features(options: RequestOptions): Promise<ReadonlySet<string>>;
  /** `limit`: entries in each list (1 to 10,000, Prometheus 2.45 and VictoriaMetrics), by default 10. */
  tsdbStatus(params: { readonly limit?: number }, options: RequestOptions): Promise<TsdbStatus>;
  /**
   * Asks for an endpoint in the form that costs the server least, to see whether it is there. Of the answer no more is read
   * than tells that it is one; its HTTP status is handed on.
   */
  probe(endpoint: ProbedEndpoint, options: RequestOptions): Promise<number>;
  /** Closes idle sockets; requests under way are cancelled. */
  dispose(): void;
}

/** What a request carries for its connection, and the texts among it that must never be shown. */
export interface RequestCredentials {
  readonly headers: Readonly<Record<string, string>>;
  /** Added to the URL, such as `dedup=true`; some are secrets. */
  readonly queryParams: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** How a connection proves who it is, and whom it believes, when it opens an https connection. */
export interface TlsMaterial {
  /** PEM of the authorities to believe instead of the built-in ones. */
  readonly ca: string | undefined;
  /** PEM of the client's certificate chain and of its key, which `passphrase` opens if it is encrypted. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly passphrase: string | undefined;
  /** The name to ask for and to find in the server's certificate; `undefined`: the one in the URL. */
  readonly serverName: string | undefined;
  /** False: any certificate is accepted. */
  readonly rejectUnauthorized: boolean;
}

/** The way to a server. `origin` is the proxy's, http or https; `authorization` the value of `Proxy-Authorization`. */
export type ProxyChoice =
  | { readonly kind: "direct" }
  | { readonly kind: "proxy"; readonly origin: string; readonly authorization: string | undefined };

/** What a connection hands to the maker of its source. */
export interface SourceEndpoint {
  /** Base URL without trailing slash, user info, query or fragment; `/api/v1/...` is appended to it. */
  readonly baseUrl: string;
  readonly method: "auto" | "GET" | "POST";
  readonly timeoutMs: number;
  /**
   * Headers and parameters for exactly `origin`, asked anew for each request (so that a rotated secret is used). `refused`
   * are those that were answered with 401: where others can be had, they are wanted now. `onWait` is told, whenever that may
   * take time, which failure it is if time runs out meanwhile, and `undefined` when nobody is waited for any more. Throws `secretMissing`,
   * `originChanged` or `credential` rather than leaving one out.
   */
  credentials(
    origin: string,
    options: RequestOptions & {
      readonly refused?: RequestCredentials | undefined;
      readonly onWait?: ((waitedFor: Failure | undefined) => void) | undefined;
    },
  ): Promise<RequestCredentials>;
  /** Who sends: our own client, or the editor's `fetch`, which chooses certificates and proxy by itself. Absent: our own. */
  readonly transport?: "own" | "vscode";
  /** Asked whenever an https connection is opened, so that replaced certificates are used. Throws `pemFile` and others. */
  tls?(options: RequestOptions): Promise<TlsMaterial>;
  /** Asked for each request to `origin`. Throws `misconfigured` for a proxy that cannot be used. */
  proxy?(origin: string, options: RequestOptions): Promise<ProxyChoice>;
  /** True where the server is known to hand out rule groups in pages; others may make pages of another kind of the question. */
  readonly pagesRules?: boolean;
  /** True where the server is known to search names for a text. */
  readonly searchesNames?: boolean;
  /** Bounds of the decoder: samples, and bytes of decompressed text. */
  readonly maxSamples: number;
  readonly maxBytes: number;
  /** Called when the source is disposed: whatever goes on for the endpoint's sake ends. */
  dispose?(): void;
}

/** Makes the source of a connection; `extension.ts` hands one for each kind to `connections`. */
export type SourceFactory = (endpoint: SourceEndpoint) => MetricsSource;
