import assert from "node:assert/strict";
import { test } from "node:test";
import { lookOf, readViewState, withLook } from "../../../media/results/look.ts";
import { ResultsModel } from "../../../src/query/resultsModel.ts";
import { aRun } from "../../support/runs.ts";

/** A run of one block, with this text in it. */
function runOf(text: string) {
  const model = new ResultsModel({
    describe: () => ({ title: "", detail: "", next: "" }),
    timeZone: () => "utc",
    uri: () => "file:///a.promql",
    refreshes: () => [],
    isQuiet: () => false,
    pause: () => Promise.resolve(),
  });
  model.update("a.promql", [aRun({}, { text })]);
  const [run] = model.snapshot().runs;
  assert.ok(run !== undefined);
  return run;
}

const sizes = runOf("node_memory_MemFree_bytes");
const times = runOf("rate(request_duration_seconds_sum[5m])");
const stored = (state: unknown) => readViewState(JSON.parse(JSON.stringify(state)));

test("a unit is of the query that it was chosen for; tab and style are of the block", () => {
  const chosen = withLook(readViewState(undefined), sizes, { unit: "bytes", tab: "stat" });
  const state = stored(withLook(chosen, sizes, { style: "points" }));
  assert.deepEqual(lookOf(state, sizes), {
    tab: "stat",
    style: "points",
    unit: "bytes",
    unitsOf: "node_memory_MemFree_bytes",
  });
  assert.deepEqual(lookOf(state, times), { tab: "stat", style: "points" });
});

test("a unit that is chosen for another query brings none of the former back", () => {
  const former = withLook(readViewState(undefined), sizes, { unit: "bytes" });
  const state = stored(withLook(former, times, { boundUnit: "s" }));
  const { unit, boundUnit } = lookOf(state, times);
  assert.deepEqual([unit, boundUnit], [undefined, "s"]);
  assert.deepEqual(lookOf(state, sizes), {});
});

test("a look that was stored without its query is read as it was", () => {
  const state = readViewState({ looks: [[" title:1:Requests", { tab: "table", unit: "bytes", boundUnit: "s" }]] });
  assert.deepEqual(lookOf(state, times), { tab: "table", unit: "bytes", boundUnit: "s" });
});
