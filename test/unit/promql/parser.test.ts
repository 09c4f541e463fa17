import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkExpression } from "../../../src/promql/checkExpression.ts";
import { parseExpression } from "../../../src/promql/parser.ts";
import type { SyntaxProblem } from "../../../src/promql/syntaxProblems.ts";
import { childrenOf, type Expression, metricOf, pathAt, selectorsIn } from "../../../src/promql/syntaxTree.ts";
import { hasConformance, readEvaluatedExpressions, readParserCases } from "../../support/conformance.ts";
import { promqlText } from "../../support/promqlText.ts";
import { syntaxShape } from "../../support/syntaxShape.ts";

function problemsOf(text: string): readonly SyntaxProblem[] {
  const { expression, problems } = parseExpression(text);
  return problems.length > 0 ? problems : checkExpression(expression);
}

const shapes: readonly { readonly input: string; readonly expected: string }[] = [
  { input: "up", expected: "(select up)" },
  { input: 'up{a="b", c=~"d",}', expected: '(select up {a="b" c=~"d"})' },
  { input: '{"my.metric", "my.label"="x"}', expected: '(select {"my.metric" "my.label"="x"})' },
  { input: "rate(x[5m] offset 1h)", expected: "(call rate (select x [5m] (offset 1h)))" },
  { input: "x @ start() offset -7m", expected: "(select x @ start() (offset (- 7m)))" },
  { input: "x[5m] anchored @ 1m", expected: "(select x [5m] anchored @ 1m)" },
  { input: "-1^2", expected: "(- (^ 1 2))" },
  { input: "2^-3*4", expected: "(* (^ 2 (- 3)) 4)" },
  { input: "2^3^2", expected: "(^ 2 (^ 3 2))" },
  { input: "1-2-3", expected: "(- (- 1 2) 3)" },
  { input: "a or b and c unless d", expected: "(or (select a) (unless (and (select b) (select c)) (select d)))" },
  { input: "a + b == c * d", expected: "(== (+ (select a) (select b)) (* (select c) (select d)))" },
  { input: "a atan2 b + c", expected: "(+ (atan2 (select a) (select b)) (select c))" },
  { input: "a > bool 1", expected: "(> bool (select a) 1)" },
  {
    input: "a / on(x, y) group_left(z) b",
    expected: "(/ on[x y] group_left[z] (select a) (select b))",
  },
  {
    input: "a + ignoring() fill_left(-1) fill_right(2) b",
    expected: "(+ ignoring[] (fill_left (- 1)) (fill_right 2) (select a) (select b))",
  },
  { input: "a + fill", expected: "(+ (select a) (select fill))" },
  { input: 'sum by (job, "a.b") (x)', expected: '(aggregate sum by[job "a.b"] (select x))' },
  { input: "topk(5, x) without (a)", expected: "(aggregate topk without[a] 5 (select x))" },
  { input: "sum without(and, by, avg)(x)", expected: "(aggregate sum without[and by avg] (select x))" },
  { input: "sum(sum)", expected: "(aggregate sum (select sum))" },
  { input: 'sum{a="b"} + count', expected: '(+ (select sum {a="b"}) (select count))' },
  { input: 'offset{step="1s"}[5m]', expected: '(select offset {step="1s"} [5m])' },
  { input: "start + start()", expected: "(+ (select start) (call start))" },
  { input: "foo offset 5s-8", expected: "(- (select foo (offset 5s)) 8)" },
  { input: "foo[11s+10s-5*2^2]", expected: "(select foo [(- (+ 11s 10s) (* 5 (^ 2 2)))])" },
  { input: "foo[max_of(step(),5s)]", expected: "(select foo [(max_of (step) 5s)])" },
  { input: "rate(x[5m])[1h:1m] offset 1d", expected: "(subquery (call rate (select x [5m])) [1h:1m] (offset 1d))" },
  { input: "sum without(a)(x) [30m:10s]", expected: "(subquery (aggregate sum without[a] (select x)) [30m:10s])" },
  { input: "x[10m:]", expected: "(subquery (select x) [10m:])" },
  { input: "# why\nup # here\n + # there\n 1", expected: "(+ (select up) 1)" },
  // Variables stand for anything.
  {
    input: 'rate($m{a="$b", $c}[$__rate_interval])',
    expected: '(call rate (select $m {a="$b" $c} [$__rate_interval]))',
  },
  { input: `http_\${x}_total[5m]`, expected: `(select http_\${x}_total [5m])` },
  { input: "$agg by ($l) (x)", expected: "(aggregate $agg by[$l] (select x))" },
  { input: `$fn(x[\${n}m:$s])`, expected: `(call $fn (subquery (select x) [\${n}m:$s]))` },
  { input: "$agg(x) by (y)", expected: "(aggregate $agg by[y] (select x))" },
  { input: 'up{a="b" $c, $d e="f"$g}', expected: '(select up {a="b" $c $d e="f" $g})' },
  { input: "sum by (a $b, $c d) (x)", expected: "(aggregate sum by[a $b $c d] (select x))" },
  { input: "a $op b", expected: "($op (select a) (select b))" },
  { input: "a $shift and b", expected: "(and (select a $shift) (select b))" },
  { input: '[[m]]{a=~"b"} > $limit', expected: '(> (select [[m]] {a=~"b"}) $limit)' },
  // What is not finished has a tree too.
  { input: "", expected: "?" },
  { input: "sum by (job) (rate(", expected: "(aggregate sum by[job] (call rate))" },
  { input: "a +", expected: "(+ (select a) ?)" },
  { input: 'up{job="', expected: '(select up {job="})' },
  { input: "up{job", expected: "(select up {job?})" },
  { input: "rate(x[", expected: "(call rate (select x [?]))" },
  { input: "(a + b{c=", expected: "(in (+ (select a) (select b {c=})))" },
];

