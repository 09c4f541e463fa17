import assert from "node:assert/strict";
import { test } from "node:test";
import { promqlAggregations } from "../../../../src/promql/data/aggregations.ts";
import { promqlFunctions } from "../../../../src/promql/data/functions.ts";
import { promqlKeywords } from "../../../../src/promql/data/keywords.ts";
import { metricsqlAggregations, metricsqlFunctions } from "../../../../src/promql/data/metricsqlFunctions.ts";

test("what MetricsQL adds is what Prometheus has not", () => {
  for (const name of [...metricsqlFunctions, ...metricsqlAggregations]) {
    assert.match(name, /^[a-z][a-z0-9_]*$/);
    const isPromql = promqlFunctions.has(name) || promqlAggregations.has(name) || promqlKeywords.has(name);
    assert.ok(!isPromql, name);
  }
});

test("a name is a function or an aggregation", () => {
  for (const name of metricsqlFunctions) assert.ok(!metricsqlAggregations.has(name), name);
  for (const name of ["rollup_rate", "label_set", "union", "range_median", "sum2_over_time", "histogram_share"])
    assert.ok(metricsqlFunctions.has(name), name);
  for (const name of ["median", "any", "topk_avg", "sum2", "outliers_iqr"])
    assert.ok(metricsqlAggregations.has(name), name);
});
