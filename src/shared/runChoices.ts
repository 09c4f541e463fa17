import { formatDuration, formatTime, parseDuration, parseTime, resolveTime } from "./model/time.ts";
import type { PanelChoices, SentTimes } from "./protocol/results.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [1, 5, 15, 30].map((n) => n * second);
const longSteps = [minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 3 * hour, 6 * hour];
const allSteps = [...steps, ...longSteps, 12 * hour, day];
const ranges = [1, 5, 15, 30].map((n) => n * minute);
const allRanges = [...ranges, hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 30 * day];

/** Points of a series that servers allow; a step that was refused as too small must at least stay below it. */
const mostPoints = 11_000;

/** What was asked for: as it was sent, or as the controls say where nothing was. */
function windowOf(choices: PanelChoices, sent: SentTimes | undefined): { start: number; end: number } | undefined {
  if (sent !== undefined) return sent;
  const start = parseTime(choices.start.trim());
  const end = parseTime(choices.end.trim());
  if (start === undefined || end === undefined) return undefined;
  const now = Date.now();
  return { start: resolveTime(start, now), end: resolveTime(end, now) };
}

/** The same with a step at least twice as wide; `undefined` for an instant query, and where no step is known. */
export function withWiderStep(choices: PanelChoices, sent: SentTimes | undefined): PanelChoices | undefined {
  const window = windowOf(choices, sent);
  if (choices.mode === "instant" || window === undefined) return undefined;
  const stepMs = sent?.stepMs ?? parseDuration(choices.step) ?? 0;
  const least = Math.max(2 * stepMs, (window.end - window.start) / mostPoints, second);
  const wider = allSteps.find((step) => step >= least) ?? Math.ceil(least / day) * day;
  return { ...choices, step: formatDuration(wider) };
}

/** The same with at most half of the range, to the same end; `undefined` for an instant query, and where it is short already. */
export function withShorterRange(choices: PanelChoices, sent: SentTimes | undefined): PanelChoices | undefined {
  const window = windowOf(choices, sent);
  const end = parseTime(choices.end.trim());
  if (choices.mode === "instant" || window === undefined || end === undefined) return undefined;
  const half = (window.end - window.start) / 2;
  const shorter = allRanges.findLast((range) => range <= half);
  if (shorter === undefined) return undefined;
  const start =
    end.kind === "now" ? { ...end, offsetMs: end.offsetMs - shorter } : { ...end, time: end.time - shorter };
  return { ...choices, start: formatTime(start) };
}
