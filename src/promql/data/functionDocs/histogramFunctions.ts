import type { FunctionDocumentation } from "../documentation.ts";

/** Functions of histograms, classic and native. */
export const histogramFunctions: Readonly<Record<string, FunctionDocumentation>> = {
  histogram_quantile: {
    summary: "An estimated quantile (0 to 1) of what histograms observed.",
    detail:
      "Classic histograms: give it rates of `_bucket` series, and keep `le` when you aggregate, as in `sum by (le)`. The result is interpolated within a bucket; above the highest finite bound it stays at that bound. Native histograms have no `le` and no `_bucket`.",
    example: "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))",
    wants: "histogram",
  },
  histogram_quantiles: {
    summary: "Several estimated quantiles (0 to 1) of what histograms observed, each with its own label.",
    detail:
      "One to ten quantiles, told apart by the label that the second argument names. As with `histogram_quantile`, classic histograms need `le`.",
    example:
      'histogram_quantiles(sum by (le) (rate(http_request_duration_seconds_bucket[5m])), "quantile", 0.5, 0.9, 0.99)',
    since: "3.11",
    wants: "histogram",
  },
  histogram_fraction: {
    summary: "The estimated fraction (0 to 1) of observations that lie between two bounds.",
    detail:
      "Bounds that are no bounds of buckets are interpolated, which is rough in classic histograms. Those are taken since Prometheus 3.4; keep their label `le`.",
    example: "histogram_fraction(0, 0.2, rate(http_request_duration_seconds[1h]))",
    wants: "histogram",
  },
  histogram_count: {
    summary: "The number of observations of each native histogram.",
    detail: "Classic histograms have the `_count` series for this.",
    example: "histogram_count(rate(http_request_duration_seconds[5m]))",
    wants: "histogram",
  },
  histogram_sum: {
    summary: "The sum of the observations of each native histogram.",
    detail: "Classic histograms have the `_sum` series for this.",
    example: "histogram_sum(rate(http_request_duration_seconds[5m]))",
    wants: "histogram",
  },
  histogram_avg: {
    summary: "The average of the observations of each native histogram.",
    detail: "For classic histograms: `rate(x_sum[5m]) / rate(x_count[5m])`.",
    example: "histogram_avg(rate(http_request_duration_seconds[5m]))",
    since: "2.51",
    wants: "histogram",
  },
  histogram_stddev: {
    summary: "The estimated standard deviation of the observations of each native histogram.",
    detail: "Classic histograms are left out.",
    example: "histogram_stddev(rate(http_request_duration_seconds[5m]))",
    since: "2.47",
    wants: "histogram",
  },
  histogram_stdvar: {
    summary: "The estimated variance of the observations of each native histogram.",
    detail: "Classic histograms are left out.",
    example: "histogram_stdvar(rate(http_request_duration_seconds[5m]))",
    since: "2.47",
    wants: "histogram",
  },
};
