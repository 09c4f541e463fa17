import type { UnixMs } from "../shared/model/answer.ts";
import { formatDuration } from "../shared/model/time.ts";

/** The window and step of a run; `minStepMs` is the connection's scrape interval. */
export interface BuiltinInput {
  readonly startMs: UnixMs;
  readonly endMs: UnixMs;
  readonly stepMs: number;
  readonly minStepMs: number;
}

/**
 * Grafana's built-in variables: `$__interval` is the step, `$__range` the window's length and `$__rate_interval` is
 * max(step + scrape interval, 4 * scrape interval), so that `rate()` always sees enough samples. Each also as `_ms` (a number
 * of milliseconds) and `_s` (whole seconds, rounded, at least 1). Unlike Grafana's, durations are exact PromQL durations:
 * 90 s is `1m30s`, never `1m`.
 */
export function builtinVariables({ startMs, endMs, stepMs, minStepMs }: BuiltinInput): ReadonlyMap<string, string> {
  return new Map([
    ...forms("__interval", stepMs),
    ...forms("__rate_interval", Math.max(stepMs + minStepMs, 4 * minStepMs)),
    ...forms("__range", endMs - startMs),
  ]);
}

/** A duration of zero is no valid range in PromQL, so each is at least a millisecond. */
function forms(name: string, duration: number): readonly (readonly [string, string])[] {
  const ms = Math.max(1, Math.round(duration));
  return [
    [name, formatDuration(ms)],
    [`${name}_ms`, String(ms)],
    [`${name}_s`, String(Math.max(1, Math.round(ms / 1000)))],
  ];
}
