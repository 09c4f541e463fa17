import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { HistogramBucket, HistogramSample, UnixMs } from "../../../src/shared/model/answer.ts";
import { type NativeHistogram, nativeHistogramFamily, protobufContentType } from "../../servers/nativeHistograms.ts";
import { type RunningServer, startPrometheus, waitForSeries } from "../../servers/prometheus.ts";
import { startScrapeTarget } from "../../servers/scrapeTarget.ts";
import { neverAborted, testSource } from "../../support/sources.ts";

/* Native histograms that a real Prometheus scraped, as the client hands them on. */
const stepMs = 15_000;

/** Powers of two: bucket 3 is (4, 8]. What is counted in a step is the same in every one. */
function countedUntil(time: UnixMs): NativeHistogram {
  const steps = time / stepMs - 100_000_000;
  return {
    time,
    schema: 0,
    zeroThreshold: 0.001,
    zeroCount: 30 * steps,
    sum: 100 * steps,
    // A gap after the second one, as spans have it.
    positive: new Map([
      [-1, 15 * steps],
      [0, 45 * steps],
      [3, 60 * steps],
    ]),
    negative: new Map([[2, 75 * steps]]),
  };
}

describe("native histograms of Debian's Prometheus", () => {
  const options = { signal: neverAborted() };
  let target: RunningServer;
  let prometheus: RunningServer;

  before(async () => {
    const expose = (times: readonly UnixMs[]) => nativeHistogramFamily("checkout_cost", times.map(countedUntil));
    target = await startScrapeTarget(protobufContentType, expose, { pastMs: 300_000, stepMs });
    prometheus = await startPrometheus({
      jobs: { shop: [`127.0.0.1:${target.port}`] },
      args: ["--enable-feature=native-histograms"],
    });
    await waitForSeries(prometheus, "checkout_cost");
  });
  after(async () => {
    await prometheus?.stop();
    await target?.stop();
  });

  const end = Math.floor(Date.now() / stepMs) * stepMs - stepMs;
  const ask = async (query: string): Promise<readonly HistogramSample[]> => {
    using source = testSource(prometheus.url);
    const { data } = await source.queryRange({ query, start: end - 8 * stepMs, end, stepMs }, options);
    assert.ok(data.type === "matrix");
    assert.equal(data.series.length, 1);
    return data.series[0]?.histograms ?? [];
  };
  /** The buckets of any such histogram with its counts, `per` for each 15 that one step adds to the smallest. */
  const bucketsOf = (per: number): readonly HistogramBucket[] => [
    { boundaries: 1, lower: -4, upper: -2, count: 5 * per },
    { boundaries: 3, lower: -0.001, upper: 0.001, count: 2 * per },
    { boundaries: 0, lower: 0.25, upper: 0.5, count: 1 * per },
    { boundaries: 0, lower: 0.5, upper: 1, count: 3 * per },
    { boundaries: 0, lower: 4, upper: 8, count: 4 * per },
  ];

  test("have the buckets that were exposed, at every step", async () => {
    const samples = await ask("checkout_cost");
    assert.equal(samples.length, 9);
    for (const [i, sample] of samples.entries()) {
      const time = end + (i - 8) * stepMs;
      const steps = time / stepMs - 100_000_000;
      assert.deepEqual(sample, { time, count: 225 * steps, sum: 100 * steps, buckets: bucketsOf(15 * steps) });
    }
  });

  test("as a rate have what came a second", async () => {
    const samples = await ask("rate(checkout_cost[1m])");
    assert.equal(samples.length, 9);
    for (const { buckets, count } of samples) {
      assert.equal(count, 15);
      assert.deepEqual(buckets, bucketsOf(1));
    }
  });
});
