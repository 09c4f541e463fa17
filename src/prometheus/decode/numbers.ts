/** 10^0 to 10^22: every one of them is exact in a double. */
const powers = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

const zero = 48;
const nine = 57;
const minus = 45;
const plus = 43;
const dot = 46;

/** Largest integer below which a mantissa in a double has lost nothing. */
const exactMantissa = 2 ** 53;

/** Half of a double's bits, to multiply without loss (Veltkamp). */
const splitter = 134_217_729;

/**
 * The number written in `bytes[from..to)` as Go and JSON write floats, exactly as `Number(text)` reads it; also `NaN`,
 * `Inf` and `inf` with a sign. `undefined`: no number is written there.
 *
 * Up to 15 digits the mantissa is exact and so is one operation with a power of ten up to 10^22 (Clinger 1990). Up to 19
 * digits the quotient is formed in twice the precision and taken where a perturbation far above its error does not change
 * the rounding. All else is left to `Number`.
 */
export function parseNumber(bytes: Uint8Array, from: number, to: number): number | undefined {
  let at = from;
  let negative = false;
  const first = bytes[at];
  if (first === minus) {
    negative = true;
    at++;
  } else if (first === plus) at++;
  let high = 0;
  let low = 0;
  let digits = 0;
  let lowDigits = 0;
  let fraction = 0;
  let seenDot = false;
  const begin = at;
  for (; at < to; at++) {
    const code = bytes[at] ?? 0;
    if (code >= zero && code <= nine) {
      if (digits < 15) {
        high = high * 10 + (code - zero);
        if (high !== 0) digits++;
      } else {
        low = low * 10 + (code - zero);
        lowDigits++;
      }
      if (seenDot) fraction++;
    } else if (code === dot && !seenDot) seenDot = true;
    else break;
  }
  if (at === begin || (seenDot && at === begin + 1)) return parseWord(bytes, from, to);
  let exponent = -fraction;
  if (at < to) {
    const written = parseExponent(bytes, at, to);
    if (written === undefined) return parseWord(bytes, from, to);
    exponent += written;
  }
  const value = combine(high, low, lowDigits, exponent);
  if (value === undefined) return Number(textOf(bytes, from, to));
  return negative ? -value : value;
}

/**
 * (high * 10^lowDigits + low) * 10^exponent, correctly rounded; `undefined` where this quick way cannot tell. `high` has at
 * most 15 digits.
 */
export function combine(high: number, low: number, lowDigits: number, exponent: number): number | undefined {
  if (lowDigits === 0) return scale(high, exponent);
  if (lowDigits <= 4 && exponent < 0 && exponent >= -22) return divide(high, low, lowDigits, exponent);
  return undefined;
}

function scale(mantissa: number, exponent: number): number | undefined {
  if (exponent === 0) return mantissa;
  if (exponent < 0 && exponent >= -22) return mantissa / (powers[-exponent] ?? 1);
  if (exponent > 0 && exponent <= 22 && mantissa < exactMantissa) return mantissa * (powers[exponent] ?? 1);
  return mantissa === 0 ? 0 : undefined;
}

/** (high * 10^lowDigits + low) / 10^-exponent, correctly rounded, or `undefined` where that cannot be told. */
function divide(high: number, low: number, lowDigits: number, exponent: number): number | undefined {
  const shift = powers[lowDigits] ?? 1;
  // The mantissa as the exact sum of two doubles.
  const product = high * shift;
  const productRest = productError(high, shift, product);
  const sum = product + low;
  const rest = low - (sum - product) + productRest;
  const power = powers[-exponent] ?? 1;
  const quotient = (sum + rest) / power;
  const back = quotient * power;
  const remainder = sum - back - productError(quotient, power, back) + rest;
  const correction = remainder / power;
  const rounded = quotient + correction;
  const slack = Math.abs(correction) * 1e-10 + quotient * 1e-28;
  return quotient + (correction + slack) === rounded && quotient + (correction - slack) === rounded
    ? rounded
    : undefined;
}

/** a * b - product, exactly (Dekker 1971); `product` is a * b as rounded. */
function productError(a: number, b: number, product: number): number {
  const aSplit = splitter * a;
  const aHigh = aSplit - (aSplit - a);
  const aLow = a - aHigh;
  const bSplit = splitter * b;
  const bHigh = bSplit - (bSplit - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** The exponent that begins with `e` at `at` and reaches to `to`; beyond four digits it is as good as infinite. */
function parseExponent(bytes: Uint8Array, at: number, to: number): number | undefined {
  const letter = bytes[at];
  if (letter !== 101 && letter !== 69) return undefined;
  let i = at + 1;
  const negative = bytes[i] === minus;
  if (negative || bytes[i] === plus) i++;
  if (i >= to) return undefined;
  let value = 0;
  for (; i < to; i++) {
    const code = bytes[i] ?? 0;
    if (code < zero || code > nine) return undefined;
    value = Math.min(value * 10 + (code - zero), 100_000);
  }
  return negative ? -value : value;
}

/** The words that stand for numbers: Prometheus writes `NaN`, `+Inf`, `-Inf`; GreptimeDB `inf`. */
function parseWord(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (to - from > 9) return undefined;
  switch (textOf(bytes, from, to).toLowerCase()) {
    case "nan":
      return Number.NaN;
    case "inf":
    case "+inf":
    case "infinity":
    case "+infinity":
      return Number.POSITIVE_INFINITY;
    case "-inf":
    case "-infinity":
      return Number.NEGATIVE_INFINITY;
    default:
      return undefined;
  }
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
}
