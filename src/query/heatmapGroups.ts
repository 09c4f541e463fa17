import type { Series } from "../shared/model/answer.ts";
import { readBound, readRange } from "../shared/model/bucketBounds.ts";
import { formatLabels, type Labels, labelValue } from "../shared/model/labels.ts";

/** How many series are looked at before others have their turn. */
const sliceLength = 2000;

/** A bucket that is a series of its own. A classic one counts all below its upper bound, a `vmrange` only what lies in it. */
export interface BucketSeries {
  readonly series: Series;
  /** NaN for a classic bucket, whose lower bound is the next one's upper bound. */
  readonly lower: number;
  readonly upper: number;
}

/** What makes one map: all buckets whose other labels are the same, or one series of native histograms. */
export interface HeatmapGroup {
  /** The other labels as a selector. */
  readonly name: string;
  readonly kind: "classic" | "vmrange" | "native";
  /** Ascending by bound; for a native group its only series, without bounds. */
  readonly buckets: readonly BucketSeries[];
}

/** The label that makes a bucket of a series, with its bounds; `undefined` for a series that is no bucket. */
function readBucket(
  labels: Labels,
): { readonly label: "le" | "vmrange"; readonly lower: number; readonly upper: number } | undefined {
  const range = readRange(labelValue(labels, "vmrange") ?? "");
  if (range !== undefined) return { label: "vmrange", ...range };
  const upper = readBound(labelValue(labels, "le") ?? "");
  return upper === undefined ? undefined : { label: "le", lower: Number.NaN, upper };
}

/** Which kind of heatmap a range answer can be, and whether all of it would be in one. */
export function heatmapOf(series: readonly Series[]): {
  readonly canHeatmap: "classic" | "native" | undefined;
  readonly isAllBuckets: boolean;
} {
  const bounds = new Set<number>();
  let hasNative = false;
  let hasRanges = false;
  let others = 0;
  for (const { labels, histograms } of series) {
    if (histograms.length > 0) {
      hasNative = true;
      continue;
    }
    const bucket = readBucket(labels);
    if (bucket === undefined) others++;
    else if (bucket.label === "vmrange") hasRanges = true;
    else bounds.add(bucket.upper);
  }
  // One bound alone divides nothing; VictoriaMetrics sends no bucket that is empty, so one of its ranges may be all.
  const canHeatmap = hasNative ? "native" : hasRanges || bounds.size > 1 ? "classic" : undefined;
  return { canHeatmap, isAllBuckets: canHeatmap !== undefined && others === 0 };
}

/** The maps that an answer has, in its order, and how many of its series belong to none. */
export async function heatmapGroups(
  series: readonly Series[],
  pause: () => Promise<void>,
): Promise<{ readonly groups: readonly HeatmapGroup[]; readonly others: number }> {
  const found = new Map<string, { name: string; kind: HeatmapGroup["kind"]; buckets: BucketSeries[] }>();
  let others = 0;
  for (const [index, one] of series.entries()) {
    if (index % sliceLength === sliceLength - 1) await pause();
    const isNative = one.histograms.length > 0;
    const bucket = isNative ? undefined : readBucket(one.labels);
    if (!isNative && bucket === undefined) {
      others++;
      continue;
    }
    const kind = bucket === undefined ? "native" : bucket.label === "le" ? "classic" : "vmrange";
    const name = formatLabels(one.labels.filter(([label]) => label !== bucket?.label));
    // Two native series never share all their labels, so each is a group of its own.
    const group = found.get(`${kind} ${name}`) ?? { name, kind, buckets: [] };
    found.set(`${kind} ${name}`, group);
    group.buckets.push({ series: one, lower: bucket?.lower ?? Number.NaN, upper: bucket?.upper ?? Number.NaN });
  }
  const groups = [...found.values()];
  for (const { buckets } of groups) buckets.sort((a, b) => (a.upper === b.upper ? 0 : a.upper - b.upper));
  return { groups, others };
}
