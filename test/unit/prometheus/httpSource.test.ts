import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError } from "../../../src/shared/errors.ts";
import type { MetricsSource, NameList, RequestOptions } from "../../../src/shared/model/source.ts";
import { isNotOffered } from "../../../src/shared/notOffered.ts";
import { startHostileServer } from "../../support/hostileServer.ts";
import { failureFrom, neverAborted, recordingLogger, testSource } from "../../support/sources.ts";

const ok = (data: unknown, rest: object = {}) => JSON.stringify({ status: "success", data, ...rest });
const vector = ok({ resultType: "vector", result: [] });

interface Call {
  readonly title: string;
  readonly call: (source: MetricsSource, options: RequestOptions) => Promise<unknown>;
  readonly reply: string;
  /** Method, path, and form or query string as they have to arrive. */
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly params: string;
}

const calls: readonly Call[] = [
  {
    title: "instant query",
    call: (source, options) => source.query({ query: 'up{a="+ &é"}', time: 1_435_781_451_781, limit: 5 }, options),
    reply: vector,
    method: "POST",
    path: "/api/v1/query",
    params: "query=up%7Ba%3D%22%2B+%26%C3%A9%22%7D&time=1435781451.781&limit=5&timeout=20",
  },
  {
    title: "instant query now",
    call: (source, options) => source.query({ query: "up" }, options),
    reply: vector,
    method: "POST",
    path: "/api/v1/query",
    params: "query=up&timeout=20",
  },
  {
    title: "range query",
    call: (source, options) =>
      source.queryRange({ query: "up", start: 0.5, end: 4e12, stepMs: 500, limit: 9 }, options),
    reply: ok({ resultType: "matrix", result: [] }),
    method: "POST",
    path: "/api/v1/query_range",
    params: "query=up&start=0.001&end=4000000000.000&step=0.5&limit=9&timeout=20",
  },
  {
    title: "exemplars",
    call: (source, options) => source.exemplars({ query: "rate(a[5m])", start: 1500, end: 2000 }, options),
    reply: ok([]),
    method: "POST",
    path: "/api/v1/query_exemplars",
    params: "query=rate%28a%5B5m%5D%29&start=1.500&end=2.000",
  },
  {
    title: "metric names",
    call: (source, options) => source.metricNames({ limit: 10 }, options),
    reply: ok([]),
    method: "GET",
    path: "/api/v1/label/__name__/values",
    params: "limit=10",
  },
  {
    title: "label names",
    call: (source, options) => source.labelNames({ matchers: ["up", '{a="b"}'], start: 1000, end: 2000 }, options),
    reply: ok([]),
    method: "POST",
    path: "/api/v1/labels",
    params: "match%5B%5D=up&match%5B%5D=%7Ba%3D%22b%22%7D&start=1.000&end=2.000",
  },
  {
    title: "values of a label that is no legacy name",
    call: (source, options) => source.labelValues("http.status/code", {}, options),
    reply: ok([]),
    method: "GET",
    path: "/api/v1/label/U__http_2e_status_2f_code/values",
    params: "",
  },
  {
    title: "series",
    call: (source, options) => source.series({ matchers: ["up"], limit: 3 }, options),
    reply: ok([]),
    method: "POST",
    path: "/api/v1/series",
    params: "match%5B%5D=up&limit=3",
  },
  {
    title: "metadata of one metric",
    call: (source, options) => source.metadata({ metric: "up" }, options),
    reply: ok({}),
    method: "GET",
    path: "/api/v1/metadata",
    params: "metric=up",
  },
  {
    title: "metadata of all",
    call: (source, options) => source.metadata({}, options),
    reply: ok({}),
    method: "GET",
    path: "/api/v1/metadata",
    params: "",
  },
  {
    title: "targets",
    call: (source, options) => source.targets(options),
    reply: ok({ activeTargets: [] }),
    method: "GET",
    path: "/api/v1/targets",
    params: "state=active",
  },
  {
    title: "rules",
    call: (source, options) => source.rules(options),
    reply: ok({ groups: [] }),
    method: "GET",
    path: "/api/v1/rules",
    params: "",
  },
  {
    title: "alerts",
    call: (source, options) => source.alerts(options),
    reply: ok({ alerts: [] }),
    method: "GET",
    path: "/api/v1/alerts",
    params: "",
  },
  {
    title: "build information",
    call: (source, options) => source.buildInfo(options),
    reply: ok({}),
    method: "GET",
    path: "/api/v1/status/buildinfo",
    params: "",
  },
  {
    title: "dropped targets",
    call: (source, options) => source.droppedTargets({ limit: 5 }, options),
    reply: ok({ droppedTargets: [] }),
    method: "GET",
    path: "/api/v1/targets",
    params: "state=dropped",
  },
  {
    title: "runtime information",
    call: (source, options) => source.runtimeInfo(options),
    reply: ok({}),
    method: "GET",
    path: "/api/v1/status/runtimeinfo",
    params: "",
  },
  {
    title: "flags",
    call: (source, options) => source.flags(options),
    reply: ok({}),
    method: "GET",
    path: "/api/v1/status/flags",
    params: "",
  },
  {
    title: "state of the storage",
    call: (source, options) => source.tsdbStatus({}, options),
    reply: ok({}),
    method: "GET",
    path: "/api/v1/status/tsdb",
    params: "",
  },
  {
    title: "state of the storage with the length of its lists",
    call: (source, options) => source.tsdbStatus({ limit: 20 }, options),
    reply: ok({}),
    method: "GET",
    path: "/api/v1/status/tsdb",
    params: "limit=20&topN=20",
  },
];

