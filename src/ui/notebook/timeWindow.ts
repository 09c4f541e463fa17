import type { EffectiveDirectives } from "../../promql/effectiveDirectives.ts";
import { formatDuration, formatTime, type TimeExpression } from "../../shared/model/time.ts";

/** The time that all cells of a notebook are asked for, whatever their text says; of this session, not of the file. */
export interface TimeWindow {
  readonly start: TimeExpression;
  readonly end: TimeExpression;
}

/** A cell's directives with the window in the place of its own times. */
export function within(directives: EffectiveDirectives, window: TimeWindow | undefined): EffectiveDirectives {
  if (window === undefined) return directives;
  const { start, end } = window;
  return { ...directives, rangeMs: undefined, start, end, time: directives.mode === "instant" ? end : undefined };
}

/** A window in a few words, such as `last 6h` or `2026-01-02T03:00:00Z to now`. */
export function windowText({ start, end }: TimeWindow): string {
  if (start.kind === "now" && end.kind === "now" && end.offsetMs === 0)
    return `last ${formatDuration(-start.offsetMs)}`;
  return `${formatTime(start)} to ${formatTime(end)}`;
}
