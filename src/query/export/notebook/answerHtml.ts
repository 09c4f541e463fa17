import type { Series } from "../../../shared/model/answer.ts";
import { formatLabels } from "../../../shared/model/labels.ts";
import { valueText } from "../../../shared/model/numberText.ts";
import { type Stroke, seriesColors, strokesOf } from "../../../shared/model/strokes.ts";
import { guessAnswerUnit } from "../../answerUnit.ts";
import { drawable } from "../../resultTable.ts";
import { counted } from "../exportFacts.ts";
import { type ExportPiece, type ExportSubject, isoTime, nothingYet, type PieceBuffer } from "../exportSubject.ts";
import { cellTitles, histogramNote, seriesCells } from "../seriesCells.ts";
import { canDraw, chartSvg } from "./chartSvg.ts";
import { htmlText } from "./htmlText.ts";
import { mostLines, mostRows } from "./notebookSubject.ts";

export interface AnswerHtmlOptions {
  /** Part of the ids of its elements: another one for each answer of a page. */
  readonly id: string;
  /** Of the query's cell and the request. */
  readonly title: string;
  /** As the person chose it. */
  readonly unit: string | undefined;
}

/** An answer: a chart of a range, and a table with a row for each of its first series; a scalar or string by itself. */
export function* answerHtml(
  subject: ExportSubject,
  options: AnswerHtmlOptions,
  buffer: PieceBuffer,
): Generator<ExportPiece, void> {
  const { data } = subject.answer;
  if (data.type === "scalar" || data.type === "string") {
    const value = data.type === "scalar" ? valueText(data.value) : data.value;
    const time = isoTime(data.time, subject.zone);
    buffer.add(`<p class="single">${htmlText(value)}</p>\n<p class="about">at ${time}</p>\n`, 1);
  } else if (data.series.length === 0) {
    buffer.add("<p>The answer has no series.</p>\n");
  } else if (data.type === "vector") {
    yield* table(data.series, { title: options.title, isRange: false, strokes: [] }, buffer);
  } else {
    const lines = data.series.slice(0, mostLines);
    const strokes = strokesOf(
      lines.map(({ labels }) => formatLabels(labels)),
      seriesColors.light.length,
    );
    const isDrawn = yield* chart(subject, options, { lines, strokes, total: data.series.length }, buffer);
    yield* table(data.series, { title: options.title, isRange: true, strokes: isDrawn ? strokes : [] }, buffer);
  }
}

/** The chart with what is to be said of it; false where the answer's times are none that can be drawn. */
function* chart(
  { sent, query, zone }: ExportSubject,
  { id, title, unit }: AnswerHtmlOptions,
  { lines, strokes, total }: { readonly lines: readonly Series[]; readonly strokes: readonly Stroke[]; total: number },
  buffer: PieceBuffer,
): Generator<ExportPiece, boolean> {
  const drawn = lines.map(drawable);
  const { start: from, end: to } = sent ?? windowOf(drawn);
  if (!canDraw(from, to)) return false;
  // A pause is a gap from one and a half steps on, as in the panel.
  const gapMs = sent === undefined ? Number.POSITIVE_INFINITY : sent.stepMs * 1.5;
  const shown =
    lines.length < total
      ? `Drawn: the first ${lines.length} of ${counted(total, "series", "series")}`
      : counted(total, "line", "lines");
  const svg = chartSvg({
    id,
    title: `Chart: ${title}`,
    description: `${shown}, from ${isoTime(from, zone)} to ${isoTime(to, zone)}. Their numbers are in the table below.`,
    lines: drawn.map((series, i) => ({ ...series, gapMs, stroke: strokes[i] ?? { color: 0, dash: 0 } })),
    from,
    to,
    unit: unit ?? guessAnswerUnit(query, lines),
    zone,
  });
  // On a phone its texts could not be read if all of it were seen: it is scrolled there, with the keyboard as well.
  buffer.add(`<figure>\n<div class="scroll" role="region" tabindex="0" aria-label="${htmlText(`Chart: ${title}`)}">\n`);
  let step = svg.next();
  for (; step.done !== true; step = svg.next()) {
    buffer.add(step.value);
    yield buffer.isFull ? buffer.take() : nothingYet;
  }
  const notes = [
    ...(lines.length < total ? [`${shown}.`] : []),
    ...(step.value.isExact ? [] : ["Each column of pixels shows its least and its greatest value."]),
    `Times are of the zone ${zone.name}.`,
  ];
  buffer.add(`</div>\n<figcaption>${htmlText(notes.join(" "))}</figcaption>\n</figure>\n`);
  return true;
}

/** From the first to the last time of any series. */
function windowOf(all: readonly Series[]): { readonly start: number; readonly end: number } {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { times } of all) {
    start = Math.min(start, times[0] ?? start);
    end = Math.max(end, times.at(-1) ?? end);
  }
  return { start, end };
}

function* table(
  all: readonly Series[],
  {
    title,
    isRange,
    strokes,
  }: { readonly title: string; readonly isRange: boolean; readonly strokes: readonly Stroke[] },
  buffer: PieceBuffer,
): Generator<ExportPiece, void> {
  const rows = all.slice(0, mostRows);
  const notes = [
    ...(rows.length < all.length
      ? [`Listed: the first ${rows.length} of ${counted(all.length, "series", "series")}.`]
      : []),
    ...(isRange && rows.some(({ histograms }) => histograms.length > 0) ? [histogramNote] : []),
  ];
  for (const note of notes) buffer.add(`<p class="about">${note}</p>\n`);
  const heads = ["Series", ...cellTitles(isRange)].map((name) => `<th scope="col">${name}</th>`);
  // On a narrow page it is scrolled, which must be possible with the keyboard.
  buffer.add(`<div class="scroll" role="region" tabindex="0" aria-label="${htmlText(`Table: ${title}`)}">\n`);
  buffer.add(`<table class="series">\n<thead><tr>${heads.join("")}</tr></thead>\n<tbody>\n`);
  for (const [i, series] of rows.entries()) {
    const cells = seriesCells(series, isRange).map(cell);
    const name = `<div class="name">${strokes.length === 0 ? "" : swatch(strokes[i])}<code>${htmlText(formatLabels(series.labels))}</code></div>`;
    const samples = series.times.length + series.histograms.length;
    buffer.add(`<tr><th scope="row">${name}</th>${cells.join("")}</tr>\n`, samples);
    // The numbers of one series may have taken a while.
    yield buffer.isFull ? buffer.take() : nothingYet;
  }
  buffer.add("</tbody>\n</table>\n</div>\n");
}

/** Digits of a number that are shown; the others are in its title. */
const mostDigits = 8;

function cell(text: string): string {
  const short = /^-?\d+\.\d+(?:e[+-]\d+)?$/.test(text) ? rounded(Number(text)) : text;
  return `<td${short === text ? "" : ` title="${text}"`}>${htmlText(short)}</td>`;
}

/** With all digits before the point, and eight digits at least. */
function rounded(value: number): string {
  const whole = Math.trunc(Math.abs(value));
  const digits = whole === 0 ? mostDigits : Math.max(mostDigits, String(whole).length + 2);
  return valueText(Number(value.toPrecision(Math.min(100, digits))));
}

/** The line of a series in the chart, beside its name; room for one where it has none. */
function swatch(stroke: Stroke | undefined): string {
  const line = stroke === undefined ? "" : `<path class="line s${stroke.color} d${stroke.dash}" d="M1,5H27"/>`;
  return `<svg class="swatch" viewBox="0 0 28 10" aria-hidden="true">${line}</svg>`;
}
