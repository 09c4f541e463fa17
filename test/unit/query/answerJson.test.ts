import assert from "node:assert/strict";
import { test } from "node:test";
import { answerJson } from "../../../src/query/answerJson.ts";
import { anAnswer, aSeries, testNow } from "../../support/runs.ts";

const long = Array.from({ length: 40_000 }, (_, i) => i + 0.123456789);

function read(text: string): {
  readonly resultType: string;
  readonly cut?: string;
  readonly result: readonly { readonly metric: object; readonly values?: unknown[]; readonly histograms?: unknown[] }[];
} {
  return JSON.parse(text);
}

test("an answer that fits is whole and says nothing of a cut", () => {
  const series = [aSeries([["job", "a"]], [1, 2]), aSeries([["job", "b"]], [Number.NaN])];
  const { text, cut, seriesShown } = answerJson(anAnswer({ type: "matrix", series }), series);
  assert.equal(cut, undefined);
  assert.equal(seriesShown, 2);
  const json = read(text);
  assert.equal("cut" in json, false);
  assert.deepEqual(json.result[0], {
    metric: { job: "a" },
    values: [
      [testNow / 1000 - 15, "1"],
      [testNow / 1000, "2"],
    ],
  });
});

test("a series too large for the view shows its first samples, and text and answer say so", () => {
  const series = [aSeries([["job", "a"]], long)];
  const { text, cut, seriesShown } = answerJson(anAnswer({ type: "matrix", series }), series);
  const json = read(text);
  const shown = json.result[0]?.values?.length ?? 0;
  assert.ok(shown > 5000 && shown < 40_000, String(shown));
  assert.ok(text.length < 410_000);
  assert.equal(seriesShown, 1);
  assert.equal(json.cut, cut);
  assert.equal(cut, `Only the first ${shown.toLocaleString("en-US")} of 40,000 samples of the only series are here.`);
});

test("series that do not fit are left out whole, and said", () => {
  const series = Array.from({ length: 5 }, (_, i) => aSeries([["i", String(i)]], long.slice(0, 8000)));
  const { text, cut, seriesShown, seriesTotal } = answerJson(anAnswer({ type: "matrix", series }), series);
  const json = read(text);
  assert.ok(seriesShown > 0 && seriesShown < 5);
  assert.equal(seriesTotal, 5);
  assert.ok(json.result.every(({ values }) => values?.length === 8000));
  assert.equal(cut, `Only the first ${seriesShown} of 5 series are here.`);
  assert.equal(json.cut, cut);
});

test("what the panel or the decoder left out is said too", () => {
  const series = [aSeries([["job", "a"]], [1]), aSeries([["job", "b"]], [1])];
  const answer = anAnswer({ type: "vector", series }, { cut: { limit: "samples", allowed: 2 } });
  const { cut } = answerJson(answer, series.slice(0, 1));
  assert.equal(cut, "Only the first 1 of 2 series are here. The answer itself was cut at a bound when it was read.");
});

test("large histograms are bounded as well", () => {
  const buckets = Array.from({ length: 100 }, (_, i) => ({ boundaries: 0, lower: i, upper: i + 1, count: 1 }));
  const histograms = Array.from({ length: 1000 }, (_, i) => ({ time: testNow + i, count: 100, sum: 1, buckets }));
  const series = [{ ...aSeries([], []), histograms }];
  const { text, cut } = answerJson(anAnswer({ type: "matrix", series }), series);
  assert.ok(text.length < 410_000);
  assert.ok((read(text).result[0]?.histograms?.length ?? 0) > 10);
  assert.match(cut ?? "", /of 1,000 samples/);
});

test("remarks of the panel's are in the text, which is copied without the panel", () => {
  const series = [aSeries([["job", "a"]], [1])];
  const warnings = ["results truncated due to limit"];
  const serverClock = { server: testNow - 120_000, local: testNow };
  const answer = anAnswer({ type: "matrix", series }, { isPartial: true, warnings, serverClock });
  const { remarks }: { readonly remarks?: unknown } = JSON.parse(answerJson(answer, series).text);
  assert.deepEqual(remarks, [
    "Only the first 1 series are here: the server has more.",
    "Partial answer: some of the server's storage did not respond.",
    "The server's clock is 2m behind this machine's: \"now\" differs.",
  ]);
});

const asMany: readonly {
  readonly title: string;
  readonly limitSent: number | undefined;
  readonly warnings: readonly string[];
  readonly expected: readonly string[] | undefined;
}[] = [
  {
    title: "as many series as the server was asked for may not be all",
    limitSent: 2,
    warnings: [],
    expected: ["The server was asked for 2 series at most and sent as many: it may have more."],
  },
  {
    title: "as many series as the server was asked for are not all where it says so",
    limitSent: 2,
    warnings: ["results truncated due to limit"],
    expected: ["The server was asked for 2 series at most and sent as many: it has more."],
  },
  { title: "fewer series than the server was asked for are all", limitSent: 3, warnings: [], expected: undefined },
  {
    title: "series of a server that was asked for all are all",
    limitSent: undefined,
    warnings: [],
    expected: undefined,
  },
];

for (const { title, limitSent, warnings, expected } of asMany) {
  test(title, () => {
    const series = [aSeries([["job", "a"]], [1]), aSeries([["job", "b"]], [1])];
    const { text } = answerJson(anAnswer({ type: "matrix", series }, { warnings }), series, limitSent);
    const { remarks }: { readonly remarks?: unknown } = JSON.parse(text);
    assert.deepEqual(remarks, expected);
  });
}
