import type { DirectiveKey } from "./directiveKeys.ts";

/** What help says about a directive. */
export interface DirectiveDocumentation {
  /** One plain sentence without code. */
  readonly summary: string;
  /** What to know before using it, in Markdown that has code in backticks and nothing else. */
  readonly detail?: string;
  /** What stands behind the key, in a few words. */
  readonly value: string;
  /** A whole comment line. */
  readonly example: string;
}

const time = "now, now-6h, an RFC 3339 time or unix seconds";
const duration = "a duration such as 30s, 6h or 1h30m";

/** What help says about each directive, by key. */
export const directiveDocs: Readonly<Record<DirectiveKey, DirectiveDocumentation>> = {
  connection: {
    summary: "The connection that the query goes to.",
    detail: "A connection that is not set up here is asked for; the query goes nowhere else.",
    value: "a connection's id",
    example: "# @connection prod-eu",
  },
  mode: {
    summary: "Whether the query asks for one moment or for a range of time.",
    detail: "Without it both are asked: the range for the chart, the moment at its end for table and stat.",
    value: "instant or range",
    example: "# @mode instant",
  },
  range: {
    summary: "How much time the query looks at, up to its end or now.",
    detail: "`@start` beats it.",
    value: duration,
    example: "# @range 6h",
  },
  start: {
    summary: "Where the query's time begins.",
    detail: "It beats `@range`. Without `@end` the time ends now.",
    value: time,
    example: "# @start now-1d @end now-18h",
  },
  end: {
    summary: "Where the query's time ends.",
    detail: "Without `@start` it begins one `@range` earlier.",
    value: time,
    example: "# @end 2026-01-02T15:00:00Z",
  },
  time: {
    summary: "The moment that an instant query asks for.",
    detail: "For instant queries only: others ask for the end of their time.",
    value: time,
    example: "# @mode instant @time now-1h",
  },
  step: {
    summary: "The time between two points of the chart.",
    detail: "Without it the step suits the width of the chart. One range may have 11,000 points at most.",
    value: duration,
    example: "# @step 1m",
  },
  title: {
    summary: "The query's name, above its results and in its exports.",
    detail: "It beats the title behind `# %%`.",
    value: "text",
    example: "# @title Error ratio",
  },
  legend: {
    summary: "How the chart names each series; labels stand in double braces.",
    detail: 'An empty one, `""`, shows all labels.',
    value: "text with labels such as {{instance}}",
    example: "# @legend {{job}} on {{instance}}",
  },
  unit: {
    summary: "The unit of the values.",
    detail:
      "Without it the unit is guessed from the names of the metrics. What is no known unit is written behind the number.",
    value: "a unit such as s, bytes, percentunit or reqps",
    example: "# @unit percentunit",
  },
  view: {
    summary: "The view that the results open in.",
    value: "chart, table, stat, heatmap or json",
    example: "# @view table",
  },
  "max-series": {
    summary: "How many series are shown at most.",
    detail: "Where there are more, the results say so.",
    value: "a whole number from 1 on",
    example: "# @max-series 200",
  },
  var: {
    summary: "Gives a variable its value, for the query or, in the head of the file, for all queries.",
    detail: "The query names it as `$job`. A value may name other variables.",
    value: "name=value",
    example: "# @var job=api",
  },
};
