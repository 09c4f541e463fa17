import uPlot from "uplot";
import { valueText } from "../../src/shared/model/numberText.ts";
import { dashOf, type Stroke } from "../../src/shared/model/strokes.ts";
import { unitNumber } from "../../src/shared/model/units.ts";
import { tickIncrements, valueTexts } from "../../src/shared/model/valueAxis.ts";
import { fullTime, type TimeZone, tickTexts, tickTimes, timeIncrements } from "../../src/shared/model/zonedTime.ts";
import type { Frame } from "../../src/shared/protocol/results.ts";
import { type Column, columnOf, isGapAt, sampleAt, stacked, timesOf } from "./frameColumns.ts";
import { type ChartTheme, readTheme } from "./palette.ts";

/** A line as it is drawn and named. */
export interface PlotLine extends Stroke {
  readonly name: string;
  /** Of an earlier time, to compare with: drawn faintly. */
  readonly isBefore: boolean;
}

/** How values are drawn. */
export type ChartStyle = "lines" | "stacked" | "points";

/** The y axis: what fits the values, from zero, or logarithmic. */
export type AxisKind = "auto" | "zero" | "log";

export interface PlotData {
  readonly frame: Frame;
  /** In the order of `frame.lines`. */
  readonly lines: readonly PlotLine[];
  readonly unit: string | undefined;
  readonly zone: TimeZone;
  readonly style: ChartStyle;
  readonly axis: AxisKind;
}

export interface LinePlotOptions {
  readonly height: number;
  /** A stretch was dragged over, in ms. */
  readonly onZoom: (from: number, to: number) => void;
  readonly onReset: () => void;
  /** A key asks for a longer or shorter stretch around a time, if one is being read. */
  readonly onScale: (factor: number, around: number | undefined) => void;
  /** A key asks for a later or earlier stretch, by a part of the one shown. */
  readonly onMove: (part: number) => void;
  /** Draw more over the lines. */
  readonly plugins?: readonly uPlot.Plugin[];
  /** Says what is under the cursor, for those who do not see it. */
  readonly onRead: (text: string) => void;
}

/** How many lines a tooltip names. */
const tooltipLines = 12;

/** The chart: uPlot with a tooltip, keyboard and colours of the theme. Server text only ever becomes a text node. */
export class LinePlot {
  readonly #host: HTMLElement;
  readonly #options: LinePlotOptions;
  readonly #tooltip: HTMLElement;
  readonly #resize: ResizeObserver;
  readonly #theme: MutationObserver;
  #plot: uPlot | undefined;
  #data: PlotData | undefined;
  /** What is drawn of each line, in the order of the data's lines. */
  #columns: readonly Column[] = [];
  /** What the keys have come to; a new drawing has no cursor, but reading goes on there. */
  #readAt: number | undefined;

