/** A number as Go writes it with the format `f`: all its digits, and no exponent. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa = "", exponent] = String(Math.abs(value)).split("e");
  if (exponent === undefined) return sign + mantissa;
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  return point > 0 ? `${sign}${digits.padEnd(point, "0")}` : `${sign}0.${"0".repeat(-point)}${digits}`;
}

/** Years and weeks only where nothing is left over: 90d reads better than 12w6d. */
const units = [
  ["y", 365 * 86_400_000, "whole"],
  ["w", 7 * 86_400_000, "whole"],
  ["d", 86_400_000, "any"],
  ["h", 3_600_000, "any"],
  ["m", 60_000, "any"],
  ["s", 1000, "any"],
  ["ms", 1, "any"],
] as const;

/** Seconds as Prometheus' `model.Duration` writes them, with a sign where there is one: `1h30m`. */
export function durationText(seconds: number): string {
  // Nanoseconds are what Go counts, so that 1.001 is 1001 milliseconds; what is below one is not written.
  let rest = Math.trunc(Math.round(Math.abs(seconds) * 1e9) / 1e6);
  if (rest === 0) return "0s";
  let text = seconds < 0 ? "-" : "";
  for (const [unit, size, use] of units) {
    const count = Math.floor(rest / size);
    if (count === 0 || (use === "whole" && rest % size !== 0)) continue;
    text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

const namedEscapes: ReadonlyMap<string, string> = new Map([
  ["\u0007", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ["\\", "\\\\"],
  ['"', '\\"'],
]);

/** A string in quotes as Go's `strconv.Quote` writes it: what cannot be seen is an escape. */
export function quotedText(value: string): string {
  const inside = value.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    const hex = (digits: number) => code.toString(16).padStart(digits, "0");
    const numbered = code < 0x80 ? `\\x${hex(2)}` : code > 0xffff ? `\\U${hex(8)}` : `\\u${hex(4)}`;
    return namedEscapes.get(sign) ?? numbered;
  });
  return `"${inside}"`;
}
