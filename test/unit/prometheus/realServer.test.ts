import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { backendOf, recognise } from "../../../src/connections/backend.ts";
import { probeSource } from "../../../src/connections/capabilityProbe.ts";
import { systemClock } from "../../../src/host/systemClock.ts";
import { labelValue } from "../../../src/shared/model/labels.ts";
import type { RuleGroup } from "../../../src/shared/model/source.ts";
import { isOfAgent, offerAfter } from "../../../src/shared/notOffered.ts";
import { serverBinary } from "../../servers/binaries.ts";
import { freePort, type RunningProgram, startProgram, temporaryFolder, waitForHttp } from "../../servers/processes.ts";
import { type RunningServer, startPrometheus } from "../../servers/prometheus.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

const config = {
  global: { scrape_interval: "1s", evaluation_interval: "1s" },
  rule_files: ["rules.yml"],
  scrape_configs: [
    {
      job_name: "gone",
      scrape_timeout: "500ms",
      relabel_configs: [{ source_labels: ["__address__"], regex: "drop.*", action: "drop" }],
      static_configs: [{ targets: ["127.0.0.1:1", "drop-a:1", "drop-b:1", "drop-c:1"] }],
    },
  ],
};

const rules = {
  groups: [
    {
      name: "g",
      rules: [
        { record: "one", expr: "vector(1)" },
        {
          alert: "Always",
          expr: "vector(1)",
          for: "1m",
          keep_firing_for: "2m",
          annotations: { summary: "Value {{ $value }}" },
        },
      ],
    },
  ],
};

/** Asks again until the answer is there: discovery, scraping and rules begin some seconds after the start. */
async function eventually<T>(ask: () => Promise<T>, isThere: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    assert.ok(Date.now() < deadline, `still ${JSON.stringify(answer)}`);
    await pause(200);
  }
}