for (const { title, call, reply, method, path, params } of calls) {
  test(`request: ${title}`, async () => {
    await using server = await startHostileServer(({ answer }) => answer(200, reply));
    const signal = neverAborted();
    using auto = testSource(server.origin);
    await call(auto, { signal });
    using prefixed = testSource(`${server.origin}/select/0/prom`, {
      queryParams: { dedup: "true", "x y": "&" },
      method: "GET",
    });
    await call(prefixed, { signal });
    const [first, second] = server.requests;
    assert.equal(first?.method, method);
    assert.equal(first?.path, method === "POST" || params === "" ? path : `${path}?${params}`);
    assert.equal(first?.body, method === "POST" ? params : "");
    assert.equal(first?.headers["accept"], "application/json");
    assert.equal(first?.headers["accept-encoding"], "gzip, deflate");
    assert.equal(first?.headers["user-agent"], "promql-workbench/0.0.0-test");
    assert.equal(first?.headers["content-type"], method === "POST" ? "application/x-www-form-urlencoded" : undefined);
    assert.equal(second?.method, "GET");
    assert.equal(second?.path, `/select/0/prom${path}?dedup=true&x+y=%26${params === "" ? "" : `&${params}`}`);
    assert.equal(server.requests.length, 2);
  });
}

interface Reading {
  readonly title: string;
  readonly call: (source: MetricsSource, options: RequestOptions) => Promise<unknown>;
  readonly reply: string;
  readonly expected: unknown;
}

/** The list with its names as an array. */
async function unpacked(list: Promise<NameList>): Promise<unknown> {
  const { names, ...rest } = await list;
  return { names: [...names], ...rest };
}

const warned = "results truncated due to limit";

