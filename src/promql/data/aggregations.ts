/** An aggregation operator as the tables know it. */
export interface PromqlAggregation {
  readonly name: string;
  /** Parameters in PromQL's own type names, without the optional `by`/`without` clause. */
  readonly signature: string;
  /** Needs `--enable-feature=promql-experimental-functions` on the server. */
  readonly experimental: boolean;
}

const table: readonly PromqlAggregation[] = [
  { name: "avg", signature: "avg(v instant-vector)", experimental: false },
  { name: "bottomk", signature: "bottomk(k scalar, v instant-vector)", experimental: false },
  { name: "count", signature: "count(v instant-vector)", experimental: false },
  { name: "count_values", signature: "count_values(label string, v instant-vector)", experimental: false },
  { name: "group", signature: "group(v instant-vector)", experimental: false },
  { name: "limit_ratio", signature: "limit_ratio(ratio scalar, v instant-vector)", experimental: true },
  { name: "limitk", signature: "limitk(k scalar, v instant-vector)", experimental: true },
  { name: "max", signature: "max(v instant-vector)", experimental: false },
  { name: "min", signature: "min(v instant-vector)", experimental: false },
  { name: "quantile", signature: "quantile(q scalar, v instant-vector)", experimental: false },
  { name: "stddev", signature: "stddev(v instant-vector)", experimental: false },
  { name: "stdvar", signature: "stdvar(v instant-vector)", experimental: false },
  { name: "sum", signature: "sum(v instant-vector)", experimental: false },
  { name: "topk", signature: "topk(k scalar, v instant-vector)", experimental: false },
];

/** Every aggregation of Prometheus 3.14, by lower-case name; in text their case does not matter. */
export const promqlAggregations: ReadonlyMap<string, PromqlAggregation> = new Map(table.map((row) => [row.name, row]));