for (const { input, expected } of shapes) {
  test(`the tree of ${JSON.stringify(input)}`, () => {
    assert.equal(syntaxShape(input, parseExpression(input).expression), expected);
  });
}

/** `from-to code` of the first problem; nothing: there is none. */
const verdicts: readonly { readonly input: string; readonly expected: string | undefined }[] = [
  { input: "up", expected: undefined },
  { input: "", expected: "0-0 unexpectedEnd" },
  { input: "up)", expected: "2-3 unopenedBracket" },
  { input: "(up", expected: "3-3 unclosedBracket" },
  { input: "up # (\n", expected: undefined },
  { input: 'up{a="b}', expected: "5-8 unclosedString" },
  { input: 'up{a="\\d"}', expected: "6-8 badEscape" },
  { input: "up{a=`\\d`}", expected: undefined },
  { input: "up{a=b}", expected: "5-6 unexpectedText" },
  { input: "up{a}", expected: "4-5 unexpectedText" },
  { input: 'up{a="b" c="d"}', expected: "9-10 unexpectedText" },
  { input: "up{,}", expected: "3-4 unexpectedText" },
  { input: '{a=~".*"}', expected: "0-9 selectorMatchesAll" },
  { input: '{a=~".+"}', expected: undefined },
  { input: '{a!~".+"}', expected: "0-9 selectorMatchesAll" },
  { input: '{a=~"$x"}', expected: undefined },
  { input: "{$x}", expected: undefined },
  { input: 'up{a=~"(?!b)"}', expected: "6-13 badRegex" },
  { input: 'up{a=~"(?i)b"}', expected: undefined },
  { input: 'up{a=~"a)|(b"}', expected: "6-13 badRegex" },
  { input: 'up{a=~"(?P<a>b)(?P<a>c)"}', expected: undefined },
  { input: 'up{__name__="down"}', expected: "0-19 nameTwice" },
  { input: '{"a", "b"}', expected: "0-10 nameTwice" },
  { input: "rate(up)", expected: "5-7 wrongType" },
  { input: "rate(a + b)", expected: "5-10 wrongType" },
  { input: "sum(1 + 1)", expected: "4-9 wrongType" },
  { input: "topk(-a, b)", expected: "5-7 wrongType" },
  { input: "rate($x)", expected: undefined },
  { input: "rate(up[5m], 1)", expected: "0-15 wrongArgumentCount" },
  { input: "round(up, 5)", expected: undefined },
  { input: "rat(up[5m])", expected: "0-3 unknownFunction" },
  { input: "Rate(up[5m])", expected: "0-4 unknownFunction" },
  { input: "SUM(up)", expected: undefined },
  { input: "sum(up,)", expected: "6-7 trailingComma" },
  { input: "topk(up, 5)", expected: "5-7 wrongType" },
  { input: 'count_values("a", up)', expected: undefined },
  { input: "rate($x $y)", expected: undefined },
  { input: "rate(x $y)", expected: undefined },
  { input: "sum by (NaN) (x)", expected: "8-11 unexpectedText" },
  { input: "1 == 1", expected: "2-4 scalarsNeedBool" },
  { input: "up + bool 1", expected: "3-9 boolOnNonComparison" },
  { input: "up and 1", expected: "0-8 setOperatorOnScalar" },
  { input: "up + on(a) 1", expected: "0-12 matchingOnScalar" },
  { input: "a and on(b) group_left c", expected: "0-24 groupingOnSet" },
  { input: "a + group_left b", expected: "4-14 unexpectedText" },
  { input: "a * on(b) group_left(b) c", expected: "21-22 labelInOnAndGroup" },
  { input: "a + fill(b) c", expected: "9-10 unexpectedText" },
  { input: "a + fill(1) fill_left(2) c", expected: "12-21 unexpectedText" },
  { input: "a or fill(1) b", expected: "0-14 fillOnSet" },
  { input: "(a + b)[5m]", expected: "7-11 rangeOfExpression" },
  { input: "a offset 5m [5m]", expected: "12-16 rangeAfterModifier" },
  { input: "a[5m][1h:]", expected: "0-10 subqueryOfType" },
  { input: "1 offset 5m", expected: "0-1 modifierOfExpression" },
  { input: "a offset 1m offset 2m", expected: "0-11 modifierTwice" },
  { input: "a[5m] anchored smoothed", expected: "0-14 anchoredAndSmoothed" },
  { input: "a[0]", expected: "2-3 durationNotPositive" },
  { input: "a[5m1m]", expected: "2-6 badDuration" },
  { input: "a[5x]", expected: "2-4 badNumberText" },
  { input: "a[300y]", expected: "2-6 durationTooLarge" },
  { input: "a[5s/0]", expected: "4-5 divisionByZero" },
  { input: "a @ NaN", expected: "0-1 timeOutOfBounds" },
  { input: '-"a"', expected: "0-4 operatorOnType" },
  { input: "a[5m] + 1", expected: "0-5 operatorOnType" },
  { input: 'info(a, {b="c"})', expected: undefined },
  { input: "info(a, {})", expected: undefined },
  { input: "info(a, b)", expected: "8-9 labelSelectorsOnly" },
  { input: "a default 0", expected: "2-9 metricsqlOnly" },
  { input: "rate(a[1.5h])", expected: "7-11 metricsqlOnly" },
  { input: 'a{b="c" or d="e"}', expected: "8-10 metricsqlOnly" },
  { input: "a keep_metric_names", expected: "2-19 metricsqlOnly" },
];

