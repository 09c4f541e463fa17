import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isLoneSelector, type SelectorFact, selectorsOf } from "../../../src/promql/selectors.ts";

const rows: readonly (readonly [expression: string, ...expected: readonly Partial<SelectorFact>[]])[] = [
  ["1 + 2"],
  ["vector(time())"],
  ["up", { name: "up", text: "up", hasMatchers: false, offset: "", isPinned: false }],
  ['up{job="a"}', { name: "up", text: 'up{job="a"}', hasMatchers: true }],
  ["up {}", { name: "up", text: "up {}", hasMatchers: false }],
  ['sum by (job, le) (rate(x_total{a="}"}[5m]))', { name: "x_total", text: 'x_total{a="}"}', hasMatchers: true }],
  ["sum(a) without (b) / on (c) group_left (d) e", { name: "a" }, { name: "e" }],
  ['{job="a"}', { name: undefined, text: '{job="a"}', hasMatchers: true }],
  ['{"http.requests"}', { name: "http.requests", text: '{"http.requests"}', hasMatchers: false }],
  ['{"http.requests", job="a"}', { name: "http.requests", hasMatchers: true }],
  ['{__name__="up"}', { name: "up", hasMatchers: false }],
  ['{__name__="up", job="a"}', { name: "up", hasMatchers: true }],
  ['{__name__=~"up|down"}', { name: undefined, hasMatchers: true }],
  ['{__name__="a\\"b"}', { name: 'a"b' }],
  ["rate(a[5m] offset 1h)", { text: "a", offset: "offset 1h", isPinned: false }],
  ["a offset -5m", { offset: "offset -5m" }],
  ["a[1h:5m] offset 1d @ end()", { text: "a", offset: "offset 1d", isPinned: true }],
  ["a @ 1234 offset 1h", { isPinned: true }],
  ["a offset (1h)", { isPinned: true }],
  ["up # {x}\n + on() down", { name: "up" }, { name: "down" }],
  ['up{job="a"'],
  ['label_replace(up, "a", "b", "c", "d")', { name: "up" }],
  ["up offset 1h", { rangeMs: 0, offsetMs: 3_600_000 }],
  ["up offset -5m", { offsetMs: -300_000 }],
  ["rate(a[5m]) / rate(b[300])", { rangeMs: 300_000 }, { rangeMs: 300_000 }],
  ["max_over_time(a[1h:5m])", { rangeMs: 3_900_000, isPinned: false }],
  ["max_over_time((sum(rate(a[5m])) + b)[1h:])", { name: "a", rangeMs: 4_200_000 }, { name: "b", rangeMs: 3_900_000 }],
  ["max_over_time(sum(a)[1h:] offset 1d) + b", { name: "a", isPinned: true }, { name: "b", isPinned: false }],
  ["max_over_time(sum(a)[1h:] @ end())", { isPinned: true }],
  ["rate(a[5m+1m])", { isPinned: true }],
  ["rate(a[$range])", { isPinned: true }],
  // MetricsQL's words stand where PromQL has no name.
  ["sum(a) default 0", { name: "a" }],
  ["a if b > 1", { name: "a" }, { name: "b" }],
  ["a[5m] IFNOT default", { name: "a" }, { name: "default" }],
  ["rate(x[5m]) keep_metric_names default y", { name: "x" }, { name: "y" }],
  ["sum(x) by (a) limit 3", { name: "x" }],
  ["a + on (x) limit", { name: "a" }, { name: "limit" }],
  ["if / default", { name: "if" }, { name: "default" }],
  ['info(rate(up[5m]), {version=~".*"}) * b', { name: "up" }, { name: "b" }],
  ["info(info(a), {b=~'c'})", { name: "a" }],
  ["info", { name: "info" }],
];

for (const [expression, ...expected] of rows) {
  test(`selectors of ${expression}`, () => {
    const found = selectorsOf(expression);
    assert.equal(found.length, expected.length);
    for (const [i, facts] of expected.entries()) assert.partialDeepStrictEqual({ ...found[i] }, facts);
  });
}

test("a selector by itself, with what belongs to it", () => {
  for (const text of ["up", '((up{a="b"}))', "up[5m] offset 1h", "up @ end() # now", '{job="a"} offset 5m'])
    assert.ok(isLoneSelector(text), text);
  for (const text of ["", "1", "up > 0", "-up", "up or up", "sum(up)", "up default 0"])
    assert.ok(!isLoneSelector(text), text);
});

test("any text has some or none", () => {
  const piece = fc.constantFrom(
    "up",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "by",
    "offset",
    "-",
    "5m",
    "@",
    '"a"',
    "=",
    ",",
    " ",
    "#",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join(" ");
      for (const { text: selector } of selectorsOf(text)) assert.ok(text.includes(selector));
    }),
  );
});
