import type { Series, UnixMs } from "../shared/model/answer.ts";
import { lowerBound } from "../shared/model/sorted.ts";

/** Puts a sample at the window's very end inside it; times are whole milliseconds. */
const halfMs = 0.5;

/** In a y column: no sample here, but the line goes on through it. NaN, where there is no sample, is a gap. */
const span = 0;

/** Room on either side of a window without length, where no step says how much, in ms. */
const roomMs = 30_000;

/** Columns for a chart: one x column, one y column a line, and a bit for each y that is a sample. */
export interface ChartColumns {
  /** The window drawn: the one asked for, or a wider one where that has no length. */
  readonly from: UnixMs;
  readonly to: UnixMs;
  readonly points: number;
  /** False: each pixel's smallest and greatest value stand for its points. */
  readonly isExact: boolean;
  readonly buffer: ArrayBuffer;
}

/** A line of the chart; where two of its points are further apart than `gapMs` there is a gap. */
export type ChartLine = Pick<Series, "times" | "values"> & { readonly gapMs: number };

export interface ChartInput {
  readonly lines: readonly ChartLine[];
  readonly from: UnixMs;
  readonly to: UnixMs;
  /** Plot width in pixels. */
  readonly width: number;
  /** What stands for the points of a pixel where there are more than two: the least and greatest value, or the last. */
  readonly reduce: "extremes" | "last";
}

/**
 * At most two points a pixel and line. Up to there the samples themselves, with a hole put in where all lines pause; beyond,
 * the least and the greatest value of each pixel in their order of time, so that no spike is lost and no value invented.
 * A line breaks where it pauses itself: that others have samples there, or a pixel has none, does not break it.
 */
export async function chartColumns(
  asked: ChartInput & {
    /** Awaited between lines, so that others have their turn. */
    readonly pause: () => Promise<void>;
  },
): Promise<ChartColumns> {
  const steps = chartSteps(asked);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await asked.pause();
  }
}

/** The same in steps: a line each, or so. */
export function* chartSteps(asked: ChartInput): Generator<void, ChartColumns> {
  const input = asked.from === asked.to ? { ...asked, ...widened(asked) } : asked;
  const width = Math.max(1, Math.floor(input.width));
  const exact = yield* exactTimes(input, 2 * width);
  const x = exact ?? bucketTimes(input, width);
  const { lines } = input;
  const yBytes = x.length * 8 * (lines.length + 1);
  const buffer = new ArrayBuffer(yBytes + Math.ceil((x.length * lines.length) / 8));
  new Float64Array(buffer, 0, x.length).set(x);
  const present = new Uint8Array(buffer, yBytes);
  for (const [i, line] of lines.entries()) {
    const y = new Float64Array(buffer, x.length * 8 * (i + 1), x.length).fill(Number.NaN);
    const mark = (at: number) => {
      const bit = i * x.length + at;
      present[bit >> 3] = (present[bit >> 3] ?? 0) | (1 << (bit & 7));
    };
    if (exact === undefined) fillBuckets(line, input, width, y, mark);
    else fillExact(line, input, x, y, mark);
    yield;
  }
  return { from: input.from, to: input.to, points: x.length, isExact: exact !== undefined, buffer };
}

/** Half a step on either side, since a scale needs two ends. */
function widened({ from, lines }: ChartInput): { readonly from: UnixMs; readonly to: UnixMs } {
  const gapMs = shortestGap(lines);
  const room = Number.isFinite(gapMs) ? gapMs / 3 : roomMs;
  return { from: from - room, to: from + room };
}

function shortestGap(lines: readonly ChartLine[]): number {
  return lines.reduce((least, { gapMs }) => Math.min(least, gapMs), Number.POSITIVE_INFINITY);
}

/** Leads a line on from one drawn sample to the next, unless something lies between them that must be seen as a gap. */
class Joiner {
  readonly #y: Float64Array;
  readonly #gapMs: number;
  #from: { readonly at: number; readonly time: UnixMs } | undefined;

  constructor(y: Float64Array, gapMs: number) {
    this.#y = y;
    this.#gapMs = gapMs;
  }