for (const { input, expected } of verdicts) {
  test(`the verdict on ${JSON.stringify(input)}`, () => {
    const [first] = problemsOf(input);
    assert.equal(first && `${first.from}-${first.to} ${first.code}`, expected);
  });
}

test("places are those of the whole text", () => {
  const text = "# %% A\nrate(up)\n# %% B";
  const { expression } = parseExpression(text, { from: 7, to: 15 });
  assert.deepEqual([expression.from, expression.to], [7, 15]);
  assert.deepEqual(
    checkExpression(expression).map(({ from, to }) => text.slice(from, to)),
    ["up"],
  );
});

test("finds selectors, their metrics and the way to a place", () => {
  const text = 'sum(rate({"a.b"}[5m])) / count({__name__="c", d="e"} or f)';
  const { expression } = parseExpression(text);
  assert.deepEqual(selectorsIn(expression).map(metricOf), ["a.b", "c", "f"]);
  const kinds = pathAt(expression, text.indexOf("a.b")).map(({ kind }) => kind);
  assert.deepEqual(kinds, ["binary", "aggregation", "call", "selector"]);
});

test("Prometheus' own parser tests: the same verdict, and the place where the server sees the error", {
  skip: hasConformance() ? false : "no conformance cases on this machine",
}, () => {
  const others: string[] = [];
  let refused = 0;
  let sameStart = 0;
  for (const { input, valid, errors } of readParserCases()) {
    const [first] = problemsOf(input);
    if ((first === undefined) !== valid) others.push(input);
    const error = errors[0];
    if (first === undefined || error === undefined) continue;
    refused++;
    if (Buffer.byteLength(input.slice(0, first.from)) === error.start) sameStart++;
  }
  assert.deepEqual(others, []);
  // The server counts a closing bracket too far, and points to a whole string where we name the escape.
  assert.ok(sameStart >= 0.9 * refused, `${sameStart} of ${refused} places`);
});

