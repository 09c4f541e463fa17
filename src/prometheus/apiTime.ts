import type { UnixMs } from "../shared/model/answer.ts";

/** A moment as the API reads it: unix seconds with exactly three decimals, never in exponent form (which some servers refuse). */
export function formatApiTime(time: UnixMs): string {
  return decimal(time / 1000);
}

/** A step or timeout (ms) as decimal seconds, at most three decimals, without trailing zeros: `15`, `0.5`. */
export function formatApiSeconds(ms: number): string {
  return decimal(ms / 1000).replace(/\.?0+$/, "");
}

function decimal(seconds: number): string {
  // `toFixed` changes to exponent form from 1e21 on; no clock and no range gets there.
  if (!(Math.abs(seconds) < 1e15)) throw new RangeError(`Not a time: ${seconds} s`);
  return seconds.toFixed(3);
}

/**
 * A time that a server printed (RFC 3339), in ms. Go's zero time and the unix epoch mean "never" and give `undefined`,
 * as does everything that is no time.
 */
export function parseServerTime(text: string | null | undefined): UnixMs | undefined {
  if (text === null || text === undefined) return undefined;
  const time = Date.parse(text);
  return time > 0 ? time : undefined;
}
