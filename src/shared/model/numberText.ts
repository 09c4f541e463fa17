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

/** Seconds below a minute: `1.5s`, `12.4ms`, `80µs`; at most `digits` significant digits. */
export function shortSeconds(value: number, digits = 4): string {
  const size = Math.abs(value);
  const step = size === 0 ? 0 : stepOf(size);
  const prefix = step < 0 ? smallPrefixes[-step] : "";
  if (prefix === undefined) return `${shortNumber(value, digits)}s`;
  return `${trimZeros((value / 1000 ** Math.min(step, 0)).toPrecision(digits))}${prefix}s`;
}

/** `1.50` as `1.5`, `2.0` as `2`. */
export function trimZeros(text: string): string {
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}
