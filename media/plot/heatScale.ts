import { shortNumber } from "../../src/shared/model/numberText.ts";
import { countAt, heatColors } from "./heatColors.ts";
import { hatch } from "./heatPaint.ts";
import type { ChartTheme } from "./palette.ts";

/** What the colours of a heatmap stand for. */
export interface HeatScale {
  /** The count of the strongest colour; 0: nothing was counted. */
  readonly most: number;
  readonly hasHoles: boolean;
}

/** The numbers along the colours: each a place, 0 to 1, and what is written there. */
export function heatMarks(most: number): readonly (readonly [place: number, text: string])[] {
  return [0, 0.25, 0.5, 0.75, 1].map((place) => [place, place === 0 ? ">0" : shortNumber(countAt(place, most), 3)]);
}

/** What a hole is called. */
export const holeText = "no data";

const barWidth = 300;
const barHeight = 12;
const swatchSize = 10;
const gap = 6;

/** Height of the scale with its numbers, in the units of its context. */
export const scaleHeight = 36;

/** Draws the scale with its right end and its top at a place, as it stands under the map, in at most so much width. */
export function paintHeatScale(
  context: CanvasRenderingContext2D,
  theme: ChartTheme,
  { most, hasHoles }: HeatScale,
  { right, top, room }: { readonly right: number; readonly top: number; readonly room: number },
): void {
  context.save();
  context.font = theme.font;
  context.textBaseline = "middle";
  const middle = top + barHeight / 2;
  const label = (text: string, x: number, y: number, align: CanvasTextAlign) => {
    context.fillStyle = theme.foreground;
    context.textAlign = align;
    context.fillText(text, x, y);
  };
  const width = most > 0 ? Math.min(barWidth, room / 2) : 0;
  const left = right - width;
  const textWidth = (text: string) => context.measureText(text).width;
  const zero = left - (most > 0 ? gap : 0) - textWidth("0") - gap - swatchSize;
  const hole = zero - gap - textWidth(holeText) - gap - swatchSize;
  if (hasHoles) {
    const box = { left: hole, top: middle - swatchSize / 2, width: swatchSize, height: swatchSize };
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
    hatch(context, box, theme.foreground, 4);
    context.restore();
    swatch(context, theme, hole, middle);
    label(holeText, hole + swatchSize + gap, middle, "left");
  }
  swatch(context, theme, zero, middle);
  label("0", zero + swatchSize + gap, middle, "left");
  if (most > 0) {
    const colors = heatColors(theme.isLight);
    // Each reaches to the end and the next one covers it, so that nothing of the page shows between two.
    for (const [i, color] of colors.entries()) {
      const from = Math.round(left + (i * width) / colors.length);
      context.fillStyle = color;
      context.fillRect(from, top, right - from, barHeight);
    }
    for (const [place, text] of heatMarks(most)) {
      const align = place === 0 ? "left" : place === 1 ? "right" : "center";
      label(text, left + place * width, top + barHeight + swatchSize, align);
    }
  }
  context.restore();
}

/** The edge of a swatch, whose inside is that of the page. */
function swatch(context: CanvasRenderingContext2D, theme: ChartTheme, left: number, middle: number): void {
  context.strokeStyle = theme.foreground;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, middle - swatchSize / 2 + 0.5, swatchSize - 1, swatchSize - 1);
}
