import { type HeatScale, paintHeatScale, scaleHeight } from "./heatScale.ts";
import { readTheme } from "./palette.ts";

/** A line of the legend under the chart. */
export interface PictureRow {
  readonly title: string;
  readonly value: string;
  /** Index of a colour of the theme. */
  readonly color: number;
}

/** What a picture of a chart says besides the chart: where its numbers are from. */
export interface PictureText {
  readonly title: string;
  readonly query: string;
  /** Server, range, step: a line each. */
  readonly facts: readonly string[];
  readonly rows: readonly PictureRow[];
  /** Of a heatmap's colours. */
  readonly scale: HeatScale | undefined;
}

const margin = 16;
const lineHeight = 18;
const mostQueryLines = 6;
const mostFactLines = 4;
const mostRows = 20;

/** Between the facts of a line. */
const separator = " · ";

/** Text of servers as one line that is read as it is written: no control characters, and none that turn its direction. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, " ").replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
}

/** The chart with title, query, server, range and legend, as it looks in the present theme; as a canvas of its own. */
export function chartPicture(
  chart: HTMLCanvasElement,
  { title, query, facts, rows, scale: heat }: PictureText,
): HTMLCanvasElement {
  const theme = readTheme();
  const scale = chart.width / Math.max(1, chart.clientWidth || chart.width);
  const width = Math.max(480, chart.width / scale + 2 * margin);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("there is no canvas to draw on");
  const body = theme.font;
  const strong = body.replace("11px", "bold 15px");
  const mono = "12px monospace";
  const room = width - 2 * margin;

  context.font = mono;
  const queryLines = wrapped(context, plain(query), room, mostQueryLines);
  const shown = rows.slice(0, mostRows);
  const more = rows.length - shown.length;
  const chartHeight = chart.height / scale;
  context.font = body;
  const factLines = facts.flatMap((fact) => wrapped(context, plain(fact), room, mostFactLines));
  const lines = 1 + queryLines.length + factLines.length + shown.length + (more > 0 ? 1 : 0);
  const heatHeight = heat === undefined ? 0 : scaleHeight;
  const height = 2 * margin + lines * lineHeight + chartHeight + lineHeight + heatHeight;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.scale(scale, scale);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, width, height);
  context.textBaseline = "middle";
  let y = margin + lineHeight / 2;
  const write = (text: string, font: string, x = margin, most = room) => {
    context.font = font;
    context.fillStyle = theme.foreground;
    context.fillText(shortened(context, text, most), x, y);
  };
  write(plain(title), strong);
  y += lineHeight;
  for (const line of queryLines) {
    write(line, mono);
    y += lineHeight;
  }
  for (const line of factLines) {
    write(line, body);
    y += lineHeight;
  }
  context.drawImage(chart, margin, y, chart.width / scale, chartHeight);
  y += chartHeight + lineHeight / 2;
  if (heat !== undefined) paintHeatScale(context, theme, heat, { right: width - margin, top: y, room });
  y += heatHeight;
  for (const { title: name, value, color } of shown) {
    context.fillStyle = theme.colors[color] ?? theme.foreground;
    context.fillRect(margin, y - 5, 10, 10);
    const valueWidth = 90;
    write(plain(name), mono, margin + 18, room - 18 - valueWidth);
    context.textAlign = "right";
    write(value, body, width - margin, valueWidth);
    context.textAlign = "left";
    y += lineHeight;
  }
  if (more > 0) write(`and ${more} more`, body, margin + 18);
  return canvas;
}

function shortened(context: CanvasRenderingContext2D, text: string, most: number): string {
  if (context.measureText(text).width <= most) return text;
  let length = text.length;
  // A text of a server may be of any length; halving finds a start that is short enough to count down from.
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > most)
    length = Math.floor(length * (length > 400 ? 0.5 : 0.95));
  return `${text.slice(0, length)}…`;
}

/**
 * The text in at most so many lines that fit; the last one ends in an ellipsis if there is more. Lines end between two facts
 * where there are any, else between words, else anywhere.
 */
function wrapped(context: CanvasRenderingContext2D, text: string, most: number, mostLines: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest !== "" && lines.length < mostLines) {
    const fits = fitting(context, rest, most);
    const isAll = fits === rest.length;
    const between = isAll ? -1 : rest.lastIndexOf(separator, fits);
    const blank = isAll ? -1 : rest.lastIndexOf(" ", fits);
    // A line is not left almost empty for the sake of a long word.
    const end = between > 0 ? between : blank > fits / 2 ? blank : fits;
    lines.push(rest.slice(0, end));
    rest = rest.slice(between > 0 ? end + separator.length : end).trimStart();
  }
  if (rest !== "") lines.push("…");
  return lines;
}

/** How many characters of the text fit. */
function fitting(context: CanvasRenderingContext2D, text: string, most: number): number {
  // A text of a server may be of any length; no character is narrower than two pixels.
  const start = text.slice(0, Math.ceil(most / 2));
  let low = 1;
  let high = start.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (context.measureText(start.slice(0, middle)).width <= most) low = middle;
    else high = middle - 1;
  }
  return low;
}