test("Prometheus' own evaluation tests: nothing is wrong with any of them", {
  skip: hasConformance() ? false : "no conformance cases on this machine",
}, () => {
  const refused = readEvaluatedExpressions().filter((text) => problemsOf(text).length > 0);
  assert.deepEqual(refused, []);
});

test("any text has a tree within its bounds, whose parts lie in each other in order", () => {
  fc.assert(
    fc.property(promqlText(), (text) => {
      const { expression, problems } = parseExpression(text);
      for (const { from, to } of [...problems, ...checkExpression(expression)]) {
        assert.ok(0 <= from && from <= to && to <= text.length);
      }
      const left: Expression[] = [expression];
      for (let one = left.pop(); one !== undefined; one = left.pop()) {
        const { from, to } = one;
        assert.ok(0 <= from && from <= to && to <= text.length, JSON.stringify(one));
        let at = from;
        for (const child of childrenOf(one)) {
          assert.ok(at <= child.from && child.to <= to, JSON.stringify([text, one]));
          at = child.to;
          left.push(child);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test("chains and nests of hostile length do no harm", () => {
  const chain = `a${" + a".repeat(20_000)}`;
  const { expression, problems } = parseExpression(chain);
  assert.equal(selectorsIn(expression).length, 20_001);
  assert.deepEqual([...problems, ...checkExpression(expression)], []);
  // Each of these took seconds once: modifiers over and over, labels against labels, many regular expressions.
  const labels = (name: string) => Array.from({ length: 10_000 }, (_, i) => `${name}${i}`).join();
  assert.equal(problemsOf(`x${"@1".repeat(50_000)}`).length, 1);
  assert.deepEqual(problemsOf(`a * on (${labels("a")}) group_left (${labels("b")}) c`), []);
  const regexes = Array.from({ length: 2_000 }, (_, i) => `x{a=~"(a{100}){10}${i}"}`).join(" + ");
  assert.deepEqual(problemsOf(regexes), []);
  for (const text of ["(".repeat(50_000), "abs(".repeat(50_000), "-".repeat(50_000), `1${"^1".repeat(50_000)}`]) {
    assert.equal(parseExpression(text).expression.kind, "missing");
  }
  assert.ok(parseExpression('}{)(][,=~"'.repeat(20_000)).problems.length > 0);
});