describe("Debian's Prometheus", () => {
  const folder = temporaryFolder("prometheus-status");
  const options = { signal: neverAborted() };
  let program: RunningProgram;
  let url = "";

  before(async () => {
    const port = await freePort();
    // JSON is YAML, which spares us a writer.
    writeFileSync(join(folder, "prometheus.yml"), JSON.stringify(config));
    writeFileSync(join(folder, "rules.yml"), JSON.stringify(rules));
    url = `http://127.0.0.1:${port}`;
    program = startProgram(
      serverBinary("prometheus"),
      [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        "--storage.tsdb.retention.time=10d",
        `--web.listen-address=127.0.0.1:${port}`,
        "--log.level=warn",
      ],
      { logFile: join(folder, "log.txt"), cwd: folder },
    );
    await waitForHttp(`${url}/-/ready`, program);
  });
  after(() => program.stop());

  test("its process, flags and build", async () => {
    using source = testSource(url);
    const runtime = await source.runtimeInfo(options);
    assert.ok(Math.abs((runtime.startTime ?? 0) - Date.now()) < 600_000);
    assert.ok((runtime.goroutineCount ?? 0) > 0);
    assert.equal(runtime.reloadConfigSuccess, true);
    assert.ok((runtime.lastConfigTime ?? 0) > 0);
    assert.equal(runtime.storageRetention, "10d");
    const flags = await source.flags(options);
    assert.equal(flags.get("storage.tsdb.retention.time"), "10d");
    assert.equal(flags.get("web.enable-lifecycle"), "false");
    const build = await source.buildInfo(options);
    assert.match(build.version ?? "", /^\d+\.\d+/);
    assert.match(build.goVersion ?? "", /^go/);
    assert.ok(build.branch !== undefined);
  });

  test("its storage", async () => {
    using source = testSource(url);
    const { headStats, ...lists } = await eventually(
      () => source.tsdbStatus({ limit: 3 }, options),
      (status) => status.seriesCountByLabelValuePair?.some(({ name }) => name === "job=gone") === true,
    );
    assert.ok((headStats.numSeries ?? 0) > 0);
    assert.ok((headStats.numLabelPairs ?? 0) > 0);
    assert.ok((headStats.chunkCount ?? 0) > 0);
    assert.ok(Math.abs((headStats.maxTime ?? 0) - Date.now()) < 60_000);
    assert.ok((headStats.minTime ?? Number.NaN) <= (headStats.maxTime ?? Number.NaN));
    assert.equal(headStats.totalLabelValuePairs, undefined);
    for (const name of ["seriesCountByMetricName", "labelValueCountByLabelName", "memoryInBytesByLabelName"] as const) {
      assert.ok((lists[name]?.length ?? 0) > 0, name);
    }
    assert.equal(lists.seriesCountByLabelName, undefined);
  });

  test("its targets, those that it dropped among them", async () => {
    using source = testSource(url);
    const dropped = await eventually(
      () => source.droppedTargets({ limit: 2 }, options),
      ({ total }) => total === 3,
    );
    assert.equal(dropped.targets.length, 2);
    const addresses = dropped.targets.map(({ discoveredLabels }) => new Map(discoveredLabels).get("__address__"));
    for (const address of addresses) assert.match(address ?? "", /^drop-[abc]:1$/);
    const [target] = await source.targets(options);
    assert.equal(target?.scrapeTimeout, "500ms");
    assert.match(target?.globalUrl ?? "", /^http:\/\/.+:1\/metrics$/);
  });

  test("a probe: it has everything but what only others have", async () => {
    using source = testSource(url);
    const { offers, isAgent } = await probeSource(source, { ...options, clock: systemClock });
    assert.deepEqual(
      [...offers].filter(([, { offer, status }]) => offer !== "offered" || status !== 200),
      [],
    );
    assert.deepEqual([offers.size, isAgent], [10, false]);
    await Promise.all(
      (["stores", "features"] as const).map(async (endpoint) =>
        assert.equal(offerAfter(await failureFrom(source.probe(endpoint, options))).offer, "notOffered", endpoint),
      ),
    );
  });

  test("its rules", async () => {
    using source = testSource(url);
    const isDone = ([group]: readonly RuleGroup[]) => group?.rules[1]?.alerts.length === 1;
    const [group] = await eventually(() => source.rules(options), isDone);
    assert.ok(Math.abs((group?.lastEvaluation ?? 0) - Date.now()) < 60_000);
    assert.ok((group?.evaluationSeconds ?? 0) > 0);
    const [record, alerting] = group?.rules ?? [];
    assert.deepEqual([record?.kind, record?.durationSeconds, record?.annotations], ["recording", undefined, []]);
    assert.equal(alerting?.durationSeconds, 60);
    assert.equal(alerting?.keepFiringForSeconds, 120);
    assert.deepEqual(alerting?.annotations, [["summary", "Value {{ $value }}"]]);
    const [alert] = alerting?.alerts ?? [];
    assert.deepEqual([alert?.state, alert?.keepFiringSince], ["pending", undefined]);
    assert.deepEqual(alert?.annotations, [["summary", "Value 1"]]);
  });
});

