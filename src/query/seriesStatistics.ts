import type { Series } from "../shared/model/answer.ts";

/** Numbers about the points of a series as returned (not about raw samples). NaN where there is no finite value. */
export interface SeriesStatistics {
  /** The newest value, finite or not. */
  readonly last: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly count: number;
}

/** Last value of all points; min, max and mean of the finite ones; count of all. */
export function seriesStatistics({ values }: Series): SeriesStatistics {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let finite = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    finite++;
  }
  const none = finite === 0;
  return {
    last: values.at(-1) ?? Number.NaN,
    min: none ? Number.NaN : min,
    max: none ? Number.NaN : max,
    mean: none ? Number.NaN : sum / finite,
    count: values.length,
  };
}
