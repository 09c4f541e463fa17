import type { UnixMs } from "../../../shared/model/answer.ts";
import { tickIncrement, valueTexts } from "../../../shared/model/valueAxis.ts";
import { type TimeZone, tickTexts, tickTimes, timeIncrements } from "../../../shared/model/zonedTime.ts";

/** A mark on an axis; the text of one of time may have a second line, the day. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** An axis of values with its ends at ticks. */
export interface ValueScale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly Tick[];
}

/** About so many parts has an axis of values. */
const valueParts = 5;

/** A longer text has no room beside the axis: an unknown unit is written as it is. */
const longestText = 24;

/** The axis for values from `min` to `max`; NaN: there is nothing to draw. A flat line has room above and below. */
export function valueScale(min: number, max: number, unit: string | undefined): ValueScale {
  if (Number.isNaN(min) || Number.isNaN(max)) return withTexts(0, 1, [0, 1], undefined);
  if (min === max) {
    const [from, to] = min === 0 ? [-1, 1] : [Math.min(0, 2 * min), Math.max(0, 2 * max)];
    if (Number.isFinite(from) && Number.isFinite(to)) return withTexts(from, to, [from, (from + to) / 2, to], unit);
    return withTexts(Math.min(min, min / 2), Math.max(min, min / 2), [min], unit);
  }
  const increment = tickIncrement((max - min) / valueParts, unit);
  // A rounding may leave a value just outside.
  const from = Math.min(min, Math.floor(min / increment) * increment);
  const to = Math.max(max, Math.ceil(max / increment) * increment);
  // At the ends of all numbers there are none to round to.
  if (!(increment > 0 && Number.isFinite(to - from))) return withTexts(min, max, [min, max], unit);
  const parts = Math.round((to - from) / increment);
  const ticks = Array.from({ length: parts + 1 }, (_, i) => {
    const exact = Number((from + i * increment).toPrecision(15));
    return Math.min(to, Math.max(from, exact));
  });
  return withTexts(from, to, [...new Set(ticks)], unit, increment);
}

/** `increment`: how far the ticks are from each other, where that is a good distance. */
function withTexts(
  from: number,
  to: number,
  at: readonly number[],
  unit: string | undefined,
  increment?: number,
): ValueScale {
  const texts = valueTexts(at, unit, increment);
  const ticks = at.map((value, i) => ({ at: value, text: shortened(texts[i] ?? "") }));
  return { from, to, ticks };
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= longestText ? text : `${characters.slice(0, longestText - 1).join("")}…`;
}

/** Ticks on the zone's clock, at most `most` or so. */
export function timeScale(from: UnixMs, to: UnixMs, most: number, zone: TimeZone): readonly Tick[] {
  const least = (to - from) / most;
  const longest = timeIncrements.at(-1) ?? 1;
  const increment = timeIncrements.find((one) => one >= least) ?? Math.ceil(least / longest) * longest;
  const times = tickTimes(from, to, increment, zone);
  const texts = tickTexts(times, zone);
  return times.map((at, i) => ({ at, text: texts[i] ?? "" }));
}