  /** The line's next sample is at `at`. */
  reach(at: number, time: UnixMs): void {
    const from = this.#from;
    if (from === undefined || !Number.isFinite(this.#y[at])) return;
    if (time - from.time <= this.#gapMs) this.#y.fill(span, from.at + 1, at);
  }

  /** The line goes on from `at`; a value that cannot be drawn leads nowhere. */
  leave(at: number, time: UnixMs): void {
    this.#from = Number.isFinite(this.#y[at]) ? { at, time } : undefined;
  }
}

/** All times of all lines in the window with holes at pauses; `undefined` if there are more than `most`. */
function* exactTimes({ lines, from, to }: ChartInput, most: number): Generator<void, Float64Array | undefined> {
  // A hole that is none to lines of a longer step is led over.
  const gapMs = shortestGap(lines);
  const columns = new Set(lines.map(({ times }) => times));
  const all = new Set<number>();
  let looked = 0;
  for (const times of columns) {
    if (++looked % 100 === 0) yield;
    const begin = lowerBound(times, from);
    const end = lowerBound(times, to + halfMs);
    if (end - begin > most) return undefined;
    for (let i = begin; i < end; i++) all.add(times[i] ?? 0);
    if (all.size > most) return undefined;
  }
  const sorted = [...all].sort((a, b) => a - b);
  const withHoles = sorted.flatMap((time, i) => {
    const next = sorted[i + 1];
    return next !== undefined && next - time > gapMs ? [time, (time + next) / 2] : [time];
  });
  return withHoles.length > most ? undefined : Float64Array.from(withHoles);
}

function bucketTimes({ from, to }: ChartInput, width: number): Float64Array {
  return Float64Array.from({ length: 2 * width }, (_, i) => from + ((to - from) * i) / (2 * width));
}

function fillExact(
  line: ChartLine,
  { from, to }: ChartInput,
  x: Float64Array,
  y: Float64Array,
  mark: (at: number) => void,
): void {
  const { times, values, gapMs } = line;
  const end = lowerBound(times, to + halfMs);
  const joiner = new Joiner(y, gapMs);
  let at = 0;
  for (let i = lowerBound(times, from); i < end; i++) {
    const time = times[i] ?? 0;
    while ((x[at] ?? Number.POSITIVE_INFINITY) < time) at++;
    y[at] = values[i] ?? Number.NaN;
    mark(at);
    joiner.reach(at, time);
    joiner.leave(at, time);
  }
}

function fillBuckets(
  line: ChartLine,
  { from, to, reduce }: ChartInput,
  width: number,
  y: Float64Array,
  mark: (at: number) => void,
): void {
  const { times, values, gapMs } = line;
  const end = lowerBound(times, to + halfMs);
  const scale = width / (to - from);
  const joiner = new Joiner(y, gapMs);
  let i = lowerBound(times, from);
  while (i < end) {
    const bucket = Math.min(width - 1, Math.floor(((times[i] ?? 0) - from) * scale));
    const first = times[i] ?? 0;
    let low = i;
    let high = i;
    for (; i < end && Math.min(width - 1, Math.floor(((times[i] ?? 0) - from) * scale)) === bucket; i++) {
      const value = values[i] ?? Number.NaN;
      // What cannot be drawn gives way to anything that can: an infinity would hide the pixel's spike.
      const isDrawn = Number.isFinite(value);
      const [least, greatest] = [values[low] ?? Number.NaN, values[high] ?? Number.NaN];
      if (isDrawn ? !(value >= least) || !Number.isFinite(least) : Number.isNaN(least)) low = i;
      if (isDrawn ? !(value <= greatest) || !Number.isFinite(greatest) : Number.isNaN(greatest)) high = i;
    }
    if (reduce === "last") low = high = i - 1;
    y[2 * bucket] = values[Math.min(low, high)] ?? Number.NaN;
    y[2 * bucket + 1] = values[Math.max(low, high)] ?? Number.NaN;
    mark(2 * bucket);
    mark(2 * bucket + 1);
    joiner.reach(2 * bucket, first);
    joiner.leave(2 * bucket + 1, times[i - 1] ?? 0);
  }
}
