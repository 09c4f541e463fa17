import type { Series } from "../../shared/model/answer.ts";
import { formatLabels, type Labels } from "../../shared/model/labels.ts";
import { valueText } from "../../shared/model/numberText.ts";
import { csvHead, rowEnd } from "./csvHead.ts";
import { histogramCells, histogramTitles, noHistogram } from "./csvHistogram.ts";
import { textCell } from "./csvText.ts";
import { type ExportPiece, type ExportSubject, nothingYet, PieceBuffer } from "./exportSubject.ts";
import { TimeCells, timeTitles } from "./timeCells.ts";

/** With more label names than this the labels of a series stand in one column: a server may send a new name with each series. */
const mostLabelColumns = 1000;

const ownTitles: ReadonlySet<string> = new Set([...timeTitles.split(","), "value", ...histogramTitles]);

/**
 * One row for each sample: time, a column for each label name, value. Where there are native histograms these have columns
 * of their own, and no value. Values as sent: `NaN`, `+Inf` and `-Inf` are words of ours that stay as they are.
 */
export function* csvExport(subject: ExportSubject): Generator<ExportPiece, void> {
  const { data } = subject.answer;
  const buffer = new PieceBuffer();
  const moments = new TimeCells(subject.zone);
  buffer.add(csvHead(subject));
  if (data.type === "scalar" || data.type === "string") {
    const value = data.type === "scalar" ? valueText(data.value) : textCell(data.value);
    buffer.add(`${timeTitles},value${rowEnd}${moments.of(data.time)},${value}${rowEnd}`, 1);
    yield buffer.take();
    return;
  }
  const columns = yield* labelColumns(data.series);
  const hasHistograms = data.series.some(({ histograms }) => histograms.length > 0);
  const titles = [timeTitles, ...columns.titles, "value", ...(hasHistograms ? histogramTitles : [])];
  buffer.add(`${titles.join(",")}${rowEnd}`);
  const end = hasHistograms ? `,${noHistogram}${rowEnd}` : rowEnd;
  for (const { labels, times, values, histograms } of data.series) {
    const middle = columns.titles.length === 0 ? "," : `,${columns.cells(labels)},`;
    let native = 0;
    for (let i = 0; i <= times.length; i++) {
      // A series may change from one kind to the other and back; rows are in the order of time.
      const next = times[i] ?? Number.POSITIVE_INFINITY;
      for (let one = histograms[native]; one !== undefined && one.time <= next; one = histograms[++native]) {
        buffer.add(`${moments.of(one.time)}${middle},${histogramCells(one)}${rowEnd}`, 1);
        if (buffer.isFull) yield buffer.take();
      }
      if (i === times.length) break;
      buffer.add(moments.at(times, i) + middle + valueText(values[i] ?? Number.NaN) + end, 1);
      if (buffer.isFull) yield buffer.take();
    }
  }
  yield buffer.take();
}

/** How the labels of a series become cells. */
interface LabelColumns {
  readonly titles: readonly string[];
  readonly cells: (labels: Labels) => string;
}

/** A column for each name that any series has, the metric's name first and the others sorted. */
function* labelColumns(all: readonly Series[]): Generator<ExportPiece, LabelColumns> {
  const names = new Set<string>();
  for (const [i, { labels }] of all.entries()) {
    for (const [name] of labels) names.add(name);
    if (names.size > mostLabelColumns) {
      return { titles: ["series"], cells: (labels) => textCell(formatLabels(labels)) };
    }
    if (i % 1000 === 999) yield nothingYet;
  }
  const sorted = [...names].sort((a, b) => Number(b === "__name__") - Number(a === "__name__") || (a < b ? -1 : 1));
  const column = new Map(sorted.map((name, i) => [name, i]));
  return {
    // A label may be called like a column of ours.
    titles: sorted.map((name) => textCell(ownTitles.has(name) ? `label:${name}` : name)),
    cells: (labels) => {
      const cells = new Array<string>(sorted.length).fill("");
      for (const [name, value] of labels) cells[column.get(name) ?? 0] = textCell(value);
      return cells.join(",");
    },
  };
}
