import type { KeywordDocumentation } from "./documentation.ts";

const fillFlag = "promql-binop-fill-modifiers";
const extendedRangeFlag = "promql-extended-range-selectors";

const keywords: Readonly<Record<string, KeywordDocumentation>> = {
  and: {
    summary: "The series of the left side that have a partner on the right.",
    detail: "Values are those of the left side. Partners have the same labels, or those that `on` and `ignoring` say.",
    example: "up == 0 and on (instance) node_load1 > 10",
  },
  or: {
    summary: "All series of the left side, and those of the right side that have no partner on the left.",
    detail: "It gives a default: `sum(x) or vector(0)`.",
    example: "sum(rate(http_requests_total[5m])) or vector(0)",
    since: "0.12",
  },
  unless: {
    summary: "The series of the left side that have no partner on the right.",
    example: "up unless on (instance) node_load1 > 10",
    since: "0.18",
  },
  atan2: {
    summary: "The angle of two values in radians, from -pi to pi.",
    example: "wind_north atan2 wind_east",
    since: "2.31",
  },
  by: {
    summary: "Groups by these labels and drops all others.",
    detail: "`histogram_quantile` of classic histograms needs `le` among them.",
    example: "sum by (job, instance) (rate(http_requests_total[5m]))",
  },
  without: {
    summary: "Drops these labels and groups by all others.",
    detail: "Labels that come later stay, which `by` would drop.",
    example: "sum without (instance, pod) (rate(http_requests_total[5m]))",
    since: "0.17",
  },
  on: {
    summary: "Pairs the series of both sides by these labels only.",
    detail: "Each series may have one partner; for several say `group_left` or `group_right`.",
    example: "node_filesystem_avail_bytes / on (instance, device) node_filesystem_size_bytes",
    since: "0.12",
  },
  ignoring: {
    summary: "Pairs the series of both sides by all labels except these.",
    detail: "Each series may have one partner; for several say `group_left` or `group_right`.",
    example: "http_errors_total / ignoring (code) http_requests_total",
    since: "0.19",
  },
  group_left: {
    summary: "Lets several series of the left side have the same partner on the right.",
    detail: "The labels in parentheses are taken over from the right side. It comes after `on` or `ignoring`.",
    example: "node_load1 * on (instance) group_left (nodename) node_uname_info",
    since: "0.12",
  },
  group_right: {
    summary: "Lets several series of the right side have the same partner on the left.",
    detail: "The labels in parentheses are taken over from the left side. It comes after `on` or `ignoring`.",
    example: "node_uname_info * on (instance) group_right (nodename) node_load1",
    since: "0.12",
  },
  fill: {
    summary: "Takes this number for the partner that a series of either side lacks.",
    example: "rate(cache_hits_total[5m]) + fill (0) rate(cache_misses_total[5m])",
    since: "3.10",
    flag: fillFlag,
  },
  fill_left: {
    summary: "Takes this number for the left side where only the right side has a series.",
    example: "rate(http_errors_total[5m]) / fill_left (0) rate(http_requests_total[5m])",
    since: "3.10",
    flag: fillFlag,
  },
  fill_right: {
    summary: "Takes this number for the right side where only the left side has a series.",
    example: "requests_now - fill_right (0) requests_before",
    since: "3.10",
    flag: fillFlag,
  },
  bool: {
    summary: "Makes a comparison yield 1 or 0 for each series instead of dropping series.",
    detail: "Between two numbers it is required.",
    example: "node_load1 > bool 5",
    since: "0.16",
  },
  offset: {
    summary: "Looks at the data this much earlier.",
    detail:
      "It stands right behind a selector or subquery: `rate(x[5m] offset 1d)`. A negative one looks at later data.",
    example: "http_requests_total - http_requests_total offset 1d",
    since: "0.11",
  },
  anchored: {
    summary: "Takes for the ends of a range the last sample before each, so that nothing is extrapolated.",
    detail: "For `rate`, `increase`, `delta`, `changes` and `resets`. It stands right behind the range.",
    example: "increase(http_requests_total[1h] anchored)",
    since: "3.7",
    flag: extendedRangeFlag,
  },
  smoothed: {
    summary: "Takes for the ends of a range values between the samples around each, so that nothing is extrapolated.",
    detail:
      "For `rate`, `increase` and `delta`, and for plain selectors. It looks at data behind the range too, so results close to now may still change.",
    example: "rate(http_requests_total[5m] smoothed)",
    since: "3.7",
    flag: extendedRangeFlag,
  },
};

const moments: Readonly<Record<string, KeywordDocumentation>> = {
  start: {
    summary: "The moment where the query's range begins.",
    detail: "In an instant query it is the evaluation time.",
    example: "http_requests_total - http_requests_total @ start()",
    since: "2.25",
  },
  end: {
    summary: "The moment where the query's range ends.",
    detail: "In an instant query it is the evaluation time. It holds a choice for the whole chart, as in the example.",
    example: "node_load1 and topk(5, node_load1 @ end())",
    since: "2.25",
  },
};

/** What help says about each word of `promqlKeywords`, by lower-case name. */
export const keywordDocs: ReadonlyMap<string, KeywordDocumentation> = new Map(Object.entries(keywords));

/** What help says about `start()` and `end()` behind `@`, by name without parentheses. */
export const momentDocs: ReadonlyMap<string, KeywordDocumentation> = new Map(Object.entries(moments));
