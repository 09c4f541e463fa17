import assert from "node:assert/strict";
import { test } from "node:test";
import { drawable, ResultTable } from "../../../src/query/resultTable.ts";
import { seriesStatistics } from "../../../src/query/seriesStatistics.ts";
import type { Series } from "../../../src/shared/model/answer.ts";
import { aSeries, testNow } from "../../support/runs.ts";

const inf = Number.POSITIVE_INFINITY;
const nan = Number.NaN;

function numbers(values: readonly number[]): readonly number[] {
  const { last, min, max, mean, count } = seriesStatistics(aSeries([], values));
  return [last, min, max, mean, count];
}

test("infinities are values like others, and only NaN is left out", () => {
  assert.deepEqual(numbers([1, inf, 2]), [2, 1, inf, inf, 3]);
  assert.deepEqual(numbers([1, -inf, 2]), [2, -inf, 2, -inf, 3]);
  assert.deepEqual(numbers([-inf, inf]), [inf, -inf, inf, nan, 2]);
  assert.deepEqual(numbers([3, nan, 1]), [1, 1, 3, 2, 3]);
  assert.deepEqual(numbers([nan]), [nan, nan, nan, nan, 1]);
  assert.deepEqual(numbers([]), [nan, nan, nan, nan, 0]);
});

test("the mean of finite values is finite", () => {
  const most = Number.MAX_VALUE;
  assert.deepEqual(numbers([most, most, most]), [most, most, most, most, 3]);
});

const histogram = (time: number, count: number) => ({ time, count, sum: 10 * count, buckets: [] });
const mixed: Series = {
  ...aSeries([["job", "a"]], [1, 2, 3], 20_000),
  histograms: [histogram(testNow - 30_000, 50), histogram(testNow - 10_000, 60)],
};

test("a series of numbers and histograms is drawn and counted with both, in the order of time", async () => {
  const { times, values } = drawable(mixed);
  assert.deepEqual(
    [...times].map((time) => time - testNow),
    [-40_000, -30_000, -20_000, -10_000, 0],
  );
  assert.deepEqual([...values], [1, 50, 2, 60, 3]);
  const table = new ResultTable([mixed], async () => undefined);
  const { rows } = await table.page({ from: 0, to: 1, sort: "series", descending: false, search: "" });
  const [row] = rows;
  assert.ok(row !== undefined);
  assert.deepEqual([row.count, row.last, row.min, row.max, row.value, row.time], [5, "3", "1", "60", "3", testNow]);
});

test("the value of a series whose newest sample is a histogram is that histogram", async () => {
  const table = new ResultTable([{ ...mixed, histograms: [histogram(testNow + 1, 4)] }], async () => undefined);
  const { rows } = await table.page({ from: 0, to: 1, sort: "series", descending: false, search: "" });
  assert.equal(rows[0]?.value, "count 4 · sum 40 · avg 10");
});