  constructor(host: HTMLElement, options: LinePlotOptions) {
    this.#host = host;
    this.#options = options;
    this.#tooltip = document.createElement("div");
    this.#tooltip.className = "tooltip";
    this.#tooltip.hidden = true;
    host.append(this.#tooltip);
    this.#resize = new ResizeObserver(() => this.#plot?.setSize({ width: this.#width, height: options.height }));
    this.#resize.observe(host);
    // VS Code changes a class of the body and the variables when the theme changes.
    this.#theme = new MutationObserver(() => this.#draw());
    this.#theme.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
    host.addEventListener("keydown", this.#onKey);
  }

  get #width(): number {
    return Math.max(200, this.#host.clientWidth);
  }

  setData(data: PlotData): void {
    this.#data = data;
    this.#draw();
  }

  dispose(): void {
    this.#host.removeEventListener("keydown", this.#onKey);
    this.#resize.disconnect();
    this.#theme.disconnect();
    this.#plot?.destroy();
    this.#tooltip.remove();
  }

  #draw(): void {
    const data = this.#data;
    this.#plot?.destroy();
    this.#tooltip.hidden = true;
    if (data === undefined) return;
    const theme = readTheme();
    const { frame, unit, zone, style, axis: kind } = data;
    const own = data.lines.map((_, i) => columnOf(frame, i));
    // What an earlier time had is compared with the sums; it is no part of them.
    const isPart = data.lines.map(({ isBefore }) => !isBefore);
    const isStacked = style === "stacked";
    const drawn = isStacked ? stacked(own, isPart) : kind === "log" ? own.map(positive) : own;
    this.#columns = drawn;
    // Areas are painted from the top down, each over the one that it stands on, and lines over all of them.
    const indexes = data.lines.map((_, i) => i);
    const order = isStacked
      ? [...indexes.filter((i) => isPart[i]).reverse(), ...indexes.filter((i) => !isPart[i])]
      : indexes;
    const lines = order.flatMap((i) => data.lines[i] ?? []);
    const axis = {
      stroke: theme.foreground,
      font: theme.font,
      grid: { stroke: theme.grid, width: 0.5 },
      ticks: { stroke: theme.grid, width: 0.5 },
    };
    const isLog = kind === "log" && style !== "stacked";
    this.#plot = new uPlot(
      {
        width: this.#width,
        height: this.#options.height,
        ms: 1,
        legend: { show: false },
        // Areas would hide the grid.
        drawOrder: (style === "stacked" ? ["series", "axes"] : ["axes", "series"]) as uPlot.DrawOrderKey[],
        cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
        scales: {
          x: { time: false, range: [frame.from, frame.to] },
          y: isLog
            ? { distr: 3, log: 10, range: (_self, min, max) => logRange(min, max) }
            : { range: (_self, min, max) => yRange(min, max, kind === "zero" || style === "stacked") },
        },
        axes: [
          {
            ...axis,
            space: 70,
            incrs: timeIncrements,
            splits: (_self, _axis, min, max, increment) => tickTimes(min, max, increment, zone),
            values: (_self, ticks) => tickTexts(ticks, zone),
          },
          {
            ...axis,
            ...(isLog ? {} : incrementsOf(unit)),
            size: (_self, values) => 24 + 7 * Math.max(2, ...(values ?? []).map((text) => text.length)),
            // On a logarithmic axis uPlot leaves labels out by putting null in their place.
            values: (_self, ticks: readonly (number | null)[], _axis, _space, increment) =>
              tickLabels(ticks, unit, isLog ? undefined : increment),
          },
        ],
        series: [{}, ...lines.map((line) => seriesOptions(line, style, theme, frame))],
        plugins: [...(this.#options.plugins ?? [])],
        hooks: {
          setCursor: [(self) => this.#readCursor(self)],
          setSelect: [
            (self) => {
              const { left, width } = self.select;
              if (width < 4) return;
              this.#options.onZoom(self.posToVal(left, "x"), self.posToVal(left + width, "x"));
              self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
        },
      },
      [timesOf(frame), ...order.map((i) => drawn[i] ?? [])],
      this.#host,
    );
    this.#plot.over.addEventListener("dblclick", () => this.#options.onReset());
    this.#plot.over.addEventListener("mouseleave", () => {
      this.#tooltip.hidden = true;
    });
  }

  #readCursor(plot: uPlot): void {
    const { idx, left = -1, top = -1 } = plot.cursor;
    const data = this.#data;
    if (idx === null || idx === undefined || left < 0 || data === undefined) {
      this.#tooltip.hidden = true;
      return;
    }
    const time = plot.data[0][idx] ?? Number.NaN;
    const at = plot.posToVal(Math.max(0, top), "y");
    const read = data.lines
      .flatMap((line, i) => {
        const sample = this.#sampleBefore(data, i, idx);
        if (sample === undefined) return [];
        const drawn = this.#columns[i]?.[sample.index];
        return [
          { line, ...sample, distance: typeof drawn === "number" ? Math.abs(drawn - at) : Number.POSITIVE_INFINITY },
        ];
      })
      .sort((a, b) => a.distance - b.distance);
    const near = read.slice(0, tooltipLines);
    const theme = readTheme();
    this.#tooltip.replaceChildren(
      element("div", "tooltip-time", fullTime(time, data.zone)),
      ...near.map(({ line, value, index }) => {
        const row = element("div", "tooltip-row");
        const swatch = element("span", "swatch");
        swatch.style.backgroundColor = theme.colors[line.color] ?? theme.foreground;
        const short = unitNumber(value, data.unit);
        const exact = valueText(value);
        const text = short.startsWith(exact) ? short : `${short} (${exact})`;
        row.append(swatch, element("span", "tooltip-value", text), element("span", "tooltip-name", line.name));
        // Where lines have samples at different times, each says its own.
        if (index !== idx)
          row.append(element("span", "tooltip-more", fullTime(plot.data[0][index] ?? Number.NaN, data.zone).slice(11)));
        return row;
      }),
      ...(read.length > near.length ? [element("div", "tooltip-more", `and ${read.length - near.length} more`)] : []),
      ...(data.style === "stacked" && read.length > 1
        ? [
            element(
              "div",
              "tooltip-more",
              totalText(
                read.filter(({ line }) => !line.isBefore),
                data.unit,
              ),
            ),
          ]
        : []),
      ...(read.length === 0 ? [element("div", "tooltip-more", "no samples here")] : []),
    );
    this.#tooltip.hidden = false;
    // Where it was last it may have had to be narrow.
    this.#tooltip.style.left = "0";
    const plotLeft = plot.over.offsetLeft + left;
    const { offsetWidth } = this.#tooltip;
    const fits = plotLeft + 16 + offsetWidth < this.#host.clientWidth;
    this.#tooltip.style.left = `${fits ? plotLeft + 16 : Math.max(0, plotLeft - 16 - offsetWidth)}px`;
    this.#tooltip.style.top = "8px";
    if (this.#host.matches(":focus")) {
      this.#options.onRead(
        [
          fullTime(time, data.zone),
          ...near.slice(0, 3).map(({ line, value }) => `${line.name}: ${valueText(value)}`),
        ].join(". "),
      );
    }
  }

