import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseExpression } from "../../../src/promql/parser.ts";
import { selectionSpans } from "../../../src/promql/selectionSpans.ts";
import { promqlText } from "../../support/promqlText.ts";

function spansOf(text: string, offset: number) {
  return selectionSpans(text, parseExpression(text, { from: 0, to: text.length }).expression, offset);
}

/** `|` is the cursor; expected: what is selected, step by step. */
const table: readonly (readonly [text: string, expected: readonly string[]])[] = [
  ["u|p", ["up"]],
  [
    'sum by (job) (rate(x{a="b c|", d="e"}[5m]))',
    [
      "c",
      "b c",
      '"b c"',
      'a="b c"',
      'a="b c", d="e"',
      '{a="b c", d="e"}',
      'x{a="b c", d="e"}',
      'x{a="b c", d="e"}[5m]',
      '(x{a="b c", d="e"}[5m])',
      'rate(x{a="b c", d="e"}[5m])',
      '(rate(x{a="b c", d="e"}[5m]))',
      'sum by (job) (rate(x{a="b c", d="e"}[5m]))',
    ],
  ],
  ["sum by (jo|b, a) (x)", ["job", "job, a", "(job, a)", "by (job, a)", "sum by (job, a) (x)"]],
  ["rate(x[5|m] offset 1h)", ["5m", "[5m]", "x[5m]", "x[5m] offset 1h", "(x[5m] offset 1h)", "rate(x[5m] offset 1h)"]],
  ["rate(x[5m] offset 1|h)", ["1h", "offset 1h", "x[5m] offset 1h", "(x[5m] offset 1h)", "rate(x[5m] offset 1h)"]],
  ["clamp(a, |1, 2)", ["1", "a, 1, 2", "(a, 1, 2)", "clamp(a, 1, 2)"]],
  ["a + |b * c", ["b", "b * c", "a + b * c"]],
  ["(a + |b) * c", ["b", "a + b", "(a + b)", "(a + b) * c"]],
  ["a * on (|x) group_left (y) b", ["x", "(x)", "on (x)", "a * on (x) group_left (y) b"]],
  ["x[1h:|5m]", ["5m", "1h:5m", "[1h:5m]", "x[1h:5m]"]],
  ["sum(rate(x[5|m", ["5m", "[5m", "x[5m", "(x[5m", "rate(x[5m", "(rate(x[5m", "sum(rate(x[5m"]],
];

for (const [marked, expected] of table) {
  test(`a selection grows from ${JSON.stringify(marked)}`, () => {
    const text = marked.replace("|", "");
    assert.deepEqual(
      spansOf(text, marked.indexOf("|")).map(({ from, to }) => text.slice(from, to)),
      expected,
    );
  });
}

test("in any text a selection grows, and stays around the cursor", () => {
  fc.assert(
    fc.property(promqlText(), fc.nat(300), (text, at) => {
      const offset = Math.min(at, text.length);
      const spans = spansOf(text, offset);
      for (const [i, { from, to }] of spans.entries()) {
        assert.ok(0 <= from && from <= offset && offset <= to && to <= text.length);
        const last = spans[i - 1];
        if (last === undefined) continue;
        assert.ok(from <= last.from && last.to <= to && to - from > last.to - last.from);
      }
    }),
    { numRuns: 300 },
  );
});

test("it takes a bounded number of steps, the last of which is the whole", () => {
  const text = `a${" + a".repeat(5_000)}`;
  const spans = spansOf(text, 0);
  assert.equal(spans.length, 60);
  assert.deepEqual(spans.at(-1), { from: 0, to: text.length });
});
