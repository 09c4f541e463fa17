import type { ColumnsBuilder } from "./columns.ts";
import { combine, parseNumber } from "./numbers.ts";

const quote = 34;
const comma = 44;
const minus = 45;
const dot = 46;
const zero = 48;
const openBracket = 91;
const closeBracket = 93;

/** Factors that turn a time's digits into milliseconds, by its number of decimals. */
const toMs = [1000, 100, 10, 1];

/** Powers of ten that join two groups of digits. */
const joins = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];

/** No element that this loop takes is longer, in bytes. */
const longest = 64;

/**
 * Reads elements `[1435781451.781,"0.5"],` as servers print them, without white space, as long as each lies well before
 * `to`. Answers where it stopped: behind the last element read, at the comma or bracket there, or `from` if not even the
 * first can be read this way; then the tokenizer takes over, and is right for any spelling. At most `room` + 1 samples are
 * read.
 *
 * This loop runs once for each sample of an answer, millions of times. Digits are gathered in groups of at most nine, since
 * a processor's integers are several times faster in such a chain than its doubles.
 */
export function readSamples(
  bytes: Uint8Array,
  from: number,
  to: number,
  columns: ColumnsBuilder,
  room: number,
): number {
  let read = from;
  let left = room;
  for (let at = from; at + longest < to && bytes[at] === openBracket; at = read + 1) {
    const timeFrom = ++at;
    let digit = (bytes[at] ?? 0) - zero;
    let first = 0;
    let end = at + 9;
    for (; digit >>> 0 <= 9 && at < end; digit = (bytes[++at] ?? 0) - zero) first = (first * 10 + digit) | 0;
    const firstDigits = at - timeFrom;
    let second = 0;
    end = at + 6;
    for (; digit >>> 0 <= 9 && at < end; digit = (bytes[++at] ?? 0) - zero) second = (second * 10 + digit) | 0;
    let secondDigits = at - timeFrom - firstDigits;
    let decimals = 0;
    if (digit === dot - zero && firstDigits > 0) {
      digit = (bytes[++at] ?? 0) - zero;
      for (; digit >>> 0 <= 9 && decimals < 4; digit = (bytes[++at] ?? 0) - zero, decimals++) {
        second = (second * 10 + digit) | 0;
      }
      secondDigits += decimals;
      if (decimals === 0) return read;
    }
    // Signs, exponents and long fractions are legal JSON, but no server writes times so: the other road takes them.
    if (firstDigits === 0 || secondDigits > 6 || decimals > 3) return read;
    if (bytes[at] !== comma || bytes[at + 1] !== quote) return read;
    const time = (first * (joins[secondDigits] ?? 0) + second) * (toMs[decimals] ?? 0);
    at += 2;

    const valueFrom = at;
    if (bytes[at] === minus) at++;
    const digitsFrom = at;
    let high = 0;
    end = at + 9;
    digit = (bytes[at] ?? 0) - zero;
    for (; digit >>> 0 <= 9 && at < end; digit = (bytes[++at] ?? 0) - zero) high = (high * 10 + digit) | 0;
    let highDigits = at - digitsFrom;
    let middle = 0;
    let middleDigits = 0;
    let low = 0;
    let lowDigits = 0;
    let exponent = 0;
    if (digit === dot - zero && highDigits > 0) {
      const fractionFrom = ++at;
      end = at + 9 - highDigits;
      digit = (bytes[at] ?? 0) - zero;
      for (; digit >>> 0 <= 9 && at < end; digit = (bytes[++at] ?? 0) - zero) high = (high * 10 + digit) | 0;
      highDigits += at - fractionFrom;
      const middleFrom = at;
      end = at + 6;
      for (; digit >>> 0 <= 9 && at < end; digit = (bytes[++at] ?? 0) - zero) middle = (middle * 10 + digit) | 0;
      middleDigits = at - middleFrom;
      const lowFrom = at;
      end = at + 4;
      for (; digit >>> 0 <= 9 && at < end; digit = (bytes[++at] ?? 0) - zero) low = (low * 10 + digit) | 0;
      lowDigits = at - lowFrom;
      exponent = fractionFrom - at;
    }
    let value: number | undefined;
    if (bytes[at] === quote && highDigits > 0) {
      value = combine(high * (joins[middleDigits] ?? 0) + middle, low, lowDigits, exponent);
      if (value !== undefined && valueFrom !== digitsFrom) value = -value;
    }
    if (value === undefined) {
      while (at < to && bytes[at] !== quote) at++;
      value = parseNumber(bytes, valueFrom, at);
      if (value === undefined) return read;
    }
    if (at + 2 >= to || bytes[at + 1] !== closeBracket) return read;
    const after = bytes[at + 2];
    if (after !== comma && after !== closeBracket) return read;
    columns.push(time, value);
    read = at + 2;
    if (after === closeBracket || --left < 0) return read;
  }
  return read;
}
