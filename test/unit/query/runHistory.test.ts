import assert from "node:assert/strict";
import { test } from "node:test";
import { historyNodes } from "../../../src/catalog/historyNodes.ts";
import type { Run, RunPart } from "../../../src/query/run.ts";
import { historyEntry, maxHistory, RunHistory } from "../../../src/query/runHistory.ts";
import { anAnswer, aRun, aSeries, done, testNow } from "../../support/runs.ts";

function memory(initial?: unknown) {
  const values = new Map<string, unknown>([["promqlWorkbench.history.v1", initial]]);
  return {
    get: (key: string) => values.get(key),
    set: async (key: string, value: unknown) => {
      values.set(key, JSON.parse(JSON.stringify(value)));
    },
  };
}

const failed = (kind: "cancelled" | "malformed"): RunPart => ({
  state: "failed",
  failure: kind === "cancelled" ? { kind } : { kind, offset: 0, expected: "" },
  finishedAt: testNow + 70,
});
const answer = anAnswer({ type: "matrix", series: [aSeries([["secret_label", "value"]], [1, 2])] });
const answered = aRun({ range: done(answer), instant: failed("malformed") });

test("an entry says what was asked and how it went, and holds nothing of the answer", () => {
  const entry = historyEntry(answered, "1");
  assert.deepEqual(entry, {
    id: "1",
    at: testNow,
    connectionId: "prod",
    connectionName: "Production EU",
    title: "Requests",
    text: "rate(http_requests_total[5m])",
    query: "rate(http_requests_total[5m])",
    mode: "both",
    outcome: "answered",
    durationMs: 70,
    series: 1,
  });
  assert.doesNotMatch(JSON.stringify(entry), /secret_label/);
  assert.equal(historyEntry(aRun({ range: failed("cancelled") }), "1").outcome, "cancelled");
  assert.equal(historyEntry(aRun({ range: failed("malformed") }), "1").outcome, "failed");
});

test("the newest is first, the oldest give way, and each has an id of its own", async () => {
  const history = new RunHistory(memory());
  for (let i = 0; i < maxHistory + 5; i++) await history.add({ ...answered, startedAt: testNow + (i >> 1) } as Run);
  const list = history.list();
  assert.equal(list.length, maxHistory);
  assert.equal(list[0]?.at, testNow + 102);
  assert.equal(new Set(list.map(({ id }) => id)).size, maxHistory);
  await history.remove([list[0]?.id ?? ""]);
  assert.equal(history.list().length, maxHistory - 1);
  await history.clear();
  assert.deepEqual(history.list(), []);
});

test("what is no entry is passed over, and an endless query is not remembered", async () => {
  const entry = historyEntry(answered, "1");
  for (const value of [undefined, "x", {}, 7]) assert.deepEqual(new RunHistory(memory(value)).list(), []);
  assert.deepEqual(new RunHistory(memory([entry, { ...entry, at: "now" }, null, { ...entry, outcome: "?" }])).list(), [
    entry,
  ]);
  const history = new RunHistory(memory());
  await history.add(aRun({ range: done(answer) }, { query: "x".repeat(20_001) }));
  assert.deepEqual(history.list(), []);
});

test("rows say when, where, how many and how long", () => {
  const [row] = historyNodes([historyEntry(answered, "1")], () => "12:00");
  assert.equal(row?.label, "rate(http_requests_total[5m])");
  assert.equal(row?.description, "12:00 · Production EU · 1 series · 70ms");
});
