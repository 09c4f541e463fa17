import assert from "node:assert/strict";
import { test } from "node:test";
import { comparePlaces, seriesPlace } from "../../../src/shared/model/seriesOrder.ts";

const le = (bound: string) => `x_bucket{instance="a", le="${bound}", path="/"}`;
const range = (text: string) => `{vmrange="${text}"}`;

const orders: readonly { readonly title: string; readonly input: readonly string[] }[] = [
  { title: "upper bounds", input: ["-Inf", "-1", "0", "0.005", "0.01", "0.1", "2.5", "10", "1e3", "+Inf"].map(le) },
  {
    title: "ranges by their lower bound, then their upper one",
    input: ["0...1.000e-09", "1.000e-09...1.136e-09", "9.9e-09...2e-08", "1e-3...2e-3", "1e-3...5", "1e3...+Inf"].map(
      range,
    ),
  },
  {
    title: "labels before the bound count before it, those behind it after it",
    input: [
      'x{a="1", le="5", z="2"}',
      'x{a="2", le="0.5", z="1"}',
      'x{a="2", le="0.5", z="2"}',
      'x{a="2", le="4", z="1"}',
      'x{a="10", le="0.1", z="1"}',
    ],
  },
  { title: "a legend that is only the bound", input: ["0.05", "0.1", "2.5", "10", "+Inf"] },
  { title: "a legend that is only the range", input: ["0...1e-9", "1e-9...2e-9", "1e-3...2e-3"] },
  { title: "other numbers as people count", input: ['{v="1.9.1"}', '{v="1.10.2"}', '{v="node-2"}', '{v="node-10"}'] },
  { title: "a bound that is none as text", input: ['{le="a"}', '{le="b"}'] },
  { title: "a label whose name only ends so", input: ['{scale="1.10"}', '{scale="1.20"}', '{scale="2"}'] },
  { title: "what looks like a bound in another label's value", input: ['{a="le=\\"5\\""}', '{a="le=\\"10\\""}'] },
];

for (const { title, input } of orders) {
  test(`in the order of names: ${title}`, () => {
    const sort = (names: readonly string[]) => names.toSorted((a, b) => comparePlaces(seriesPlace(a), seriesPlace(b)));
    assert.deepEqual(sort(input), input);
    assert.deepEqual(sort(input.toReversed()), input);
  });
}