const readings: readonly Reading[] = [
  {
    title: "names with warnings",
    call: (source, options) => unpacked(source.labelNames({}, options)),
    reply: ok(["a", "b"], { warnings: ["w"], infos: ["i"], isPartial: false }),
    expected: { names: ["a", "b"], warnings: ["w"], truncated: false },
  },
  {
    title: "names cut with a warning",
    call: (source, options) => unpacked(source.labelNames({ limit: 5 }, options)),
    reply: ok(["a"], { warnings: [warned] }),
    expected: { names: ["a"], warnings: [warned], truncated: true },
  },
  {
    title: "as many names as asked for, without a warning",
    call: (source, options) => unpacked(source.metricNames({ limit: 2 }, options)),
    reply: ok(["a", "b"]),
    expected: { names: ["a", "b"], warnings: [], truncated: true },
  },
  {
    title: "all names of a server that does not know limit",
    call: (source, options) => unpacked(source.metricNames({ limit: 2 }, options)),
    reply: ok(["a", "b", "c"]),
    expected: { names: ["a", "b", "c"], warnings: [], truncated: false },
  },
  {
    title: "Go's nil list",
    call: (source, options) => unpacked(source.labelValues("a", {}, options)),
    reply: ok(null, { warnings: null }),
    expected: { names: [], warnings: [], truncated: false },
  },
  {
    title: "no data at all",
    call: (source, options) => unpacked(source.labelNames({}, options)),
    reply: '{"status":"success"}',
    expected: { names: [], warnings: [], truncated: false },
  },
  {
    title: "series with a label called __proto__",
    call: (source, options) => source.series({ matchers: ["up"], limit: 1 }, options),
    reply: '{"status":"success","data":[{"__name__":"up","__proto__":"x","job":"a"}]}',
    expected: {
      series: [
        [
          ["__name__", "up"],
          ["__proto__", "x"],
          ["job", "a"],
        ],
      ],
      warnings: [],
      truncated: true,
    },
  },
  {
    title: "metadata, sparse, of a metric called __proto__",
    call: (source, options) => source.metadata({}, options),
    reply: '{"status":"success","data":{"up":[{"type":"gauge","help":"h","unit":"s","x":1},{}],"__proto__":[]}}',
    expected: new Map([
      [
        "up",
        [
          { type: "gauge", help: "h", unit: "s" },
          { type: "", help: "", unit: "" },
        ],
      ],
      ["__proto__", []],
    ]),
  },
  {
    title: "a target of Prometheus and one of VictoriaMetrics",
    call: (source, options) => source.targets(options),
    reply: ok({
      activeTargets: [
        {
          discoveredLabels: { __address__: "h:1" },
          labels: { instance: "h:1" },
          scrapePool: "node",
          scrapeUrl: "http://h:1/metrics",
          globalUrl: "http://h:1/metrics",
          lastError: "boom",
          lastScrape: "2026-01-02T03:04:05.678912345+02:00",
          lastScrapeDuration: 0.25,
          health: "down",
          scrapeInterval: "15s",
          scrapeTimeout: "10s",
        },
        {
          labels: {},
          scrapePool: "vm",
          scrapeUrl: "http://v/metrics",
          health: "unknown!",
          lastScrape: "0001-01-01T00:00:00Z",
        },
        // What VictoriaMetrics says of a target that it has not scraped yet.
        {
          labels: {},
          scrapePool: "new",
          scrapeUrl: "http://n/metrics",
          health: "down",
          lastError: "",
          lastScrape: "1970-01-01T00:00:00Z",
          lastScrapeDuration: 0,
        },
      ],
      droppedTargets: [],
      droppedTargetCounts: null,
    }),
    expected: [
      {
        pool: "node",
        labels: [["instance", "h:1"]],
        discoveredLabels: [["__address__", "h:1"]],
        scrapeUrl: "http://h:1/metrics",
        health: "down",
        lastError: "boom",
        lastScrape: Date.UTC(2026, 0, 2, 1, 4, 5, 678),
        lastScrapeSeconds: 0.25,
        scrapeInterval: "15s",
        scrapeTimeout: "10s",
        globalUrl: "http://h:1/metrics",
      },
      {
        pool: "vm",
        labels: [],
        discoveredLabels: [],
        scrapeUrl: "http://v/metrics",
        health: "unknown",
        lastError: "",
        lastScrape: undefined,
        lastScrapeSeconds: undefined,
        scrapeInterval: undefined,
        scrapeTimeout: undefined,
        globalUrl: undefined,
      },
      {
        pool: "new",
        labels: [],
        discoveredLabels: [],
        scrapeUrl: "http://n/metrics",
        health: "unknown",
        lastError: "",
        lastScrape: undefined,
        lastScrapeSeconds: undefined,
        scrapeInterval: undefined,
        scrapeTimeout: undefined,
        globalUrl: undefined,
      },
    ],
  },
  {
    title: "rules of both kinds",
    call: (source, options) => source.rules(options),
    reply: ok({
      groups: [
        {
          name: "g",
          file: "r.yml",
          interval: 30,
          evaluationTime: 0.25,
          lastEvaluation: "2026-01-02T03:04:07Z",
          rules: [
            {
              type: "alerting",
              name: "Down",
              query: "up == 0",
              state: "firing",
              duration: 60,
              keepFiringFor: 120,
              labels: { severity: "page" },
              annotations: { summary: "{{ $labels.a }} is down" },
              alerts: [
                {
                  labels: { a: "b" },
                  annotations: null,
                  state: "firing",
                  activeAt: "2026-01-02T03:04:05Z",
                  keepFiringSince: "2026-01-02T03:04:06Z",
                  value: "1e+00",
                },
              ],
              health: "ok",
              evaluationTime: 0.5,
              lastEvaluation: "2026-01-02T03:04:06Z",
            },
            { type: "recording", name: "a:b", query: "sum(a)", health: "err", lastError: "no", alerts: null },
          ],
        },
        { name: "empty", rules: null },
      ],
    }),
    expected: [
      {
        name: "g",
        file: "r.yml",
        intervalSeconds: 30,
        lastEvaluation: Date.UTC(2026, 0, 2, 3, 4, 7),
        evaluationSeconds: 0.25,
        rules: [
          {
            kind: "alerting",
            name: "Down",
            query: "up == 0",
            labels: [["severity", "page"]],
            health: "ok",
            lastError: "",
            lastEvaluation: Date.UTC(2026, 0, 2, 3, 4, 6),
            evaluationSeconds: 0.5,
            state: "firing",
            durationSeconds: 60,
            keepFiringForSeconds: 120,
            annotations: [["summary", "{{ $labels.a }} is down"]],
            alerts: [
              {
                labels: [["a", "b"]],
                annotations: [],
                state: "firing",
                activeAt: Date.UTC(2026, 0, 2, 3, 4, 5),
                keepFiringSince: Date.UTC(2026, 0, 2, 3, 4, 6),
                value: "1e+00",
              },
            ],
          },
          {
            kind: "recording",
            name: "a:b",
            query: "sum(a)",
            labels: [],
            health: "err",
            lastError: "no",
            lastEvaluation: undefined,
            evaluationSeconds: undefined,
            state: undefined,
            durationSeconds: undefined,
            keepFiringForSeconds: undefined,
            annotations: [],
            alerts: [],
          },
        ],
      },
      {
        name: "empty",
        file: "",
        intervalSeconds: undefined,
        lastEvaluation: undefined,
        evaluationSeconds: undefined,
        rules: [],
      },
    ],
  },
  {
    title: "no alerts, as null",
    call: (source, options) => source.alerts(options),
    reply: ok({ alerts: null }),
    expected: [],
  },
  {
    title: "build information of Mimir",
    call: (source, options) => source.buildInfo(options),
    reply: ok({
      application: "Grafana Mimir",
      version: "2.14.0",
      revision: "abc",
      features: { ruler_config_api: "true" },
    }),
    expected: {
      application: "Grafana Mimir",
      version: "2.14.0",
      revision: "abc",
      branch: undefined,
      goVersion: undefined,
    },
  },
  {
    title: "build information of VictoriaMetrics",
    call: (source, options) => source.buildInfo(options),
    reply: ok({}),
    expected: {
      application: undefined,
      version: undefined,
      revision: undefined,
      branch: undefined,
      goVersion: undefined,
    },
  },
  {
    title: "the first dropped targets of Prometheus 3, which keeps fewer than it counts",
    call: (source, options) => source.droppedTargets({ limit: 2 }, options),
    reply: ok({
      activeTargets: [],
      droppedTargets: [
        { discoveredLabels: { __address__: "h:1", __proto: "x" }, scrapePool: "node" },
        { discoveredLabels: { __address__: "h:2" }, scrapePool: "node" },
        { discoveredLabels: { __address__: "h:3" }, scrapePool: "node" },
      ],
      droppedTargetCounts: { node: 70, other: 7 },
    }),
    expected: {
      targets: [
        {
          pool: "node",
          discoveredLabels: [
            ["__address__", "h:1"],
            ["__proto", "x"],
          ],
        },
        { pool: "node", discoveredLabels: [["__address__", "h:2"]] },
      ],
      total: 77,
    },
  },
  {
    title: "the first dropped targets of an older server, which does not count them",
    call: (source, options) => source.droppedTargets({ limit: 1 }, options),
    reply: ok({ activeTargets: [], droppedTargets: [{ discoveredLabels: { a: "b" } }, {}, {}] }),
    expected: { targets: [{ pool: undefined, discoveredLabels: [["a", "b"]] }], total: 3 },
  },
  {
    title: "exemplars, with values that JSON has no numbers for",
    call: (source, options) => source.exemplars({ query: "a", start: 0, end: 1 }, options),
    reply: ok(
      [
        {
          seriesLabels: { __name__: "a_bucket", le: "+Inf" },
          exemplars: [
            { labels: { trace_id: "x", __proto: "p" }, value: "6.5", timestamp: 1600096945.479 },
            { labels: {}, value: "+Inf", timestamp: 1 },
            { labels: null, value: "-Inf", timestamp: -0.5 },
          ],
        },
        { seriesLabels: { job: "b" }, exemplars: null },
        { exemplars: [{ value: 7, timestamp: 2 }] },
      ],
      { warnings: ["w"] },
    ),
    expected: {
      series: [
        {
          seriesLabels: [
            ["__name__", "a_bucket"],
            ["le", "+Inf"],
          ],
          exemplars: [
            {
              labels: [
                ["trace_id", "x"],
                ["__proto", "p"],
              ],
              value: 6.5,
              time: 1_600_096_945_479,
            },
            { labels: [], value: Number.POSITIVE_INFINITY, time: 1000 },
            { labels: [], value: Number.NEGATIVE_INFINITY, time: -500 },
          ],
        },
        { seriesLabels: [], exemplars: [{ labels: [], value: 7, time: 2000 }] },
      ],
      warnings: ["w"],
      total: 4,
      truncated: false,
    },
  },
  {
    title: "an exemplar whose value is no number to Go either",
    call: (source, options) => source.exemplars({ query: "a", start: 0, end: 1 }, options),
    reply: ok([{ seriesLabels: {}, exemplars: [{ labels: {}, value: "NaN", timestamp: 1 }] }]),
    expected: {
      series: [{ seriesLabels: [], exemplars: [{ labels: [], value: Number.NaN, time: 1000 }] }],
      warnings: [],
      total: 1,
      truncated: false,
    },
  },
  {
    title: "no exemplars, as null",
    call: (source, options) => source.exemplars({ query: "a", start: 0, end: 1 }, options),
    reply: ok(null),
    expected: { series: [], warnings: [], total: 0, truncated: false },
  },
  {
    title: "no dropped targets, as null",
    call: (source, options) => source.droppedTargets({ limit: 1 }, options),
    reply: ok({ activeTargets: [], droppedTargets: null, droppedTargetCounts: null }),
    expected: { targets: [], total: 0 },
  },
  {
    title: "runtime information of Prometheus 3",
    call: (source, options) => source.runtimeInfo(options),
    reply: ok({
      startTime: "2026-01-02T03:04:05Z",
      CWD: "/",
      hostname: "h",
      serverTime: "2026-01-02T03:04:06.5Z",
      reloadConfigSuccess: false,
      lastConfigTime: "2026-01-02T03:04:05Z",
      corruptionCount: 0,
      goroutineCount: 48,
      GOMAXPROCS: 4,
      GOGC: "",
      storageRetention: "15d or 10GiB",
    }),
    expected: {
      startTime: Date.UTC(2026, 0, 2, 3, 4, 5),
      serverTime: Date.UTC(2026, 0, 2, 3, 4, 6, 500),
      hostname: "h",
      storageRetention: "15d or 10GiB",
      timeSeriesCount: undefined,
      goroutineCount: 48,
      reloadConfigSuccess: false,
      lastConfigTime: Date.UTC(2026, 0, 2, 3, 4, 5),
    },
  },
  {
    title: "flags",
    call: (source, options) => source.flags(options),
    reply: '{"status":"success","data":{"web.enable-lifecycle":"false","__proto__":"x"}}',
    expected: new Map([
      ["web.enable-lifecycle", "false"],
      ["__proto__", "x"],
    ]),
  },
  {
    title: "state of Prometheus' storage",
    call: (source, options) => source.tsdbStatus({ limit: 1 }, options),
    reply: ok({
      headStats: {
        numSeries: 508,
        numLabelPairs: 1234,
        chunkCount: 937,
        minTime: 1591516800000,
        maxTime: 1598896800143,
      },
      seriesCountByMetricName: [{ name: "up", value: 5 }],
      labelValueCountByLabelName: [{ name: "__name__", value: 211 }],
      memoryInBytesByLabelName: [{ name: "__name__", value: 8266 }],
      seriesCountByLabelValuePair: [{ name: "job=prometheus", value: 425 }],
    }),
    expected: {
      headStats: {
        numSeries: 508,
        numLabelPairs: 1234,
        totalLabelValuePairs: undefined,
        chunkCount: 937,
        minTime: 1591516800000,
        maxTime: 1598896800143,
      },
      seriesCountByMetricName: [{ name: "up", value: 5 }],
      labelValueCountByLabelName: [{ name: "__name__", value: 211 }],
      memoryInBytesByLabelName: [{ name: "__name__", value: 8266 }],
      seriesCountByLabelValuePair: [{ name: "job=prometheus", value: 425 }],
      seriesCountByLabelName: undefined,
      seriesCountByFocusLabelValue: undefined,
    },
  },
  {
    title: "state of an empty storage",
    call: (source, options) => source.tsdbStatus({}, options),
    reply:
      '{"status":"success","data":{"headStats":{"numSeries":0,"minTime":9223372036854775807,"maxTime":-9223372036854775808},"seriesCountByMetricName":null}}',
    expected: {
      headStats: {
        numSeries: 0,
        numLabelPairs: undefined,
        totalLabelValuePairs: undefined,
        chunkCount: undefined,
        minTime: undefined,
        maxTime: undefined,
      },
      seriesCountByMetricName: [],
      labelValueCountByLabelName: undefined,
      memoryInBytesByLabelName: undefined,
      seriesCountByLabelValuePair: undefined,
      seriesCountByLabelName: undefined,
      seriesCountByFocusLabelValue: undefined,
    },
  },
  {
    title: "state of VictoriaMetrics' storage",
    call: (source, options) => source.tsdbStatus({}, options),
    reply: ok({
      totalSeries: 9,
      totalLabelValuePairs: 27,
      seriesCountByMetricName: [{ name: "up", value: 5, requestsCount: 3 }],
      seriesCountByLabelName: [{ name: "job", value: 9 }],
      seriesCountByFocusLabelValue: [],
      seriesCountByLabelValuePair: [{ name: "job=a", value: 4 }],
      labelValueCountByLabelName: [{ name: "__name__", value: 3 }],
    }),
    expected: {
      headStats: {
        numSeries: 9,
        numLabelPairs: undefined,
        totalLabelValuePairs: 27,
        chunkCount: undefined,
        minTime: undefined,
        maxTime: undefined,
      },
      seriesCountByMetricName: [{ name: "up", value: 5 }],
      labelValueCountByLabelName: [{ name: "__name__", value: 3 }],
      memoryInBytesByLabelName: undefined,
      seriesCountByLabelValuePair: [{ name: "job=a", value: 4 }],
      seriesCountByLabelName: [{ name: "job", value: 9 }],
      seriesCountByFocusLabelValue: [],
    },
  },
];

