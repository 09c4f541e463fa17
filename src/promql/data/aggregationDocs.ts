import type { Documentation } from "./documentation.ts";

const table: Readonly<Record<string, Documentation>> = {
  sum: {
    summary: "The sum of the values of each group.",
    detail:
      "Without `by` or `without` all series are one group. First rate, then sum: `sum(rate(x[5m]))`, since a sum of counters hides their resets.",
    example: "sum by (job) (rate(http_requests_total[5m]))",
  },
  avg: {
    summary: "The average of the values of each group.",
    detail: "An average of averages or of quantiles says little: divide the sum of one by the sum of the other.",
    example: "avg by (instance) (node_load1)",
  },
  count: {
    summary: "The number of series of each group.",
    detail: "It counts series, whatever their values. If nothing matches it yields nothing, not 0.",
    example: "count by (job) (up == 0)",
  },
  min: { summary: "The smallest of the values of each group.", example: "min by (job) (up)" },
  max: { summary: "The greatest of the values of each group.", example: "max by (instance) (node_load1)" },
  group: {
    summary: "1 for each group.",
    detail: "It tells which combinations of labels there are.",
    example: "group by (job, instance) (up)",
    since: "2.20",
  },
  stddev: {
    summary: "The population standard deviation of the values of each group.",
    example: "stddev by (job) (node_load1)",
    since: "0.13.2",
  },
  stdvar: {
    summary: "The population variance of the values of each group.",
    example: "stdvar by (job) (node_load1)",
    since: "0.13.2",
  },
  topk: {
    summary: "The k series of each group with the greatest values, with all their labels.",
    detail:
      "In a range query each step picks anew, so a chart may show more than k series. `by` says of what to take k each, and removes no labels.",
    example: "topk(5, sum by (job) (rate(http_requests_total[5m])))",
    since: "0.7",
  },
  bottomk: {
    summary: "The k series of each group with the smallest values, with all their labels.",
    detail:
      "In a range query each step picks anew, so a chart may show more than k series. `by` says of what to take k each, and removes no labels.",
    example: "bottomk(3, node_filesystem_avail_bytes)",
    since: "0.7",
  },
  quantile: {
    summary: "A quantile (0 to 1) of the values of each group.",
    detail:
      "It is one over series. For the observations of a histogram take `histogram_quantile`. Below 0 it yields `-Inf`, above 1 `+Inf`.",
    example: "quantile by (job) (0.9, node_load1)",
    since: "1.1",
  },
  count_values: {
    summary: "The number of series for each different value of a group; a label tells the value.",
    detail: "Of a metric with many different values it makes as many series.",
    example: 'count_values("replicas", kube_deployment_spec_replicas)',
    since: "1.0",
  },
  limitk: {
    summary: "Any k series of each group, with all their labels.",
    detail: "It shows what a metric looks like: values do not matter, unlike in `topk`.",
    example: "limitk by (job) (3, up)",
    since: "2.54",
  },
  limit_ratio: {
    summary: "About this share of the series, with all their labels.",
    detail:
      "The ratio goes from -1 to 1, and the same series are picked each time. A negative one picks the others: `limit_ratio(0.2, x)` and `limit_ratio(-0.8, x)` have no series in common and together all.",
    example: "limit_ratio(0.1, up)",
    since: "2.54",
  },
};

/** What help says about each aggregation of Prometheus 3.14, by lower-case name. */
export const aggregationDocs: ReadonlyMap<string, Documentation> = new Map(Object.entries(table));
