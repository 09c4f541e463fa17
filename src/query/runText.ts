import { formatLabels } from "../shared/model/labels.ts";
import { valueText } from "../shared/model/numberText.ts";
import { seriesOf } from "./answerFacts.ts";
import { partsOf, type Run } from "./run.ts";
import { runOutcome } from "./runOutcome.ts";

/** Series that a text lists. */
const seriesListed = 20;

/** Characters of a series' name. */
const longestName = 500;

/** A run as plain text for where nothing better can be shown: how it went, and the first series with their last values. */
export function runText(run: Run): string {
  const { name, origin } = run.request.target;
  const lines = [`${runOutcome(run).text} · ${name} (${origin})`];
  const part = [...partsOf({ ...run, before: undefined })].reverse().find(({ state }) => state === "done");
  if (part?.state !== "done") return lines.join("\n");
  const { data } = part.answer;
  if (data.type === "scalar") return [...lines, valueText(data.value)].join("\n");
  if (data.type === "string") return [...lines, data.value.slice(0, 20 * longestName)].join("\n");
  const all = seriesOf(data);
  for (const { labels, values, histograms } of all.slice(0, seriesListed)) {
    const value = values.at(-1) ?? histograms.at(-1)?.count;
    const name = formatLabels(labels);
    const cut = name.length > longestName ? `${name.slice(0, longestName)}…` : name;
    lines.push(`${cut} ${value === undefined ? "" : valueText(value)}`.trimEnd());
  }
  if (all.length > seriesListed) lines.push(`… and ${(all.length - seriesListed).toLocaleString("en-US")} more series`);
  return lines.join("\n");
}