for (const { title, call, reply, expected } of readings) {
  test(`answer: ${title}`, async () => {
    await using server = await startHostileServer(({ answer }) => answer(200, reply));
    using source = testSource(server.origin);
    assert.deepEqual(await call(source, { signal: neverAborted() }), expected);
  });
}

const refusals: readonly Reading[] = [
  {
    title: "names that are not strings",
    call: (source, options) => source.labelNames({}, options),
    reply: ok(["a", 7]),
    expected: { kind: "malformed", offset: 0, expected: "data.1: string" },
  },
  {
    title: "a target without its URL",
    call: (source, options) => source.targets(options),
    reply: ok({ activeTargets: [{ labels: {}, health: "up" }] }),
    expected: { kind: "malformed", offset: 0, expected: "data.activeTargets.0.scrapeUrl: string" },
  },
  {
    title: "a target far down the list with a label that is no string",
    call: (source, options) => source.targets(options),
    reply: ok({
      activeTargets: Array.from({ length: 20 }, (_, i) => ({
        scrapeUrl: "http://h",
        labels: { a: i === 17 ? 1 : "b" },
      })),
    }),
    expected: { kind: "malformed", offset: 0, expected: "data.activeTargets.17.labels: an object of strings" },
  },
  {
    title: "an alert of a rule without its state",
    call: (source, options) => source.rules(options),
    reply: ok({
      groups: [
        { name: "g", rules: [] },
        {
          name: "h",
          rules: [
            { type: "recording", name: "a", query: "b" },
            { type: "alerting", name: "c", query: "d", alerts: [{ state: "firing" }, {}] },
          ],
        },
      ],
    }),
    expected: { kind: "malformed", offset: 0, expected: "data.groups.1.rules.1.alerts.1.state: string" },
  },
  {
    title: "metadata of a metric with a number for its help",
    call: (source, options) => source.metadata({}, options),
    reply: ok({ up: [], down: [{}, { help: 1 }] }),
    expected: { kind: "malformed", offset: 0, expected: "data.down.1.help: string" },
  },
  {
    title: "an exemplar whose value is a word",
    call: (source, options) => source.exemplars({ query: "a", start: 0, end: 1 }, options),
    reply: ok([
      {},
      {
        exemplars: [
          { value: "1", timestamp: 1 },
          { value: "many", timestamp: 1 },
        ],
      },
    ]),
    expected: { kind: "malformed", offset: 0, expected: "data.1.exemplars.1.value: a sample value" },
  },
  {
    title: "an exemplar without a value",
    call: (source, options) => source.exemplars({ query: "a", start: 0, end: 1 }, options),
    reply: ok([{ exemplars: [{ value: "", timestamp: 1 }] }]),
    expected: { kind: "malformed", offset: 0, expected: "data.0.exemplars.0.value: a sample value" },
  },
  {
    title: "an exemplar of a time that no calendar has",
    call: (source, options) => source.exemplars({ query: "a", start: 0, end: 1 }, options),
    reply: ok([{ exemplars: [{ value: "1", timestamp: 1e300 }] }]),
    expected: { kind: "malformed", offset: 0, expected: "data.0.exemplars.0.timestamp: unix seconds" },
  },
  {
    title: "exemplars as an object",
    call: (source, options) => source.exemplars({ query: "a", start: 0, end: 1 }, options),
    reply: ok({}),
    expected: { kind: "malformed", offset: 0, expected: "data: array" },
  },
  {
    title: "series as an object",
    call: (source, options) => source.series({ matchers: ["up"] }, options),
    reply: ok({}),
    expected: { kind: "malformed", offset: 0, expected: "data: array" },
  },
  {
    title: "targets as nothing",
    call: (source, options) => source.targets(options),
    reply: ok(null),
    expected: { kind: "malformed", offset: 0, expected: "data: object" },
  },
  {
    title: "warnings that are no strings",
    call: (source, options) => source.labelNames({}, options),
    reply: ok([], { warnings: [{}] }),
    expected: { kind: "malformed", offset: 0, expected: "warnings.0: string" },
  },
  {
    title: "a flag without text",
    call: (source, options) => source.flags(options),
    reply: ok({ a: "b", c: null }),
    expected: { kind: "malformed", offset: 0, expected: "data.c: string" },
  },
  {
    title: "metadata as a list",
    call: (source, options) => source.metadata({}, options),
    reply: ok(["up"]),
    expected: { kind: "malformed", offset: 0, expected: "data: object" },
  },
  {
    title: "JSON that breaks off",
    call: (source, options) => source.alerts(options),
    reply: '{"status":"success","data":{"é"',
    expected: { kind: "malformed", offset: 32, expected: "the rest of the document" },
  },
  {
    title: "JSON of another program",
    call: (source, options) => source.rules(options),
    reply: '{"hello":"world"}',
    expected: { kind: "notPrometheus", status: 200, content: "json", detail: "hello: world" },
  },
  {
    title: "an error envelope with status 200",
    call: (source, options) => source.rules(options),
    reply: '{"status":"error","errorType":"bad_data","error":"1:3: parse error: x"}',
    expected: {
      kind: "rejected",
      status: 200,
      errorType: "bad_data",
      message: "1:3: parse error: x",
      position: { line: 1, column: 3 },
    },
  },
  {
    title: "a status that is neither success nor error",
    call: (source, options) => source.rules(options),
    reply: '{"status":"ok"}',
    expected: { kind: "malformed", offset: 0, expected: 'status: "success"' },
  },
];

