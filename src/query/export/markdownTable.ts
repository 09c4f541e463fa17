import { formatLabels } from "../../shared/model/labels.ts";
import { valueText } from "../../shared/model/numberText.ts";
import { counted } from "./exportFacts.ts";
import { type ExportPiece, type ExportSubject, isoTime, nothingYet, type PieceBuffer } from "./exportSubject.ts";
import { markdownCode } from "./markdownText.ts";
import { cellTitles, histogramNote, seriesCells } from "./seriesCells.ts";

/** An answer as a table with a row for each of its first series; `andMore` ends the sentence that there are others. */
export function* markdownTable(
  { answer: { data }, zone }: Pick<ExportSubject, "answer" | "zone">,
  { mostRows, andMore }: { readonly mostRows: number; readonly andMore: string },
  buffer: PieceBuffer,
): Generator<ExportPiece, void> {
  if (data.type === "scalar" || data.type === "string") {
    const value = data.type === "scalar" ? valueText(data.value) : markdownCode(data.value);
    buffer.add(`| Time | Value |\n| --- | --- |\n| ${isoTime(data.time, zone)} | ${value} |\n`, 1);
    return;
  }
  const isRange = data.type === "matrix";
  const rows = data.series.slice(0, mostRows);
  if (rows.length < data.series.length) {
    const all = counted(data.series.length, "series", "series");
    buffer.add(`The first ${counted(rows.length, "series", "series")} of ${all}${andMore}.\n\n`);
  }
  if (isRange && rows.some(({ histograms }) => histograms.length > 0)) buffer.add(`${histogramNote}\n\n`);
  const titles = cellTitles(isRange);
  buffer.add(`| Series | ${titles.join(" | ")} |\n| --- |${" ---: |".repeat(titles.length)}\n`);
  for (const series of rows) {
    const cells = [markdownCode(formatLabels(series.labels)), ...seriesCells(series, isRange)];
    buffer.add(`| ${cells.join(" | ")} |\n`, series.times.length + series.histograms.length);
    // The numbers of one series may have taken a while.
    yield buffer.isFull ? buffer.take() : nothingYet;
  }
}
