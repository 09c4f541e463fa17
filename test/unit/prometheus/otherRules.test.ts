import assert from "node:assert/strict";
import { test } from "node:test";
import type { RequestOptions } from "../../../src/shared/model/source.ts";
import { startHostileServer } from "../../support/hostileServer.ts";
import { neverAborted, testSource } from "../../support/sources.ts";

/* Rules and targets as programs other than Prometheus send them: each field of ours from the field that they have for it. */

async function answered<T>(
  body: object,
  read: (source: ReturnType<typeof testSource>, options: RequestOptions) => Promise<T>,
): Promise<T> {
  await using server = await startHostileServer(({ answer }) => answer(200, JSON.stringify(body)));
  using source = testSource(server.origin);
  return await read(source, { signal: neverAborted() });
}

const at = "2026-11-21T16:07:12.676850125Z";
const atMs = Date.UTC(2026, 10, 21, 16, 7, 12, 676);

/** Recorded from Debian's vmalert (1.79.5), behind VictoriaMetrics' proxy. */
const vmalert1795 = {
  status: "success",
  data: {
    groups: [
      {
        name: "graph",
        rules: [
          {
            ...{ state: "inactive", name: "G", query: "sumSeries(foo.bar.baz)", duration: 0, lastError: "code 400" },
            ...{ evaluationTime: 0.00085, lastEvaluation: at, health: "err", type: "alerting" },
            ...{
              datasourceType: "graphite",
              lastSamples: 0,
              id: "14719351228149784047",
              group_id: "2050465337501587490",
            },
          },
        ],
        ...{ interval: 1, lastEvaluation: at, type: "graphite", id: "2050465337501587490", file: "/r.yml" },
        concurrency: 1,
      },
      {
        name: "shop",
        rules: [
          {
            ...{ state: "", name: "job:one", query: "vector(1)", duration: 0, lastError: "", evaluationTime: 0.0186 },
            ...{ lastEvaluation: at, health: "ok", type: "recording", datasourceType: "prometheus", lastSamples: 1 },
            ...{ id: "4218624038920840240", group_id: "12121469927418149910" },
          },
          {
            ...{ state: "firing", name: "Always", query: "vector(1)", duration: 0, labels: { severity: "page" } },
            ...{ annotations: { summary: "value {{ $value }}" }, lastError: "", evaluationTime: 0.0008 },
            lastEvaluation: at,
            alerts: [
              {
                ...{ state: "firing", name: "Always", value: "1", annotations: { summary: "value 1" }, activeAt: at },
                labels: { alertgroup: "shop", alertname: "Always", severity: "page" },
                ...{ id: "14037260703107232757", rule_id: "9355920522354825504", group_id: "12121469927418149910" },
                ...{ expression: "vector(1)", source: "http://vm:18883/vmalert/api/v1/alert?x", restored: false },
              },
            ],
            ...{ health: "ok", type: "alerting", datasourceType: "prometheus", lastSamples: 1, id: "1", group_id: "2" },
          },
        ],
        ...{ interval: 1, lastEvaluation: at, type: "prometheus", id: "2", file: "/r.yml", concurrency: 1 },
      },
    ],
  },
};

test("rules of vmalert: states, and a group that is not in PromQL and says so", async () => {
  const groups = await answered(vmalert1795, (source, options) => source.rules(options));
  assert.deepEqual(
    groups.map(({ name, file, intervalSeconds, lastEvaluation }) => [name, file, intervalSeconds, lastEvaluation]),
    [
      ["graph", "/r.yml", 1, atMs],
      ["shop", "/r.yml", 1, atMs],
    ],
  );
  const [graphite, recording, firing] = groups.flatMap(({ rules }) => rules);
  assert.partialDeepStrictEqual(graphite, { state: "inactive", health: "err", foreignLanguage: "graphite" });
  assert.partialDeepStrictEqual(recording, { kind: "recording", state: undefined, labels: [], alerts: [] });
  assert.ok(recording !== undefined && !("foreignLanguage" in recording));
  assert.partialDeepStrictEqual(firing, { state: "firing", durationSeconds: 0, keepFiringForSeconds: undefined });
  assert.deepEqual(firing?.alerts, [
    {
      labels: [
        ["alertgroup", "shop"],
        ["alertname", "Always"],
        ["severity", "page"],
      ],
      annotations: [["summary", "value 1"]],
      state: "firing",
      activeAt: atMs,
      keepFiringSince: undefined,
      value: "1",
    },
  ]);
});

