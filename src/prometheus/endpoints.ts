import type { ProbedEndpoint } from "../shared/model/capabilities.ts";
import type { ExemplarQuery, InstantQuery, MetadataScope, RangeQuery } from "../shared/model/source.ts";
import { formatApiSeconds, formatApiTime } from "./apiTime.ts";
import { labelPathSegment } from "./labelPath.ts";

/** Parameters in the order they are sent; a name may occur more than once (`match[]`). */
export type ApiParams = readonly (readonly [name: string, value: string])[];

interface EndpointFacts {
  /** Below `/api/v1/`, or below the base URL itself if it begins with a slash; `<name>` stands for a label name. */
  readonly path: string;
  /** Reads a POSTed form as well as the URL's query. */
  readonly takesPost: boolean;
  /** Evaluates PromQL and therefore takes `timeout`. */
  readonly takesTimeout: boolean;
}

/** Everything that this program can ask of a server. The table is closed, and no entry of it writes. */
export const endpoints = {
  query: { path: "query", takesPost: true, takesTimeout: true },
  queryRange: { path: "query_range", takesPost: true, takesTimeout: true },
  queryExemplars: { path: "query_exemplars", takesPost: true, takesTimeout: false },
  series: { path: "series", takesPost: true, takesTimeout: false },
  labels: { path: "labels", takesPost: true, takesTimeout: false },
  labelValues: { path: "label/<name>/values", takesPost: false, takesTimeout: false },
  metadata: { path: "metadata", takesPost: false, takesTimeout: false },
  targets: { path: "targets", takesPost: false, takesTimeout: false },
  rules: { path: "rules", takesPost: false, takesTimeout: false },
  alerts: { path: "alerts", takesPost: false, takesTimeout: false },
  buildInfo: { path: "status/buildinfo", takesPost: false, takesTimeout: false },
  runtimeInfo: { path: "status/runtimeinfo", takesPost: false, takesTimeout: false },
  flags: { path: "status/flags", takesPost: false, takesTimeout: false },
  tsdbStatus: { path: "status/tsdb", takesPost: false, takesTimeout: false },
  stores: { path: "stores", takesPost: false, takesTimeout: false },
  features: { path: "features", takesPost: false, takesTimeout: false },
  searchMetricNames: { path: "search/metric_names", takesPost: true, takesTimeout: false },
  searchLabelValues: { path: "search/label_values", takesPost: true, takesTimeout: false },
  federate: { path: "/federate", takesPost: false, takesTimeout: false },
} as const satisfies Record<string, EndpointFacts>;

export type EndpointName = keyof typeof endpoints;

/** One request to one endpoint of the table. */
export interface ApiRequest {
  readonly endpoint: EndpointName;
  /** Below the base URL, percent-encoded: `/api/v1/query`. */
  readonly path: string;
  readonly params: ApiParams;
}

/** `label` is the label name of `labelValues` and only of it. */
function apiRequest(endpoint: EndpointName, params: ApiParams = [], label = ""): ApiRequest {
  const path = endpoints[endpoint].path.replace("<name>", () => labelPathSegment(label));
  return { endpoint, path: path.startsWith("/") ? path : `/api/v1/${path}`, params };
}

export function queryRequest({ query, time, limit }: InstantQuery): ApiRequest {
  const params: [string, string][] = [["query", query]];
  if (time !== undefined) params.push(["time", formatApiTime(time)]);
  if (limit !== undefined) params.push(["limit", String(limit)]);
  return apiRequest("query", params);
}

export function queryRangeRequest({ query, start, end, stepMs, limit }: RangeQuery): ApiRequest {
  const params: [string, string][] = [
    ["query", query],
    ["start", formatApiTime(start)],
    ["end", formatApiTime(end)],
    ["step", formatApiSeconds(stepMs)],
  ];
  if (limit !== undefined) params.push(["limit", String(limit)]);
  return apiRequest("queryRange", params);
}

export function exemplarsRequest({ query, start, end }: ExemplarQuery): ApiRequest {
  return apiRequest("queryExemplars", [
    ["query", query],
    ["start", formatApiTime(start)],
    ["end", formatApiTime(end)],
  ]);
}

export function seriesRequest(scope: MetadataScope): ApiRequest {
  return apiRequest("series", scopeParams(scope));
}

