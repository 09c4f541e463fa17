import assert from "node:assert/strict";
import { test } from "node:test";
import { exemplarsInWindow } from "../../../src/query/exemplars.ts";
import type { Labels } from "../../../src/shared/model/labels.ts";
import type { ExemplarSeries } from "../../../src/shared/model/source.ts";

/** A series with exemplars given as time and value. */
function series(name: string, ...pairs: readonly (readonly [time: number, value: number])[]): ExemplarSeries {
  return { seriesLabels: [["s", name]], exemplars: pairs.map(([time, value]) => ({ time, value, labels: [] })) };
}

interface Case {
  readonly title: string;
  readonly series: readonly ExemplarSeries[];
  readonly width: number;
  readonly limit: number;
  /** Time and value of each point, over 0 to 100 ms. */
  readonly expected: readonly (readonly [number, number])[];
  readonly inWindow: number;
}

const cases: readonly Case[] = [
  { title: "none", series: [], width: 100, limit: 10, expected: [], inWindow: 0 },
  {
    title: "all of several series in the order of time, both ends included",
    series: [series("a", [100, 1], [50, 2]), series("b", [0, 3], [50, 4])],
    width: 100,
    limit: 10,
    expected: [
      [0, 3],
      [50, 2],
      [50, 4],
      [100, 1],
    ],
    inWindow: 4,
  },
  {
    title: "none of another window",
    series: [series("a", [-1, 1], [101, 2], [7, 3])],
    width: 100,
    limit: 10,
    expected: [[7, 3]],
    inWindow: 1,
  },
  {
    title: "just as many as fit stay, however close they are",
    series: [series("a", [1, 1], [1, 2], [2, 3])],
    width: 1,
    limit: 3,
    expected: [
      [1, 1],
      [1, 2],
      [2, 3],
    ],
    inWindow: 3,
  },
  {
    title: "of too many the highest of each column stays",
    // Columns of 50 ms: 0 to 49, and 50 to 100 with the end.
    series: [series("a", [0, 1], [49, 5], [50, 2]), series("b", [20, 3], [100, 4])],
    width: 1000,
    limit: 2,
    expected: [
      [49, 5],
      [100, 4],
    ],
    inWindow: 5,
  },
  {
    title: "no more columns than pixels",
    series: [series("a", [0, 1], [40, 2], [80, 3], [90, -4])],
    width: 1,
    limit: 3,
    expected: [[80, 3]],
    inWindow: 4,
  },
  {
    title: "what cannot be drawn gives way to what can",
    series: [series("a", [0, Number.POSITIVE_INFINITY], [1, -5], [2, Number.NaN])],
    width: 100,
    limit: 1,
    expected: [[1, -5]],
    inWindow: 3,
  },
];

for (const { title, series: given, width, limit, expected, inWindow } of cases) {
  test(`exemplars of a window: ${title}`, () => {
    const result = exemplarsInWindow(given, { from: 0, to: 100, width, limit });
    assert.deepEqual(
      result.points.map(({ time, value }) => [time, value]),
      expected,
    );
    assert.equal(result.inWindow, inWindow);
  });
}

test("a window of one moment and a width of a fraction harm nobody", () => {
  const many = series("a", ...Array.from({ length: 10 }, (_, i) => [5, i] as const));
  const { points } = exemplarsInWindow([many], { from: 5, to: 5, width: 0.5, limit: 3 });
  assert.deepEqual(
    points.map(({ value }) => value),
    [9],
  );
});

const traces: readonly (readonly [labels: Labels, expected: string | undefined])[] = [
  [[["trace_id", "a"]], "a"],
  [[["traceID", "a"]], "a"],
  [[["TraceID", "a"]], "a"],
  [[["traceId", "a"]], "a"],
  [[["trace.id", "a"]], "a"],
  [[["trace-id", "a"]], "a"],
  [
    [
      ["span_id", "s"],
      ["trace_id", "t"],
    ],
    "t",
  ],
  [
    [
      ["traceID", ""],
      ["trace_id", "t"],
    ],
    "t",
  ],
  [[["trace", "a"]], undefined],
  [[["my_trace_id", "a"]], undefined],
  [[], undefined],
];

for (const [labels, expected] of traces) {
  test(`the trace of ${JSON.stringify(labels)}`, () => {
    const one = { seriesLabels: [], exemplars: [{ time: 0, value: 1, labels }] };
    assert.equal(exemplarsInWindow([one], { from: 0, to: 1, width: 100 }).points[0]?.traceId, expected);
  });
}