test("rules of a newer vmalert: keep_firing_for, pages, and what it adds", async () => {
  // Fields of `ApiGroup` and `ApiRule` in VictoriaMetrics' app/vmalert/rule/web.go (v1.150).
  const body = {
    status: "success",
    data: {
      groups: [
        {
          name: "g",
          rules: [
            {
              ...{ state: "pending", name: "Slow", query: "up == 0", duration: 3600, keep_firing_for: 120 },
              ...{ lastError: "", evaluationTime: 0.1, lastEvaluation: at, health: "ok", type: "alerting" },
              ...{ datasourceType: "vlogs", lastSamples: 1, lastSeriesFetched: 7, group_name: "g", file: "/r.yml" },
              ...{ debug: false, max_updates_entries: 20, states: [{ time: at, err: "" }], alerts: [] },
            },
          ],
          ...{ interval: 30, lastEvaluation: "0001-01-01T00:00:00Z", type: "vlogs", eval_offset: 5, eval_delay: 30 },
          ...{ params: ["extra_label=a=b"], headers: ["x: y"], Unhealthy: 0, Healthy: 1, NoMatch: 0 },
        },
      ],
    },
    ...{ page: 1, total_pages: 1, total_groups: 1, total_rules: 1 },
  };
  const [group] = await answered(body, (source, options) => source.rules(options));
  assert.partialDeepStrictEqual(group, {
    name: "g",
    file: "",
    lastEvaluation: undefined,
    evaluationSeconds: undefined,
  });
  assert.partialDeepStrictEqual(group?.rules[0], {
    durationSeconds: 3600,
    keepFiringForSeconds: 120,
    foreignLanguage: "vlogs",
  });
});

test("alerts of vmalert", async () => {
  const alerts = vmalert1795.data.groups[1]?.rules.flatMap((rule) => ("alerts" in rule ? rule.alerts : []));
  const read = await answered({ status: "success", data: { alerts } }, (source, options) => source.alerts(options));
  assert.deepEqual(
    read.map(({ state, value, activeAt }) => [state, value, activeAt]),
    [["firing", "1", atMs]],
  );
});

test("rules of Thanos: strategies of partial answers, empty lists and the zero time", async () => {
  // As pkg/rules/rulespb/custom_test.go of Thanos expects its JSON.
  const body = {
    status: "success",
    data: {
      groups: [
        {
          name: "g",
          file: "/r.yml",
          rules: [
            {
              ...{ state: "firing", name: "Down", query: "up == 0", duration: 60, keepFiringFor: 0, health: "ok" },
              ...{ labels: { severity: "page" }, annotations: {}, evaluationTime: 0.1, lastEvaluation: at },
              alerts: [
                {
                  ...{ labels: { alertname: "Down" }, annotations: {}, state: "firing", activeAt: at, value: "0e+00" },
                  partialResponseStrategy: "WARN",
                },
              ],
              type: "alerting",
            },
            {
              ...{ name: "a:b", query: "sum(a)", labels: {}, health: "unknown", evaluationTime: 0 },
              ...{ lastEvaluation: "0001-01-01T00:00:00Z", type: "recording" },
            },
          ],
          ...{ interval: 60, evaluationTime: 2.1, lastEvaluation: at, limit: 0, partialResponseStrategy: "ABORT" },
        },
        {
          ...{ name: "", file: "", rules: [], interval: 0, evaluationTime: 0, limit: 0 },
          ...{ lastEvaluation: "0001-01-01T00:00:00Z", partialResponseStrategy: "ABORT" },
        },
      ],
    },
    warnings: ["receiving rules from rule client: one is down"],
  };
  const [group, empty] = await answered(body, (source, options) => source.rules(options));
  assert.partialDeepStrictEqual(group, { intervalSeconds: 60, evaluationSeconds: 2.1, lastEvaluation: atMs });
  assert.partialDeepStrictEqual(group?.rules[0], { state: "firing", durationSeconds: 60, keepFiringForSeconds: 0 });
  assert.partialDeepStrictEqual(group?.rules[0]?.alerts[0], { state: "firing", activeAt: atMs, value: "0e+00" });
  assert.partialDeepStrictEqual(group?.rules[1], { kind: "recording", health: "unknown", lastEvaluation: undefined });
  assert.deepEqual(empty?.rules, []);
});

test("targets of VictoriaMetrics and of Thanos, which leave the interval out", async () => {
  const common = { discoveredLabels: {}, labels: { job: "a" }, scrapePool: "a", lastError: "", lastScrape: at };
  const body = {
    status: "success",
    data: {
      activeTargets: [
        // lib/promscrape/targetstatus.go
        { ...common, scrapeUrl: "http://v/m", lastScrapeDuration: 0.002, lastSamplesScraped: 7, health: "up" },
        // pkg/targets/targetspb/custom_test.go
        { ...common, scrapeUrl: "http://t/m", globalUrl: "http://g/m", lastScrapeDuration: 0.1, health: "down" },
      ],
      droppedTargets: [{ discoveredLabels: { __address__: "x" } }],
    },
  };
  const targets = await answered(body, (source, options) => source.targets(options));
  assert.deepEqual(
    targets.map(({ health, scrapeInterval, scrapeTimeout, globalUrl }) => [
      health,
      scrapeInterval,
      scrapeTimeout,
      globalUrl,
    ]),
    [
      ["up", undefined, undefined, undefined],
      ["down", undefined, undefined, "http://g/m"],
    ],
  );
});
