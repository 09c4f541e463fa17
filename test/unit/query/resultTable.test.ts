import assert from "node:assert/strict";
import { test } from "node:test";
import { ResultTable } from "../../../src/query/resultTable.ts";
import { aSeries } from "../../support/runs.ts";

const series = Array.from({ length: 50 }, (_, i) => aSeries([["i", String(i)]], [i]));

test("those who ask together wait for one making", async () => {
  let pauses = 0;
  const table = new ResultTable(series, async () => void pauses++);
  const [first, second] = await Promise.all([table.statistics(), table.statistics()]);
  assert.equal(first, second);
  assert.equal(pauses, 1);
  assert.equal(table.names(), table.names());
});

test("a making that failed is begun anew", async () => {
  let pauses = 0;
  const table = new ResultTable(series, async () => {
    if (pauses++ === 0) throw new Error("closed");
  });
  await assert.rejects(table.statistics(), /closed/);
  assert.equal((await table.statistics()).length, 50);
});