for (const { title, call, reply, expected } of refusals) {
  test(`refused: ${title}`, async () => {
    await using server = await startHostileServer(({ answer }) => answer(200, reply));
    using source = testSource(server.origin);
    assert.deepEqual(await failureFrom(call(source, { signal: neverAborted() })), expected);
  });
}

test("two reads of dropped targets with different limits do not share an answer", async () => {
  const reply = ok({ droppedTargets: Array.from({ length: 5 }, () => ({ discoveredLabels: {} })) });
  await using server = await startHostileServer(({ answer }) => answer(200, reply));
  using source = testSource(server.origin);
  const signal = neverAborted();
  const lists = await Promise.all([1, 3, 9].map((limit) => source.droppedTargets({ limit }, { signal })));
  assert.deepEqual(
    lists.map(({ targets, total }) => [targets.length, total]),
    [
      [1, 5],
      [3, 5],
      [5, 5],
    ],
  );
});

test("of very many exemplars only the first are kept, and the answer says so", async () => {
  const exemplars = Array.from({ length: 15_000 }, (_, i) => ({ labels: {}, value: "1", timestamp: i }));
  const reply = ok(["a", "b", "c"].map((job) => ({ seriesLabels: { job }, exemplars })));
  await using server = await startHostileServer(({ answer }) => answer(200, reply));
  using source = testSource(server.origin);
  const { series, total, truncated } = await source.exemplars(
    { query: "a", start: 0, end: 1 },
    { signal: neverAborted() },
  );
  assert.deepEqual(
    series.map((one) => [one.seriesLabels, one.exemplars.length]),
    [
      [[["job", "a"]], 15_000],
      [[["job", "b"]], 5000],
    ],
  );
  assert.deepEqual([total, truncated], [45_000, true]);
});

