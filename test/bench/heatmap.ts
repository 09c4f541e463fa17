import { monitorEventLoopDelay } from "node:perf_hooks";
import { Heatmaps } from "../../src/query/heatmap.ts";
import type { Series } from "../../src/shared/model/answer.ts";

const points = 11_000;
const stepMs = 15_000;
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A thousand cumulative buckets on one time column, as the decoder leaves them. */
function classic(): readonly Series[] {
  const times = Float64Array.from({ length: points }, (_, i) => i * stepMs);
  return Array.from({ length: 1000 }, (_, bucket) => ({
    labels: [["le", String(bucket + 1)]],
    times,
    values: Float64Array.from({ length: points }, (_v, i) => bucket * (2 + Math.sin(i / 100))),
    histograms: [],
  }));
}

function native(): readonly Series[] {
  const histograms = Array.from({ length: points }, (_, i) => ({
    time: i * stepMs,
    count: 160,
    sum: 1,
    buckets: Array.from({ length: 160 }, (_b, k) => ({
      boundaries: 0,
      lower: 1.1 ** k,
      upper: 1.1 ** (k + 1),
      count: i % 7,
    })),
  }));
  return [{ labels: [], times: new Float64Array(), values: new Float64Array(), histograms }];
}

/** Prints how long the cells of a heatmap take, and for how long nothing else had its turn. */
export async function benchHeatmap(): Promise<void> {
  console.log("\nHeatmaps");
  const cases: readonly (readonly [string, readonly Series[]])[] = [
    ["1,000 classic buckets x 11,000 points", classic()],
    ["11,000 native histograms of 160 buckets", native()],
  ];
  for (const [title, series] of cases) {
    const maps = new Heatmaps(series, pause);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await pause();
    delay.reset();
    const start = performance.now();
    const [group] = (await maps.groups()).groups;
    if (group === undefined) throw new Error("no map");
    const window = { from: 0, to: (points - 1) * stepMs, stepMs, zoom: { from: null, to: null }, maxColumns: 300 };
    const { rows, grid } = await maps.cells({ group, ...window });
    const ms = performance.now() - start;
    await pause();
    delay.disable();
    console.log(
      `  ${title}: ${rows.length} x ${grid.columns} cells in ${ms.toFixed(0)} ms, longest stall ${(delay.max / 1e6).toFixed(0)} ms`,
    );
  }
}
