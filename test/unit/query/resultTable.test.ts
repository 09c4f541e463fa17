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

test("buckets stand in the order of their bounds", async () => {
  const bounds = ["+Inf", "0.1", "0.05", "10", "2.5"];
  const table = new ResultTable(
    bounds.map((le) => aSeries([["le", le]], [1])),
    async () => undefined,
  );
  const page = async (descending: boolean) => {
    const { rows } = await table.page({ from: 0, to: 9, sort: "series", descending, search: "" });
    return rows.map(({ index }) => bounds[index]);
  };
  assert.deepEqual(await page(false), ["0.05", "0.1", "2.5", "10", "+Inf"]);
  assert.deepEqual(await page(true), ["+Inf", "10", "2.5", "0.1", "0.05"]);
});

test("rows are in the order in which the server sent them until another one is asked for", async () => {
  const jobs = ["c", "a", "b", "ca"];
  const table = new ResultTable(
    jobs.map((job, i) => aSeries([["job", job]], [jobs.length - i])),
    async () => undefined,
  );
  const page = async (sort: "sent" | "series", search: string) => {
    const { rows } = await table.page({ from: 0, to: 9, sort, descending: false, search });
    return rows.map(({ index }) => jobs[index]);
  };
  assert.deepEqual(await page("sent", ""), ["c", "a", "b", "ca"]);
  assert.deepEqual(await page("series", ""), ["a", "b", "c", "ca"]);
  assert.deepEqual(await page("sent", '"c'), ["c", "ca"]);
});
