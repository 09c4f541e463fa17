import assert from "node:assert/strict";
import { test } from "node:test";
import { backendOf } from "../../../src/connections/backend.ts";
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
