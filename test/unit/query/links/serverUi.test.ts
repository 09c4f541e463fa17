import assert from "node:assert/strict";
import { test } from "node:test";
import type { SentQueries } from "../../../../src/query/links/sentQueries.ts";
import { serverUi } from "../../../../src/query/links/serverUi.ts";
import { aRequest } from "../../../support/runs.ts";

const end = Date.UTC(2026, 0, 2, 12, 0, 0, 250);

function sent(changes: Partial<SentQueries> = {}): SentQueries {
  return {
    query: "a + b",
    target: aRequest().target,
    range: { start: end - 5_400_000, end, stepMs: 15_000, stepIsAutomatic: true },
    instant: end,
    limit: 5,
    endsNow: false,
    ...changes,
  };
}

const graph = "g0.expr=a%20%2B%20b&g0.tab=0&g0.range_input=1h30m";

const cases: readonly {
  title: string;
  base: string;
  program?: string;
  sent?: Partial<SentQueries>;
  expected: string;
}[] = [
  {
    title: "a range of Prometheus",
    base: "http://h:9090",
    program: "Prometheus",
    expected: `http://h:9090/graph?${graph}&g0.end_input=2026-01-02%2012%3A00%3A00`,
  },
  { title: "up to now", base: "http://h/x", sent: { endsNow: true }, expected: `http://h/x/graph?${graph}` },
  {
    title: "a chosen step",
    base: "https://h",
    sent: { endsNow: true, range: { start: end - 5_400_000, end, stepMs: 60_000, stepIsAutomatic: false } },
    expected: `https://h/graph?${graph}&g0.step_input=60`,
  },
  {
    title: "an instant query",
    base: "https://h",
    sent: { range: undefined },
    expected: "https://h/graph?g0.expr=a%20%2B%20b&g0.tab=1&g0.moment_input=2026-01-02%2012%3A00%3A00",
  },
  {
    title: "VictoriaMetrics",
    base: "http://h:8428",
    program: "VictoriaMetrics",
    expected:
      "http://h:8428/vmui/#/?g0.expr=a%20%2B%20b&g0.range_input=1h30m&g0.end_input=2026-01-02T12%3A00%3A00&g0.relative_time=none&g0.tab=0",
  },
  {
    title: "VictoriaMetrics with its API below /prometheus",
    base: "http://h:8428/prometheus",
    program: "VictoriaMetrics",
    sent: { range: undefined, endsNow: true },
    expected: "http://h:8428/vmui/#/?g0.expr=a%20%2B%20b&g0.range_input=1h&g0.relative_time=none&g0.tab=1",
  },
  {
    title: "a VictoriaMetrics cluster, by its path",
    base: "https://vm/select/0:7/prometheus",
    sent: { endsNow: true },
    expected: "https://vm/select/0:7/vmui/#/?g0.expr=a%20%2B%20b&g0.range_input=1h30m&g0.relative_time=none&g0.tab=0",
  },
  { title: "Mimir has no page", base: "https://h", program: "Grafana Mimir", expected: "noPage" },
  { title: "nor has Grafana Cloud", base: "https://p.grafana.net/api/prom", expected: "noPage" },
  { title: "nor a data source behind Grafana", base: "https://g/api/datasources/proxy/uid/x", expected: "noPage" },
  { title: "nor Azure", base: "https://a-b.eastus.prometheus.monitor.azure.com", expected: "noPage" },
  { title: "no other scheme is opened", base: "javascript:alert(1)", expected: "notHttp" },
];

for (const { title, base, program, sent: changes, expected } of cases) {
  test(title, () => {
    const ui = serverUi(base, program, sent(changes));
    assert.equal(ui.kind === "page" ? ui.url : ui.reason, expected);
  });
}

test("a page's address holds the query and nothing that the query would add", () => {
  const query = 'x{a="&g1.expr=up#\u0000<script>"}\n+ é';
  const ui = serverUi("http://h", undefined, sent({ query }));
  assert.ok(ui.kind === "page");
  const { searchParams, hash, origin } = new URL(ui.url);
  assert.deepEqual(
    [searchParams.get("g0.expr"), searchParams.has("g1.expr"), hash, origin],
    [query, false, "", "http://h"],
  );
});
