import type { Series, UnixMs } from "../shared/model/answer.ts";
import { lowerBound } from "../shared/model/sorted.ts";

/** Points that are read before others have their turn. */
const sliceLength = 65_536;

/** Steps that are told apart at most: a window of more is the work of a server that invents times. */
const mostSteps = 1_000_000;

/** Part of a step by which times may miss the grid without being of another step. */
const tolerance = 1e-6;

/** The steps of a window and the columns they are drawn in. */
export interface StepGrid {
  readonly stepMs: number;
  readonly steps: number;
  /** Time of the first step. */
  readonly first: UnixMs;
  readonly columns: number;
  /** Steps that share a column; the first column may have fewer, so that the newest is whole. */
  readonly stepsPerColumn: number;
}

/**
 * A grid over the samples of `series`. A sample stands for the step that ends at its time, as a rate does, so the whole
 * window begins a step before its first sample; `zoom` is a part of what is drawn, in the same sense.
 */
export function stepGrid({
  series,
  from,
  to,
  stepMs: sentStep,
  zoom,
  maxColumns,
}: {
  readonly series: readonly Series[];
  readonly from: UnixMs;
  readonly to: UnixMs;
  readonly stepMs: number;
  readonly zoom: { readonly from: UnixMs | null; readonly to: UnixMs | null };
  readonly maxColumns: number;
}): StepGrid {
  const stepMs = Math.max(sentStep, (to - from) / mostSteps);
  // Some servers shift a window to multiples of the step: the samples say where the steps are.
  const anchor = earliest(series) ?? from;
  const at = (time: UnixMs) => (time - anchor) / stepMs;
  const shifted = at(from) > 0 && at(from) < 1 + tolerance;
  const least = shifted ? 0 : Math.ceil(at(from) - tolerance);
  const most = Math.max(least, Math.floor(at(to) + tolerance));
  const inside = (step: number) => Math.min(most, Math.max(least, step));
  const begin = zoom.from === null ? least : inside(Math.floor(at(zoom.from) + tolerance) + 1);
  const end = zoom.to === null ? most : inside(Math.ceil(at(zoom.to) - tolerance));
  const steps = Math.max(1, end - begin + 1);
  const stepsPerColumn = Math.ceil(steps / Math.max(1, Math.floor(maxColumns)));
  return {
    stepMs,
    steps,
    first: anchor + begin * stepMs,
    columns: Math.ceil(steps / stepsPerColumn),
    stepsPerColumn,
  };
}

function earliest(series: readonly Series[]): UnixMs | undefined {
  let least: UnixMs | undefined;
  for (const { times, histograms } of series) {
    for (const time of [times[0], histograms[0]?.time]) {
      if (time !== undefined && !(least !== undefined && least <= time)) least = time;
    }
  }
  return least;
}

/** The column that a step is drawn in. */
export function columnOf({ columns, steps, stepsPerColumn }: StepGrid, step: number): number {
  return columns - 1 - Math.floor((steps - 1 - step) / stepsPerColumn);
}

/** The step that a time belongs to; one outside the grid is negative or beyond the last. */
export function stepOf({ first, stepMs }: StepGrid, time: UnixMs): number {
  return Math.round((time - first) / stepMs);
}

/** Where columns begin and, as one more, where the last one ends. */
export function columnEdges({ columns, steps, stepsPerColumn, first, stepMs }: StepGrid): Float64Array {
  return Float64Array.from(
    { length: columns + 1 },
    (_, column) => first + (Math.max(0, steps - (columns - column) * stepsPerColumn) - 1) * stepMs,
  );
}

/** Hands every number of a series with its step to `read`, others having their turn now and then; NaN is no number. */
export async function readSteps(
  { times, values }: Series,
  grid: StepGrid,
  pause: () => Promise<void>,
  read: (step: number, value: number) => void,
): Promise<void> {
  const half = grid.stepMs / 2;
  const end = lowerBound(times, grid.first + (grid.steps - 1) * grid.stepMs + half);
  for (let i = lowerBound(times, grid.first - half); i < end; ) {
    for (const stop = Math.min(end, i + sliceLength); i < stop; i++) {
      const value = values[i] ?? Number.NaN;
      const step = stepOf(grid, times[i] ?? 0);
      if (!Number.isNaN(value) && step >= 0 && step < grid.steps) read(step, value);
    }
    await pause();
  }
}
