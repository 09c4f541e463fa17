import type { Series } from "../../shared/model/answer.ts";
import { formatLabels } from "../../shared/model/labels.ts";
import { valueText } from "../../shared/model/numberText.ts";
import { drawable } from "../resultTable.ts";
import { seriesStatistics } from "../seriesStatistics.ts";
import { counted, exportFacts, exportRemarks } from "./exportFacts.ts";
import { type ExportPiece, type ExportSubject, isoTime, nothingYet, PieceBuffer } from "./exportSubject.ts";
import { markdownBlock, markdownCode, markdownText } from "./markdownText.ts";

/** Longer tables are read by nobody; CSV and JSON have all of it. */
const mostRows = 1000;

/**
 * A page about the answer: what was asked of whom, every remark that keeps it from being whole, and a table with a row for
 * each of the first 1,000 series: their value, or for a range the numbers of its samples.
 */
export function* markdownExport(subject: ExportSubject): Generator<ExportPiece, void> {
  const { data } = subject.answer;
  const buffer = new PieceBuffer();
  buffer.add(head(subject));
  if (data.type === "scalar" || data.type === "string") {
    const value = data.type === "scalar" ? valueText(data.value) : markdownCode(data.value);
    buffer.add(`| Time | Value |\n| --- | --- |\n| ${isoTime(data.time, subject.zone)} | ${value} |\n`, 1);
    yield buffer.take();
    return;
  }
  const isRange = data.type === "matrix";
  const rows = data.series.slice(0, mostRows);
  if (rows.length < data.series.length) {
    const all = counted(data.series.length, "series", "series");
    buffer.add(
      `The first ${counted(rows.length, "series", "series")} of ${all}; an export as CSV or JSON has all of them.\n\n`,
    );
  }
  if (isRange && rows.some(({ histograms }) => histograms.length > 0)) {
    buffer.add("Of native histograms these are the numbers of their counts.\n\n");
  }
  buffer.add(
    isRange
      ? "| Series | Last | Min | Max | Mean | Count |\n| --- | ---: | ---: | ---: | ---: | ---: |\n"
      : "| Series | Value |\n| --- | ---: |\n",
  );
  for (const series of rows) {
    const cells = isRange ? rangeCells(series) : instantCells(series);
    const samples = series.times.length + series.histograms.length;
    buffer.add(`| ${[markdownCode(formatLabels(series.labels)), ...cells].join(" | ")} |\n`, samples);
    // The numbers of one series may have taken a while.
    yield buffer.isFull ? buffer.take() : nothingYet;
  }
  yield buffer.take();
}

function head(subject: ExportSubject): string {
  const facts = exportFacts(subject).filter(([name]) => name !== "title" && name !== "query");
  const title = markdownText(subject.title);
  const remarks = exportRemarks(subject).map(({ text, isServers }) =>
    isServers ? `> Server: ${markdownText(text)}` : `> **${text}**`,
  );
  return [
    `# ${title.trim() === "" ? "PromQL result" : title}`,
    markdownBlock(subject.query, "promql"),
    facts
      .map(([name, text]) => `- ${name}: ${name === "server" || name === "address" ? markdownCode(text) : text}`)
      .join("\n"),
    // Lines of one quotation would run together.
    ...remarks,
    "",
  ].join("\n\n");
}

function rangeCells(series: Series): readonly string[] {
  const { last, min, max, mean, count } = seriesStatistics(drawable(series));
  return [...[last, min, max, mean].map(valueText), String(count)];
}

function instantCells({ values, histograms }: Series): readonly string[] {
  const native = histograms.at(-1);
  if (native === undefined) return [valueText(values.at(-1) ?? Number.NaN)];
  const { count, sum } = native;
  return [`count ${valueText(count)} · sum ${valueText(sum)} · avg ${valueText(sum / count)}`];
}
