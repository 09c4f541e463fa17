import type { HistogramSample, QueryAnswer, Series, UnixMs } from "../shared/model/answer.ts";
import { valueText } from "../shared/model/numberText.ts";

/** More text than this is not shown; an export is for the whole. */
const mostCharacters = 400_000;

/** The answer in the shape of Prometheus' API, as far as it fits: whole series only, and how many of how many. */
export function answerJson(
  answer: QueryAnswer,
  shown: readonly Series[],
): { readonly text: string; readonly seriesShown: number; readonly seriesTotal: number } {
  const { data, warnings, infos } = answer;
  const remarks = { ...(warnings.length > 0 ? { warnings } : {}), ...(infos.length > 0 ? { infos } : {}) };
  if (data.type === "scalar" || data.type === "string") {
    const value = data.type === "scalar" ? valueText(data.value) : data.value;
    const text = JSON.stringify({ resultType: data.type, result: [data.time / 1000, value], ...remarks }, undefined, 2);
    return { text, seriesShown: 1, seriesTotal: 1 };
  }
  const parts: string[] = [];
  let length = 0;
  for (const series of shown) {
    // A line a series keeps millions of samples readable and cheap.
    const part = seriesJson(series, data.type === "vector", mostCharacters - length);
    if (part === undefined) break;
    parts.push(part);
    length += part.length;
    if (length > mostCharacters) break;
  }
  const rest = Object.entries(remarks).map(([key, value]) => `,\n  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const result = parts.length === 0 ? "[]" : `[\n    ${parts.join(",\n    ")}\n  ]`;
  const text = `{\n  "resultType": ${JSON.stringify(data.type)},\n  "result": ${result}${rest.join("")}\n}`;
  return { text, seriesShown: parts.length, seriesTotal: data.series.length };
}

/** One series as JSON; `undefined` if it needs more room than there is. */
function seriesJson(series: Series, isVector: boolean, room: number): string | undefined {
  const { labels, times, values, histograms } = series;
  if ((times.length + histograms.length) * 12 > room) return undefined;
  const metric = `{${labels.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(", ")}}`;
  const samples = Array.from(
    times,
    (time, i) => `[${seconds(time)}, ${JSON.stringify(valueText(values[i] ?? Number.NaN))}]`,
  );
  const natives = histograms.map((sample) => `[${seconds(sample.time)}, ${JSON.stringify(histogramJson(sample))}]`);
  const fields = [
    `"metric": ${metric}`,
    ...(samples.length > 0 ? [isVector ? `"value": ${samples[0]}` : `"values": [${samples.join(", ")}]`] : []),
    ...(natives.length > 0 ? [isVector ? `"histogram": ${natives[0]}` : `"histograms": [${natives.join(", ")}]`] : []),
  ];
  return `{${fields.join(", ")}}`;
}

function seconds(time: UnixMs): string {
  return String(time / 1000);
}

function histogramJson({ count, sum, buckets }: HistogramSample) {
  return {
    count: valueText(count),
    sum: valueText(sum),
    buckets: buckets.map((bucket) => [
      bucket.boundaries,
      valueText(bucket.lower),
      valueText(bucket.upper),
      valueText(bucket.count),
    ]),
  };
}
