import { isMomentName } from "../promql/momentName.ts";
import { separatorLine } from "../promql/separators.ts";
import { quoteString, withoutVariables } from "../shared/model/labels.ts";
import type { MetricMetadata } from "../shared/model/source.ts";
import { markdownText } from "./export/markdownText.ts";

/** What a metric is, as far as its queries differ. */
export type MetricKind =
  | "counter"
  | "gauge"
  | "classicHistogram"
  | "nativeHistogram"
  | "summary"
  | "info"
  | "timestamp"
  | "status"
  | "recording";

/** A query that suits a metric. `text` is PromQL with our variables. */
export interface SuggestedQuery {
  readonly title: string;
  readonly text: string;
  readonly unit?: string;
  /** How its answer is looked at first, where that does not show by itself. */
  readonly view?: "heatmap";
  /** Id of the connection it belongs to; absent: the active one. */
  readonly connection?: string;
}

/**
 * What a metric is: by its name as the conventions have it (rules of Grafana's Metrics Drilldown, in its order), corrected by
 * the type that the server tells. `histogram` without a `_bucket`, `_sum` or `_count` at the end is a native one.
 */
export function metricKind(name: string, metadata: Pick<MetricMetadata, "type"> | undefined): MetricKind {
  const type = metadata?.type ?? "";
  const isPart = /_(?:sum|count|bucket)$/.test(name);
  if (name === "up" || name.endsWith("_up")) return "status";
  if (name.includes(":")) return "recording";
  if (name.endsWith("_bucket") && type !== "counter" && type !== "gauge") return "classicHistogram";
  if (type === "histogram" || type === "gaugehistogram") return isPart ? "counter" : "nativeHistogram";
  if (type === "summary") return isPart ? "counter" : "summary";
  if (type === "info" || name.endsWith("_info")) return "info";
  if (isMomentName(name) && type !== "counter") return "timestamp";
  if (type === "counter") return "counter";
  if (type === "gauge" || type === "stateset") return "gauge";
  return /_(?:count|total|sum)$/.test(name) ? "counter" : "gauge";
}

/** The metric as a selector: bare where its name may stand so, else by `__name__`, which every release understands. */
export function metricSelector(name: string): string {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name) ? name : withoutVariables(`{__name__=${quoteString(name)}}`);
}

/**
 * Queries that suit a metric, the one for a first look first. Rates are over `$__rate_interval`. A unit stands only where
 * neither the metric's name nor what is done with it tells it: each query is looked at by itself for that when it runs.
 */
export function suggestedQueries(name: string, kind: MetricKind): readonly SuggestedQuery[] {
  const m = metricSelector(name);
  const rate = `rate(${m}[$__rate_interval])`;
  const quantile = (q: string, by: string) => `histogram_quantile(${q}, sum${by} (${rate}))`;
  switch (kind) {
    case "counter":
      return [
        { title: `${name}, per second`, text: `sum(${rate})` },
        { title: `${name}, per second by job and instance`, text: `sum by (job, instance) (${rate})` },
        { title: `${name}, busiest ten`, text: `topk(10, ${rate})` },
        { title: `${name}, increase over the range`, text: `sum(increase(${m}[$__range]))` },
      ];
    case "gauge":
    case "recording":
      return [
        { title: name, text: m },
        { title: `${name}, average`, text: `avg(${m})` },
        {
          title: `${name}, lowest and highest`,
          text: `label_replace(min(${m}), "of", "min", "", "")\n  or label_replace(max(${m}), "of", "max", "", "")`,
        },
        { title: `${name}, sum by job`, text: `sum by (job) (${m})` },
      ];
    case "classicHistogram": {
      const base = name.slice(0, -"_bucket".length);
      const [sum, count] = [metricSelector(`${base}_sum`), metricSelector(`${base}_count`)];
      return [
        { title: `${base}, distribution`, text: `sum by (le) (${rate})`, view: "heatmap" },
        { title: `${base}, 99th percentile`, text: quantile("0.99", " by (le)") },
        { title: `${base}, median`, text: quantile("0.5", " by (le)") },
        {
          title: `${base}, average`,
          text: `sum(rate(${sum}[$__rate_interval]))\n  / sum(rate(${count}[$__rate_interval]))`,
        },
      ];
    }
    case "nativeHistogram":
      return [
        { title: `${name}, distribution`, text: `sum(${rate})`, view: "heatmap" },
        { title: `${name}, 99th percentile`, text: quantile("0.99", "") },
        { title: `${name}, median`, text: quantile("0.5", "") },
        { title: `${name}, average`, text: `histogram_avg(sum(${rate}))` },
        { title: `${name}, observations per second`, text: `histogram_count(sum(${rate}))` },
      ];
    case "summary":
      // Quantiles of several instances cannot be averaged: the worst one is a true statement.
      return [
        { title: `${name}, worst by quantile`, text: `max by (quantile) (${m})` },
        {
          title: `${name}, average`,
          text: `sum(rate(${metricSelector(`${name}_sum`)}[$__rate_interval]))\n  / sum(rate(${metricSelector(`${name}_count`)}[$__rate_interval]))`,
        },
        { title: `${name}, each instance`, text: m },
      ];
    case "info":
      return [
        { title: `${name}, series`, text: m },
        { title: `${name}, count`, text: `count(${m})` },
      ];
    case "timestamp":
      return [
        { title: `${name}, age`, text: `time() - ${m}`, unit: "s" },
        { title: `${name}, age of the oldest`, text: `time() - min(${m})`, unit: "s" },
      ];
    case "status":
      return [
        { title: `${name}, each series`, text: m },
        { title: `${name}, share that is up`, text: `avg(${m})`, unit: "percentunit" },
        { title: `${name}, what is down`, text: `${m} == 0` },
      ];
  }
}

/** A file with one block for each query. */
export function queryFile(queries: readonly SuggestedQuery[]): string {
  return queries.map((query) => queryBlock(query)).join("\n");
}

/** Cells of a notebook that is made of a list; more are slow to show, and nobody reads them. */
const mostCells = 200;

/** The text of a notebook with one cell for each query, below a heading that a server may have written. */
export function queryNotebook(heading: string, queries: readonly SuggestedQuery[]): string {
  const line = markdownText(heading.replace(/[\s\p{Cc}]+/gu, " ").trim());
  const cut = queries.length > mostCells ? [`#\n# The first ${mostCells} of ${queries.length} queries.\n`] : [];
  const top = `# %% [markdown]\n# ## ${line}\n${cut.join("")}`;
  return `${top}\n${queryFile(queries.slice(0, mostCells))}`;
}

/** A query as a block of a `.promql` file, final newline included. Texts of a server stay on their line. */
export function queryBlock({ title, text, unit, view, connection }: SuggestedQuery): string {
  const line = title.replace(/[\s\p{Cc}]+/gu, " ").trim();
  const directives = [
    ...(connection === undefined ? [] : [`# @connection ${connection}\n`]),
    ...(unit === undefined ? [] : [`# @unit ${unit}\n`]),
    ...(view === undefined ? [] : [`# @view ${view}\n`]),
  ];
  const separator = separatorLine({ kind: "query", title: line === "" ? undefined : line, isWeak: false });
  return `${separator}\n${directives.join("")}${text}\n`;
}
