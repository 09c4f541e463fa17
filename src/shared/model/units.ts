import { shortNumber, shortSeconds, trimZeros, valueText } from "./numberText.ts";

/** A unit that can be chosen, by the id that Grafana has for it. */
export interface Unit {
  readonly id: string;
  readonly title: string;
}

/** The units offered; any other id is written behind the number as it is. */
export const units: readonly Unit[] = [
  { id: "none", title: "number" },
  { id: "s", title: "seconds" },
  { id: "ms", title: "milliseconds" },
  { id: "percentunit", title: "ratio, 1 = 100 %" },
  { id: "percent", title: "percent" },
  { id: "bytes", title: "bytes (1024)" },
  { id: "decbytes", title: "bytes (1000)" },
  { id: "bits", title: "bits (1024)" },
  { id: "binBps", title: "bytes per second (1024)" },
  { id: "Bps", title: "bytes per second (1000)" },
  { id: "bps", title: "bits per second (1000)" },
  { id: "cps", title: "per second" },
  { id: "reqps", title: "requests per second" },
  { id: "ops", title: "operations per second" },
  { id: "hertz", title: "hertz" },
  { id: "celsius", title: "degrees Celsius" },
  { id: "volt", title: "volts" },
  { id: "amp", title: "amperes" },
  { id: "watt", title: "watts" },
  { id: "joule", title: "joules" },
  { id: "dateTimeAsIso", title: "time (unix seconds)" },
];

const behind: Readonly<Record<string, string>> = {
  reqps: "req/s",
  ops: "ops/s",
  celsius: "°C",
};

/** With prefixes of powers of 1000 right at the unit. */
const scaled: Readonly<Record<string, string>> = {
  decbytes: "B",
  Bps: "B/s",
  bps: "bit/s",
  hertz: "Hz",
  volt: "V",
  amp: "A",
  watt: "W",
  joule: "J",
};

/** With prefixes of powers of 1024. */
const binary: Readonly<Record<string, string>> = { bytes: "B", bits: "bit", binBps: "B/s" };

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * A number in a unit, at most `digits` significant digits; an id that is none of ours stands behind a short number as it is.
 * Moments are exact to the millisecond.
 */
export function unitNumber(value: number, unit: string | undefined, digits = 4): string {
  if (!Number.isFinite(value)) return valueText(value);
  const number = shortNumber(value, digits);
  switch (unit) {
    case undefined:
    case "":
    case "none":
    case "short":
      return number;
    case "percent":
      return percent(value, digits);
    case "percentunit":
      return percent(value * 100, digits);
    case "s":
      return seconds(value, digits);
    case "ms":
      return seconds(value / 1000, digits);
    case "cps":
      return `${number}/s`;
    case "dateTimeAsIso":
      return Math.abs(value) <= 8.64e12 ? new Date(value * 1000).toISOString().replace(/\.000Z$/, "Z") : number;
    default:
      return inOtherUnit(value, unit, digits);
  }
}

function inOtherUnit(value: number, unit: string, digits: number): string {
  const base = binary[unit];
  if (base !== undefined) return binaryNumber(value, base, digits);
  const text = shortNumber(value, digits);
  const scale = scaled[unit];
  if (scale === undefined) return `${text} ${behind[unit] ?? unit}`;
  const [, number, prefix] = /^(.*?)([kMGTPE]?)$/.exec(text) ?? [];
  return `${number} ${prefix}${scale}`;
}

/** What differs by less than this many digits tell is taken for noise of a division. */
const mostPercentDigits = 12;

/** A number of percent. All of it is said of nothing less and nothing more: 99.996 has a fifth digit. */
function percent(value: number, digits: number): string {
  for (let more = digits; ; more++) {
    const text = shortNumber(value, more);
    if (value === 100 || Math.abs(Number(text)) !== 100 || more >= mostPercentDigits) return `${text}%`;
  }
}

function seconds(value: number, digits: number): string {
  const size = Math.abs(value);
  // 59.99999 s is a minute once it is rounded.
  const rounded = Number(size.toPrecision(digits));
  for (const [length, name] of [
    [day, "d"],
    [hour, "h"],
    [minute, "min"],
  ] as const) {
    if (rounded >= length) return `${trimZeros((value / length).toPrecision(digits))} ${name}`;
  }
  return shortSeconds(value, digits);
}

function binaryNumber(value: number, base: string, digits: number): string {
  const step = value === 0 ? 0 : Math.min(5, Math.max(0, Math.floor(Math.log2(Math.abs(value)) / 10)));
  const number = trimZeros((value / 1024 ** step).toPrecision(digits));
  return `${number} ${["", "Ki", "Mi", "Gi", "Ti", "Pi"][step] ?? ""}${base}`;
}
