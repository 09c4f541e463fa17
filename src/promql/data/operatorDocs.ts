import type { KeywordDocumentation } from "./documentation.ts";

const comparisonDetail = "With `bool` it yields 1 or 0 for each series instead.";

const operators: Readonly<Record<string, KeywordDocumentation>> = {
  "+": { summary: "The sum of both sides.", example: "node_load1 + node_load5" },
  "-": { summary: "The left side minus the right one.", example: "node_load1 - node_load5" },
  "*": { summary: "The product of both sides.", example: "node_load1 * 100" },
  "/": {
    summary: "The left side divided by the right one.",
    detail: "Series without a partner on the other side are dropped. Division by 0 yields `+Inf`, `-Inf` or `NaN`.",
    example: "node_filesystem_avail_bytes / node_filesystem_size_bytes",
  },
  "%": {
    summary: "What remains of the left side when it is divided by the right one.",
    detail: "It has the sign of the left side.",
    example: "time() % 3600",
  },
  "^": {
    summary: "The left side to the power of the right one.",
    detail: "It binds most tightly, and from the right: `2 ^ 3 ^ 2` is `2 ^ 9`, and `-1 ^ 2` is -1.",
    example: "node_load1 ^ 2",
    since: "1.0",
  },
  "==": { summary: "Keeps the series whose values are equal.", detail: comparisonDetail, example: "up == 0" },
  "!=": {
    summary: "Keeps the series whose values differ; in braces, those whose label is not this value.",
    detail: `${comparisonDetail} In braces a missing label counts as empty.`,
    example: 'up{job!="test"} != 1',
  },
  ">": {
    summary: "Keeps the series whose left value is greater.",
    detail: comparisonDetail,
    example: "node_load1 > 5",
  },
  "<": {
    summary: "Keeps the series whose left value is smaller.",
    detail: comparisonDetail,
    example: "node_load1 < 5",
  },
  ">=": {
    summary: "Keeps the series whose left value is greater or equal.",
    detail: comparisonDetail,
    example: "node_load1 >= 5",
  },
  "<=": {
    summary: "Keeps the series whose left value is smaller or equal.",
    detail: comparisonDetail,
    example: "node_load1 <= 5",
  },
  "</": {
    summary: "Keeps the observations of native histograms below a number, as far as buckets tell.",
    example: "rate(http_request_duration_seconds[5m]) </ 0.5",
    since: "3.11",
  },
  ">/": {
    summary: "Keeps the observations of native histograms above a number, as far as buckets tell.",
    example: "rate(http_request_duration_seconds[5m]) >/ 0.5",
    since: "3.11",
  },
  "=": {
    summary: "Selects series whose label is exactly this value.",
    detail: 'An empty value selects series without the label: `x{env=""}`.',
    example: 'up{job="api"}',
  },
  "=~": {
    summary: "Selects series whose label matches this regular expression as a whole.",
    detail: 'RE2 syntax, anchored at both ends: for a part of the value write `".*part.*"`.',
    example: 'up{instance=~"web-.*"}',
  },
  "!~": {
    summary: "Selects series whose label does not match this regular expression as a whole.",
    detail:
      "RE2 syntax, anchored at both ends. Series without the label are selected too, unless it matches the empty string.",
    example: 'up{instance!~"test-.*"}',
  },
  "@": {
    summary: "Looks at the data of this moment, given in unix seconds.",
    detail:
      "It stands right behind a selector or subquery. Every step of a range query then sees the same data. `offset` is counted from it.",
    example: "http_requests_total @ 1767225600",
    since: "2.25",
  },
};

/** What help says about each sign that is an operator, a label's matching sign or a modifier. */
export const operatorDocs: ReadonlyMap<string, KeywordDocumentation> = new Map(Object.entries(operators));
