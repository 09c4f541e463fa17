/** A PromQL function as the tables know it. */
export interface PromqlFunction {
  readonly name: string;
  /** Parameters and result in PromQL's own type names; `...` marks what may be repeated, `[]` what may be left out. */
  readonly signature: string;
  /** Needs `--enable-feature=promql-experimental-functions` on the server. */
  readonly experimental: boolean;
}

const stable = {
  abs: "abs(v instant-vector) instant-vector",
  absent: "absent(v instant-vector) instant-vector",
  absent_over_time: "absent_over_time(v range-vector) instant-vector",
  acos: "acos(v instant-vector) instant-vector",
  acosh: "acosh(v instant-vector) instant-vector",
  asin: "asin(v instant-vector) instant-vector",
  asinh: "asinh(v instant-vector) instant-vector",
  atan: "atan(v instant-vector) instant-vector",
  atanh: "atanh(v instant-vector) instant-vector",
  avg_over_time: "avg_over_time(v range-vector) instant-vector",
  ceil: "ceil(v instant-vector) instant-vector",
  changes: "changes(v range-vector) instant-vector",
  clamp: "clamp(v instant-vector, min scalar, max scalar) instant-vector",
  clamp_max: "clamp_max(v instant-vector, max scalar) instant-vector",
  clamp_min: "clamp_min(v instant-vector, min scalar) instant-vector",
  cos: "cos(v instant-vector) instant-vector",
  cosh: "cosh(v instant-vector) instant-vector",
  count_over_time: "count_over_time(v range-vector) instant-vector",
  day_of_month: "day_of_month([v instant-vector]) instant-vector",
  day_of_week: "day_of_week([v instant-vector]) instant-vector",
  day_of_year: "day_of_year([v instant-vector]) instant-vector",
  days_in_month: "days_in_month([v instant-vector]) instant-vector",
  deg: "deg(v instant-vector) instant-vector",
  delta: "delta(v range-vector) instant-vector",
  deriv: "deriv(v range-vector) instant-vector",
  exp: "exp(v instant-vector) instant-vector",
  first_over_time: "first_over_time(v range-vector) instant-vector",
  floor: "floor(v instant-vector) instant-vector",
  histogram_avg: "histogram_avg(v instant-vector) instant-vector",
  histogram_count: "histogram_count(v instant-vector) instant-vector",
  histogram_fraction: "histogram_fraction(lower scalar, upper scalar, b instant-vector) instant-vector",
  histogram_quantile: "histogram_quantile(q scalar, b instant-vector) instant-vector",
  histogram_stddev: "histogram_stddev(v instant-vector) instant-vector",
  histogram_stdvar: "histogram_stdvar(v instant-vector) instant-vector",
  histogram_sum: "histogram_sum(v instant-vector) instant-vector",
  hour: "hour([v instant-vector]) instant-vector",
  idelta: "idelta(v range-vector) instant-vector",
  increase: "increase(v range-vector) instant-vector",
  irate: "irate(v range-vector) instant-vector",
  label_join: "label_join(v instant-vector, dst string, separator string, [src string...]) instant-vector",
  label_replace:
    "label_replace(v instant-vector, dst string, replacement string, src string, regex string) instant-vector",
  last_over_time: "last_over_time(v range-vector) instant-vector",
  ln: "ln(v instant-vector) instant-vector",
  log10: "log10(v instant-vector) instant-vector",
  log2: "log2(v instant-vector) instant-vector",
  max_over_time: "max_over_time(v range-vector) instant-vector",
  min_over_time: "min_over_time(v range-vector) instant-vector",
  minute: "minute([v instant-vector]) instant-vector",
  month: "month([v instant-vector]) instant-vector",
  pi: "pi() scalar",
  predict_linear: "predict_linear(v range-vector, t scalar) instant-vector",
  present_over_time: "present_over_time(v range-vector) instant-vector",
  quantile_over_time: "quantile_over_time(q scalar, v range-vector) instant-vector",
  rad: "rad(v instant-vector) instant-vector",
  rate: "rate(v range-vector) instant-vector",
  resets: "resets(v range-vector) instant-vector",
  round: "round(v instant-vector, [to_nearest scalar]) instant-vector",
  scalar: "scalar(v instant-vector) scalar",
  sgn: "sgn(v instant-vector) instant-vector",
  sin: "sin(v instant-vector) instant-vector",
  sinh: "sinh(v instant-vector) instant-vector",
  sort: "sort(v instant-vector) instant-vector",
  sort_desc: "sort_desc(v instant-vector) instant-vector",
  sqrt: "sqrt(v instant-vector) instant-vector",
  stddev_over_time: "stddev_over_time(v range-vector) instant-vector",
  stdvar_over_time: "stdvar_over_time(v range-vector) instant-vector",
  sum_over_time: "sum_over_time(v range-vector) instant-vector",
  tan: "tan(v instant-vector) instant-vector",
  tanh: "tanh(v instant-vector) instant-vector",
  time: "time() scalar",
  timestamp: "timestamp(v instant-vector) instant-vector",
  vector: "vector(s scalar) instant-vector",
  year: "year([v instant-vector]) instant-vector",
};

const experimental = {
  double_exponential_smoothing: "double_exponential_smoothing(v range-vector, sf scalar, tf scalar) instant-vector",
  end: "end() scalar",
  histogram_quantiles: "histogram_quantiles(v instant-vector, quantile_label string, q scalar...) instant-vector",
  info: "info(v instant-vector, [data_label_selector instant-vector]) instant-vector",
  mad_over_time: "mad_over_time(v range-vector) instant-vector",
  max_of: "max_of(a scalar, b scalar) scalar",
  min_of: "min_of(a scalar, b scalar) scalar",
  range: "range() scalar",
  sort_by_label: "sort_by_label(v instant-vector, [label string...]) instant-vector",
  sort_by_label_desc: "sort_by_label_desc(v instant-vector, [label string...]) instant-vector",
  start: "start() scalar",
  start_timestamp: "start_timestamp(v instant-vector) instant-vector",
  step: "step() scalar",
  ts_of_first_over_time: "ts_of_first_over_time(v range-vector) instant-vector",
  ts_of_last_over_time: "ts_of_last_over_time(v range-vector) instant-vector",
  ts_of_max_over_time: "ts_of_max_over_time(v range-vector) instant-vector",
  ts_of_min_over_time: "ts_of_min_over_time(v range-vector) instant-vector",
};

function rows(signatures: Readonly<Record<string, string>>, isExperimental: boolean): readonly PromqlFunction[] {
  return Object.entries(signatures).map(([name, signature]) => ({ name, signature, experimental: isExperimental }));
}

/** Every function of Prometheus 3.14 (`promql/parser/functions.go`), by name. Function names are case-sensitive. */
export const promqlFunctions: ReadonlyMap<string, PromqlFunction> = new Map(
  [...rows(stable, false), ...rows(experimental, true)].map((row) => [row.name, row]),
);
