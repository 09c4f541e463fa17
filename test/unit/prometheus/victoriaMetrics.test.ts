import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { readMetricCatalog } from "../../../src/catalog/metricCatalog.ts";
import { readServerFacts, wholeFailure } from "../../../src/catalog/serverNodes.ts";
import { backendOf, recognise } from "../../../src/connections/backend.ts";
import { probeSource } from "../../../src/connections/capabilityProbe.ts";
import { failureSentence } from "../../../src/host/failureMessage.ts";
import { systemClock } from "../../../src/host/systemClock.ts";
import { labelValue } from "../../../src/shared/model/labels.ts";
import type { MetricsSource } from "../../../src/shared/model/source.ts";
import { isNotOffered } from "../../../src/shared/notOffered.ts";
import type { RunningServer } from "../../servers/prometheus.ts";
import { flush, startVictoriaMetrics } from "../../servers/victoriaMetrics.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

/* Everything that the program asks a server, asked of a real VictoriaMetrics: each is answered rightly or known as not offered. */
const second = 1000;
const now = Math.floor(Date.now() / second) * second;

/** One series with a known past, and with label names that OpenTelemetry brings into VictoriaMetrics. */
const imported = {
  metric: { __name__: "checkout_total", "service.name": "shop", "a b": "c/d", ü: "ö", job: "import" },
  values: Array.from({ length: 61 }, (_, i) => i),
  timestamps: Array.from({ length: 61 }, (_, i) => now - 600 * second + i * 10 * second),
};

