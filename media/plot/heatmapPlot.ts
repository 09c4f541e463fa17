import uPlot from "uplot";
import { shortNumber } from "../../src/shared/model/numberText.ts";
import { unitNumber } from "../../src/shared/model/units.ts";
import {
  fullStretch,
  fullTime,
  type TimeZone,
  tickTexts,
  tickTimes,
  timeIncrements,
} from "../../src/shared/model/zonedTime.ts";
import { type HeatCells, shareText } from "./heatCells.ts";
import { heatColor, heatColors } from "./heatColors.ts";
import { paintCells } from "./heatPaint.ts";
import { element, type LinePlotOptions } from "./linePlot.ts";
import { readTheme } from "./palette.ts";

export interface HeatmapPlotData {
  readonly cells: HeatCells;
  readonly stepsPerColumn: number;
  /** Of the bounds. */
  readonly unit: string | undefined;
  readonly zone: TimeZone;
}

interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Height of a label of the axis of bounds, in pixels. */
const labelHeight = 16;

/** What the axes take of the height, about. */
const axesHeight = 60;

/**
 * Counts in intervals of values through time: uPlot's axes, cells of our own. Rows have all the same height whatever their
 * bounds, so buckets that grow by a factor look as on a logarithmic axis. Server text only ever becomes a text node.
 */
export class HeatmapPlot {
  readonly #host: HTMLElement;
  readonly #options: LinePlotOptions;
  readonly #tooltip = element("div", "tooltip");
  /** Drawn around the cell that is read. */
  readonly #frame = element("div", "heat-frame");
  readonly #resize: ResizeObserver;
  readonly #theme: MutationObserver;
  #plot: uPlot | undefined;
  #data: HeatmapPlotData | undefined;
  /** Where the keys have come to; a new drawing shows no cell, but reading goes on there. */
  #read: { readonly row: number; readonly time: number } | undefined;

  constructor(host: HTMLElement, options: LinePlotOptions) {
    this.#host = host;
    this.#options = options;
    this.#tooltip.hidden = true;
    this.#frame.hidden = true;
    host.append(this.#tooltip);
    this.#resize = new ResizeObserver(() => {
      this.#hide();
      this.#plot?.setSize({ width: this.#width, height: options.height });
    });
    this.#resize.observe(host);
    // VS Code changes a class of the body and the variables when the theme changes.
    this.#theme = new MutationObserver(() => this.#draw());
    this.#theme.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
    host.addEventListener("keydown", this.#onKey);
  }

  get #width(): number {
    return Math.max(200, this.#host.clientWidth);
  }

  /** What is drawn now, at the resolution of the screen. */
  get canvas(): HTMLCanvasElement | undefined {
    return this.#plot?.ctx.canvas;
  }