export function labelsRequest(scope: MetadataScope): ApiRequest {
  return apiRequest("labels", scopeParams(scope));
}

export function labelValuesRequest(label: string, scope: MetadataScope): ApiRequest {
  return apiRequest("labelValues", scopeParams(scope), label);
}

/**
 * Metric names, or values of `label`, that contain a text, in their order. The threshold leaves nothing to similarity, which
 * would find names without the text.
 */
export function searchRequest(
  text: string,
  label: string | undefined,
  { start, end, limit }: MetadataScope,
): ApiRequest {
  const params: ApiParams = [
    ...(label === undefined ? [] : [["label", label] as const]),
    ["search[]", text],
    ["case_sensitive", "false"],
    ["fuzz_threshold", "100"],
    ["sort_by", "alpha"],
  ];
  const bounds = scopeParams({
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(limit === undefined ? {} : { limit }),
  });
  return apiRequest(label === undefined ? "searchMetricNames" : "searchLabelValues", [...params, ...bounds]);
}

export function metadataRequest(metric: string | undefined): ApiRequest {
  return apiRequest("metadata", metric === undefined ? [] : [["metric", metric]]);
}

/** Active targets only: dropped ones can outnumber them a thousandfold and are asked for apart. */
export function targetsRequest(): ApiRequest {
  return apiRequest("targets", [["state", "active"]]);
}

/** Dropped targets only. */
export function droppedTargetsRequest(): ApiRequest {
  return apiRequest("targets", [["state", "dropped"]]);
}

/** Groups that are asked for at a time: more than almost every server has. */
const groupsOfPage = 500;

/** A page of rule groups. Of a server that is not known to have pages, all are asked for: who makes its own gives no token. */
export function rulesRequest(token: string, { inPages }: { readonly inPages: boolean }): ApiRequest {
  const limit: ApiParams = inPages || token !== "" ? [["group_limit", String(groupsOfPage)]] : [];
  return apiRequest("rules", token === "" ? limit : [...limit, ["group_next_token", token]]);
}

/** Prometheus calls the length of the lists `limit`, VictoriaMetrics `topN`; each ignores the other's word. */
export function tsdbStatusRequest(limit: number | undefined): ApiRequest {
  const names = limit === undefined ? [] : ["limit", "topN"];
  return apiRequest(
    "tsdbStatus",
    names.map((name) => [name, String(limit)] as const),
  );
}

/** An endpoint that takes no parameters. */
export function plainRequest(endpoint: "alerts" | "buildInfo" | "runtimeInfo" | "flags" | "features"): ApiRequest {
  return apiRequest(endpoint);
}

/** A metric that no server has; where a selector is wanted, it selects nothing. */
const nothing = "_";

/** Parameters that make an answer as small as the server can; who does not know one of them ignores it. */
const smallest: Readonly<Record<ProbedEndpoint, ApiParams>> = {
  buildInfo: [],
  metadata: [["limit", "1"]],
  targets: [
    ["state", "active"],
    ["scrapePool", nothing],
  ],
  rules: [
    ["type", "record"],
    ["rule_group[]", nothing],
    ["exclude_alerts", "true"],
  ],
  alerts: [],
  flags: [],
  runtimeInfo: [],
  exemplars: [
    ["query", nothing],
    ["start", formatApiTime(1000)],
    ["end", formatApiTime(2000)],
  ],
  tsdbStatus: [
    ["limit", "1"],
    ["topN", "1"],
    // VictoriaMetrics counts the series of one day: one on which it had none. The first day of all means all days to it.
    ["date", "1970-01-02"],
  ],
  federate: [["match[]", nothing]],
  stores: [],
  features: [],
};

/** The request that shows most cheaply whether a server has an endpoint. */
export function probeRequest(endpoint: ProbedEndpoint): ApiRequest {
  return apiRequest(endpoint === "exemplars" ? "queryExemplars" : endpoint, smallest[endpoint]);
}

function scopeParams({ matchers = [], start, end, limit }: MetadataScope): ApiParams {
  const params: [string, string][] = matchers.map((matcher) => ["match[]", matcher]);
  if (start !== undefined) params.push(["start", formatApiTime(start)]);
  if (end !== undefined) params.push(["end", formatApiTime(end)]);
  if (limit !== undefined) params.push(["limit", String(limit)]);
  return params;
}
