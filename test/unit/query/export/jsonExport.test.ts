import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExportSubject } from "../../../../src/query/export/exportSubject.ts";
import type { Series } from "../../../../src/shared/model/answer.ts";
import { parseValue } from "../../../../src/shared/model/numberText.ts";
import { aHistogram, aSubject, exported } from "../../../support/exports.ts";
import { hostileStrings } from "../../../support/hostileStrings.ts";
import { aSeries, testNow } from "../../../support/runs.ts";

interface Exported {
  readonly status: string;
  readonly promqlWorkbench: Readonly<Record<string, unknown>>;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
  readonly data: { readonly resultType: string; readonly result: readonly unknown[] };
}

async function read(subject: ExportSubject): Promise<Exported> {
  return JSON.parse(await exported("json", subject)) as Exported;
}

const unix = testNow / 1000;
const histogram = {
  count: "4",
  sum: "18",
  buckets: [
    [3, "-0.5", "0.5", "1"],
    [0, "2", "+Inf", "3"],
  ],
};

test("a range answer has the shape of the API, and beside it what was asked of whom", async () => {
  const mixed: Series = { ...aSeries([["job", "b"]], [3]), histograms: [aHistogram(testNow)] };
  const series = [aSeries([["job", "a"]], [1, Number.NaN]), mixed, aSeries([], [])];
  const json = await read(aSubject({ type: "matrix", series }, { limitSent: 1000 }));
  assert.equal(json.status, "success");
  assert.deepEqual(json.data, {
    resultType: "matrix",
    result: [
      {
        metric: { job: "a" },
        values: [
          [unix - 15, "1"],
          [unix, "NaN"],
        ],
      },
      { metric: { job: "b" }, values: [[unix, "3"]], histograms: [[unix, histogram]] },
      { metric: {} },
    ],
  });
  assert.deepEqual(json.promqlWorkbench, {
    version: 1,
    title: "Requests",
    query: "rate(http_requests_total[5m])",
    server: "Production EU",
    address: "https://prometheus.example",
    start: "2026-01-02T11:00:00Z",
    end: "2026-01-02T12:00:00Z",
    stepSeconds: 15,
    answeredAt: "2026-01-02T12:00:01Z",
    exportedAt: "2026-01-02T12:01:00Z",
    timeZone: "UTC",
    seriesCount: 3,
    sampleCount: 4,
    limit: 1000,
    remarks: [],
  });
  assert.equal("warnings" in json, false);
});

const instants = [
  {
    title: "a vector",
    data: { type: "vector", series: [aSeries([["job", "a"]], [1])] },
    result: [{ metric: { job: "a" }, value: [unix, "1"] }],
  },
  {
    title: "a vector of a histogram",
    data: { type: "vector", series: [{ ...aSeries([], []), histograms: [aHistogram(testNow)] }] },
    result: [{ metric: {}, histogram: [unix, histogram] }],
  },
  { title: "nothing", data: { type: "vector", series: [] }, result: [] },
  {
    title: "a scalar",
    data: { type: "scalar", time: testNow, value: Number.NEGATIVE_INFINITY },
    result: [unix, "-Inf"],
  },
  { title: "a string", data: { type: "string", time: testNow, value: '"\n\u2028' }, result: [unix, '"\n\u2028'] },
] as const;
for (const { title, data, result } of instants) {
  test(`an instant answer: ${title}`, async () => {
    const json = await read(aSubject(data));
    assert.deepEqual(json.data, { resultType: data.type, result });
    assert.equal(json.promqlWorkbench["evaluatedAt"], "2026-01-02T12:00:00Z");
  });
}

test("remarks, warnings and infos are inside", async () => {
  const answer = { warnings: ["w"], infos: ["i"], isPartial: true };
  const { promqlWorkbench, warnings, infos } = await read(aSubject({ type: "vector", series: [] }, {}, answer));
  assert.deepEqual(promqlWorkbench["remarks"], [
    "Partial answer: some of the server's storage did not respond.",
    "w",
    "i",
  ]);
  assert.deepEqual([warnings, infos], [["w"], ["i"]]);
});

test("an answer that the panel compares with an earlier one says that this one is not inside, and where to get it", async () => {
  const day = 86_400_000;
  const sent = { start: testNow - 3_600_000, end: testNow, stepMs: 15_000, stepIsAutomatic: true };
  const comparedWith = { ...sent, start: sent.start - day, end: sent.end - day };
  const { promqlWorkbench } = await read(aSubject({ type: "matrix", series: [] }, { sent, comparedWith }));
  assert.deepEqual(promqlWorkbench["remarks"], [
    "The panel compares this answer with that of 2026-01-01T11:00:00Z to 2026-01-01T12:00:00Z, which is not in here: it is exported from the JSON tab, as the earlier answer.",
  ]);
});

test("hostile labels come back as they were", async () => {
  const series = hostileStrings.map((text) =>
    aSeries(
      [
        ["text", text],
        [text === "text" ? "x" : text, "y"],
      ],
      [1],
    ),
  );
  const { data } = await read(aSubject({ type: "vector", series }));
  const metrics = data.result.map((one) => (one as { readonly metric: object }).metric);
  assert.deepEqual(
    metrics.map((metric) => Object.entries(metric).toSorted()),
    series.map(({ labels }) => labels.map(([name, value]) => [name, value]).toSorted()),
  );
});

test("a hundred thousand samples keep their exact values", async () => {
  const values = Array.from({ length: 100_000 }, (_, i) => (i % 17 === 0 ? -i : Math.sin(i) * 10 ** ((i % 40) - 20)));
  const series = [0, 1].map((k) => aSeries([["k", String(k)]], values.slice(k * 50_000, (k + 1) * 50_000)));
  const { data } = await read(aSubject({ type: "matrix", series }));
  const back = data.result.flatMap((one) => (one as { readonly values: [number, string][] }).values);
  assert.deepEqual(
    back.map(([, value]) => parseValue(value)),
    values,
  );
});
