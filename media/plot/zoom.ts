/** A stretch of time that is shown, in ms. */
export interface Zoom {
  readonly from: number;
  readonly to: number;
}

/** No zoom goes below this: nothing is sampled more often than every few milliseconds. */
const leastMs = 1000;

/** The stretch made longer or shorter by a factor; what is at `around` stays in view, and nothing beyond the whole is. */
export function scaled({ from, to }: Zoom, whole: Zoom, factor: number, around: number | undefined): Zoom {
  const middle = around !== undefined && around >= from && around <= to ? around : (from + to) / 2;
  const length = Math.max(leastMs, (to - from) * factor);
  return inside(middle - length / 2, length, whole);
}

/** The stretch moved by a part of its length: later, or earlier for a negative one. */
export function moved({ from, to }: Zoom, whole: Zoom, part: number): Zoom {
  return inside(from + (to - from) * part, to - from, whole);
}

function inside(from: number, length: number, whole: Zoom): Zoom {
  if (length >= whole.to - whole.from) return whole;
  const start = Math.min(Math.max(from, whole.from), whole.to - length);
  return { from: start, to: start + length };
}
