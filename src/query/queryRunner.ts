import { throwIfCancelled, untilCancelled } from "../shared/abort.ts";
import { failureOf, type ServerPosition } from "../shared/errors.ts";
import type { QueryAnswer, UnixMs } from "../shared/model/answer.ts";
import type { MetricsSource, RetryNote } from "../shared/model/source.ts";
import { resolveTime } from "../shared/model/time.ts";
import type { Run, RunChoices, RunPart, RunRequest, SentRange } from "./run.ts";
import { alignToEnd } from "./step.ts";

/** A run that is ready to start but for its moment: times, step and so the query's text depend on when it is sent. */
export interface RunPlan {
  /** Everything of the request that does not depend on the moment. */
  readonly request: Omit<RunRequest, "query">;
  /** Fills variables in, for this range and step. Throws `misconfigured` where a variable's form or value allows none. */
  queryFor(times: { readonly start: UnixMs; readonly end: UnixMs; readonly stepMs: number }): string;
  /** Offset (UTF-16) in the text as written of a place in what was sent for these times; `undefined` where it lies outside. */
  locate(
    position: ServerPosition,
    times: { readonly start: UnixMs; readonly end: UnixMs; readonly stepMs: number },
  ): number | undefined;
  /**
   * The step for a range whose choice is automatic, or the chosen one; throws `misconfigured` if that is too fine. Where no
   * range request is sent only variables use the step, and the smallest possible one stands in.
   */
  stepFor(range: { readonly start: UnixMs; readonly end: UnixMs }, choices: RunChoices): number;
  /** The source is asked for here, so that a missing secret is a failure of the run. */
  source(): Promise<MetricsSource>;
}

/** The window and step for `choices` at the moment `now`, as variables see them. Throws `misconfigured`. */
export function decideWindow(plan: RunPlan, choices: RunChoices, now: UnixMs): SentRange {
  const start = resolveTime(choices.start, now);
  const end = resolveTime(choices.end, now);
  const stepMs = plan.stepFor({ start, end }, choices);
  return { start, end, stepMs, stepIsAutomatic: choices.stepMs === undefined };
}

/** The window some time earlier. */
function earlier(window: SentRange, ms: number): SentRange {
  return { ...window, start: window.start - ms, end: window.end - ms };
}

/** The window as it is sent: a server counts steps from the start, so the start moves until the end is a step. */
export function alignedWindow(window: SentRange): SentRange {
  const { startMs, endMs } = alignToEnd({ startMs: window.start, endMs: window.end }, window.stepMs);
  return { ...window, start: startMs, end: endMs };
}

export interface RunQueryOptions {
  readonly plan: RunPlan;
  readonly now: () => UnixMs;
  /** Told of every change of state, the first one before anything is sent. */
  readonly onChange: (run: Run) => void;
  readonly signal: AbortSignal;
  /** Nobody asked for it just now. */
  readonly isAutomatic?: boolean;
}

/**
 * Sends what the plan's choices ask for, all requests at once, and reports each as it ends. Failures, cancellation among
 * them, become states of the run's parts; this function does not throw.
 */
export async function runQuery({ plan, now, onChange, signal, isAutomatic = false }: RunQueryOptions): Promise<Run> {
  const startedAt = now();
  const { choices } = plan.request;
  const withRange = choices.mode !== "instant";
  const withInstant = choices.mode !== "range";
  const compareMs = withRange ? choices.compareMs : undefined;
  const running = { state: "running", startedAt } as const;
  const limit = choices.maxSeries;

  let decided: SentRange | undefined;
  const sentTime = resolveTime(choices.mode === "both" ? choices.end : choices.time, startedAt);
  let run: Run = {
    request: { ...plan.request, query: plan.request.text },
    isAutomatic,
    startedAt,
    window: undefined,
    range: withRange ? { sent: undefined, part: running } : undefined,
    instant: withInstant ? { sentTime, part: running } : undefined,
    before: compareMs === undefined ? undefined : { sent: undefined, part: running },
  };
  const update = (change: Partial<Run>) => {
    run = { ...run, ...change };
    onChange(run);
  };
  const fail = (error: unknown): Run => {
    const part: RunPart = { state: "failed", failure: failureOf(error), finishedAt: now() };
    update({
      range: withRange ? { sent: decided && alignedWindow(decided), part } : undefined,
      instant: withInstant ? { sentTime, part } : undefined,
      before:
        compareMs === undefined ? undefined : { sent: decided && earlier(alignedWindow(decided), compareMs), part },
    });
    return run;
  };

  try {
    const window = decideWindow(plan, choices, startedAt);
    decided = window;
    const sent = alignedWindow(window);
    const query = plan.queryFor(window);
    update({
      request: { ...plan.request, query },
      window,
      range: withRange ? { sent, part: running } : undefined,
      before: compareMs === undefined ? undefined : { sent: earlier(sent, compareMs), part: running },
    });
    throwIfCancelled(signal);
    const source = await untilCancelled(plan.source(), signal);
    throwIfCancelled(signal);
    const bounds = limit === undefined ? {} : { limit };
    const askRange = async ({ start, end, stepMs }: SentRange, show: (part: RunPart) => void) => {
      const onRetry = (retry: RetryNote) => show({ ...running, retry });
      const ask = source.queryRange({ query, start, end, stepMs, ...bounds }, { signal, onRetry });
      show(await outcome(ask, limit, now));
    };
    const range = () => askRange(sent, (part) => update({ range: { sent, part } }));
    const before = (window: SentRange) => askRange(window, (part) => update({ before: { sent: window, part } }));
    const instant = async () => {
      const show = (part: RunPart) => update({ instant: { sentTime, part } });
      const onRetry = (retry: RetryNote) => show({ ...running, retry });
      const ask = source.query({ query, time: sentTime, ...bounds }, { signal, onRetry });
      show(await outcome(ask, limit, now));
    };
    await Promise.all([
      ...(withRange ? [range()] : []),
      ...(withInstant ? [instant()] : []),
      ...(compareMs === undefined ? [] : [before(earlier(sent, compareMs))]),
    ]);
    return run;
  } catch (error) {
    return fail(error);
  }
}

async function outcome(ask: Promise<QueryAnswer>, limitSent: number | undefined, now: () => UnixMs): Promise<RunPart> {
  try {
    const answer = await ask;
    return { state: "done", answer, finishedAt: now(), limitSent };
  } catch (error) {
    return { state: "failed", failure: failureOf(error), finishedAt: now() };
  }
}