test("a query without a selector has no exemplars, which Prometheus says with an empty answer", async () => {
  await using server = await startHostileServer(({ answer }) => answer(204, "", { "Content-Encoding": "gzip" }));
  using source = testSource(server.origin);
  assert.deepEqual(await source.exemplars({ query: "1+1", start: 0, end: 1 }, { signal: neverAborted() }), {
    series: [],
    warnings: [],
    total: 0,
    truncated: false,
  });
});

test("a server without exemplars does not offer them, which is no empty answer", async () => {
  for (const status of [404, 501]) {
    await using server = await startHostileServer(({ answer }) => answer(status, "no such thing"));
    using source = testSource(server.origin);
    const reading = source.exemplars({ query: "a", start: 0, end: 1 }, { signal: neverAborted() });
    assert.equal(isNotOffered(await failureFrom(reading)), true);
  }
});

test("an answer to a query carries its size, its duration and the server's clock", async () => {
  await using server = await startHostileServer(({ answer }) =>
    answer(200, vector, { Date: "Fri, 02 Jan 2026 03:04:05 GMT" }),
  );
  using source = testSource(server.origin);
  const before = Date.now();
  const answer = await source.query({ query: "up" }, { signal: neverAborted() });
  assert.equal(answer.receivedBytes, vector.length);
  assert.equal(answer.decodedBytes, vector.length);
  assert.equal(answer.serverClock?.server, Date.UTC(2026, 0, 2, 3, 4, 5));
  assert.ok((answer.serverClock?.local ?? 0) >= before);
  assert.ok(answer.durationMs > 0);
});

