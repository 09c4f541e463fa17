import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveDirectives } from "../../../../src/promql/effectiveDirectives.ts";
import { parsePromqlFile } from "../../../../src/promql/file.ts";
import { sentByPlan, sentByRun } from "../../../../src/query/links/sentQueries.ts";
import { planRun } from "../../../../src/query/planRun.ts";
import { runQuery } from "../../../../src/query/queryRunner.ts";
import { aRequest, aRun, testNow } from "../../../support/runs.ts";

/** A block's plan on a server that cannot be reached: what is asked of it does not depend on its answer. */
function plan(text: string) {
  const file = parsePromqlFile(text);
  const [block] = file.blocks;
  assert.ok(block?.expression !== undefined);
  return planRun({
    key: block.key,
    text: text.slice(block.expression.from, block.expression.to),
    directives: resolveDirectives(file, block),
    target: aRequest().target,
    variables: new Map(),
    minStepMs: 15_000,
    maxPoints: 1000,
    maxSeries: undefined,
    defaults: { rangeMs: 3_600_000, maxSeries: 1000 },
    source: () => Promise.reject(new Error("not reached")),
  });
}

const cases: readonly { title: string; text: string; endsNow: boolean }[] = [
  { title: "both ways up to now", text: "rate(x[$__rate_interval])", endsNow: true },
  { title: "a range with an odd step", text: "# @mode range  @range 10m  @step 7s\nup", endsNow: true },
  { title: "a fixed end", text: "# @end 2026-01-01T00:00:00Z  @max-series 5\nup", endsNow: false },
  { title: "an earlier end", text: "# @end now-1h\nup", endsNow: false },
  { title: "instant at a time", text: "# @mode instant  @time now-5m\nup", endsNow: false },
  { title: "instant only by its kind", text: "up[5m]", endsNow: true },
];

for (const { title, text, endsNow } of cases) {
  test(`what is planned is what a run sends: ${title}`, async () => {
    const { signal } = new AbortController();
    const run = await runQuery({ plan: plan(text), now: () => testNow, onChange: () => {}, signal });
    const planned = sentByPlan(plan(text), testNow);
    assert.equal(planned.endsNow, endsNow);
    assert.deepEqual({ ...planned, endsNow: false }, sentByRun(run));
  });
}

test("a run that failed before its times were decided sent nothing", () => {
  const part = { state: "failed", failure: { kind: "cancelled" }, finishedAt: testNow } as const;
  assert.equal(sentByRun({ ...aRun({ range: part }), window: undefined }), undefined);
});
