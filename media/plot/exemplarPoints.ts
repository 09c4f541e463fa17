import type uPlot from "uplot";
import { fullTime, type TimeZone } from "../../src/shared/model/zonedTime.ts";
import type { ExemplarPoint } from "../../src/shared/protocol/results.ts";
import { readTheme } from "./palette.ts";

/** What is drawn: exemplars by time, and the one that is picked. */
export interface ExemplarDrawing {
  readonly points: readonly ExemplarPoint[];
  readonly picked: ExemplarPoint | undefined;
  readonly zone: TimeZone;
}

/** Half of a diamond's width in CSS pixels, and how far from its middle it is still meant. */
const radius = 5;
const reach = 8;

/** Labels that the box at a diamond names; the list has all of them. */
const labelsShown = 6;

/** Where a point is drawn, in CSS pixels of the plot. */
interface Place {
  readonly point: ExemplarPoint;
  readonly left: number;
  readonly top: number;
  /** Its value lies beyond the axis: it stands at the edge, hollow. */
  readonly isBeyond: boolean;
}

/** Diamonds over a line chart, one an exemplar, as a plugin of uPlot that outlives its drawings. */
export class ExemplarPoints {
  readonly #onPick: (point: ExemplarPoint) => void;
  readonly #box = document.createElement("div");
  #plot: uPlot | undefined;
  #drawing: ExemplarDrawing | undefined;
  #places: readonly Place[] = [];
  #pressedAt = Number.NaN;

  /** To be given to every plot that shows them. */
  readonly plugin: uPlot.Plugin = {
    hooks: {
      init: (plot: uPlot) => this.#init(plot),
      draw: (plot: uPlot) => this.#draw(plot),
      setCursor: (plot: uPlot) => this.#read(plot),
      destroy: (plot: uPlot) => {
        if (this.#plot === plot) this.#plot = undefined;
      },
    },
  };

  /** `onPick`: a diamond was clicked. */
  constructor(onPick: (point: ExemplarPoint) => void) {
    this.#onPick = onPick;
    this.#box.className = "exemplar-box";
    this.#box.hidden = true;
  }

  set(drawing: ExemplarDrawing | undefined): void {
    // One that is picked goes on saying what it is; others' places are not known yet.
    if (drawing?.points !== this.#drawing?.points) this.#box.hidden = true;
    this.#drawing = drawing;
    this.#plot?.redraw(false, false);
  }

  /** The exemplar at a place of the plot, the nearest if diamonds overlap. */
  at(left: number, top: number): ExemplarPoint | undefined {
    let nearest: ExemplarPoint | undefined;
    let least = reach;
    for (const place of this.#places) {
      const distance = Math.hypot(place.left - left, place.top - top);
      if (distance > least) continue;
      least = distance;
      nearest = place.point;
    }
    return nearest;
  }

  #init(plot: uPlot): void {
    this.#plot = plot;
    const { over } = plot;
    over.append(this.#box);
    over.addEventListener("mousedown", (event) => {
      this.#pressedAt = event.clientX;
    });
    over.addEventListener("mouseleave", () => {
      this.#box.hidden = true;
    });
    over.addEventListener("click", (event) => {
      // The end of a drag is a click too, wherever it ends.
      if (Math.abs(event.clientX - this.#pressedAt) > 3) return;
      const { left = -1, top = -1 } = plot.cursor;
      const point = this.at(left, top);
      if (point !== undefined) this.#onPick(point);
    });
  }

  #draw(plot: uPlot): void {
    this.#places = this.#placesIn(plot);
    if (this.#places.length === 0) return;
    const { ctx, bbox } = plot;
    // uPlot's context counts the pixels of the screen.
    const ratio = bbox.width / plot.over.clientWidth;
    const { foreground } = readTheme();
    const background = getComputedStyle(document.body).getPropertyValue("--vscode-editor-background").trim();
    ctx.save();
    for (const { point, left, top, isBeyond } of this.#places) {
      const isPicked = point === this.#drawing?.picked;
      const size = (isPicked ? radius + 3 : radius) * ratio;
      const x = bbox.left + left * ratio;
      const y = bbox.top + top * ratio;
      ctx.beginPath();
      ctx.moveTo(x, y - size);
      ctx.lineTo(x + size, y);
      ctx.lineTo(x, y + size);
      ctx.lineTo(x - size, y);
      ctx.closePath();
      ctx.fillStyle = isBeyond ? background : foreground;
      ctx.strokeStyle = isBeyond || isPicked ? foreground : background;
      ctx.lineWidth = (isPicked ? 2 : 1) * ratio;
      ctx.fill();
      ctx.stroke();
    }
    ctx.restore();
  }

  #placesIn(plot: uPlot): readonly Place[] {
    const { x, y } = plot.scales;
    const [from, to, low, high] = [x?.min, x?.max, y?.min, y?.max];
    // Before there is anything to draw the ends are null, whatever their type says.
    if (typeof from !== "number" || typeof to !== "number") return [];
    if (typeof low !== "number" || typeof high !== "number") return [];
    return (this.#drawing?.points ?? []).flatMap((point) => {
      const value = Number(point.value);
      // Infinities and NaN have no place on an axis; the list has them.
      if (!Number.isFinite(value) || point.time < from || point.time > to) return [];
      const isBeyond = value < low || value > high;
      const top = plot.valToPos(Math.min(high, Math.max(low, value)), "y");
      return [{ point, left: plot.valToPos(point.time, "x"), top, isBeyond }];
    });
  }

  #read(plot: uPlot): void {
    const { left = -1, top = -1 } = plot.cursor;
    const point = left < 0 ? undefined : this.at(left, top);
    plot.over.style.cursor = point === undefined ? "" : "pointer";
    this.#box.hidden = point === undefined;
    const zone = this.#drawing?.zone;
    if (point === undefined || zone === undefined) return;
    const { labels, value, time, traceId } = point;
    const more = labels.length > labelsShown ? [line("tooltip-more", `and ${labels.length - labelsShown} more`)] : [];
    this.#box.replaceChildren(
      line("tooltip-time", `Exemplar ${value}`),
      line("tooltip-name", fullTime(time, zone)),
      ...labels
        .slice(0, labelsShown)
        .map(([name, text]) =>
          line(text === traceId ? "tooltip-name exemplar-id" : "tooltip-name", `${name}: ${text}`),
        ),
      ...more,
    );
    // The line's own tooltip stands at the top.
    const isLeft = left < plot.over.clientWidth / 2;
    this.#box.style.left = isLeft ? `${left + 16}px` : "auto";
    this.#box.style.right = isLeft ? "auto" : `${plot.over.clientWidth - left + 16}px`;
  }
}

function line(className: string, text: string): HTMLElement {
  const made = document.createElement("div");
  made.className = className;
  made.textContent = text;
  return made;
}
