import assert from "node:assert/strict";
import { test } from "node:test";
import { promqlAggregations } from "../../../src/promql/data/aggregations.ts";
import { promqlFunctions } from "../../../src/promql/data/functions.ts";
import { signatureText } from "../../../src/promql/signatureText.ts";

/** The parameter that is written, or how many there are where it is one too many. */
const table: readonly (readonly [name: string, argument: number, expected: string])[] = [
  ["rate", 0, "v range-vector"],
  ["rate", 1, "none of 1"],
  ["clamp", 2, "max scalar"],
  ["round", 1, "[to_nearest scalar]"],
  ["topk", 0, "k scalar"],
  ["TopK", 1, "v instant-vector"],
  ["topk", 2, "none of 2"],
  ["label_join", 3, "[src string...]"],
  ["label_join", 9, "[src string...]"],
  ["histogram_quantiles", 5, "q scalar..."],
  ["histogram_quantiles", 12, "none of 3"],
  ["time", 0, "none of 0"],
];

for (const [name, argument, expected] of table) {
  test(`argument ${argument} of ${name}`, () => {
    const signature = signatureText(name, argument);
    assert.ok(signature !== undefined);
    const { label, parameters, active } = signature;
    const at = parameters[active];
    assert.equal(at === undefined ? `none of ${active}` : label.slice(at.from, at.to), expected);
  });
}

test("each function and aggregation has its parameters at their places", () => {
  const names = [...promqlFunctions.keys(), ...promqlAggregations.keys()];
  assert.ok(names.length > 90);
  for (const name of names) {
    const { label, parameters } = signatureText(name, 0) ?? { label: "", parameters: [] };
    const inside = /\((.*)\)/.exec(label)?.[1];
    assert.equal(parameters.map(({ from, to }) => label.slice(from, to)).join(", "), inside, name);
  }
  assert.equal(signatureText("nothing", 0), undefined);
  assert.equal(signatureText("Rate", 0), undefined);
});
