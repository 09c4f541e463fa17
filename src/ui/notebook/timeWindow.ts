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
  return { ...directives, rangeMs: undefined, start, end, time: end };
}

/** A duration back from now, if a window is one. */
function lengthOf({ start, end }: TimeWindow): number | undefined {
  return start.kind === "now" && end.kind === "now" && end.offsetMs === 0 ? -start.offsetMs : undefined;
}

/**
 * What a cell's own directives have to be for it to ask for a window, `undefined` standing for one that it must not have;
 * without a window it has none of them and asks for what the `defaults`, which hold where it says nothing, tell.
 */
export function windowDirectives(
  window: TimeWindow | undefined,
  mode: EffectiveDirectives["mode"],
  defaults: readonly { readonly key: string }[],
): readonly (readonly ["range" | "start" | "end" | "time", string | undefined])[] {
  const length = window && lengthOf(window);
  const isEndSet = defaults.some(({ key }) => key === "end" || (key === "time" && mode === "instant"));
  // Now is where a window ends anyhow, unless the defaults say something else.
  const until = window === undefined || (length !== undefined && !isEndSet) ? undefined : formatTime(window.end);
  if (mode === "instant") return [["time", until]];
  return [
    ["range", length === undefined ? undefined : formatDuration(length)],
    ["start", window === undefined || length !== undefined ? undefined : formatTime(window.start)],
    ["end", until],
  ];
}

/** A window in a few words, such as `last 6h` or `2026-01-02T03:00:00Z to now`. */
export function windowText(window: TimeWindow): string {
  const length = lengthOf(window);
  if (length !== undefined) return `last ${formatDuration(length)}`;
  return `${formatTime(window.start)} to ${formatTime(window.end)}`;
}
