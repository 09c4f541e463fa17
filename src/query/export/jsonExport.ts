import type { HistogramSample, Series, UnixMs } from "../../shared/model/answer.ts";
import { valueText } from "../../shared/model/numberText.ts";
import { seriesOf } from "../answerFacts.ts";
import { exportRemarks } from "./exportFacts.ts";
import { type ExportPiece, type ExportSubject, isoTime, PieceBuffer, sampleTotal } from "./exportSubject.ts";

/**
 * The answer in the shape of Prometheus' API, a line a series, and beside it in `promqlWorkbench` what was asked of whom,
 * and every remark that keeps the answer from being whole.
 */
export function* jsonExport(subject: ExportSubject): Generator<ExportPiece, void> {
  const { data, warnings, infos } = subject.answer;
  const buffer = new PieceBuffer();
  buffer.add(`{\n"status": "success",\n"promqlWorkbench": ${JSON.stringify(head(subject), undefined, 2)},\n`);
  for (const [name, texts] of Object.entries({ warnings, infos })) {
    if (texts.length > 0) buffer.add(`${JSON.stringify(name)}: ${JSON.stringify(texts)},\n`);
  }
  buffer.add(`"data": {"resultType": ${JSON.stringify(data.type)}, "result": [`);
  if (data.type === "scalar" || data.type === "string") {
    const value = data.type === "scalar" ? valueText(data.value) : data.value;
    buffer.add(`${data.time / 1000}, ${JSON.stringify(value)}`, 1);
  } else {
    for (const [i, series] of data.series.entries()) {
      buffer.add(i === 0 ? "\n" : ",\n");
      yield* seriesJson(series, data.type === "vector", buffer);
    }
  }
  buffer.add("]}\n}\n");
  yield buffer.take();
}

function head(subject: ExportSubject) {
  const { title, query, server, sent, instantTime, finishedAt, limitSent, zone, exportedAt, answer } = subject;
  const time = (moment: UnixMs) => isoTime(moment, zone);
  const remarks = exportRemarks(subject);
  return {
    version: 1,
    title,
    query,
    server: server.name,
    address: server.origin,
    ...(sent === undefined
      ? { evaluatedAt: instantTime === undefined ? null : time(instantTime) }
      : { start: time(sent.start), end: time(sent.end), stepSeconds: sent.stepMs / 1000 }),
    answeredAt: time(finishedAt),
    exportedAt: time(exportedAt),
    timeZone: zone.name,
    seriesCount: seriesOf(answer.data).length,
    sampleCount: sampleTotal(answer.data),
    ...(limitSent === undefined ? {} : { limit: limitSent }),
    remarks: remarks.map(({ text }) => text),
  };
}

function* seriesJson(
  { labels, times, values, histograms }: Series,
  isVector: boolean,
  buffer: PieceBuffer,
): Generator<ExportPiece, void> {
  // Pairs and not an object: a label may be called `__proto__`.
  const metric = labels.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  buffer.add(`{"metric":{${metric.join(",")}}`);
  if (times.length > 0) {
    buffer.add(isVector ? ',"value":' : ',"values":[');
    for (let i = 0; i < times.length; i++) {
      // A value is a number's text: nothing in it needs an escape.
      const sample = `[${(times[i] ?? 0) / 1000},"${valueText(values[i] ?? Number.NaN)}"]`;
      buffer.add(i === 0 ? sample : `,${sample}`, 1);
      if (buffer.isFull) yield buffer.take();
    }
    if (!isVector) buffer.add("]");
  }
  if (histograms.length > 0) {
    buffer.add(isVector ? ',"histogram":' : ',"histograms":[');
    for (const [i, native] of histograms.entries()) {
      buffer.add(`${i === 0 ? "" : ","}[${native.time / 1000},${JSON.stringify(histogramJson(native))}]`, 1);
      if (buffer.isFull) yield buffer.take();
    }
    if (!isVector) buffer.add("]");
  }
  buffer.add("}");
  if (buffer.isFull) yield buffer.take();
}

/** A native histogram as the API sends it. */
export function histogramJson({ count, sum, buckets }: HistogramSample) {
  return {
    count: valueText(count),
    sum: valueText(sum),
    buckets: buckets.map(({ boundaries, lower, upper, count: inside }) => [
      boundaries,
      valueText(lower),
      valueText(upper),
      valueText(inside),
    ]),
  };
}
