import assert from "node:assert/strict";
import { test } from "node:test";
import { expressionProblems } from "../../../../src/promql/expressionProblems.ts";
import { syntaxMessage } from "../../../../src/ui/query/syntaxMessage.ts";

const table: readonly { readonly text: string; readonly expected: RegExp }[] = [
  {
    text: "rate(up)",
    expected: /^rate wants a range vector here, and this is an instant vector\. Add a range such as \[5m\]\.$/,
  },
  { text: "sum(up[5m])", expected: /^sum wants an instant vector here, .* Take the range in brackets away/ },
  { text: "topk(up, up)", expected: /scalar\(\) makes a number/ },
  { text: "rte(up[5m])", expected: /^There is no function "rte"\. Did you mean rate\?$/ },
  { text: "zzzzzzzz(up)", expected: /^There is no function "zzzzzzzz"\.$/ },
  { text: "rate(up[5m], 1)", expected: /^rate takes 1 argument, and 2 are given\.$/ },
  { text: "label_replace(up)", expected: /^label_replace takes 5 arguments, and 1 is given\.$/ },
  { text: "round()", expected: /^round takes 1 to 2 arguments, and 0 are given\.$/ },
  { text: "sum(up", expected: /^A parenthesis is opened and never closed\.$/ },
  { text: "up{", expected: /^A brace is opened and never closed\.$/ },
  { text: "up)", expected: /^There is no open bracket that "\)" could close\.$/ },
  { text: "up +", expected: /^The expression ends too early: expected a metric, a function or a number\.$/ },
  { text: "sum up", expected: /^"up" cannot stand here: expected an operator/ },
  { text: 'up{a="\\d"}', expected: /^There is no escape "\\d" in strings\. Write \\\\ / },
  { text: "up[5minutes]", expected: /^"5minutes" is neither a number nor a duration such as/ },
  { text: "up[5m1h]", expected: /^"5m1h" is no duration: .* 1h30m\.$/ },
  { text: '{job=~".*"}', expected: /^This would select every series/ },
  { text: 'up{a=~"("}', expected: /^This is no regular expression \(RE2\): .+\.$/ },
  { text: "1 > 2", expected: /^Between two numbers a comparison needs "bool": write "> bool"\.$/ },
  { text: "up and 1", expected: /^"and" joins series, and one side is a number\./ },
  { text: "(up + up)[5m]", expected: /^Only a selector has a range\. .* \[5m:1m\]\.$/ },
  { text: "up offset 5m [5m]", expected: /^The range stands before "offset"/ },
  { text: "median(up)", expected: /^"median" is MetricsQL: VictoriaMetrics understands it, Prometheus does not\.$/ },
  {
    text: "holt_winters(up[5m], 0.5, 0.5)",
    expected: /^Prometheus 3 calls holt_winters double_exponential_smoothing; older servers know it as it is\.$/,
  },
  {
    text: "xrate(up[5m])",
    expected: /^Thanos only: "xrate" is there where it runs with --query\.enable-x-functions\./,
  },
  { text: `f${"x".repeat(500)}()`, expected: /^There is no function "fx{58}…"\.$/ },
];

for (const { text, expected } of table) {
  test(`says what is wrong with ${text.slice(0, 40)}`, () => {
    const [problem] = expressionProblems(text, "promql");
    assert.ok(problem !== undefined);
    assert.match(syntaxMessage(problem), expected);
  });
}
