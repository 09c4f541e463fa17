import type { UnixMs } from "../shared/model/answer.ts";

/** Points of one series in a range answer that we ask for; Prometheus refuses more than 11,000 steps. */
export const maxPointsPerSeries = 11_000;

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Steps that read well on an axis, each with the greatest raw step that it stands for (Grafana's `roundInterval`). */
const roundSteps: readonly (readonly [upTo: number, step: number])[] = [
  [10, 1],
  [15, 10],
  [35, 20],
  [75, 50],
  [150, 100],
  [350, 200],
  [750, 500],
  [1500, second],
  [3500, 2 * second],
  [7500, 5 * second],
  [12_500, 10 * second],
  [17_500, 15 * second],
  [25_000, 20 * second],
  [45_000, 30 * second],
  [90_000, minute],
  [210_000, 2 * minute],
  [450_000, 5 * minute],
  [750_000, 10 * minute],
  [1_050_000, 15 * minute],
  [1_500_000, 20 * minute],
  [2_700_000, 30 * minute],
  [5_400_000, hour],
  [9_000_000, 2 * hour],
  [16_200_000, 3 * hour],
  [32_400_000, 6 * hour],
  [86_400_000, 12 * hour],
  [604_800_000, day],
  [1_814_400_000, 7 * day],
  [3_628_800_000, 30 * day],
  [Number.POSITIVE_INFINITY, 365 * day],
];

/** A window in unix ms. */
export interface TimeWindow {
  readonly startMs: UnixMs;
  readonly endMs: UnixMs;
}

/** `maxPoints`: how many points are worth drawing, such as the chart's width in pixels. */
export interface StepInput extends TimeWindow {
  readonly maxPoints: number;
  readonly minStepMs: number;
}

/**
 * The automatic step in whole ms: the window divided by `maxPoints`, made round, never below `minStepMs` (rounded up) and
 * never so small that a series has more than 11,000 points. Where that bound decides, the next greater round step is taken.
 */
export function chooseStep({ startMs, endMs, maxPoints, minStepMs }: StepInput): number {
  const minimum = Math.max(1, Math.ceil(minStepMs));
  const raw = (endMs - startMs) / Math.max(1, maxPoints);
  const wanted = raw < minimum ? minimum : Math.max(minimum, roundStep(raw));
  const smallest = smallestStep({ startMs, endMs });
  if (wanted >= smallest) return wanted;
  return roundSteps.find(([, step]) => step >= smallest)?.[1] ?? smallest;
}

function roundStep(raw: number): number {
  return roundSteps.find(([upTo]) => raw <= upTo)?.[1] ?? 365 * day;
}

/** The smallest step, in whole ms, with at most 11,000 points in the window. */
export function smallestStep({ startMs, endMs }: TimeWindow): number {
  return Math.floor(Math.max(0, endMs - startMs) / maxPointsPerSeries) + 1;
}

/** How many points a series has at most: one at the start and one after each step. */
export function pointCount({ startMs, endMs }: TimeWindow, stepMs: number): number {
  return endMs < startMs ? 0 : Math.floor((endMs - startMs) / stepMs) + 1;
}

/** A step that a person wrote and that would give too many points; the smallest allowed one belongs to the same window. */
export interface StepTooSmall {
  readonly code: "stepTooSmall";
  readonly stepMs: number;
  readonly points: number;
  readonly smallestStepMs: number;
}

/** What is wrong with a written step (> 0) for a window, or `undefined`. */
export function checkStep(window: TimeWindow, stepMs: number): StepTooSmall | undefined {
  const points = pointCount(window, stepMs);
  if (points <= maxPointsPerSeries) return undefined;
  return { code: "stepTooSmall", stepMs, points, smallestStepMs: smallestStep(window) };
}

/**
 * The window to send: its last point is exactly `endMs`. A server counts steps from the start, so an end that is no whole
 * number of steps away would leave the newest minutes out; the start moves instead, later by less than one step.
 */
export function alignToEnd({ startMs, endMs }: TimeWindow, stepMs: number): TimeWindow {
  const points = pointCount({ startMs, endMs }, stepMs);
  return points === 0 ? { startMs, endMs } : { startMs: endMs - (points - 1) * stepMs, endMs };
}
