import type uPlot from "uplot";
import type { HeatCells } from "./heatCells.ts";
import { heatColor, heatColors } from "./heatColors.ts";
import type { ChartTheme } from "./palette.ts";

/** Cells at least this large, in pixels, have a line of the page between them. */
const gappedSize = 6;

/** Distance of the lines that fill a hole, in pixels. */
const hatchSize = 6;

/** Cells in the colours of their counts; nothing has the page's own colour, a hole is hatched. */
export function paintCells(plot: uPlot, cells: HeatCells, theme: ChartTheme): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const colors = heatColors(theme.isLight);
  const x = Array.from(cells.edges, (time) => Math.round(plot.valToPos(time, "x", true)));
  const y = Array.from({ length: cells.rows + 1 }, (_, k) => Math.round(plot.valToPos(k, "y", true)));
  const isGapped = Math.min(bbox.width / cells.columns, bbox.height / cells.rows) >= gappedSize * ratio;
  const gap = isGapped ? Math.max(1, Math.round(ratio / 2)) : 0;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const holes = new Path2D();
  for (let column = 0; column < cells.columns; column++) {
    const left = x[column] ?? 0;
    const width = (x[column + 1] ?? 0) - left;
    let hole = 0;
    for (let row = 0; row < cells.rows; row++) {
      const top = y[row + 1] ?? 0;
      const height = (y[row] ?? 0) - top;
      const count = cells.count(row, column);
      const color = heatColor(colors, count, cells.most);
      // Holes one above another are one.
      if (Number.isNaN(count)) {
        const isLast = row === cells.rows - 1 || !Number.isNaN(cells.count(row + 1, column));
        if (isLast) holes.rect(left, top, width, (y[hole] ?? 0) - top);
        continue;
      }
      hole = row + 1;
      if (color !== undefined) {
        ctx.fillStyle = color;
        ctx.fillRect(left, top, Math.max(1, width - gap), Math.max(1, height - gap));
      }
    }
  }
  ctx.clip(holes);
  hatch(ctx, bbox, theme.grid, hatchSize * ratio);
  ctx.restore();
  ctx.strokeStyle = theme.grid;
  ctx.lineWidth = ratio / 2;
  ctx.strokeRect(bbox.left, bbox.top, bbox.width, bbox.height);
}

/** Fills a box with slanted lines `size` apart; they reach beyond it where nothing clips them. */
export function hatch(
  ctx: CanvasRenderingContext2D,
  { left, top, width, height }: uPlot.BBox,
  color: string,
  size: number,
): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = size / 6;
  ctx.beginPath();
  for (let at = left - height; at < left + width; at += size) {
    ctx.moveTo(at, top + height);
    ctx.lineTo(at + height, top);
  }
  ctx.stroke();
}