test("an endpoint that once refused a POST is asked by GET from then on; others still get a POST", async () => {
  await using server = await startHostileServer(({ request, answer }) => {
    if (request.method === "POST" && request.path === "/api/v1/query") answer(405, "Method Not Allowed");
    else answer(200, request.path.startsWith("/api/v1/labels") ? ok([]) : vector);
  });
  using source = testSource(server.origin);
  const signal = neverAborted();
  await source.query({ query: "1" }, { signal });
  await source.query({ query: "2" }, { signal });
  await source.labelNames({}, { signal });
  assert.deepEqual(
    server.requests.map(({ method, path }) => `${method} ${path}`),
    [
      "POST /api/v1/query",
      "GET /api/v1/query?query=1&timeout=20",
      "GET /api/v1/query?query=2&timeout=20",
      "POST /api/v1/labels",
    ],
  );
  assert.equal(server.accepted, 1);
});

test("a fallback whose URL is too long does not hide why the POST was refused", async () => {
  await using server = await startHostileServer(({ request, answer }) => {
    if (request.method === "POST") answer(403, "token lacks metrics:read");
    else answer(414, "URI Too Long");
  });
  using source = testSource(server.origin);
  assert.deepEqual(await failureFrom(source.query({ query: "up" }, { signal: neverAborted() })), {
    kind: "unauthorized",
    status: 403,
    detail: "token lacks metrics:read",
  });
  assert.equal(server.requests.length, 2);
});

test("a mistake in a credential provider is a bug without its secret; a failure of it is passed on", async () => {
  await using server = await startHostileServer(({ answer }) => answer(200, vector));
  const failWith = (error: Error) =>
    testSource(server.origin, {
      secrets: ["s3cret"],
      headers: async () => {
        throw error;
      },
    });
  const missing = { kind: "secretMissing", connectionId: "c", purpose: "token" } as const;
  using broken = failWith(new TypeError("cannot read s3cret"));
  using unset = failWith(new AppError(missing));
  const signal = neverAborted();
  assert.deepEqual(await failureFrom(broken.query({ query: "up" }, { signal })), {
    kind: "bug",
    detail: "The credentials could not be read",
  });
  assert.deepEqual(await failureFrom(unset.query({ query: "up" }, { signal })), missing);
  assert.equal(server.accepted, 0);
});

test("a 403 that stays 403 is not remembered", async () => {
  await using server = await startHostileServer(({ answer }) => answer(403));
  using source = testSource(server.origin);
  const signal = neverAborted();
  await failureFrom(source.query({ query: "1" }, { signal }));
  await failureFrom(source.query({ query: "1" }, { signal }));
  assert.deepEqual(
    server.requests.map(({ method }) => method),
    ["POST", "GET", "POST", "GET"],
  );
});

test("a connection's headers are sent, except those that frame the message", async () => {
  await using server = await startHostileServer(({ answer }) => answer(200, vector));
  using source = testSource(server.origin, {
    headers: async () => ({
      Authorization: "raw-token",
      "User-Agent": "mine/1",
      "Accept-Encoding": "br",
      "Content-Length": "1",
      "Transfer-Encoding": "chunked",
      Connection: "close",
    }),
  });
  await source.query({ query: "up" }, { signal: neverAborted() });
  const headers = server.requests[0]?.headers ?? {};
  assert.equal(headers["authorization"], "raw-token");
  assert.equal(headers["user-agent"], "mine/1");
  assert.equal(headers["accept-encoding"], "gzip, deflate");
  assert.equal(headers["content-length"], String("query=up&timeout=20".length));
  assert.equal(headers["connection"], "keep-alive");
  assert.equal(headers["transfer-encoding"], undefined);
});

test("a header that cannot be sent is a mistake in the connection, and its value is not shown", async () => {
  await using server = await startHostileServer(({ answer }) => answer(200, vector));
  using source = testSource(server.origin, { headers: async () => ({ Authorization: "t0p\r\ns3cret" }) });
  const failure = await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }));
  assert.equal(failure.kind, "misconfigured");
  assert.doesNotMatch(JSON.stringify(failure), /s3cret/);
  assert.equal(server.requests.length, 0);
});

