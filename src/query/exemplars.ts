import type { UnixMs } from "../shared/model/answer.ts";
import type { Labels } from "../shared/model/labels.ts";
import type { ExemplarSeries } from "../shared/model/source.ts";

/** An exemplar with the series that it stands beside. */
export interface ExemplarOfSeries {
  readonly time: UnixMs;
  readonly value: number;
  readonly labels: Labels;
  readonly seriesLabels: Labels;
  /** The trace that it was recorded in; `undefined`: none of its labels says so. */
  readonly traceId: string | undefined;
}

/** The exemplars that a chart's window shows, in the order of time. */
export interface ExemplarsInWindow {
  readonly points: readonly ExemplarOfSeries[];
  /** How many there are in the window; those that are not in `points` gave way to a higher one close by. */
  readonly inWindow: number;
}

/** Points of one chart: more cannot be told apart, and each is a row of a list. */
export const maxExemplarPoints = 300;

export interface ExemplarWindow {
  readonly from: UnixMs;
  readonly to: UnixMs;
  /** Plot width in CSS pixels. */
  readonly width: number;
  readonly limit?: number;
}

/**
 * The exemplars of a window, both ends included. Where there are more than `limit`, the highest of each pixel column is kept
 * (of wider columns where the plot has more pixels than that): an outlier is what an exemplar is looked at for.
 */
export function exemplarsInWindow(
  series: readonly ExemplarSeries[],
  { from, to, width, limit = maxExemplarPoints }: ExemplarWindow,
): ExemplarsInWindow {
  const all = series.flatMap(({ seriesLabels, exemplars }) =>
    exemplars
      .filter(({ time }) => time >= from && time <= to)
      .map((one): ExemplarOfSeries => ({ ...one, seriesLabels, traceId: traceIdOf(one.labels) })),
  );
  const points = all.length <= limit ? all : highest(all, { from, to, columns: Math.max(1, Math.min(width, limit)) });
  return { points: points.sort((a, b) => a.time - b.time), inWindow: all.length };
}

function highest(
  all: readonly ExemplarOfSeries[],
  { from, to, columns }: { readonly from: UnixMs; readonly to: UnixMs; readonly columns: number },
): ExemplarOfSeries[] {
  const count = Math.floor(columns);
  const kept = new Map<number, ExemplarOfSeries>();
  for (const one of all) {
    const part = to > from ? (one.time - from) / (to - from) : 0;
    const column = Math.min(count - 1, Math.floor(part * count));
    const other = kept.get(column);
    if (other === undefined || height(one.value) > height(other.value)) kept.set(column, one);
  }
  return [...kept.values()];
}

/** What cannot be drawn is below all that can. */
function height(value: number): number {
  return Number.isFinite(value) ? value : Number.NEGATIVE_INFINITY;
}

/** `trace_id`, `traceID`, `TraceId`, `trace.id`, `trace-id`: instrumentation libraries do not agree. */
function traceIdOf(labels: Labels): string | undefined {
  const isTraceId = (name: string) => name.toLowerCase().replace(/[._-]/g, "") === "traceid";
  return labels.find(([name, value]) => isTraceId(name) && value !== "")?.[1];
}
