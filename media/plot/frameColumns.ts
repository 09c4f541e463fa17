import type { Frame } from "../../src/shared/protocol/results.ts";

/** Values of one line: `null` for a gap, `undefined` where the line goes on without a sample of its own. */
export type Column = (number | null | undefined)[];

/** Times of a frame's points, in ms. */
export function timesOf(frame: Frame): number[] {
  return Array.from(new Float64Array(frame.buffer, 0, frame.points));
}

/** Values as they are drawn; a gap is also all that can be drawn of NaN and infinities. */
export function columnOf(frame: Frame, line: number): Column {
  const y = valuesOf(frame, line);
  const isSample = samplesOf(frame, line);
  return Array.from(y, (value, i) => (!Number.isFinite(value) ? null : isSample(i) ? value : undefined));
}

/** The sample of a line at a point, `undefined` where there is none. */
export function sampleAt(frame: Frame, line: number, index: number): number | undefined {
  return samplesOf(frame, line)(index) ? valuesOf(frame, line)[index] : undefined;
}

/** True where a line has neither a sample nor goes on. */
export function isGapAt(frame: Frame, line: number, index: number): boolean {
  return !Number.isFinite(valuesOf(frame, line)[index] ?? Number.NaN);
}

function valuesOf(frame: Frame, line: number): Float64Array {
  return new Float64Array(frame.buffer, frame.points * 8 * (line + 1), frame.points);
}

/** Tells at which points of a line there is a sample. */
function samplesOf(frame: Frame, line: number): (index: number) => boolean {
  const bits = new Uint8Array(frame.buffer, frame.points * 8 * (frame.lines.length + 1));
  return (index) => {
    const bit = line * frame.points + index;
    return ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  };
}

/**
 * Lines put on top of each other, the first at the bottom: each column is the sum of its own values and those below. Values
 * below zero are put below zero, apart from the others. Where a line has no sample it adds nothing, and where it only goes on
 * it adds its last value; a point where no line has anything is a gap. A line that `isPart` says no to stays as it is.
 */
export function stacked(columns: readonly Column[], isPart: readonly boolean[]): Column[] {
  const length = columns[0]?.length ?? 0;
  const above = new Float64Array(length);
  const below = new Float64Array(length);
  const isThere = new Uint8Array(length);
  for (const [line, column] of columns.entries()) {
    if (isPart[line] === true) for (const [i, value] of column.entries()) if (value !== null) isThere[i] = 1;
  }
  return columns.map((column, line) => {
    if (isPart[line] !== true) return [...column];
    let last = 0;
    return column.map((value, i) => {
      if (value !== undefined) last = value ?? 0;
      const own = value === null ? 0 : last;
      const sum = own < 0 ? below : above;
      sum[i] = (sum[i] ?? 0) + own;
      return isThere[i] === 1 ? (sum[i] ?? 0) : null;
    });
  });
}

/** How many values of the columns a logarithmic axis has no place for. */
export function countNotPositive(columns: readonly Column[]): number {
  let count = 0;
  for (const column of columns) for (const value of column) if (typeof value === "number" && value <= 0) count++;
  return count;
}
