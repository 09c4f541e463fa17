import type { HistogramSample, QueryAnswer, Series, UnixMs } from "../shared/model/answer.ts";
import { valueText } from "../shared/model/numberText.ts";
import { answerRemarks } from "./export/exportFacts.ts";

/** More text than this is not shown; an export is for the whole. */
const mostCharacters = 400_000;

const numbers = new Intl.NumberFormat("en-US");

/** An answer as text, and what is left out of it; the text says that too, since it is copied without its surroundings. */
export interface AnswerJson {
  readonly text: string;
  readonly seriesShown: number;
  readonly seriesTotal: number;
  /** In words what is not here; `undefined`: all is. */
  readonly cut: string | undefined;
}

/**
 * The answer in the shape of Prometheus' API, as far as it fits: whole series, or the first samples of the first one.
 * `limitSent`: the number of series that the server was asked for at most.
 */
export function answerJson(answer: QueryAnswer, shown: readonly Series[], limitSent?: number): AnswerJson {
  const { data, warnings, infos } = answer;
  const ours = answerRemarks({ answer, limitSent });
  const remarks = {
    ...(ours.length > 0 ? { remarks: ours } : {}),
    ...(warnings.length > 0 ? { warnings } : {}),
    ...(infos.length > 0 ? { infos } : {}),
  };
  if (data.type === "scalar" || data.type === "string") {
    const value = data.type === "scalar" ? valueText(data.value) : data.value;
    const text = JSON.stringify({ resultType: data.type, result: [data.time / 1000, value], ...remarks }, undefined, 2);
    return { text, seriesShown: 1, seriesTotal: 1, cut: undefined };
  }
  const parts: string[] = [];
  let length = 0;
  let inside = "";
  for (const series of shown) {
    // A line a series keeps millions of samples readable and cheap.
    const part = seriesJson(series, data.type === "vector", mostCharacters - length);
    const total = series.times.length + series.histograms.length;
    if (part.samples < total) {
      if (parts.length > 0) break;
      const of = `${numbers.format(part.samples)} of ${numbers.format(total)} samples`;
      inside = data.series.length === 1 ? `${of} of the only series are` : `${of} of the first series are`;
    }
    parts.push(part.text);
    length += part.text.length;
    if (length > mostCharacters || inside !== "") break;
  }
  const cut = cutText(answer, inside, parts.length, data.series.length);
  const first = cut === undefined ? "" : `  "cut": ${JSON.stringify(cut)},\n`;
  const rest = Object.entries(remarks).map(([key, value]) => `,\n  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const result = parts.length === 0 ? "[]" : `[\n    ${parts.join(",\n    ")}\n  ]`;
  const text = `{\n  "resultType": ${JSON.stringify(data.type)},\n${first}  "result": ${result}${rest.join("")}\n}`;
  return { text, seriesShown: parts.length, seriesTotal: data.series.length, cut };
}

function cutText({ cut }: QueryAnswer, inside: string, shown: number, total: number): string | undefined {
  const texts: string[] = [];
  if (inside !== "") {
    const others = total > 1 ? `, and nothing of ${numbers.format(total - 1)} more series` : "";
    texts.push(`Only the first ${inside} here${others}.`);
  } else if (shown < total) {
    texts.push(`Only the first ${numbers.format(shown)} of ${numbers.format(total)} series are here.`);
  }
  if (cut !== undefined) texts.push("The answer itself was cut at a bound when it was read.");
  return texts.length === 0 ? undefined : texts.join(" ");
}

/** One series as JSON with as many of its samples as there is room for, at least one. */
function seriesJson(
  { labels, times, values, histograms }: Series,
  isVector: boolean,
  room: number,
): { readonly text: string; readonly samples: number } {
  const metric = `{${labels.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(", ")}}`;
  const samples: string[] = [];
  const natives: string[] = [];
  let length = metric.length;
  for (let i = 0; i < times.length && (length < room || i === 0); i++) {
    const sample = `[${seconds(times[i] ?? Number.NaN)}, ${JSON.stringify(valueText(values[i] ?? Number.NaN))}]`;
    samples.push(sample);
    length += sample.length + 2;
  }
  for (const native of histograms) {
    if (length >= room && samples.length + natives.length > 0) break;
    const sample = `[${seconds(native.time)}, ${JSON.stringify(histogramJson(native))}]`;
    natives.push(sample);
    length += sample.length + 2;
  }
  const fields = [
    `"metric": ${metric}`,
    ...(samples.length > 0 ? [isVector ? `"value": ${samples[0]}` : `"values": [${samples.join(", ")}]`] : []),
    ...(natives.length > 0 ? [isVector ? `"histogram": ${natives[0]}` : `"histograms": [${natives.join(", ")}]`] : []),
  ];
  return { text: `{${fields.join(", ")}}`, samples: samples.length + natives.length };
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
