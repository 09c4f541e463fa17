import { exportChunks } from "../../src/query/export/exportChunks.ts";
import { type ExportFormatId, exportFormats } from "../../src/query/export/exportFormats.ts";
import type { ExportSubject } from "../../src/query/export/exportSubject.ts";
import type { HistogramSample, QueryAnswer, QueryData } from "../../src/shared/model/answer.ts";
import { TimeZone } from "../../src/shared/model/zonedTime.ts";
import { anAnswer, testNow } from "./runs.ts";

/** An answer of the hour before `testNow`, exported a minute after it. */
export function aSubject(
  data: QueryData,
  changes: Partial<ExportSubject> = {},
  answer: Partial<QueryAnswer> = {},
): ExportSubject {
  const isRange = data.type === "matrix";
  return {
    title: "Requests",
    query: "rate(http_requests_total[5m])",
    server: { name: "Production EU", origin: "https://prometheus.example" },
    sent: isRange ? { start: testNow - 3_600_000, end: testNow, stepMs: 15_000, stepIsAutomatic: true } : undefined,
    instantTime: isRange ? undefined : testNow,
    comparedWith: undefined,
    answer: anAnswer(data, answer),
    finishedAt: testNow + 1000,
    limitSent: undefined,
    zone: new TimeZone("UTC"),
    exportedAt: testNow + 60_000,
    ...changes,
  };
}

export function aHistogram(time: number): HistogramSample {
  return {
    time,
    count: 4,
    sum: 18,
    buckets: [
      { boundaries: 3, lower: -0.5, upper: 0.5, count: 1 },
      { boundaries: 0, lower: 2, upper: Number.POSITIVE_INFINITY, count: 3 },
    ],
  };
}

/** The whole export of a subject. */
export async function exported(format: ExportFormatId, subject: ExportSubject): Promise<string> {
  const { signal } = new AbortController();
  const chunks: string[] = [];
  for await (const chunk of exportChunks(exportFormats[format].write, subject, {
    onProgress: () => undefined,
    signal,
  })) {
    chunks.push(chunk);
  }
  return chunks.join("");
}

/** Rows and cells of a CSV text by RFC 4180, and which cells stood in quotes; throws for what breaks the rules. */
export function readCsv(text: string, separator = ","): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      for (at++; ; ) {
        const quote = text.indexOf('"', at);
        if (quote < 0) throw new Error("a quote is not closed");
        cell += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at++;
      }
    } else {
      const start = at;
      while (at < text.length && text[at] !== separator && text[at] !== "\r" && text[at] !== "\n") at++;
      cell = text.slice(start, at);
      if (cell.includes('"')) throw new Error(`a bare quote: ${cell}`);
    }
    row.push(cell);
    if (text[at] === separator) {
      at++;
      if (at < text.length) continue;
      row.push("");
    } else if (text.startsWith("\r\n", at)) at += 2;
    else if (at < text.length) throw new Error(`no end of a row: ${JSON.stringify(text.slice(at, at + 20))}`);
    rows.push(row);
    row = [];
  }
  return rows;
}

/** The rows below the head: titles first. */
export function tableOf(csv: string): string[][] {
  return readCsv(csv).filter(([first]) => first?.startsWith("#") !== true);
}
