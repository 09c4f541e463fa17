import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parsePromqlFile } from "../../../src/promql/file.ts";
import { directiveTargetAt, type HoverTarget, hoverTargetAt } from "../../../src/promql/hoverTarget.ts";
import { parseExpression } from "../../../src/promql/parser.ts";
import { promqlText } from "../../support/promqlText.ts";

function said(text: string, target: HoverTarget | undefined): string | undefined {
  if (target === undefined) return undefined;
  const { kind, from, to, ...facts } = target;
  return [
    kind,
    ...Object.values(facts).map((fact) => (Array.isArray(fact) ? fact.join("+") : String(fact))),
    `<${text.slice(from, to)}>`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

/** `|` is the cursor, in front of the sign that the pointer is on; expected: kind, facts, and the text that it is. */
const expressions: readonly (readonly [text: string, expected: string | undefined])[] = [
  ["|up", "metric up <up>"],
  ["u|p + 1", "metric up <up>"],
  ["up|", "metric up <up>"],
  ["up |", undefined],
  ["up|+1", "operator + <+>"],
  ["up +| 1", "operator + <+>"],
  ["a:b:c|", "metric a:b:c <a:b:c>"],
  ['{"my.me|tric", a="b"}', 'metric my.metric <"my.metric">'],
  ['{|__name__="x"}', "label __name__ x <__name__>"],
  ['{__name__="|x"}', 'metric x <"x">'],
  ['{__name__=~"|x"}', undefined],
  ['up{j|ob="a"}', "label job up <job>"],
  ['up{"a |b"="c"}', 'label a b up <"a b">'],
  ['up{job|=~"a"}', "operator =~ <=~>"],
  ['up{job!|~"a"}', "operator !~ <!~>"],
  ['up{job="|a"}', undefined],
  ['{j|ob="a"}', "label job <job>"],
  ["ra|te(x[5m])", "function rate <rate>"],
  ["rate(x[5|m])", "duration 300 <5m>"],
  ["rate(x[9|0m])", "duration 5400 <90m>"],
  ["rate(x[|300])", "duration 300 <300>"],
  ["rate(x[5m + |1h])", "duration 3600 <1h>"],
  ["rate(x[5m |+ 1h])", "operator + <+>"],
  ["rate(x[max_o|f(5m, step())])", "function max_of <max_of>"],
  ["rate(x[max_of(5m, st|ep())])", "function step <step>"],
  ["rate(x[-(|5m)])", "duration 300 <5m>"],
  ["max_over_time(rate(x[5m])[|1h:5m])", "duration 3600 <1h>"],
  ["max_over_time(rate(x[5m])[1h:|5m])", "duration 300 <5m>"],
  ["x |offset 5m", "keyword offset <offset>"],
  ["x OFF|SET 5m", "keyword offset <OFFSET>"],
  ["x offset |5m", "duration 300 <5m>"],
  ["x offset -|5m", "duration 300 <5m>"],
  ["x |@ 1609746000", "operator @ <@>"],
  ["x @ |1609746000", "moment 1609746000 <1609746000>"],
  ["x @ st|art()", undefined],
  ["rate(x[5m] |smoothed)", "keyword smoothed <smoothed>"],
  ["|Sum(x)", "aggregation Sum <Sum>"],
  ["sum |by (a) (x)", "keyword by <by>"],
  ["sum by (a, |b) (x + y)", "label b x+y <b>"],
  ["sum(x) with|out (a)", "keyword without <without>"],
  ['sum by ("a |b") (x)', 'label a b x <"a b">'],
  ["a |and b", "keyword and <and>"],
  ["a ATAN|2 b", "keyword atan2 <ATAN2>"],
  ["a >|= bool b", "operator >= <>=>"],
  ["a >= bo|ol b", "keyword bool <bool>"],
  ["a * o|n (c) group_left (d) b", "keyword on <on>"],
  ["a * on (|c) group_left (d) b", "label c a+b <c>"],
  ["a * on (c) group|_left (d) b", "keyword group_left <group_left>"],
  ["a * on (c) group_left (|d) b", "label d a+b <d>"],
  ["a + fi|ll (0) b", "keyword fill <fill>"],
  ["a + fill (|0) b", "number 0 <0>"],
  ["|1e9", "number 1000000000 <1e9>"],
  ["0x1|F", "number 31 <0x1F>"],
  ["|Inf", "number Infinity <Inf>"],
  ["time() > |10m", "duration 600 <10m>"],
  ["-|1", "number 1 <1>"],
  ['label_replace(up, "|a", "b", "c", "d")', undefined],
  ["up # |comment", undefined],
  ["|$x", undefined],
  // Unfinished text has targets too.
  ["sum(rate(|x[5m", "metric x <x>"],
  ["sum(rate(x[|5m", "duration 300 <5m>"],
  ["sum by (|a", "label a <a>"],
  ["up{jo|b", "label job up <job>"],
  ["up{job|=", "operator = <=>"],
];

for (const [marked, expected] of expressions) {
  test(`what stands at ${JSON.stringify(marked)}`, () => {
    const text = marked.replace("|", "");
    const { expression } = parseExpression(text, { from: 0, to: text.length });
    assert.equal(said(text, hoverTargetAt(text, expression, marked.indexOf("|"))), expected);
  });
}

describe("what stands in a directive", () => {
  const table: readonly (readonly [text: string, expected: string | undefined])[] = [
    ["# |@range 6h", "directive range <@range>"],
    ["# @ra|nge 6h", "directive range <@range>"],
    ["# @range |90m", "duration 5400 <90m>"],
    ["# @range 6h |@max-series 5", "directive max-series <@max-series>"],
    ["# @title |A", undefined],
    ["#| @range 6h", undefined],
    ["# @range |six", undefined],
  ];
  for (const [marked, expected] of table) {
    test(marked, () => {
      const text = marked.replace("|", "");
      const { directives } = parsePromqlFile(text).prologue;
      assert.equal(said(text, directiveTargetAt(directives, marked.indexOf("|"))), expected);
    });
  }
});

test("a place in any text has a target there or none", () => {
  fc.assert(
    fc.property(promqlText(), fc.nat(300), (text, at) => {
      const offset = Math.min(at, text.length);
      const { expression } = parseExpression(text, { from: 0, to: text.length });
      const target = hoverTargetAt(text, expression, offset);
      if (target === undefined) return;
      assert.ok(target.from <= offset && offset <= target.to && target.from < target.to);
    }),
    { numRuns: 300 },
  );
});

test("chains of thousands of operators have targets at both ends", () => {
  const text = `first + ${"a + ".repeat(20_000)}last`;
  const { expression } = parseExpression(text, { from: 0, to: text.length });
  assert.equal(said(text, hoverTargetAt(text, expression, 0)), "metric first <first>");
  assert.equal(said(text, hoverTargetAt(text, expression, text.length - 1)), "metric last <last>");
});