describe("Debian's Prometheus as an agent", () => {
  const folder = temporaryFolder("prometheus-agent");
  const options = { signal: neverAborted() };
  let program: RunningProgram;
  let url = "";

  before(async () => {
    const port = await freePort();
    writeFileSync(join(folder, "prometheus.yml"), JSON.stringify({ scrape_configs: config.scrape_configs }));
    url = `http://127.0.0.1:${port}`;
    program = startProgram(
      serverBinary("prometheus"),
      [
        `--config.file=${join(folder, "prometheus.yml")}`,
        "--enable-feature=agent",
        `--storage.agent.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--log.level=warn",
      ],
      { logFile: join(folder, "log.txt"), cwd: folder },
    );
    await waitForHttp(`${url}/-/ready`, program);
  });
  after(() => program.stop());

  test("says that it evaluates nothing, and has targets all the same", async () => {
    using source = testSource(url);
    assert.ok(isOfAgent(await failureFrom(source.query({ query: "1+1" }, options))));
    const { offers, isAgent } = await probeSource(source, { ...options, clock: systemClock });
    const found = Object.fromEntries([...offers].map(([endpoint, { offer }]) => [endpoint, offer]));
    assert.partialDeepStrictEqual(found, {
      ...{ buildInfo: "offered", metadata: "offered", targets: "offered", flags: "offered", runtimeInfo: "offered" },
      ...{ rules: "notOffered", alerts: "notOffered", exemplars: "notOffered", tsdbStatus: "notOffered" },
    });
    assert.equal(isAgent, true);
    const backend = backendOf(await source.buildInfo(options));
    assert.partialDeepStrictEqual(recognise({ baseUrl: url, backend, isAgent }), {
      name: "Prometheus",
      mode: "agent mode",
    });
    await eventually(
      () => source.targets(options),
      (targets) => targets.length === 1,
    );
  });
});

/** A histogram and a counter as OpenMetrics, whose exemplars carry the present time; a scraper keeps each time only once. */
function exposition(): string {
  const now = (Date.now() / 1000).toFixed(3);
  return [
    "# TYPE http_request_duration_seconds histogram",
    `http_request_duration_seconds_bucket{le="0.1"} 1 # {trace_id="abc",span="é"} 0.05 ${now}`,
    `http_request_duration_seconds_bucket{le="+Inf"} 2 # {trace_id="def"} 7.5 ${now}`,
    "http_request_duration_seconds_sum 7.55",
    "http_request_duration_seconds_count 2",
    "# TYPE jobs counter",
    `jobs_total 3 # {} 1 ${now}`,
    "# EOF",
    "",
  ].join("\n");
}

async function startExporter(): Promise<Server> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/openmetrics-text; version=1.0.0; charset=utf-8" });
    response.end(exposition());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

describe("exemplars of Debian's Prometheus", () => {
  const options = { signal: neverAborted() };
  let exporter: Server;
  let prometheus: RunningServer;
  const lastHour = (query: string) => ({ query, start: Date.now() - 3_600_000, end: Date.now() + 60_000 });

  before(async () => {
    exporter = await startExporter();
    const { port } = exporter.address() as AddressInfo;
    prometheus = await startPrometheus({
      jobs: { app: [`127.0.0.1:${port}`] },
      args: ["--enable-feature=exemplar-storage"],
    });
  });
  after(async () => {
    await prometheus?.stop();
    exporter?.closeAllConnections();
    exporter?.close();
  });

  test("are those of the selector's series, whatever the query makes of them", async () => {
    using source = testSource(prometheus.url);
    const query = "histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))";
    const { series, total, truncated } = await eventually(
      () => source.exemplars(lastHour(query), options),
      (list) => list.series.length === 2,
    );
    assert.equal(truncated, false);
    assert.equal(
      total,
      series.reduce((sum, { exemplars }) => sum + exemplars.length, 0),
    );
    const byBound = new Map(series.map((one) => [labelValue(one.seriesLabels, "le"), one]));
    const low = byBound.get("0.1");
    assert.equal(labelValue(low?.seriesLabels ?? [], "job"), "app");
    assert.deepEqual(
      new Map(low?.exemplars[0]?.labels),
      new Map([
        ["trace_id", "abc"],
        ["span", "é"],
      ]),
    );
    assert.equal(low?.exemplars[0]?.value, 0.05);
    assert.ok(Math.abs((low?.exemplars[0]?.time ?? 0) - Date.now()) < 120_000);
    assert.equal(byBound.get("+Inf")?.exemplars[0]?.value, 7.5);
  });

  test("may have no labels at all", async () => {
    using source = testSource(prometheus.url);
    const { series } = await eventually(
      () => source.exemplars(lastHour("jobs_total"), options),
      (list) => list.series.length === 1,
    );
    assert.deepEqual(series[0]?.exemplars[0]?.labels, []);
  });

  test("are none outside the window, and none of a query without a selector", async () => {
    using source = testSource(prometheus.url);
    const none = { series: [], warnings: [], total: 0, truncated: false };
    assert.deepEqual(await source.exemplars({ query: "jobs_total", start: 1000, end: 2000 }, options), none);
    assert.deepEqual(await source.exemplars(lastHour("1+1"), options), none);
  });

  test("of a query that cannot be read are refused with its place", async () => {
    using source = testSource(prometheus.url);
    const failure = await failureFrom(source.exemplars(lastHour("sum("), options));
    assert.equal(failure.kind, "rejected");
    assert.ok(failure.kind === "rejected" && failure.position?.line === 1);
  });
});