describe("Debian's VictoriaMetrics", () => {
  const options = { signal: neverAborted() };
  const scope = { start: now - 3600 * second, end: now + 3600 * second };
  let server: RunningServer;
  let source: MetricsSource & Disposable;

  before(async () => {
    server = await startVictoriaMetrics({ jobs: { dead: ["127.0.0.1:1"] } });
    await fetch(`${server.url}/api/v1/import`, { method: "POST", body: JSON.stringify(imported) });
    source = testSource(server.url);
    await flush(server.url);
  });
  after(async () => {
    source?.[Symbol.dispose]();
    await server?.stop();
  });

  test("an instant query", async () => {
    const { data, isPartial } = await source.query({ query: 'checkout_total{job="import"}', time: now }, options);
    assert.ok(data.type === "vector");
    assert.deepEqual(
      data.series.map(({ values }) => [...values]),
      [[60]],
    );
    assert.deepEqual(new Map(data.series[0]?.labels), new Map(Object.entries(imported.metric)));
    assert.equal(isPartial, undefined);
  });

  test("a number is a vector of one series without labels, and a window is a matrix", async () => {
    const one = await source.query({ query: "1 + 1" }, options);
    assert.ok(one.data.type === "vector");
    assert.deepEqual(
      one.data.series.map(({ labels, values }) => [labels, [...values]]),
      [[[], [2]]],
    );
    const window = await source.query({ query: "checkout_total[25s]", time: now }, options);
    assert.ok(window.data.type === "matrix");
    assert.deepEqual([...(window.data.series[0]?.values ?? [])], [58, 59, 60]);
  });

  test("a range query, by POST and by GET", async () => {
    for (const method of ["POST", "GET"] as const) {
      using other = testSource(server.url, { method });
      const range = { query: "checkout_total", start: now - 600 * second, end: now, stepMs: 60 * second };
      const { data } = await other.queryRange(range, options);
      assert.ok(data.type === "matrix");
      const [series] = data.series;
      assert.deepEqual(
        [...(series?.values ?? [])],
        Array.from({ length: 11 }, (_, i) => i * 6),
      );
      assert.deepEqual(
        [...(series?.times ?? [])].map((time) => time - range.start),
        Array.from({ length: 11 }, (_, i) => i * 60 * second),
      );
    }
  });

  test("a query that cannot be read: what is wrong, without the query, and where", async () => {
    const unreadable: readonly (readonly [query: string, says: RegExp, line: number, column: number])[] = [
      ["sum(", /^singleExpr: unexpected token ""; want .*; unparsed data: ""$/, 1, 5],
      ["foo bar", /^unparsed data left: "bar"$/, 1, 5],
      ["rate(x[5m)", /^windowAndStep: unexpected token "\)"; want "]"/, 1, 10],
      ['sum(\n  up{a="\t\\"ö"}\n) or )', /^singleExpr: unexpected token "\)"/, 3, 6],
      ['up{a="ö"} + (', /^singleExpr: unexpected token ""/, 1, 15],
    ];
    const range = { start: now - 60 * second, end: now, stepMs: 10 * second };
    for (const [query, says, line, column] of unreadable) {
      for (const ask of [
        () => source.query({ query }, options),
        () => source.queryRange({ query, ...range }, options),
      ]) {
        const failure = await failureFrom(ask());
        assert.ok(failure.kind === "rejected", query);
        assert.deepEqual([failure.status, failure.errorType, failure.position], [422, "422", { line, column }], query);
        assert.match(failure.message, says);
        assert.match(failureSentence(failure, { server: "VM" }), /^VM cannot read this query\. .*Correct the query\.$/);
      }
    }
  });

  test("a query that is wrong at no one place, or only when it is evaluated", async () => {
    const wrong: readonly (readonly [query: string, says: RegExp, title: RegExp])[] = [
      ["nofunc(x)", /^unknown func "nofunc"$/, /cannot read this query/],
      [
        "topk(up)",
        /^cannot evaluate "topk\(up\)": unexpected number of args; got 1; want 2$/,
        /cannot read this query/,
      ],
      ['foo{a=~"("}', /^cannot expand WITH expressions: invalid regexp/, /cannot read this query/],
      ["", /^missing `query` arg$/, /cannot read this query/],
      ["vector(1)[1d:1ms]", /^too many points for the given step/, /asks for more than VM allows/],
    ];
    for (const [query, says, title] of wrong) {
      const failure = await failureFrom(source.query({ query }, options));
      assert.ok(failure.kind === "rejected", query);
      assert.deepEqual(failure.position, undefined, query);
      assert.match(failure.message, says);
      assert.match(failureSentence(failure, { server: "VM" }), title);
    }
  });

  test("names, labels and values, all of them and the first few", async () => {
    const names = await source.metricNames(scope, options);
    for (const name of ["up", "checkout_total", "vm_rows"]) assert.ok([...names.names].includes(name), name);
    assert.equal(names.truncated, false);
    const first = await source.metricNames({ ...scope, limit: 3 }, options);
    assert.deepEqual([[...first.names], first.truncated], [[...names.names].slice(0, 3), true]);
    const some = await source.metricNames({ ...scope, matchers: ['{__name__=~"(?i)check.*TOT.*"}'] }, options);
    assert.deepEqual([...some.names], ["checkout_total"]);
    const labels = await source.labelNames({ ...scope, matchers: ["checkout_total"] }, options);
    assert.deepEqual([...labels.names].sort(), ["__name__", "a b", "job", "service.name", "ü"]);
    const jobs = await source.labelValues("job", scope, options);
    assert.deepEqual([...jobs.names], ["dead", "import", "victoria-metrics"]);
  });

  test("values of labels with names of any letters", async () => {
    for (const [label, value] of [
      ["service.name", "shop"],
      ["a b", "c/d"],
      ["ü", "ö"],
    ] as const) {
      assert.deepEqual([...(await source.labelValues(label, scope, options)).names], [value], label);
    }
  });

  test("series", async () => {
    const { series, truncated } = await source.series({ ...scope, matchers: ["up"] }, options);
    assert.deepEqual(
      [series.map((labels) => labelValue(labels, "job")).sort(), truncated],
      [["dead", "victoria-metrics"], false],
    );
    const cut = await source.series({ ...scope, matchers: ['{__name__!=""}'], limit: 2 }, options);
    assert.deepEqual([cut.series.length, cut.truncated], [2, true]);
  });

  test("the catalog of the side bar: no metadata, which is no failure", async () => {
    assert.equal((await source.metadata({}, options)).size, 0);
    const catalog = await readMetricCatalog(source, { signal: neverAborted(), now });
    assert.equal(catalog.metadataState, "none");
    assert.deepEqual([...catalog.names], [...catalog.names].sort());
  });

  test("targets", async () => {
    const targets = await source.targets(options);
    const byPool = new Map(targets.map((target) => [target.pool, target]));
    assert.deepEqual([...byPool.keys()].sort(), ["dead", "victoria-metrics"]);
    const dead = byPool.get("dead");
    assert.deepEqual([dead?.health, dead?.scrapeUrl], ["down", "http://127.0.0.1:1/metrics"]);
    assert.match(dead?.lastError ?? "", /connection refused/);
    const own = byPool.get("victoria-metrics");
    assert.deepEqual([own?.health, own?.lastError], ["up", ""]);
    assert.ok(Math.abs((own?.lastScrape ?? 0) - Date.now()) < 60 * second);
    assert.deepEqual(await source.droppedTargets({ limit: 1 }, options), { targets: [], total: 0 });
  });

  test("rules and alerts: none, since it has no rules of its own", async () => {
    assert.deepEqual(await source.rules(options), []);
    assert.deepEqual(await source.alerts(options), []);
  });

  test("what it says of itself: no version and no process, but what its storage holds", async () => {
    const build = await source.buildInfo(options);
    assert.deepEqual([build.application, build.version], [undefined, undefined]);
    assert.ok(isNotOffered(await failureFrom(source.runtimeInfo(options))));
    assert.ok(isNotOffered(await failureFrom(source.flags(options))));
    const { headStats, seriesCountByMetricName, seriesCountByLabelName } = await source.tsdbStatus(
      { limit: 2 },
      options,
    );
    assert.ok((headStats.numSeries ?? 0) > 100);
    assert.ok((headStats.totalLabelValuePairs ?? 0) > (headStats.numSeries ?? 0));
    assert.equal(seriesCountByMetricName?.length, 2);
    assert.equal(seriesCountByLabelName?.[0]?.name, "__name__");
    const facts = await readServerFacts(source, { signal: neverAborted() });
    assert.equal(wholeFailure(facts), undefined);
    assert.deepEqual([facts.build.ok, facts.runtime.ok, facts.tsdb.ok, facts.flags.ok], [true, false, true, false]);
  });

  test("a probe: what it has and what it lacks, and which program it is", async () => {
    for (const url of [server.url, `${server.url}/prometheus`]) {
      using other = testSource(url);
      const { offers, isAgent } = await probeSource(other, { ...options, clock: systemClock });
      const found = Object.fromEntries([...offers].map(([endpoint, { offer, status }]) => [endpoint, [offer, status]]));
      const yes = ["offered", 200];
      const no = ["notOffered", 400];
      assert.deepEqual(found, {
        ...{ buildInfo: yes, metadata: yes, targets: yes, rules: yes, alerts: yes, exemplars: yes },
        ...{ tsdbStatus: yes, federate: yes, flags: no, runtimeInfo: no },
      });
      assert.equal(isAgent, false);
      const backend = backendOf(await other.buildInfo(options));
      const { isPartial } = await other.query({ query: "1" }, options);
      const program = recognise({ baseUrl: url, backend, marksPartial: isPartial !== undefined });
      assert.deepEqual([program.name, program.mode], ["VictoriaMetrics", "single node"]);
    }
  });

  test("the same below its other path", async () => {
    using other = testSource(`${server.url}/prometheus`);
    assert.ok([...(await other.metricNames(scope, options)).names].includes("checkout_total"));
    assert.equal((await other.targets(options)).length, 2);
    assert.ok(isNotOffered(await failureFrom(other.runtimeInfo(options))));
    const { data } = await other.query({ query: "checkout_total", time: now }, options);
    assert.ok(data.type === "vector" && data.series.length === 1);
  });

  test("a path that it does not know", async () => {
    using other = testSource(`${server.url}/no/such`);
    assert.ok(isNotOffered(await failureFrom(other.targets(options))));
    assert.equal((await failureFrom(other.query({ query: "up" }, options))).kind, "notPrometheus");
  });
});