  setData(data: HeatmapPlotData | undefined): void {
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
    this.#plot = undefined;
    this.#hide();
    if (data === undefined || data.cells.rows === 0) return;
    const theme = readTheme();
    const { cells, unit, zone } = data;
    const from = cells.edges[0] ?? 0;
    const to = cells.edges[cells.columns] ?? 0;
    const axis = { stroke: theme.foreground, font: theme.font, grid: { show: false } };
    const bounds = labelledBounds(cells.rows, this.#options.height - axesHeight);
    const plot = new uPlot(
      {
        width: this.#width,
        height: this.#options.height,
        ms: 1,
        legend: { show: false },
        cursor: { x: false, y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
        scales: { x: { time: false, range: [from, to] }, y: { range: [0, cells.rows] } },
        axes: [
          {
            ...axis,
            space: 70,
            ticks: { stroke: theme.grid, width: 0.5 },
            incrs: timeIncrements,
            splits: (_self, _axis, min, max, increment) => tickTimes(min, max, increment, zone),
            values: (_self, ticks) => tickTexts(ticks, zone),
          },
          {
            ...axis,
            ticks: { stroke: theme.grid, width: 0.5 },
            size: (_self, values) => 24 + 7 * Math.max(2, ...(values ?? []).map((text) => text.length)),
            splits: () => bounds,
            values: (_self, ticks) => ticks.map((k) => unitNumber(cells.bound(k), unit)),
          },
        ],
        series: [{}, { points: { show: false } }],
        hooks: {
          draw: [(self) => paintCells(self, cells, theme)],
          setCursor: [(self) => this.#followPointer(self, cells)],
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
      [
        [from, to],
        [null, null],
      ],
      this.#host,
    );
    this.#plot = plot;
    plot.over.append(this.#frame);
    plot.over.addEventListener("dblclick", () => this.#options.onReset());
    plot.over.addEventListener("mouseleave", () => this.#hide());
  }

  #hide(): void {
    this.#tooltip.hidden = true;
    this.#frame.hidden = true;
  }

  #followPointer(plot: uPlot, cells: HeatCells): void {
    const { left = -1, top = -1 } = plot.cursor;
    if (left < 0 || top < 0) return;
    const row = Math.min(cells.rows - 1, Math.max(0, Math.floor(plot.posToVal(top, "y"))));
    this.#show(plot, { row, column: cells.columnAt(plot.posToVal(left, "x")) });
  }

  /** Frames a cell and says in the tooltip what is in it; the same in words. */
  #show(plot: uPlot, { row, column }: Cell): string {
    const data = this.#data;
    if (data === undefined) return "";
    const { cells, unit, zone, stepsPerColumn } = data;
    const [from, to] = [cells.edges[column] ?? 0, cells.edges[column + 1] ?? 0];
    const [left, right] = [plot.valToPos(from, "x"), plot.valToPos(to, "x")];
    const [top, bottom] = [plot.valToPos(row + 1, "y"), plot.valToPos(row, "y")];
    place(this.#frame, { left, top, width: right - left, height: bottom - top });
    const count = cells.count(row, column);
    const isHole = Number.isNaN(count);
    const interval = cells.intervalText(row, unit);
    const time = `${fullTime(from, zone)} to ${fullTime(to, zone)}`;
    const share = cells.share(row, column);
    const known = Number.isFinite(share) ? `${shareText(share)} of what was counted then` : "";
    const steps = stepsPerColumn > 1 ? `mean of up to ${stepsPerColumn} steps` : "";
    const more = isHole ? [] : [known, steps].filter((text) => text !== "");
    // A count or a rate: what the query returned, so only the number.
    const counted = isHole ? "no data" : shortNumber(count);
    const swatch = element("span", isHole ? "swatch swatch-hole" : count > 0 ? "swatch" : "swatch swatch-zero");
    swatch.style.backgroundColor = heatColor(heatColors(readTheme().isLight), count, cells.most) ?? "transparent";
    const line = element("div", "tooltip-row");
    line.append(swatch, element("span", "tooltip-value", counted), element("span", "tooltip-name", interval));
    this.#tooltip.replaceChildren(
      element("div", "tooltip-time", fullStretch(from, to, zone)),
      line,
      ...more.map((text) => element("div", "tooltip-more", text)),
    );
    this.#placeTooltip(plot, { left, right, top, bottom });
    return [`${interval}: ${counted}`, ...more, time].join(". ");
  }

  /** Beside the cell where there is room, else in the half of the plot that the cell is not in. */
  #placeTooltip(
    plot: uPlot,
    cell: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number },
  ): void {
    this.#tooltip.hidden = false;
    // Where it was last it may have had to be narrow.
    this.#tooltip.style.left = "0";
    const { offsetLeft, offsetTop, clientHeight } = plot.over;
    const { offsetWidth, offsetHeight } = this.#tooltip;
    const [before, behind] = [offsetLeft + cell.left - 12 - offsetWidth, offsetLeft + cell.right + 12];
    const most = this.#host.clientWidth - offsetWidth;
    const hasRoom = behind < most || before >= 0;
    const isBelow = !hasRoom && cell.top + cell.bottom < clientHeight;
    this.#tooltip.style.left = `${behind < most ? behind : hasRoom ? before : most}px`;
    this.#tooltip.style.top = `${isBelow ? offsetTop + clientHeight - offsetHeight - 8 : 8}px`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const plot = this.#plot;
    const cells = this.#data?.cells;
    // With these keys VS Code and the browser do things of their own.
    if (plot === undefined || cells === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const { onReset, onScale, onMove } = this.#options;
    if (event.key === "Escape" || event.key === "0") onReset();
    else if (event.key === "+" || event.key === "=") onScale(0.5, this.#read?.time);
    else if (event.key === "-") onScale(2, this.#read?.time);
    else if (event.key === "PageUp") onMove(-0.5);
    else if (event.key === "PageDown") onMove(0.5);
    else if (!this.#move(plot, cells, event)) return;
    event.preventDefault();
  };

  /** Reads the next cell in a key's direction; the newest and lowest one first. False for any other key. */
  #move(plot: uPlot, cells: HeatCells, { key, shiftKey }: KeyboardEvent): boolean {
    const step = shiftKey ? 10 : 1;
    const moves: Readonly<Record<string, readonly [columns: number, rows: number]>> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, step],
      ArrowDown: [0, -step],
      Home: [Number.NEGATIVE_INFINITY, 0],
      End: [Number.POSITIVE_INFINITY, 0],
    };
    const move = moves[key];
    if (move === undefined) return false;
    const begin = this.#readCell(cells);
    const within = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
    const cell =
      begin === undefined && Number.isFinite(move[0])
        ? { row: 0, column: cells.columns - 1 }
        : {
            row: within((begin?.row ?? 0) + move[1], cells.rows),
            column: within((begin?.column ?? 0) + move[0], cells.columns),
          };
    const [from = 0, to = 0] = cells.edges.subarray(cell.column, cell.column + 2);
    this.#read = { row: cell.row, time: (from + to) / 2 };
    this.#options.onRead(this.#show(plot, cell));
    return true;
  }

  /** The cell that was read last, if its time is still in view. */
  #readCell(cells: HeatCells): Cell | undefined {
    const read = this.#read;
    const [from = 0] = cells.edges;
    if (read === undefined || read.time < from || read.time > (cells.edges[cells.columns] ?? 0)) return undefined;
    return { row: Math.min(read.row, cells.rows - 1), column: cells.columnAt(read.time) };
  }
}

/** Which bounds get a label: as many as there is room for, the highest among them. */
function labelledBounds(rows: number, height: number): number[] {
  const every = Math.max(1, Math.ceil((labelHeight * rows) / height));
  const bounds: number[] = [];
  for (let k = rows; k >= 0; k -= every) bounds.unshift(k);
  return bounds;
}

function place(
  target: HTMLElement,
  box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): void {
  target.hidden = false;
  for (const [side, value] of Object.entries(box)) target.style.setProperty(side, `${value}px`);
}
