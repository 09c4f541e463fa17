import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { UnixMs } from "../../src/shared/model/answer.ts";
import type { RunningServer } from "./prometheus.ts";
import { checkout, checkoutLabels, unmatchable } from "./shopSamples.ts";

/*
 * What Prometheus 3 sends and Debian's 2.42 does not: `infos`, names of any letters and their `U__` paths, `limit` with its
 * warning, features, counts of dropped targets, rule groups in pages, the search for names, status 499. Shapes are those of
 * `web/api/v1` at v3.14.0.
 */

interface Answer {
  readonly status?: number;
  readonly data?: unknown;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
  readonly errorType?: string;
  readonly error?: string;
}

const truncated = "results truncated due to limit";
const started = "2025-06-01T08:00:00Z";

/** A series whose every name is one that only Prometheus 3 has. */
const duration = { __name__: "http.server.duration", "service.name": "shop", "a/b": "c" };

/** A small server that answers as Prometheus 3.14 does with `--enable-feature=search-api`; its samples are those of the shop, up to `end`. */
export async function startPrometheus3(end: UnixMs): Promise<RunningServer> {
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const url = new URL(request.url ?? "", "http://localhost");
      const params = new URLSearchParams([...url.searchParams, ...new URLSearchParams(body)]);
      const found = search(url.pathname, params);
      if (found !== undefined) {
        response.writeHead(200, { "content-type": "application/x-ndjson; charset=utf-8" });
        response.end(found.map((line) => `${JSON.stringify(line)}\n`).join(""));
        return;
      }
      const answer = answerOf(url.pathname, params, end);
      if (answer === undefined) {
        response.writeHead(404, { "content-type": "text/plain; charset=utf-8" });
        response.end("404 page not found\n");
        return;
      }
      const { status = 200, ...rest } = answer;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ status: status === 200 ? "success" : "error", ...rest }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function answerOf(path: string, params: URLSearchParams, end: UnixMs): Answer | undefined {
  const label = /^\/api\/v1\/label\/([^/]+)\/values$/.exec(path)?.[1];
  if (label !== undefined) return limited(labelValues(unescaped(decodeURIComponent(label))), params);
  switch (path) {
    case "/api/v1/query":
      return instant(params, end);
    case "/api/v1/query_range":
      return range(params, end);
    case "/api/v1/series":
      return limited([checkoutLabels, duration].filter(isChosen(params)), params);
    case "/api/v1/labels": {
      const chosen = [checkoutLabels, duration].filter(isChosen(params));
      return limited([...new Set(chosen.flatMap((labels) => Object.keys(labels)))].sort(), params);
    }
    case "/api/v1/rules":
      return rules(params);
    default:
      return fixed[path.replace("/api/v1/", "")];
  }
}

function instant(params: URLSearchParams, end: UnixMs): Answer {
  const time = Number(params.get("time") ?? Date.now() / 1000);
  const vector = (...samples: readonly (readonly [metric: Readonly<Record<string, string>>, value: number])[]) => ({
    resultType: "vector",
    result: samples.map(([metric, value]) => ({ metric, value: [time, String(value)] })),
  });
  const targets = [1, 2].map(
    (i) => [{ __name__: "up", job: "shop", instance: `shop-${i}.example:9100` }, 1] satisfies [object, number],
  );
  switch (params.get("query")) {
    case "1+1":
      return { data: { resultType: "scalar", result: [time, "2"] } };
    case "up":
      return params.get("limit") === "1"
        ? { data: vector(...targets.slice(0, 1)), warnings: [truncated] }
        : { data: vector(...targets) };
    case "checkout_total":
      return { data: vector([checkoutLabels, checkout(time * 1000, end)]) };
    case "rate(temperature[5m])":
      return {
        data: vector(),
        infos: [
          'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "temperature" (1:6)',
        ],
      };
    case '{"http.server.duration", "a/b"="c"}':
      return { data: vector([duration, 1]) };
    case unmatchable:
      return { status: 422, errorType: "execution", error: "found duplicate series for the match group {}" };
    case "cancelled":
      return { status: 499, errorType: "canceled", error: "query was canceled in expression evaluation" };
    default:
      return {
        status: 400,
        errorType: "bad_data",
        error: 'invalid parameter "query": 1:5: parse error: unclosed left parenthesis',
      };
  }
}

function range(params: URLSearchParams, end: UnixMs): Answer {
  const [start, last, step] = ["start", "end", "step"].map((name) => Number(params.get(name)));
  const values: [number, string][] = [];
  for (let time = start ?? 0; time <= (last ?? 0); time += step ?? 1) {
    values.push([time, String(checkout(time * 1000, end))]);
  }
  return { data: { resultType: "matrix", result: [{ metric: checkoutLabels, values }] } };
}

/** Only as many as `limit` says, with Prometheus' warning. */
function limited(all: readonly unknown[], params: URLSearchParams): Answer {
  const limit = Number(params.get("limit") ?? 0);
  return limit > 0 && all.length > limit ? { data: all.slice(0, limit), warnings: [truncated] } : { data: all };
}

function labelValues(name: string): readonly string[] {
  const series: readonly Readonly<Record<string, string>>[] = [checkoutLabels, duration, { __name__: "up" }];
  return series.flatMap((labels) => labels[name] ?? []).sort();
}