  /** A line's sample at a point, or the last one before it where the line only goes on through there. */
  #sampleBefore(data: PlotData, line: number, index: number): { value: number; index: number } | undefined {
    for (let i = index; i >= 0; i--) {
      const value = sampleAt(data.frame, line, i);
      if (value !== undefined) return { value, index: i };
      // Stacked columns have no holes, so the frame itself is asked.
      if (isGapAt(data.frame, line, i)) return undefined;
    }
    return undefined;
  }

  /** What is drawn now, at the resolution of the screen. */
  get canvas(): HTMLCanvasElement | undefined {
    return this.#plot?.ctx.canvas;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const plot = this.#plot;
    // With these keys VS Code and the browser do things of their own.
    if (plot === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = plot.data[0].length - 1;
    const at = plot.cursor.idx ?? this.#readIndex(plot) ?? last;
    const step = event.shiftKey ? 10 : 1;
    const moves: Readonly<Record<string, number>> = { ArrowLeft: at - step, ArrowRight: at + step, Home: 0, End: last };
    const target = moves[event.key];
    if (event.key === "Escape" || event.key === "0") this.#options.onReset();
    else if (event.key === "+" || event.key === "=") this.#options.onScale(0.5, this.#readAt);
    else if (event.key === "-") this.#options.onScale(2, this.#readAt);
    else if (event.key === "PageUp") this.#options.onMove(-0.5);
    else if (event.key === "PageDown") this.#options.onMove(0.5);
    else if (target === undefined || last < 0) return;
    else {
      const time = plot.data[0][Math.min(last, Math.max(0, target))] ?? 0;
      this.#readAt = time;
      const top = plot.cursor.top !== undefined && plot.cursor.top >= 0 ? plot.cursor.top : plot.over.clientHeight / 2;
      plot.setCursor({ left: plot.valToPos(time, "x"), top });
    }
    event.preventDefault();
  };

  /** The point that was read last, if it is still in view. */
  #readIndex(plot: uPlot): number | undefined {
    const time = this.#readAt;
    const frame = this.#data?.frame;
    if (time === undefined || frame === undefined || time < frame.from || time > frame.to) return undefined;
    return plot.valToIdx(time);
  }
}

