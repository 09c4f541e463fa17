import type { UnixMs } from "../../shared/model/answer.ts";
import { resolveTime } from "../../shared/model/time.ts";
import { alignedWindow, decideWindow, type RunPlan } from "../queryRunner.ts";
import type { Run, RunTarget, SentRange } from "../run.ts";

/** The requests of a run in the form in which they leave the program: variables filled in, times decided. */
export interface SentQueries {
  readonly query: string;
  readonly target: RunTarget;
  readonly range: SentRange | undefined;
  readonly instant: UnixMs | undefined;
  /** Series asked for; `undefined`: all. */
  readonly limit: number | undefined;
  /** The run's window ends, or its moment is, now: whoever repeats it later means a later moment. */
  readonly endsNow: boolean;
}

/** What a run sent; `undefined` where it failed before anything was decided. */
export function sentByRun({ request, window, range, instant }: Run): SentQueries | undefined {
  if (window === undefined) return undefined;
  return {
    query: request.query,
    target: request.target,
    range: range?.sent,
    instant: instant?.sentTime,
    limit: request.choices.maxSeries,
    // It has a moment of its own by now.
    endsNow: false,
  };
}

/** What a run of this plan would send at the moment `now`. Throws `misconfigured` where it would. */
export function sentByPlan(plan: RunPlan, now: UnixMs): SentQueries {
  const { choices, target } = plan.request;
  const window = decideWindow(plan, choices, now);
  const moment = choices.mode === "both" ? choices.end : choices.time;
  const last = choices.mode === "instant" ? choices.time : choices.end;
  return {
    query: plan.queryFor(window),
    target,
    range: choices.mode === "instant" ? undefined : alignedWindow(window),
    instant: choices.mode === "range" ? undefined : resolveTime(moment, now),
    limit: choices.maxSeries,
    endsNow: last.kind === "now" && last.offsetMs === 0,
  };
}
