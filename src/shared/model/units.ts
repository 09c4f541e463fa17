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

/** A number in a unit; an id that is none of ours stands behind a short number as it is. */
export function unitNumber(value: number, unit: string | undefined): string {
  if (!Number.isFinite(value)) return valueText(value);
  switch (unit) {
    case undefined:
    case "":
    case "none":
    case "short":
      return shortNumber(value);
    case "percent":
      return `${shortNumber(value)}%`;
    case "percentunit":
      return `${shortNumber(value * 100)}%`;
    case "s":
      return seconds(value);
    case "ms":
      return seconds(value / 1000);
    case "dateTimeAsIso":
      return Math.abs(value) <= 8.64e12
        ? new Date(value * 1000).toISOString().replace(/\.000Z$/, "Z")
        : shortNumber(value);
    default: {
      const base = binary[unit];
      if (base !== undefined) return binaryNumber(value, base);
      const scale = scaled[unit];
      if (unit === "cps") return `${shortNumber(value)}/s`;
      if (scale === undefined) return `${shortNumber(value)} ${behind[unit] ?? unit}`;
      const [, number, prefix] = /^(.*?)([kMGTPE]?)$/.exec(shortNumber(value)) ?? [];
      return `${number} ${prefix}${scale}`;
    }
  }
}

function seconds(value: number): string {
  const size = Math.abs(value);
  // 59.99999 s is a minute once it is rounded.
  const rounded = Number(size.toPrecision(4));
  for (const [length, name] of [
    [day, "d"],
    [hour, "h"],
    [minute, "min"],
  ] as const) {
    if (rounded >= length) return `${trimZeros((value / length).toPrecision(4))} ${name}`;
  }
  return shortSeconds(value);
}

function binaryNumber(value: number, base: string): string {
  const step = value === 0 ? 0 : Math.min(5, Math.max(0, Math.floor(Math.log2(Math.abs(value)) / 10)));
  return `${trimZeros((value / 1024 ** step).toPrecision(4))} ${["", "Ki", "Mi", "Gi", "Ti", "Pi"][step] ?? ""}${base}`;
}
