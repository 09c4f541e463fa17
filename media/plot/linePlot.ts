import uPlot from "uplot";
import { unitNumber, valueText } from "../../src/shared/model/numberText.ts";
import { fullTime, type TimeZone, tickTexts, tickTimes } from "../../src/shared/model/zonedTime.ts";
import type { Frame } from "../../src/shared/protocol/results.ts";
import { dashOf, readTheme } from "./palette.ts";

/** A line as it is drawn and named. */
export interface PlotLine {
  readonly name: string;
  readonly color: number;
}

export interface PlotData {
  readonly frame: Frame;
  /** In the order of `frame.lines`. */
  readonly lines: readonly PlotLine[];
  readonly unit: string | undefined;
  readonly zone: TimeZone;
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
  /** Says what is under the cursor, for those who do not see it. */
  readonly onRead: (text: string) => void;
}

/** How many lines a tooltip names. */
const tooltipLines = 12;

/** Values of one line: `null` for a gap, `undefined` where the line goes on without a sample of its own. */
type Column = (number | null | undefined)[];

/** The chart: uPlot with a tooltip, keyboard and colours of the theme. Server text only ever becomes a text node. */
export class LinePlot {
  readonly #host: HTMLElement;
  readonly #options: LinePlotOptions;
  readonly #tooltip: HTMLElement;
  readonly #resize: ResizeObserver;
  readonly #theme: MutationObserver;
  #plot: uPlot | undefined;
  #data: PlotData | undefined;
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
    const { frame, lines, unit, zone } = data;
    const x = Array.from(new Float64Array(frame.buffer, 0, frame.points));
    const columns = lines.map((_, i) => columnOf(frame, i));
    const axis = {
      stroke: theme.foreground,
      font: theme.font,
      grid: { stroke: theme.grid, width: 0.5 },
      ticks: { stroke: theme.grid, width: 0.5 },
    };
    this.#plot = new uPlot(
      {
        width: this.#width,
        height: this.#options.height,
        ms: 1,
        legend: { show: false },
        cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
        scales: {
          x: { time: false, range: [frame.from, frame.to] },
          y: { range: (_self, min, max) => yRange(min, max) },
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
            size: (_self, values) => 24 + 7 * Math.max(2, ...(values ?? []).map((text) => text.length)),
            values: (_self, ticks) => ticks.map((tick) => unitNumber(tick, unit)),
          },
        ],
        series: [
          {},
          ...lines.map(({ color }, i) => ({
            stroke: theme.colors[color] ?? theme.foreground,
            width: theme.usesDashes ? 2 : 1.5,
            ...(theme.usesDashes ? { dash: [...dashOf(i)] } : {}),
            // A sample with nothing on either side has no line: it is a dot.
            points: {
              show: isolatedPoints,
              size: 5,
              fill: theme.colors[color] ?? theme.foreground,
              filter: (self: uPlot, series: number, show: boolean | undefined) =>
                show === true ? isolated(self, series, frame.isExact) : null,
            },
          })),
        ],
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
      [x, ...columns],
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
        const value = sampleAt(data.frame, i, idx);
        return value === undefined
          ? []
          : [{ line, value, distance: Number.isFinite(value) ? Math.abs(value - at) : Number.POSITIVE_INFINITY }];
      })
      .sort((a, b) => a.distance - b.distance);
    const near = read.slice(0, tooltipLines);
    const theme = readTheme();
    this.#tooltip.replaceChildren(
      element("div", "tooltip-time", fullTime(time, data.zone)),
      ...near.map(({ line, value }) => {
        const row = element("div", "tooltip-row");
        const swatch = element("span", "swatch");
        swatch.style.backgroundColor = theme.colors[line.color] ?? theme.foreground;
        const text =
          data.unit === undefined ? valueText(value) : `${unitNumber(value, data.unit)} (${valueText(value)})`;
        row.append(swatch, element("span", "tooltip-value", text), element("span", "tooltip-name", line.name));
        return row;
      }),
      ...(read.length > near.length ? [element("div", "tooltip-more", `and ${read.length - near.length} more`)] : []),
      ...(read.length === 0 ? [element("div", "tooltip-more", "no samples here")] : []),
    );
    this.#tooltip.hidden = false;
    const plotLeft = plot.over.offsetLeft + left;
    const { offsetWidth } = this.#tooltip;
    const fits = plotLeft + 16 + offsetWidth < this.#host.clientWidth;
    this.#tooltip.style.left = `${fits ? plotLeft + 16 : Math.max(0, plotLeft - 16 - offsetWidth)}px`;
    this.#tooltip.style.top = "8px";
    if (document.activeElement === this.#host) {
      this.#options.onRead(
        [
          fullTime(time, data.zone),
          ...near.slice(0, 3).map(({ line, value }) => `${line.name}: ${valueText(value)}`),
        ].join(". "),
      );
    }
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

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const timeIncrements = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 30, 90, 180, 365].map((n) => n * day),
];

/** A flat line is shown in the middle; otherwise a little room above and below. */
function yRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  if (min === max) return min === 0 ? [-1, 1] : [Math.min(0, min * 2), Math.max(0, max * 2)];
  const room = (max - min) * 0.06;
  return [min >= 0 && min < room * 2 ? 0 : min - room, max + room];
}

/** Values as uPlot wants them; a gap is also all that can be drawn of NaN and infinities. */
function columnOf(frame: Frame, line: number): Column {
  const y = new Float64Array(frame.buffer, frame.points * 8 * (line + 1), frame.points);
  const isSample = samplesOf(frame, line);
  return Array.from(y, (value, i) => (!Number.isFinite(value) ? null : isSample(i) ? value : undefined));
}

/** Tells at which points of a line there is a sample. */
function samplesOf(frame: Frame, line: number): (index: number) => boolean {
  const bits = new Uint8Array(frame.buffer, frame.points * 8 * (frame.lines.length + 1));
  return (index) => {
    const bit = line * frame.points + index;
    return ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  };
}

/** The sample of a line at a point, `undefined` where there is none. */
export function sampleAt(frame: Frame, line: number, index: number): number | undefined {
  if (!samplesOf(frame, line)(index)) return undefined;
  return new Float64Array(frame.buffer, frame.points * 8 * (line + 1), frame.points)[index];
}

function isolatedPoints(): boolean {
  return true;
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

function element(tag: string, className: string, text?: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
