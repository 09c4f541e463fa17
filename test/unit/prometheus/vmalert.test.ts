import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { countFiring, ruleNodes } from "../../../src/catalog/ruleNodes.ts";
import type { TreeNode } from "../../../src/catalog/treeNode.ts";
import { probeSource } from "../../../src/connections/capabilityProbe.ts";
import { failureSentence } from "../../../src/host/failureMessage.ts";
import { systemClock } from "../../../src/host/systemClock.ts";
import type { OptionalEndpoint } from "../../../src/shared/model/capabilities.ts";
import { labelValue } from "../../../src/shared/model/labels.ts";
import type { RuleGroup } from "../../../src/shared/model/source.ts";
import { isNotOffered } from "../../../src/shared/notOffered.ts";
import { freePort } from "../../servers/processes.ts";
import type { RunningServer } from "../../servers/prometheus.ts";
import { startVictoriaMetrics } from "../../servers/victoriaMetrics.ts";
import { startVmagent } from "../../servers/vmagent.ts";
import { startVmalert } from "../../servers/vmalert.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

/*
 * VictoriaMetrics' programs that answer a part of Prometheus' API each: rules and alerts of a vmalert, asked itself and through
 * the proxy of a VictoriaMetrics, and targets of a vmagent.
 */

/** Two series, whatever is stored. */
const two = '(vector(1) or label_replace(vector(1), "a", "b", "", ""))';

const groups = [
  {
    name: "shop",
    rules: [
      {
        ...{ alert: "Always", expr: "vector(3) > 0", labels: { severity: "page" } },
        annotations: { summary: "value {{ $value }}" },
      },
      { alert: "Always", expr: "vector(4)", for: "1h" },
      { alert: "Never", expr: "vector(0) > 1" },
      { record: "job:up:sum", expr: "sum by (job) (up)", labels: { team: "infra" } },
      { record: "broken:sum", expr: `${two} * on () ${two}` },
    ],
  },
  { name: "graph", type: "graphite", rules: [{ alert: "G", expr: "sumSeries(foo.bar.baz)" }] },
];

const scrapeConfigs = (port: number) => [
  { job_name: "alive", static_configs: [{ targets: [`127.0.0.1:${port}`], labels: { team: "infra" } }] },
  { job_name: "dead", static_configs: [{ targets: ["127.0.0.1:1"] }] },
  {
    job_name: "gone",
    static_configs: [{ targets: ["127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:4"] }],
    relabel_configs: [{ action: "drop", source_labels: ["job"], regex: "gone" }],
  },
];

const options = { signal: neverAborted() };
const isRecent = (time: number | undefined) => Math.abs((time ?? 0) - Date.now()) < 120_000;

async function offeredBy(url: string): Promise<readonly OptionalEndpoint[]> {
  using source = testSource(url);
  const { offers } = await probeSource(source, { ...options, clock: systemClock });
  return [...offers].flatMap(([endpoint, { offer }]) => (offer === "offered" ? [endpoint] : [])).sort();
}

