import assert from "node:assert/strict";
import { test } from "node:test";
import { guessUnit } from "../../../src/promql/unitGuess.ts";

const cases: readonly (readonly [expression: string, expected: string | undefined])[] = [
  ["up", undefined],
  ["process_resident_memory_bytes", "bytes"],
  ["node_filesystem_avail_bytes{mountpoint='/'} offset 1h", "bytes"],
  ["process_start_time_seconds", "dateTimeAsIso"],
  ["time() - process_start_time_seconds", "s"],
  ["rate(tokens_total[5m]) / rate(requests_total[5m])", undefined],
  ["time()", undefined],
  ["rate(http_requests_total[5m])", "cps"],
  ['sum by (job) (rate(http_requests_total{code=~"5.."}[5m]))', "cps"],
  ["sum(rate(http_requests_total[5m])) by (job)", "cps"],
  ["rate(node_network_receive_bytes_total[$__rate_interval])", "binBps"],
  ["rate(node_cpu_seconds_total{mode!='idle'}[5m])", "none"],
  ["increase(node_cpu_seconds_total[5m])", "s"],
  ["histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))", "s"],
  ["histogram_quantile(0.9, rate(response_size_bytes[5m]))", "bytes"],
  ["rate(x_seconds_sum[5m]) / rate(x_seconds_count[5m])", "s"],
  ["sum(rate(http_requests_total{code=~'5..'}[5m])) / sum(rate(http_requests_total[5m]))", "percentunit"],
  ["sum(a_bytes) / on (job) group_left (x) sum(b_bytes)", "percentunit"],
  ["1 - (node_filesystem_avail_bytes / node_filesystem_size_bytes)", "percentunit"],
  ["1 - node_filesystem_avail_bytes / node_filesystem_size_bytes", "percentunit"],
  ["a_bytes - b_bytes", "bytes"],
  ["a_bytes - b_seconds", undefined],
  ["a_bytes * 8", undefined],
  ["a_bytes > 1000", "bytes"],
  ["a_bytes > bool 1000", undefined],
  ["a_bytes and on (job) b_seconds", "bytes"],
  ["time() - push_timestamp_seconds", "s"],
  ["topk(5, a_bytes)", "bytes"],
  ["count(a_bytes)", undefined],
  ["count by (job) (rate(a_bytes[5m]))", undefined],
  ["max_over_time(a_celsius[1h:5m] @ end())", "celsius"],
  ['label_replace(a_watts, "x", "$1", "y", "(.*)")', "watt"],
  ["rate(a_joules_total[5m])", "watt"],
  ["-a_bytes", "bytes"],
  ["a_ratio", "percentunit"],
  ["predict_linear(node_filesystem_avail_bytes[1h], 3600)", "bytes"],
  ["{__name__=~'a.*'}", undefined],
  ["42", undefined],
  ["sum(", undefined],
  [")", undefined],
  ["", undefined],
  ["sum by (le) (rate(x_seconds_bucket[5m]))", "cps"],
  ["sum by (le) (increase(x_seconds_bucket[5m]))", undefined],
  ["rate(x_bytes_bucket[5m])", "cps"],
  ["sum(rate(x_seconds_bucket{le='0.3'}[5m])) / sum(rate(x_seconds_count[5m]))", "percentunit"],
  ["rate(x_seconds_bucket[5m]) / ignoring(le) group_left rate(x_seconds_count[5m])", "percentunit"],
  ["rate(x_seconds_bucket[5m]) / rate(y_seconds_count[5m])", undefined],
  ["histogram_fraction(0, 0.2, rate(x_seconds[5m]))", "percentunit"],
  ["histogram_avg(rate(x_seconds[5m]))", "s"],
  ["a_timestamp_seconds - b_timestamp_seconds", "s"],
  ["delta(a_timestamp_seconds[5m])", undefined],
  ["hour(process_start_time_seconds)", undefined],
  ["push_time_seconds", "dateTimeAsIso"],
  ['count_values("v", a_bytes)', undefined],
  ["a_bytes - b_bytes / c_bytes", undefined],
  ["a_bytes - b_bytes / 2", undefined],
  ["(a_bytes - b_bytes) / c_bytes", "percentunit"],
];
for (const [expression, expected] of cases) {
  test(`the unit of ${expression}`, () => assert.equal(guessUnit(expression), expected));
}

test("any text is read in reasonable time and no nesting is too deep", () => {
  assert.equal(guessUnit("(".repeat(20_000)), undefined);
  assert.equal(guessUnit("-".repeat(20_000)), undefined);
  assert.equal(guessUnit("a_bytes+".repeat(20_000)), undefined);
  assert.equal(guessUnit(`${"a_bytes+".repeat(20_000)}a_bytes`), "bytes");
});
