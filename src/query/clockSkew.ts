import type { QueryAnswer } from "../shared/model/answer.ts";

/** Clocks that differ by more make every "now" a lie. */
const clockTolerance = 30_000;

/** By how many ms the server's clock was ahead of this machine's; `undefined` where it is near enough or not known. */
export function clockSkew({ serverClock }: QueryAnswer): number | undefined {
  if (serverClock === undefined) return undefined;
  const skew = serverClock.server - serverClock.local;
  return Math.abs(skew) > clockTolerance ? skew : undefined;
}
