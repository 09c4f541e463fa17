import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { expressionsOver } from "../../../src/promql/hoverTarget.ts";
import { parseExpression } from "../../../src/promql/parser.ts";
import { callRemarks, metricRemarks, type Remark } from "../../../src/promql/remarks.ts";
import { unitWordOf } from "../../../src/promql/unitGuess.ts";

function remarksAt(marked: string, type: string): readonly Remark[] {
  const text = marked.replace("|", "");
  const { expression } = parseExpression(text, { from: 0, to: text.length });
  const path = expressionsOver(expression, marked.indexOf("|"));
  const last = path.at(-1);
  return last?.kind === "call" ? callRemarks(last) : metricRemarks(path, type);
}

describe("a remark", () => {
  const table: readonly (readonly [text: string, type: string, expected: readonly string[]])[] = [
    ["rate(|x[5m])", "gauge", ["rateOfGauge"]],
    ["sum(increase((|x[5m])))", "gauge", ["rateOfGauge"]],
    ["rate(|x[5m])", "counter", []],
    ["rate(|x[5m])", "", []],
    ["delta(|x[5m])", "gauge", []],
    ["delta(|x_total[5m])", "counter", ["deltaOfCounter"]],
    ["delta(|x_total[5m])", "", []],
    ["|x_total", "", ["rawCounter"]],
    ["|x_total", "unknown", ["rawCounter"]],
    ["|x", "counter", ["rawCounter"]],
    ["sum by (a) (|x)", "counter", ["rawCounter"]],
    ["|x_total", "gauge", []],
    ["|x", "", []],
    ["job:|x_total", "", []],
    ["|x_total[5m]", "counter", []],
    ["count(|x_total)", "counter", []],
    ["COUNT(|x_total)", "counter", []],
    ["timestamp(|x_total)", "counter", []],
    ["max_over_time((|x_total)[1h:])", "counter", []],
    ['{|a="b"}', "counter", []],
    ["|histogram_quantile(0.9, sum by (job) (rate(x_bucket[5m])))", "", ["bucketsWithoutLe"]],
    ["|histogram_quantile(0.9, (sum(rate(x_bucket[5m]))))", "", ["bucketsWithoutLe"]],
    ["|histogram_quantile(0.9, sum without (le) (rate(x_bucket[5m])))", "", ["bucketsWithoutLe"]],
    ["|histogram_quantile(0.9, sum without (job) (rate(x_bucket[5m])))", "", []],
    ["|histogram_quantile(0.9, sum by (job, le) (rate(x_bucket[5m])))", "", []],
    ["|histogram_quantile(0.9, sum by ($labels) (rate(x_bucket[5m])))", "", []],
    ["|histogram_quantile(0.9, sum by (job) (rate(x[5m])))", "", []],
    ["|histogram_quantile(0.9, topk(5, rate(x_bucket[5m])))", "", []],
    ["|histogram_quantile(0.9, rate(x_bucket[5m]))", "", []],
    ["|histogram_quantile(", "", []],
    ["|histogram_fraction(0, 1, sum(rate(x_bucket[5m])))", "", ["bucketsWithoutLe"]],
    ["|rate(x_bucket[5m])", "", []],
  ];
  for (const [marked, type, expected] of table) {
    test(`on ${marked} ${type}`, () =>
      assert.deepEqual(
        remarksAt(marked, type).map(({ code }) => code),
        expected,
      ));
  }
});

test("a metric's name says what its values are counted in", () => {
  const table: readonly (readonly [name: string, unit: string | undefined])[] = [
    ["http_request_duration_seconds", "seconds"],
    ["http_request_duration_seconds_sum", "seconds"],
    ["http_request_duration_seconds_bucket", "seconds"],
    ["http_request_duration_seconds_count", undefined],
    ["node_network_receive_bytes_total", "bytes"],
    ["job:errors:ratio", "ratio"],
    ["process_start_time_seconds", undefined],
    ["up", undefined],
    ["", undefined],
  ];
  for (const [name, unit] of table) assert.equal(unitWordOf(name), unit, name);
});
