import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { resolveDirectives } from "../../../src/promql/effectiveDirectives.ts";
import { parsePromqlFile } from "../../../src/promql/file.ts";
import { planRun } from "../../../src/query/planRun.ts";
import { type RunPlan, runQuery } from "../../../src/query/queryRunner.ts";
import type { Run } from "../../../src/query/run.ts";
import type { MetricsSource } from "../../../src/shared/model/source.ts";
import { type RunningServer, startNodeExporter, startPrometheus, waitForSeries } from "../../servers/prometheus.ts";
import { sampleRules } from "../../support/sampleRules.ts";
import { neverAborted, testSource } from "../../support/sources.ts";

const folder = new URL("../../../media/samples/", import.meta.url);

/** Every query block of a sample, planned as the Run command plans it. */
function plansOf(name: string, source: MetricsSource): RunPlan[] {
  const text = readFileSync(new URL(name, folder), "utf8");
  const file = parsePromqlFile(text);
  return file.blocks.flatMap((block) => {
    const { expression } = block;
    if (expression === undefined) return [];
    return planRun({
      key: block.key,
      text: text.slice(expression.from, expression.to),
      directives: resolveDirectives(file, block),
      target: { connectionId: "test", name: "Test", origin: "http://127.0.0.1", color: undefined },
      variables: new Map(),
      minStepMs: 1000,
      maxPoints: 200,
      maxSeries: undefined,
      defaults: { rangeMs: 60_000, maxSeries: 1000 },
      source: async () => source,
    });
  });
}

/** What each request of a run was answered with; a failure fails the test. */
function answersOf({ request, range, instant }: Run) {
  return [range?.part, instant?.part].flatMap((part) => {
    if (part === undefined) return [];
    assert.ok(part.state === "done", `${request.title}: ${JSON.stringify(part)}`);
    const { data, warnings, infos } = part.answer;
    const count = "series" in data ? data.series.length : 1;
    return { count, remarks: [...warnings, ...infos] };
  });
}

describe("the samples on a Prometheus that scrapes itself and node-exporter", () => {
  let exporter: RunningServer;
  let prometheus: RunningServer;
  let source: ReturnType<typeof testSource>;

  before(async () => {
    exporter = await startNodeExporter();
    prometheus = await startPrometheus({
      jobs: { node: [`127.0.0.1:${exporter.port}`], dead: ["127.0.0.1:1"] },
      rules: sampleRules,
    });
    source = testSource(prometheus.url);
    await waitForSeries(prometheus, 'ALERTS{alertstate="firing"}');
    // A rate needs two scrapes of a counter that begins with the first request; waiting makes that request.
    await waitForSeries(prometheus, 'rate(prometheus_http_requests_total{handler="/api/v1/query"}[1m]) > 0');
    await waitForSeries(prometheus, 'rate(node_cpu_seconds_total{mode="idle"}[1m])');
  });
  after(async () => {
    source?.[Symbol.dispose]();
    await Promise.all([prometheus?.stop(), exporter?.stop()]);
  });

  const run = (plan: RunPlan) =>
    runQuery({ plan, now: () => Date.now(), onChange: () => undefined, signal: neverAborted() });

  for (const name of readdirSync(folder).filter((file) => file.endsWith(".promql"))) {
    test(`${name}: no block is refused, and the server has nothing to remark`, async () => {
      const plans = plansOf(name, source);
      assert.ok(plans.length > 2);
      for (const plan of plans) {
        for (const { remarks } of answersOf(await run(plan))) assert.deepEqual(remarks, [], plan.request.title);
      }
    });
  }

  test("every block of the runbook has an answer to show, in the chart and in the table", async () => {
    const plans = plansOf("runbook.promql", source);
    assert.ok(plans.length >= 8 && plans.length <= 12, `${plans.length} blocks`);
    for (const plan of plans) {
      for (const { count } of answersOf(await run(plan))) assert.ok(count > 0, plan.request.title);
    }
    assert.ok(plans.some(({ request }) => request.view === "heatmap"));
  });
});
