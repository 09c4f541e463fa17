import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Series } from "../../../../src/shared/model/answer.ts";
import { aSubject, exported, tableOf } from "../../../support/exports.ts";
import { testNow } from "../../../support/runs.ts";
import { failureFrom } from "../../../support/sources.ts";

/** Series of the same number of samples; `apart`: ms by which the moments of one lie after those of the one before. */
function seriesOf(count: number, samples: number, apart: number): readonly Series[] {
  return Array.from({ length: count }, (_, i) => ({
    labels: [["i", String(i)]],
    times: Float64Array.from({ length: samples }, (_, at) => testNow + at * 15_000 + i * apart),
    values: new Float64Array(samples),
    histograms: [],
  }));
}

describe("CSV, one column per series, of moments of their own", () => {
  test("is refused where almost all cells would be empty, with its figures", async () => {
    const series = seriesOf(100, 2000, 1);
    // 4 x 200,000 + 1,000,000 cells in 100 columns are 18,000 rows; there would be 200,000.
    assert.deepEqual(await failureFrom(exported("csvWide", aSubject({ type: "matrix", series }))), {
      kind: "misconfigured",
      what: "exportTooWide",
      detail: "It would have 100 columns and more than 18,000 rows for 200,000 samples.",
    });
  });

  test("is written where it stays small", async () => {
    const csv = await exported("csvWide", aSubject({ type: "matrix", series: seriesOf(100, 20, 1) }));
    assert.equal(tableOf(csv).length, 1 + 2000);
  });

  test("is written whatever its size where the moments are shared", async () => {
    const csv = await exported("csvWide", aSubject({ type: "matrix", series: seriesOf(200, 6000, 0) }));
    assert.equal(csv.split("\r\n").filter((line) => /^\d/.test(line)).length, 6000);
  });
});
