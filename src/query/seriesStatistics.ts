import type { Series } from "../shared/model/answer.ts";

/** Numbers about the points of a series as returned (not about raw samples). NaN where no value is a number. */
export interface SeriesStatistics {
  /** The newest value, a number or not. */
  readonly last: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly count: number;
}

/** Last value and count of all points; min, max and mean of all that are not NaN, infinities among them. */
export function seriesStatistics({ values }: Series): SeriesStatistics {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let numbers = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    numbers++;
  }
  const none = numbers === 0;
  return {
    last: values.at(-1) ?? Number.NaN,
    min: none ? Number.NaN : min,
    max: none ? Number.NaN : max,
    mean: Number.isFinite(min) && Number.isFinite(max) && !Number.isFinite(sum) ? smallMean(values) : sum / numbers,
    count: values.length,
  };
}

/** The mean of finite values whose sum is beyond all numbers. */
function smallMean(values: Float64Array): number {
  let mean = 0;
  let numbers = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    numbers++;
    mean += value / numbers - mean / numbers;
  }
  return mean;
}