/** Lines of the search for names, one name in each batch; `undefined` for another path. */
function search(path: string, params: URLSearchParams): readonly object[] | undefined {
  const of = path.replace("/api/v1/search/", "");
  if (of !== "metric_names" && of !== "label_values") return undefined;
  const label = of === "metric_names" ? "__name__" : (params.get("label") ?? "");
  const key = of === "metric_names" ? "name" : "value";
  const terms = params.getAll("search[]").map((term) => term.toLowerCase());
  const all = labelValues(label).filter((name) => terms.some((term) => name.toLowerCase().includes(term)));
  const names = all.slice(0, Number(params.get("limit") ?? 100));
  return [
    ...names.map((name) => ({ results: [{ [key]: name }] })),
    { status: "success", has_more: names.length < all.length },
  ];
}

/** By the name in the selector, which is all that this server knows of selectors. */
function isChosen(params: URLSearchParams): (labels: { readonly __name__: string }) => boolean {
  const selectors = params.getAll("match[]");
  return ({ __name__ }) => selectors.length === 0 || selectors.some((selector) => selector.includes(__name__));
}

/** `model.UnescapeName` for values: `U__`, `__` for `_`, `_2f_` for `/`. */
function unescaped(name: string): string {
  if (!name.startsWith("U__")) return name;
  return name
    .slice("U__".length)
    .replace(/__|_([0-9a-f]+)_/g, (_, code?: string) =>
      code === undefined ? "_" : String.fromCodePoint(Number.parseInt(code, 16)),
    );
}

const alert = {
  labels: { alertname: "Always", severity: "page" },
  annotations: { summary: "Value 1" },
  state: "firing",
  activeAt: started,
  value: "1e+00",
};

const groups = ["one", "two", "three"].map((name) => ({
  name,
  file: "/etc/prometheus/rules.yml",
  interval: 15,
  limit: 0,
  evaluationTime: 0.0004,
  lastEvaluation: started,
  rules: [
    {
      state: "firing",
      name: "Always",
      query: "vector(1)",
      duration: 0,
      keepFiringFor: 0,
      labels: { severity: "page" },
      annotations: { summary: "Value {{ $value }}" },
      alerts: [alert],
      health: "ok",
      evaluationTime: 0.0002,
      lastEvaluation: started,
      type: "alerting",
    },
  ],
}));

const tokenOf = (index: number) => `4b3f1e${index}`;

/** All groups, unless pages are asked for. */
function rules(params: URLSearchParams): Answer {
  const size = Number(params.get("group_limit") ?? groups.length);
  const token = params.get("group_next_token");
  const from = token === null ? 0 : groups.findIndex((_, index) => tokenOf(index) === token);
  if (from < 0) {
    const error = `invalid parameter "group_next_token": invalid group_next_token '${token}'. were rule groups changed?`;
    return { status: 400, errorType: "bad_data", error };
  }
  const data = { groups: groups.slice(from, from + size) };
  return { data: from + size < groups.length ? { ...data, groupNextToken: tokenOf(from + size) } : data };
}

const fixed: Readonly<Record<string, Answer>> = {
  query_exemplars: { data: [] },
  metadata: { data: { checkout_total: [{ type: "counter", help: "Orders paid.", unit: "" }] } },
  targets: {
    data: {
      activeTargets: [
        {
          discoveredLabels: { __address__: "shop-1.example:9100" },
          labels: { job: "shop", instance: "shop-1.example:9100" },
          scrapePool: "shop",
          scrapeUrl: "http://shop-1.example:9100/metrics",
          globalUrl: "http://shop-1.example:9100/metrics",
          lastError: "",
          lastScrape: started,
          lastScrapeDuration: 0.01,
          health: "up",
          scrapeInterval: "15s",
          scrapeTimeout: "10s",
        },
      ],
      droppedTargets: [],
      droppedTargetCounts: { shop: 3 },
    },
  },
  alerts: { data: { alerts: [alert] } },
  features: {
    data: { api: { label_values_match: true, query_warnings: true, search: true }, promql: { at_modifier: true } },
  },
  "status/buildinfo": {
    data: {
      version: "3.14.0",
      revision: "0ad5d7b1d2e8",
      branch: "HEAD",
      buildUser: "root@build",
      buildDate: "20260106-12:00:00",
      goVersion: "go1.25.5",
    },
  },
  "status/runtimeinfo": {
    data: {
      startTime: started,
      CWD: "/",
      hostname: "prometheus-0",
      serverTime: started,
      reloadConfigSuccess: true,
      lastConfigTime: started,
      corruptionCount: 0,
      goroutineCount: 40,
      GOMAXPROCS: 2,
      GOMEMLIMIT: 3865470566,
      GOGC: "75",
      GODEBUG: "",
      storageRetention: "15d",
    },
  },
  "status/flags": { data: { "web.listen-address": "0.0.0.0:9090", "web.enable-lifecycle": "false" } },
  "status/tsdb": {
    data: {
      headStats: { numSeries: 2, numLabelPairs: 6, chunkCount: 2, minTime: 1, maxTime: 2 },
      seriesCountByMetricName: [{ name: "checkout_total", value: 1 }],
      labelValueCountByLabelName: [{ name: "__name__", value: 2 }],
      memoryInBytesByLabelName: [{ name: "__name__", value: 34 }],
      seriesCountByLabelValuePair: [{ name: "job=shop", value: 1 }],
    },
  },
};
