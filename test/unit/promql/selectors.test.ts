import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type SelectorFact, selectorsOf } from "../../../src/promql/selectors.ts";

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
  ['{__name__="a\\"b"}', { name: undefined }],
  ["rate(a[5m] offset 1h)", { text: "a", offset: "offset 1h", isPinned: false }],
  ["a offset -5m", { offset: "offset -5m" }],
  ["a[1h:5m] offset 1d @ end()", { text: "a", offset: "offset 1d", isPinned: true }],
  ["a @ 1234 offset 1h", { isPinned: true }],
  ["a offset (1h)", { isPinned: true }],
  ["up # {x}\n + on() down", { name: "up" }, { name: "down" }],
  ['up{job="a"'],
  ['label_replace(up, "a", "b", "c", "d")', { name: "up" }],
];

for (const [expression, ...expected] of rows) {
  test(`selectors of ${expression}`, () => {
    const found = selectorsOf(expression);
    assert.equal(found.length, expected.length);
    for (const [i, facts] of expected.entries()) assert.partialDeepStrictEqual({ ...found[i] }, facts);
  });
}

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
