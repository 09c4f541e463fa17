import type { FunctionDocumentation } from "../documentation.ts";

/** Functions of range vectors: changes of counters and gauges, and samples put together over time. */
export const rangeFunctions: Readonly<Record<string, FunctionDocumentation>> = {
  rate: {
    summary: "How fast a counter grows per second, on average over the range.",
    detail:
      "For counters only; resets are corrected. A series needs two samples in the range, so take at least four scrape intervals. First rate, then sum: `sum(rate(x[5m]))`.",
    example: "rate(http_requests_total[5m])",
    wants: "counter",
  },
  irate: {
    summary: "How fast a counter grows per second, between the last two samples in the range.",
    detail:
      "For counters only. It follows short peaks, which suits a chart of a short time; for alerts and recording rules take `rate`. The range only says how far back the two samples may lie.",
    example: "irate(http_requests_total[5m])",
    since: "0.16.1",
    wants: "counter",
  },
  increase: {
    summary: "How much a counter grew over the range.",
    detail:
      "For counters only; resets are corrected. The growth between the first and the last sample is extrapolated to the whole range, so whole numbers may become fractions such as 2.07.",
    example: "increase(http_requests_total[1h])",
    since: "0.14",
    wants: "counter",
  },
  delta: {
    summary: "How much a gauge changed between the first and the last sample in the range.",
    detail:
      "For gauges: a counter's resets would show as falls, take `increase` there. The change is extrapolated to the whole range.",
    example: "delta(node_hwmon_temp_celsius[2h])",
    wants: "gauge",
  },
  idelta: {
    summary: "How much a gauge changed between the last two samples in the range.",
    detail: "For gauges. The range only says how far back the two samples may lie.",
    example: "idelta(node_hwmon_temp_celsius[5m])",
    since: "1.1",
    wants: "gauge",
  },
  deriv: {
    summary: "How fast a gauge changes per second, by linear regression over the range.",
    detail: "For gauges; for counters take `rate`. A series needs two samples in the range.",
    example: "deriv(node_memory_MemAvailable_bytes[30m])",
    since: "0.9",
    wants: "gauge",
  },
  predict_linear: {
    summary: "The value that a gauge will have t seconds later if its trend over the range goes on.",
    detail:
      "For gauges. The trend is a linear regression: take a range long enough for daily ups and downs. Since Prometheus 2.54 a duration such as `4h` may stand for the seconds.",
    example: "predict_linear(node_filesystem_avail_bytes[6h], 4 * 3600) < 0",
    since: "0.16",
    wants: "gauge",
  },
  double_exponential_smoothing: {
    summary: "A smoothed value of a gauge that follows its trend.",
    detail:
      "For gauges. The closer `sf` is to 0, the more old samples count; the closer `tf` is to 1, the more the trend counts. Prometheus 2 called it `holt_winters`.",
    example: "double_exponential_smoothing(node_load1[1h], 0.3, 0.1)",
    since: "3.0",
    wants: "gauge",
  },
  resets: {
    summary: "How often a counter was reset in the range.",
    detail: "For counters only: each fall counts. A reset mostly tells of a restart.",
    example: "resets(process_cpu_seconds_total[1d]) > 0",
    since: "0.14",
    wants: "counter",
  },
  changes: {
    summary: "How often the value of a series changed in the range.",
    detail: "It compares samples: what changed and changed back between two scrapes is not seen.",
    example: "changes(process_start_time_seconds[1h]) > 0",
    since: "0.14",
  },
  avg_over_time: {
    summary: "The average of each series' samples in the range.",
    detail:
      "Each sample counts the same, however far apart they lie. For an expression take a subquery: `avg_over_time(rate(x[5m])[1h:])`.",
    example: "avg_over_time(node_load1[1h])",
  },
  min_over_time: {
    summary: "The smallest of each series' samples in the range.",
    detail: "Dips between two scrapes are not seen.",
    example: "min_over_time(up[1h]) == 0",
  },
  max_over_time: {
    summary: "The greatest of each series' samples in the range.",
    detail: "Peaks between two scrapes are not seen.",
    example: "max_over_time(process_open_fds[1d])",
  },
  sum_over_time: {
    summary: "The sum of each series' samples in the range.",
    detail:
      "It sums samples, so a shorter scrape interval makes it greater. For the growth of a counter take `increase`.",
    example: "sum_over_time(batch_items_processed[1d])",
  },
  count_over_time: {
    summary: "The number of each series' samples in the range.",
    detail: "It counts samples, whatever their values; `count` counts series.",
    example: "count_over_time(up[1h])",
  },
  quantile_over_time: {
    summary: "A quantile (0 to 1) of each series' samples in the range.",
    detail: "Below 0 it yields `-Inf`, above 1 `+Inf`. For the observations of a histogram take `histogram_quantile`.",
    example: "quantile_over_time(0.95, node_load1[1d])",
    since: "1.1",
  },
  stddev_over_time: {
    summary: "The population standard deviation of each series' samples in the range.",
    example: "stddev_over_time(node_load1[1h])",
    since: "1.1",
  },
  stdvar_over_time: {
    summary: "The population variance of each series' samples in the range.",
    example: "stdvar_over_time(node_load1[1h])",
    since: "1.1",
  },
  mad_over_time: {
    summary: "The median absolute deviation of each series' samples in the range.",
    detail: "How far samples commonly lie from their median. A few outliers hardly move it.",
    example: "mad_over_time(node_load1[1h])",
    since: "2.49",
  },
  first_over_time: {
    summary: "The oldest of each series' samples in the range.",
    detail: "Before Prometheus 3.14 it needs `--enable-feature=promql-experimental-functions`.",
    example: "last_over_time(node_load1[1h]) - first_over_time(node_load1[1h])",
    since: "3.7",
  },
  last_over_time: {
    summary: "The newest of each series' samples in the range.",
    detail:
      "It bridges gaps that are longer than the lookback of a plain selector, which is 5 minutes unless the server says otherwise.",
    example: "last_over_time(backup_last_size_bytes[1d])",
    since: "2.26",
  },
  present_over_time: {
    summary: "1 for each series that has a sample in the range.",
    detail: "It finds series that were there at some time: `count(present_over_time(up[1d]))`.",
    example: "present_over_time(up[1d])",
    since: "2.29",
  },
  absent_over_time: {
    summary: "1 if the range vector is empty, otherwise nothing.",
    detail:
      "The result has the labels that the selector demands with `=`. One missing series among others is not noticed: ask for it alone.",
    example: 'absent_over_time(up{job="api"}[10m])',
    since: "2.16",
  },
  ts_of_first_over_time: {
    summary: "The time of the oldest of each series' samples in the range, in unix seconds.",
    example: "ts_of_first_over_time(up[1d])",
    since: "3.7",
  },
  ts_of_last_over_time: {
    summary: "The time of the newest of each series' samples in the range, in unix seconds.",
    example: "time() - ts_of_last_over_time(up[1d])",
    since: "3.5",
  },
  ts_of_max_over_time: {
    summary: "The time of the greatest of each series' samples in the range, in unix seconds.",
    detail: "Of several equal ones the newest counts.",
    example: "ts_of_max_over_time(node_load1[1d])",
    since: "3.5",
  },
  ts_of_min_over_time: {
    summary: "The time of the smallest of each series' samples in the range, in unix seconds.",
    detail: "Of several equal ones the newest counts.",
    example: "ts_of_min_over_time(node_filesystem_avail_bytes[1d])",
    since: "3.5",
  },
};
