import assert from "node:assert/strict";
import { test } from "node:test";
import { guessAnswerUnit } from "../../../src/query/answerUnit.ts";
import type { Series } from "../../../src/shared/model/answer.ts";
import { aSeries, testNow } from "../../support/runs.ts";

const numbers = aSeries([["job", "a"]], [1, 2]);
const native: Series = {
  labels: [["job", "b"]],
  times: new Float64Array(),
  values: new Float64Array(),
  histograms: [{ time: testNow, count: 150, sum: 3000, buckets: [] }],
};

const cases: readonly { title: string; query: string; series: readonly Series[]; expected: string | undefined }[] = [
  { title: "numbers", query: "rate(size_bytes[5m])", series: [numbers], expected: "binBps" },
  { title: "histograms", query: "rate(size_bytes[5m])", series: [native], expected: "cps" },
  { title: "histograms as scraped", query: "size_bytes", series: [native], expected: undefined },
  { title: "both", query: "rate(size_bytes[5m])", series: [numbers, native], expected: undefined },
  { title: "a query that ends in a comment", query: "rate(size_bytes[5m]) # all", series: [native], expected: "cps" },
  { title: "no series", query: "size_bytes", series: [], expected: "bytes" },
];
for (const { title, query, series, expected } of cases) {
  test(`the unit of what stands for an answer: ${title}`, () => {
    assert.equal(guessAnswerUnit(query, series), expected);
  });
}
