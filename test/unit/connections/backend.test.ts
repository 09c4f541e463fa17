import assert from "node:assert/strict";
import { test } from "node:test";
import { type BackendClues, backendOf, isAtLeast, recognise } from "../../../src/connections/backend.ts";
import type { BuildInfo } from "../../../src/shared/model/source.ts";

const nothing: BuildInfo = { application: undefined, version: undefined, revision: undefined };
const full = { revision: "abc", branch: "HEAD", goVersion: "go1.26" };

const cases: readonly {
  readonly title: string;
  readonly build: Partial<BuildInfo>;
  readonly expected: readonly [name: string | undefined, version: string | undefined];
}[] = [
  { title: "Prometheus 3", build: { ...full, version: "3.14.0" }, expected: ["Prometheus", "3.14.0"] },
  { title: "Debian's Prometheus", build: { ...full, version: "2.42.0+ds" }, expected: ["Prometheus", "2.42.0+ds"] },
  { title: "Thanos", build: { ...full, version: "0.39.2" }, expected: ["Thanos", "0.39.2"] },
  {
    title: "Mimir",
    build: { ...full, application: "Grafana Mimir", version: "2.17.0" },
    expected: ["Grafana Mimir", "2.17.0"],
  },
  { title: "Cortex", build: { application: "Cortex", version: "1.15.0" }, expected: ["Cortex", "1.15.0"] },
  { title: "an old VictoriaMetrics", build: {}, expected: ["VictoriaMetrics", undefined] },
  { title: "VictoriaMetrics", build: { version: "2.24.0" }, expected: ["VictoriaMetrics", undefined] },
  { title: "a real Prometheus 2.24", build: { ...full, version: "2.24.0" }, expected: ["Prometheus", "2.24.0"] },
  { title: "a lone version of somebody", build: { version: "7.1" }, expected: [undefined, "7.1"] },
  { title: "a revision without a version", build: { revision: "abc" }, expected: [undefined, undefined] },
  { title: "an empty name", build: { ...full, application: "", version: "3.0.0" }, expected: ["Prometheus", "3.0.0"] },
];

for (const { title, build, expected } of cases) {
  test(`backend: ${title}`, () => {
    const { name, version } = backendOf({ ...nothing, ...build });
    assert.deepEqual([name, version], expected);
  });
}

const prometheus = { name: "Prometheus", version: "3.1.0" };
const victoria = { name: "VictoriaMetrics", version: undefined };
const nobody = { name: undefined, version: undefined };

const clues: readonly {
  readonly title: string;
  readonly clues: BackendClues;
  readonly expected: readonly [name: string | undefined, mode: string | undefined, proxy: string | undefined];
}[] = [
  { title: "nothing known", clues: { baseUrl: "https://h/prometheus" }, expected: [undefined, undefined, undefined] },
  {
    title: "Prometheus",
    clues: { baseUrl: "http://h:9090", backend: prometheus, marksPartial: false },
    expected: ["Prometheus", undefined, undefined],
  },
  // `"unavailable with Prometheus Agent"`: prometheus/prometheus web/api/v1/api.go, wrapAgent.
  {
    title: "Prometheus as an agent",
    clues: { baseUrl: "http://h:9090", backend: prometheus, isAgent: true },
    expected: ["Prometheus", "agent mode", undefined],
  },
  {
    title: "an agent behind a proxy that hides the build",
    clues: { baseUrl: "http://h", backend: nobody, isAgent: true },
    expected: ["Prometheus", "agent mode", undefined],
  },
  // VictoriaMetrics' app/vmselect/prometheus/query_response.qtpl: only the cluster branch writes `isPartial`.
  {
    title: "VictoriaMetrics whose answers do not say if they are partial",
    clues: { baseUrl: "http://h:8428", backend: victoria, marksPartial: false },
    expected: ["VictoriaMetrics", "single node", undefined],
  },
  {
    title: "VictoriaMetrics whose answers were not seen yet",
    clues: { baseUrl: "http://h:8428", backend: victoria },
    expected: ["VictoriaMetrics", undefined, undefined],
  },
  {
    title: "VictoriaMetrics' cluster behind any path",
    clues: { baseUrl: "https://h/metrics", backend: victoria, marksPartial: true },
    expected: ["VictoriaMetrics", "cluster", undefined],
  },
  {
    title: "a cluster that hides its build",
    clues: { baseUrl: "https://h/metrics", marksPartial: true },
    expected: ["VictoriaMetrics", "cluster", undefined],
  },
  // https://docs.victoriametrics.com/victoriametrics/cluster-victoriametrics/#url-format
  ...["/select/0/prometheus", "/select/12:34/prometheus", "/vm/select/multitenant/prometheus", "/select/7"].map(
    (path) => ({
      title: `a cluster's path ${path}`,
      clues: { baseUrl: `http://h:8481${path}` },
      expected: ["VictoriaMetrics", "cluster", undefined] as const,
    }),
  ),
  {
    title: "a path that only looks like a cluster's",
    clues: { baseUrl: "http://h/select/all/prometheus" },
    expected: [undefined, undefined, undefined],
  },
  {
    title: "a cluster's path before a Prometheus that says what it is",
    clues: { baseUrl: "http://h/select/0/prometheus", backend: prometheus },
    expected: ["Prometheus", undefined, undefined],
  },
  // Grafana's pkg/api/api.go: /api/datasources/proxy/uid/:uid/* and the deprecated /api/datasources/proxy/:id/*.
  ...["/api/datasources/proxy/uid/P1809", "/g/api/datasources/proxy/7", "/api/datasources/uid/P1/resources"].map(
    (path) => ({
      title: `Grafana's proxy ${path}`,
      clues: { baseUrl: `https://g${path}`, backend: prometheus },
      expected: ["Prometheus", undefined, "Grafana"] as const,
    }),
  ),
  {
    title: "a Mimir keeps its own name",
    clues: {
      baseUrl: "https://h/prometheus",
      backend: { name: "Grafana Mimir", version: "2.17.0" },
      marksPartial: false,
    },
    expected: ["Grafana Mimir", undefined, undefined],
  },
];

for (const { title, clues: known, expected } of clues) {
  test(`recognised: ${title}`, () => {
    const { name, mode, proxy } = recognise(known);
    assert.deepEqual([name, mode, proxy], expected);
  });
}

test("versions are compared by number", () => {
  const cases: readonly (readonly [version: string, expected: boolean])[] = [
    ["3.9.0", true],
    ["v3.10.1", true],
    ["3.14.0-rc.1", true],
    ["4.0.0", true],
    ["3.8.9", false],
    ["2.53.0+ds", false],
    ["0.39.2", false],
    ["weekly.5", false],
    ["", false],
  ];
  for (const [version, expected] of cases) assert.equal(isAtLeast(version, 3, 9), expected, version);
});
