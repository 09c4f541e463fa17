import { shortSeconds, trimZeros, valueText } from "./numberText.ts";
import { unitNumber } from "./units.ts";

/** Units that are read in powers of two. */
const binaryUnits: ReadonlySet<string> = new Set(["bytes", "bits", "binBps"]);

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** 1, 2 and 5 times each power of ten, as the nearest numbers to their decimals. */
function decimals(fromPower: number, toPower: number): readonly number[] {
  const powers = Array.from({ length: toPower - fromPower + 1 }, (_, i) => fromPower + i);
  return powers.flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
}

/** Parts of a second, then what a clock is divided into, then days. */
const clockSeconds: readonly number[] = [
  ...decimals(-9, -1),
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...decimals(0, 12).map((n) => n * day),
];
const clockMilliseconds: readonly number[] = [
  ...decimals(-6, 2),
  ...clockSeconds.filter((seconds) => seconds >= 1).map((seconds) => seconds * 1000),
];
const binarySteps: readonly number[] = [...decimals(-9, -1), ...Array.from({ length: 100 }, (_, i) => 2 ** i)];

/**
 * Distances of ticks that suit a unit, ascending, where it is not read in tens; `undefined`: 1, 2 and 5 times powers of ten.
 * Numbers of the unit.
 */
export function tickIncrements(unit: string | undefined): readonly number[] | undefined {
  if (unit === "s" || unit === "dateTimeAsIso") return clockSeconds;
  if (unit === "ms") return clockMilliseconds;
  return unit !== undefined && binaryUnits.has(unit) ? binarySteps : undefined;
}

/** The least good distance of ticks that is not below `least`, which is greater than zero. */
export function tickIncrement(least: number, unit: string | undefined): number {
  const increments = tickIncrements(unit);
  const listed = least < (increments?.[0] ?? 0) ? undefined : increments?.find((one) => one >= least);
  if (listed !== undefined) return listed;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((digit) => digit * power >= least) ?? 10) * power;
}

/**
 * The texts of an axis' ticks in a unit, with as many digits as their distance needs: no two neighbours read the same.
 * Without `increment` the ticks have no common distance, such as those of a logarithmic axis.
 */
export function valueTexts(
  ticks: readonly number[],
  unit: string | undefined,
  increment: number | undefined,
): readonly string[] {
  const texts = ticks.map((tick) => valueTextAt(tick, unit, increment, digitsFor(ticks, unit, increment)));
  // Beyond the digits that a number has only its exact form can tell it from the next one.
  const isTwice = texts.some((text, i) => i > 0 && text === texts[i - 1]);
  return isTwice ? ticks.map(valueText) : texts;
}

function valueTextAt(tick: number, unit: string | undefined, increment: number | undefined, digits: number): string {
  if (increment !== undefined && unit === "s") return clockText(tick, increment, digits);
  if (increment !== undefined && unit === "ms") return clockText(tick / 1000, increment / 1000, digits);
  return unitNumber(tick, unit, digits);
}

/** Significant digits down to the last one of the increment, at least four; more than fifteen a number does not have. */
function digitsFor(ticks: readonly number[], unit: string | undefined, increment: number | undefined): number {
  const most = Math.max(...ticks.map(Math.abs).filter(Number.isFinite));
  if (increment === undefined || !(increment > 0 && most > 0)) return 4;
  const power = Math.floor(Math.log10(increment) + 1e-9);
  const isDigit = Number.isInteger(Number((increment / 10 ** power).toPrecision(9)));
  // Steps of 2.5 have two digits; those of powers of two have more than are of use.
  const own = isDigit && !(unit !== undefined && binaryUnits.has(unit)) ? 1 : 2;
  return Math.min(15, Math.max(4, Math.floor(Math.log10(most) + 1e-9) - power + own));
}

/** Seconds in the parts of a clock: `1 h 10 min`, `10 d 20s`. */
function clockText(value: number, increment: number, digits: number): string {
  const size = Math.abs(value);
  if (size < minute || !Number.isSafeInteger(Math.round(size))) return shortClock(value, digits);
  const places = Math.max(0, -Math.floor(Math.log10(increment) + 1e-9));
  let rest = Number(size.toFixed(Math.min(9, places)));
  const parts: string[] = [];
  for (const [length, name] of [
    [day, " d"],
    [hour, " h"],
    [minute, " min"],
  ] as const) {
    const count = Math.floor(rest / length);
    if (count > 0) parts.push(`${count}${name}`);
    rest -= count * length;
  }
  const seconds = trimZeros(rest.toFixed(Math.min(9, places)));
  return `${value < 0 ? "-" : ""}${[...parts, ...(Number(seconds) === 0 ? [] : [`${seconds}s`])].join(" ")}`;
}

function shortClock(value: number, digits: number): string {
  return Math.abs(value) < minute ? shortSeconds(value, digits) : unitNumber(value, "s", digits);
}