describe("Debian's vmalert and vmagent", () => {
  let victoriaMetrics: RunningServer;
  let vmalert: RunningServer;
  let vmagent: RunningServer;

  before(async () => {
    const port = await freePort();
    const args = [`-vmalert.proxyURL=http://127.0.0.1:${port}`];
    victoriaMetrics = await startVictoriaMetrics({ args, jobs: { dead: ["127.0.0.1:1"] } });
    const { url } = victoriaMetrics;
    [vmalert, vmagent] = await Promise.all([
      startVmalert({ datasource: url, groups, port }),
      startVmagent({
        remoteWrite: `${url}/api/v1/write`,
        scrapeConfigs: scrapeConfigs(victoriaMetrics.port),
        active: 2,
      }),
    ]);
  });
  after(async () => {
    await Promise.all([vmalert?.stop(), vmagent?.stop()]);
    await victoriaMetrics?.stop();
  });

  /** The same rules, wherever they are asked for. */
  const places: readonly (readonly [title: string, url: () => string])[] = [
    ["of vmalert", () => vmalert.url],
    ["of vmalert below its own path", () => `${vmalert.url}/vmalert`],
    ["through VictoriaMetrics' proxy", () => victoriaMetrics.url],
  ];

  for (const [title, url] of places) {
    test(`rules ${title}`, async () => {
      // That pages are asked for changes nothing: it does not know the parameter.
      for (const pagesRules of [false, true]) {
        using source = testSource(url(), { pagesRules });
        checkRules(await source.rules(options));
      }
    });

    test(`alerts ${title}`, async () => {
      using source = testSource(url());
      const alerts = await source.alerts(options);
      assert.deepEqual(
        alerts
          .map(({ labels, state, value }) => [labelValue(labels, "alertname"), state, value])
          .sort(([, a], [, b]) => String(a).localeCompare(String(b))),
        [
          ["Always", "firing", "3"],
          ["Always", "pending", "4"],
        ],
      );
      for (const { activeAt, keepFiringSince } of alerts) {
        assert.ok(isRecent(activeAt));
        assert.equal(keepFiringSince, undefined);
      }
    });
  }

  function checkRules(read: readonly RuleGroup[]): void {
    const [graph, shop] = read;
    assert.deepEqual(
      read.map(({ name, intervalSeconds, evaluationSeconds }) => [name, intervalSeconds, evaluationSeconds]),
      [
        ["graph", 1, undefined],
        ["shop", 1, undefined],
      ],
    );
    assert.match(shop?.file ?? "", /rules\.yml$/);
    assert.ok(isRecent(shop?.lastEvaluation));
    const [always = assert.fail(), waits, never, recording, broken] = shop?.rules ?? [];
    const kinds = shop?.rules.map(({ kind, name, state, health }) => [kind, name, state, health]);
    assert.deepEqual(kinds, [
      ["alerting", "Always", "firing", "ok"],
      ["alerting", "Always", "pending", "ok"],
      ["alerting", "Never", "inactive", "ok"],
      ["recording", "job:up:sum", undefined, "ok"],
      ["recording", "broken:sum", undefined, "err"],
    ]);
    for (const { lastEvaluation, evaluationSeconds } of shop?.rules ?? []) {
      assert.ok(isRecent(lastEvaluation));
      assert.ok(evaluationSeconds !== undefined && evaluationSeconds > 0 && evaluationSeconds < 60);
    }
    assert.partialDeepStrictEqual(always, {
      query: "vector(3) > 0",
      labels: [["severity", "page"]],
      annotations: [["summary", "value {{ $value }}"]],
      durationSeconds: 0,
      keepFiringForSeconds: undefined,
      lastError: "",
    });
    assert.deepEqual(
      always.alerts.map(({ annotations, state, value }) => [annotations, state, value]),
      [[[["summary", "value 3"]], "firing", "3"]],
    );
    assert.ok(isRecent(always.alerts[0]?.activeAt));
    assert.partialDeepStrictEqual(waits, { durationSeconds: 3600, alerts: [{ state: "pending" }] });
    assert.deepEqual(never?.alerts, []);
    assert.partialDeepStrictEqual(recording, { labels: [["team", "infra"]], alerts: [] });
    assert.match(broken?.lastError ?? "", /duplicate/);
    assert.partialDeepStrictEqual(graph?.rules, [{ health: "err", foreignLanguage: "graphite" }]);
    assert.equal(countFiring(read), 1);
  }

  test("the tree of its rules: a row of its own for each, though two have one name", async () => {
    using source = testSource(vmalert.url);
    const ids: string[] = [];
    const labels: string[] = [];
    const walk = async (nodes: readonly TreeNode[]): Promise<void> => {
      for (const { id, label, children } of nodes) {
        ids.push(id);
        labels.push(label);
        await walk((await children?.()) ?? []);
      }
    };
    await walk(ruleNodes(await source.rules(options), { time: String }));
    assert.equal(new Set(ids).size, ids.length);
    // Two rules, and among the active alerts one of each.
    assert.equal(labels.filter((label) => label === "Always").length, 4);
  });

  test("below VictoriaMetrics' other path, which its proxy hands on as it is, there are no rules", async () => {
    using source = testSource(`${victoriaMetrics.url}/prometheus`);
    assert.ok(isNotOffered(await failureFrom(source.rules(options))));
    assert.ok(isNotOffered(await failureFrom(source.alerts(options))));
  });

  test("targets of vmagent, and those that it dropped", async () => {
    using source = testSource(vmagent.url);
    const targets = await source.targets(options);
    const byPool = new Map(targets.map((target) => [target.pool, target]));
    assert.deepEqual([...byPool.keys()].sort(), ["alive", "dead"]);
    const alive = byPool.get("alive") ?? assert.fail();
    assert.deepEqual([alive.health, alive.lastError, alive.scrapeInterval], ["up", "", undefined]);
    assert.deepEqual([labelValue(alive.labels, "team"), labelValue(alive.labels, "job")], ["infra", "alive"]);
    assert.equal(labelValue(alive.discoveredLabels, "__address__"), `127.0.0.1:${victoriaMetrics.port}`);
    assert.ok(isRecent(alive.lastScrape));
    assert.ok((alive.lastScrapeSeconds ?? -1) >= 0);
    const dead = byPool.get("dead") ?? assert.fail();
    assert.deepEqual([dead.health, dead.scrapeUrl], ["down", "http://127.0.0.1:1/metrics"]);
    assert.match(dead.lastError, /connection refused/);

    const { targets: dropped, total } = await source.droppedTargets({ limit: 2 }, options);
    assert.deepEqual([dropped.length, total], [2, 3]);
    for (const { pool, discoveredLabels } of dropped) {
      assert.equal(pool, undefined);
      assert.equal(labelValue(discoveredLabels, "job"), "gone");
    }
  });

  test("each offers its part and nothing else", async () => {
    assert.deepEqual(await offeredBy(vmalert.url), ["alerts", "rules"]);
    assert.deepEqual(await offeredBy(vmagent.url), ["targets"]);
    for (const { url } of [vmalert, vmagent]) {
      using source = testSource(url);
      assert.ok(isNotOffered(await failureFrom(source.buildInfo(options))));
      const failure = await failureFrom(source.query({ query: "up" }, options));
      assert.match(failureSentence(failure, { server: "It" }), /^It is VictoriaMetrics and has no Prometheus API at/);
    }
  });
});
