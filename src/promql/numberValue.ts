import { parseDuration } from "../shared/model/time.ts";

/** What the text of a number says. `dialect`: only VictoriaMetrics reads it so. */
export type NumberReading =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly reason: "tooLarge" | "dialect" | "notDuration" };

const prometheusNumber =
  /^(?:0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|(?:[0-9]+(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?|\.[0-9]+(?:_[0-9]+)*)(?:[eE][+-]?[0-9]+)?)$/;

/** Reads a number as Prometheus does: in Go's spelling, so that `0755` is octal. */
export function readNumber(text: string): NumberReading {
  const word = text.toLowerCase();
  if (word === "nan") return { ok: true, value: Number.NaN };
  if (word === "inf") return { ok: true, value: Number.POSITIVE_INFINITY };
  if (!prometheusNumber.test(text)) return { ok: false, reason: "dialect" };
  const digits = word.replaceAll("_", "");
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return Number.isFinite(value) ? { ok: true, value } : { ok: false, reason: "tooLarge" };
}

/** Go counts durations in nanoseconds in 63 bits: some 292 years. */
const mostSeconds = 2 ** 63 / 1e9;

/** Reads a duration as Prometheus does (`model.ParseDuration`): each unit at most once, the larger ones first. In seconds. */
export function readDuration(text: string): NumberReading {
  const ms = parseDuration(text);
  if (ms === undefined) return { ok: false, reason: /[.iI]|[A-Z]/.test(text) ? "dialect" : "notDuration" };
  const seconds = ms / 1000;
  return isTooLong(seconds) ? { ok: false, reason: "tooLarge" } : { ok: true, value: seconds };
}

/** True for seconds that no duration of a server holds. */
export function isTooLong(seconds: number): boolean {
  return Math.abs(seconds) >= mostSeconds;
}
