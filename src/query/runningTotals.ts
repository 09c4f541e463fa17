import type { Series } from "../shared/model/answer.ts";
import { labelValue } from "../shared/model/labels.ts";

/** Points looked at: enough to tell, and few enough not to be felt. */
const mostPoints = 20_000;

/** Fewer points than this may rise by chance, where no name tells that they are counters as they were scraped. */
const fewestPoints = 10;

/** Restarts set counters back; more often than this part of the points they are no counters. */
const mostResets = 0.01;

/**
 * True if the buckets of a histogram look like counters as they were scraped, which hold all observations since a start
 * and not those of a time: whole numbers that rise and never fall, but for a restart where the metric still has its name.
 */
export function areRunningTotals(buckets: readonly Series[]): boolean {
  const columns = buckets.map(({ labels, values, histograms }) => ({
    isNamed: labelValue(labels, "__name__") !== undefined,
    counts: histograms.length === 0 ? values : Float64Array.from(histograms.slice(0, mostPoints), ({ count }) => count),
  }));
  // The fullest bucket tells most: of classic ones it holds all observations.
  const last = ({ counts }: (typeof columns)[number]) => counts.at(-1) ?? Number.NEGATIVE_INFINITY;
  const fullest = columns.reduce((a, b) => (last(b) > last(a) ? b : a), { isNamed: false, counts: new Float64Array() });
  const counts = fullest.counts.subarray(0, mostPoints);
  let rises = 0;
  let falls = 0;
  for (let i = 0; i < counts.length; i++) {
    const [before = Number.NaN, now = Number.NaN] = [counts[i - 1], counts[i]];
    if (!Number.isInteger(now)) return false;
    if (now > before) rises++;
    if (now < before) falls++;
  }
  if (rises === 0) return false;
  return fullest.isNamed ? falls <= counts.length * mostResets : falls === 0 && counts.length >= fewestPoints;
}
