/** A sample value as Prometheus writes it: `NaN`, `+Inf`, `-Inf`, otherwise JavaScript's shortest exact form. */
export function valueText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Reads `valueText` back. */
export function parseValue(text: string | number): number {
  if (typeof text === "number") return text;
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  return Number(text);
}

const siPrefixes = ["", "k", "M", "G", "T", "P", "E"] as const;
const smallPrefixes = ["", "m", "µ", "n", "p"] as const;

/** Below it a number is easier to read with an exponent than with its zeros. */
const smallestPlain = 1e-4;

/** The power of 1000 that a number is shown in. */
function stepOf(size: number): number {
  return Math.floor(Math.log10(size) / 3 + 1e-9);
}

/**
 * A short number, at most `digits` significant digits: exact for whole numbers below 10,000, with k, M, G ... above. Small
 * ones are decimals: a lone `m` would be read as a unit.
 */
export function shortNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value) || value === 0) return valueText(value);
  const size = Math.abs(value);
  if (size < smallestPlain) return value.toExponential(digits - 1).replace(/\.?0+e/, "e");
  if (size < 10_000) return trimZeros(value.toPrecision(Math.max(digits, Math.ceil(Math.log10(size + 1)))));
  const prefix = siPrefixes[stepOf(size)];
  if (prefix === undefined) return value.toExponential(digits - 1);
  return trimZeros((value / 1000 ** stepOf(size)).toPrecision(digits)) + prefix;
}

/** Seconds below a minute: `1.5s`, `12.4ms`, `80µs`. */
function shortSeconds(value: number): string {
  const size = Math.abs(value);
  const step = size === 0 ? 0 : stepOf(size);
  const prefix = step < 0 ? smallPrefixes[-step] : "";
  if (prefix === undefined) return `${shortNumber(value)}s`;
  return `${trimZeros((value / 1000 ** Math.min(step, 0)).toPrecision(4))}${prefix}s`;
}

function trimZeros(text: string): string {
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

/** A number in a unit: `s`, `percent`, `percentunit`, `bytes` (factor 1024), anything else behind a short number. */
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
      return `${trimZeros((value * 100).toPrecision(4))}%`;
    case "s": {
      const size = Math.abs(value);
      if (size >= 86_400) return `${trimZeros((value / 86_400).toPrecision(4))} d`;
      if (size >= 3600) return `${trimZeros((value / 3600).toPrecision(4))} h`;
      if (size >= 60) return `${trimZeros((value / 60).toPrecision(4))} min`;
      return shortSeconds(value);
    }
    case "bytes": {
      const step = value === 0 ? 0 : Math.min(5, Math.max(0, Math.floor(Math.log2(Math.abs(value)) / 10)));
      const names = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
      return `${trimZeros((value / 1024 ** step).toPrecision(4))} ${names[step] ?? "B"}`;
    }
    default:
      return `${shortNumber(value)} ${unit}`;
  }
}
