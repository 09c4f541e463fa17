import type { HistogramBucket } from "../shared/model/answer.ts";
import type { HeatmapRemark } from "../shared/protocol/results.ts";
import type { HeatmapGroup } from "./heatmapGroups.ts";
import { disjointRows, type HeatmapRow, joinedRows, withRowsBetween } from "./heatmapRows.ts";
import { areRunningTotals } from "./runningTotals.ts";

/** Rows that are drawn at most. */
const mostRows = 200;

/** Buckets of native histograms that are read before others have their turn. */
const sliceLength = 16_384;

/** The rows of a group, which are the same for every part of its time. */
export interface GroupRows {
  readonly rows: readonly HeatmapRow[];
  readonly remarks: readonly HeatmapRemark[];
}

/** Rows for all buckets of a group, and what must be said about them. */
export async function groupRows({ kind, buckets }: HeatmapGroup, pause: () => Promise<void>): Promise<GroupRows> {
  const intervals =
    kind === "native"
      ? await nativeIntervals(buckets, pause)
      : kind === "classic"
        ? classicRows(buckets)
        : buckets.map(closedAbove);
  const disjoint = kind === "classic" ? intervals : disjointRows(intervals);
  const whole = withRowsBetween(disjoint);
  const rows = joinedRows(whole.length <= mostRows ? whole : disjoint, mostRows);
  const remarks: HeatmapRemark[] = [];
  if (disjoint.length < intervals.length) remarks.push("resolutions");
  if (rows.length < disjoint.length) remarks.push("joinedRows");
  if (areRunningTotals(buckets.map(({ series }) => series))) remarks.push("runningTotals");
  return { rows, remarks };
}

function closedAbove({ lower, upper }: { readonly lower: number; readonly upper: number }): HeatmapRow {
  return { lower, upper, boundaries: 0 };
}

/** One row a bound, which may be written in several ways and so belong to several series. */
function classicRows(buckets: HeatmapGroup["buckets"]): HeatmapRow[] {
  const bounds = [...new Set(buckets.map(({ upper }) => upper))];
  return bounds.map((upper, i) => closedAbove({ lower: bounds[i - 1] ?? Number.NEGATIVE_INFINITY, upper }));
}

/** False for a bucket whose bounds are none. */
export function isInterval({ lower, upper }: HistogramBucket): boolean {
  return lower <= upper;
}

/** Every interval that some histogram of the series has, once. */
async function nativeIntervals(
  [only]: HeatmapGroup["buckets"],
  pause: () => Promise<void>,
): Promise<readonly HeatmapRow[]> {
  const found: HeatmapRow[] = [];
  const known = new Map<number, Map<number, number>>();
  let read = 0;
  for (const { buckets } of only?.series.histograms ?? []) {
    let last = -1;
    for (const bucket of buckets) {
      // Neighbours in time have mostly the same buckets in the same order.
      const guess = found[last + 1];
      if (guess !== undefined && guess.lower === bucket.lower && guess.upper === bucket.upper) {
        last++;
        continue;
      }
      if (!isInterval(bucket)) continue;
      const { lower, upper, boundaries } = bucket;
      const uppers = known.get(lower) ?? new Map<number, number>();
      known.set(lower, uppers);
      last = uppers.get(upper) ?? found.push({ lower, upper, boundaries }) - 1;
      uppers.set(upper, last);
    }
    read += buckets.length + 1;
    if (read > sliceLength) {
      read = 0;
      await pause();
    }
  }
  return found;
}