/** Steps between the ticks of a unit that is not read in tens; uPlot's own for the others. */
function incrementsOf(unit: string | undefined): { readonly incrs?: number[] } {
  const incrs = tickIncrements(unit);
  return incrs === undefined ? {} : { incrs: [...incrs] };
}

/** Texts of ticks; empty ones where uPlot left a tick out. */
function tickLabels(
  ticks: readonly (number | null)[],
  unit: string | undefined,
  increment: number | undefined,
): string[] {
  const shown = ticks.filter((tick) => tick !== null);
  const texts = valueTexts(shown, unit, increment)[Symbol.iterator]();
  return ticks.map((tick) => (tick === null ? "" : (texts.next().value ?? "")));
}

/** A flat line is shown in the middle; otherwise a little room above and below, and zero if it is asked for. */
function yRange(min: number | null, max: number | null, fromZero: boolean): [number, number] {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  if (min === max) return min === 0 ? [-1, 1] : [Math.min(0, min * 2), Math.max(0, max * 2)];
  const room = (max - min) * 0.06;
  if (fromZero) return [min < 0 ? min - room : 0, max > 0 ? max + room : 0];
  return [min >= 0 && min < room * 2 ? 0 : min - room, max + room];
}

/** Whole powers of ten around the values. */
function logRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !(min > 0) || !Number.isFinite(max)) return [1, 10];
  const low = 10 ** Math.floor(Math.log10(min));
  const high = 10 ** Math.ceil(Math.log10(max));
  return low === high ? [low, low * 10] : [low, high];
}

/** Only what a logarithmic axis has a place for. */
function positive(column: Column): Column {
  return column.map((value) => (typeof value === "number" && value <= 0 ? null : value));
}

function seriesOptions(line: PlotLine, style: ChartStyle, theme: ChartTheme, frame: Frame): uPlot.Series {
  const color = theme.colors[line.color] ?? theme.foreground;
  const stroke = line.isBefore ? `color-mix(in srgb, ${color} 60%, transparent)` : color;
  // Where colours are few to the eye, lines of different colours have different dashes as well.
  const dash = line.isBefore ? [2, 3] : dashOf(theme.usesDashes ? line.color + line.dash : line.dash);
  return {
    stroke,
    width: theme.usesDashes ? 2 : 1.5,
    ...(dash.length === 0 ? {} : { dash: [...dash] }),
    ...(style === "stacked" && !line.isBefore ? { fill: `color-mix(in srgb, ${color} 45%, ${theme.background})` } : {}),
    ...(style === "points" ? { paths: () => null } : {}),
    points: {
      show: true,
      size: style === "points" ? 4 : 5,
      fill: stroke,
      // A sample with nothing on either side has no line: it is a dot.
      filter: (self: uPlot, series: number, show: boolean | undefined) =>
        show !== true ? null : style === "points" ? samplesIn(self, series) : isolated(self, series, frame.isExact),
    },
  };
}

function samplesIn(plot: uPlot, series: number): number[] {
  const found: number[] = [];
  for (const [i, value] of (plot.data[series] ?? []).entries()) if (typeof value === "number") found.push(i);
  return found;
}

/** What all lines add up to at a point. */
function totalText(read: readonly { readonly value: number }[], unit: string | undefined): string {
  return `total of what is drawn ${unitNumber(
    read.reduce((sum, { value }) => sum + (Number.isFinite(value) ? value : 0), 0),
    unit,
  )}`;
}

/** Indexes of a line's points that have a gap on either side; two points can be one sample where each pixel has two. */
function isolated(plot: uPlot, series: number, isExact: boolean): number[] {
  const column = plot.data[series] ?? [];
  const isGap = (i: number) => i < 0 || i >= column.length || column[i] === null;
  const found: number[] = [];
  for (let i = 0; i < column.length; i++) {
    if (isGap(i) || !isGap(i - 1)) continue;
    if (isGap(i + 1) || (!isExact && isGap(i + 2))) found.push(i);
  }
  return found;
}

/** An element with text, which is never read as markup. */
export function element(tag: string, className: string, text?: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
