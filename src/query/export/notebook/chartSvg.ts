import type { UnixMs } from "../../../shared/model/answer.ts";
import type { Stroke } from "../../../shared/model/strokes.ts";
import { maxTimeMs } from "../../../shared/model/time.ts";
import type { TimeZone } from "../../../shared/model/zonedTime.ts";
import { type ChartColumns, type ChartLine, chartSteps } from "../../chartFrame.ts";
import { type Tick, timeScale, type ValueScale, valueScale } from "./chartScale.ts";
import { htmlText } from "./htmlText.ts";

/** Where the lines are drawn, in the drawing's own units. */
const plot = { left: 84, top: 10, width: 600, height: 220 } as const;
const size = { width: 700, height: 270 } as const;

/** Of a character in the text of a tick, at most or nearly so. */
const characterWidth = 6;

/** Room that the text of a tick of time takes. */
const timeTickWidth = 75;

export interface ChartSvgInput {
  /** Part of ids: another one for each chart of a page. */
  readonly id: string;
  /** What the chart is of, and what is to be seen in it, for those who do not see it. */
  readonly title: string;
  readonly description: string;
  readonly lines: readonly (ChartLine & { readonly stroke: Stroke })[];
  readonly from: UnixMs;
  readonly to: UnixMs;
  readonly unit: string | undefined;
  readonly zone: TimeZone;
}

/** True where a chart can have this window. */
export function canDraw(from: UnixMs, to: UnixMs): boolean {
  return Math.abs(from) <= maxTimeMs && Math.abs(to) <= maxTimeMs && from <= to;
}

/**
 * The chart as an SVG element in pieces of text, some of them empty, each made within a few milliseconds. Colours and dashes
 * are classes that the page's style sheet knows: the page's policy forbids styles of elements.
 */
export function* chartSvg(input: ChartSvgInput): Generator<string, { readonly isExact: boolean }> {
  const { id, title, description, lines, from, to, unit, zone } = input;
  const steps = chartSteps({ lines, from, to, width: plot.width, reduce: "extremes" });
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) yield "";
  const columns = step.value;
  const drawn = lines.map((_, i) => drawnColumn(columns, i, lines.length));
  const scale = valueScale(...extent(drawn), unit);
  const x = (time: UnixMs) => plot.left + ((time - columns.from) / (columns.to - columns.from)) * plot.width;
  const y = (value: number) => plot.top + (1 - share(value, scale)) * plot.height;
  const times = timeScale(columns.from, columns.to, plot.width / timeTickWidth, zone);
  const extra = extraLeft(scale);
  yield [
    `<svg class="chart" viewBox="${-extra} 0 ${size.width + extra} ${size.height}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${htmlText(title)}</title><desc id="${id}-desc">${htmlText(description)}</desc>`,
    `<path class="grid" d="${gridPath(times, scale, x, y)}"/>`,
    ...scale.ticks.map(({ at, text }) => valueTick(text, y(at))),
    ...times.map(({ at, text }) => timeTick(text, x(at))),
    "",
  ].join("\n");
  for (const [i, { stroke }] of lines.entries()) {
    const { line, dots } = linePaths(columns, drawn[i] ?? [], x, y);
    const classes = `s${stroke.color} d${stroke.dash}`;
    yield (line === "" ? "" : `<path class="line ${classes}" d="${line}"/>\n`) +
      (dots === "" ? "" : `<path class="dots s${stroke.color}" d="${dots}"/>\n`);
  }
  yield "</svg>\n";
  return { isExact: columns.isExact };
}

/** A value to be drawn; `null`: a gap; `undefined`: the line goes on without a sample of its own. */
type Drawn = number | null | undefined;

function drawnColumn({ buffer, points }: ChartColumns, line: number, lines: number): readonly Drawn[] {
  const values = new Float64Array(buffer, points * 8 * (line + 1), points);
  const samples = new Uint8Array(buffer, points * 8 * (lines + 1));
  return Array.from(values, (value, i) => {
    const bit = line * points + i;
    // A gap is also all that can be drawn of an infinity.
    if (!Number.isFinite(value)) return null;
    return ((samples[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0 ? undefined : value;
  });
}

/** The least and the greatest value; NaN where there is none. */
function extent(columns: readonly (readonly Drawn[])[]): [number, number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    for (const value of column) {
      if (typeof value !== "number") continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min > max ? [Number.NaN, Number.NaN] : [min, max];
}

/** How far up a value is, from 0 to 1. */
function share(value: number, { from, to }: ValueScale): number {
  // The distance of two numbers may be beyond all numbers.
  return Number.isFinite(to - from) ? (value - from) / (to - from) : (value / 2 - from / 2) / (to / 2 - from / 2);
}

/** A path through a line's samples that is lifted at gaps, and dots for samples with a gap on either side. */
function linePaths(
  columns: ChartColumns,
  drawn: readonly Drawn[],
  x: (time: UnixMs) => number,
  y: (value: number) => number,
): { readonly line: string; readonly dots: string } {
  const times = new Float64Array(columns.buffer, 0, columns.points);
  // Where each pixel has two points these may be one sample.
  const alone = columns.isExact ? 1 : 2;
  let line = "";
  let dots = "";
  let run: string[] = [];
  const lift = () => {
    if (run.length > 1) line += `M${run.join("L")}`;
    if (run.length > 0 && run.length <= alone) dots += `M${run[0]}h0`;
    run = [];
  };
  for (const [i, value] of drawn.entries()) {
    if (value === null) lift();
    else if (value !== undefined) run.push(`${short(x(times[i] ?? 0))},${short(y(value))}`);
  }
  lift();
  return { line, dots };
}

function gridPath(
  times: readonly Tick[],
  { ticks }: ValueScale,
  x: (time: UnixMs) => number,
  y: (value: number) => number,
): string {
  const across = ticks.map(({ at }) => `M${plot.left},${short(y(at))}h${plot.width}`);
  const down = times.map(({ at }) => `M${short(x(at))},${plot.top}v${plot.height + 4}`);
  return [...across, ...down].join("");
}

/** Room beyond the left edge for the texts of values that are longer than most. */
function extraLeft({ ticks }: ValueScale): number {
  const longest = Math.max(...ticks.map(({ text }) => [...text].length));
  return Math.max(0, longest * characterWidth - (plot.left - 8));
}

function valueTick(text: string, at: number): string {
  return `<text class="tick value" x="${plot.left - 8}" y="${short(at + 4)}">${htmlText(text)}</text>`;
}

function timeTick(text: string, at: number): string {
  const [clock = "", day] = text.split("\n");
  const bottom = plot.top + plot.height;
  const second = day === undefined ? "" : `<tspan x="${short(at)}" y="${bottom + 33}">${htmlText(day)}</tspan>`;
  return `<text class="tick time" x="${short(at)}" y="${bottom + 19}">${htmlText(clock)}${second}</text>`;
}

/** Tenths of a pixel are all that can be seen. */
function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