test("server text is stripped of markup and of secrets in every form", async () => {
  const secret = "t0p+s3cret/äö";
  const encodedPair = Buffer.from(`user:${secret}`).toString("base64");
  const text = [
    "<script>steal()</script><b onclick=x>no</b>",
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString("base64"),
    encodedPair,
    "\u001b[31mred\u202e",
  ].join(" ");
  const logger = recordingLogger();
  for (const body of [text, JSON.stringify({ status: "error", errorType: "bad_data", error: text })]) {
    await using server = await startHostileServer(({ answer }) => answer(400, body));
    using source = testSource(
      `${server.origin}/${encodeURIComponent(secret)}`,
      { secrets: [secret], headers: async () => ({ Authorization: `Basic ${encodedPair}` }) },
      { log: logger },
    );
    const failure = await failureFrom(source.query({ query: "sensitive_query" }, { signal: neverAborted() }));
    const said = JSON.stringify(failure);
    assert.match(said, /•••/);
    for (const leak of [
      secret,
      encodeURIComponent(secret),
      encodedPair,
      Buffer.from(secret).toString("base64").slice(0, -2),
    ]) {
      assert.ok(!said.includes(leak), leak);
      assert.ok(!logger.lines.join("\n").includes(leak), leak);
    }
    for (const part of ["<script", "onclick", "\\u001b", "\u202e"]) assert.ok(!said.includes(part), part);
  }
  assert.equal(logger.lines.length, 2);
  for (const line of logger.lines) {
    assert.match(line, /^http: POST http:\/\/127\.0\.0\.1:\d+\/•••\/api\/v1\/query 400 \w+ \d+ ms \d+ B$/);
    assert.doesNotMatch(line, /sensitive_query/);
  }
});

test("the log names method, place, status, time and size of good and bad requests, and nothing of the query", async () => {
  const logger = recordingLogger();
  await using server = await startHostileServer(({ index, answer, reset }) =>
    index === 0 ? answer(200, vector) : reset(),
  );
  using source = testSource(server.origin, { method: "GET", queryParams: { tenant: "hidden" } }, { log: logger });
  const signal = neverAborted();
  await source.query({ query: "hidden" }, { signal });
  await failureFrom(source.query({ query: "hidden" }, { signal }));
  assert.match(
    logger.lines[0] ?? "",
    new RegExp(`^http: GET ${server.origin}/api/v1/query 200 \\d+ ms ${vector.length} B$`),
  );
  assert.match(
    logger.lines[1] ?? "",
    new RegExp(`^http: GET ${server.origin}/api/v1/query - unreachable reset \\d+ ms 0 B$`),
  );
  assert.equal(logger.lines.length, 2);
});

test("what a server remarks on a good answer is shown without our credentials", async () => {
  const remark = "sent by t0p-s3cret and k%2By";
  const clean = "sent by ••• and •••";
  const rest = { warnings: [remark, "plain"], infos: [remark] };
  await using server = await startHostileServer(({ request, answer }) =>
    answer(200, request.path.includes("/query") ? ok({ resultType: "vector", result: [] }, rest) : ok(["a"], rest)),
  );
  using source = testSource(server.origin, { secrets: ["t0p-s3cret", "k+y"] });
  const options = { signal: neverAborted() };
  const { warnings, infos } = await source.query({ query: "up" }, options);
  assert.deepEqual([warnings, infos], [[clean, "plain"], [clean]]);
  assert.deepEqual((await source.labelNames({}, options)).warnings, [clean, "plain"]);
});

test("everyone who waits for a list hears what the server remarked on it, of each page of rules too", async () => {
  const replies = new Map([
    ["/api/v1/targets", ok({ activeTargets: [] }, { warnings: ["store a is down"] })],
    ["/api/v1/labels", ok(["a"], { isPartial: true, warnings: ["slow"] })],
    ["/api/v1/label/__name__/values", ok(["up"], { isPartial: false })],
    ["/api/v1/rules", ok({ groups: [], groupNextToken: "t" }, { warnings: ["first page"] })],
    ["/api/v1/rules t", ok({ groups: [] }, { warnings: ["second page"] })],
  ]);
  await using server = await startHostileServer(({ request, answer }) => {
    const { pathname, searchParams } = new URL(request.path, "http://server");
    const token = searchParams.get("group_next_token");
    answer(200, replies.get(token === null ? pathname : `${pathname} ${token}`));
  });
  using source = testSource(server.origin);
  const told: string[][] = [];
  const options = { signal: neverAborted(), onWarnings: (warnings: readonly string[]) => told.push([...warnings]) };
  await Promise.all([source.targets(options), source.targets(options)]);
  assert.deepEqual(told.splice(0), [["store a is down"], ["store a is down"]]);
  assert.equal(server.requests.length, 1);
  const partial = "Partial answer: some of the server's storage did not respond.";
  assert.deepEqual((await source.labelNames({}, options)).warnings, [partial, "slow"]);
  assert.deepEqual(told.splice(0), [[partial, "slow"]]);
  await source.metricNames({}, options);
  assert.deepEqual(told, []);
  await source.rules(options);
  assert.deepEqual(told, [["first page"], ["second page"]]);
});
