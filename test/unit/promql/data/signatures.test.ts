import assert from "node:assert/strict";
import { test } from "node:test";
import { promqlAggregations } from "../../../../src/promql/data/aggregations.ts";
import { promqlFunctions } from "../../../../src/promql/data/functions.ts";
import { type Parameter, parameterAt, type Signature, signatureOf } from "../../../../src/promql/data/signatures.ts";

/** A signature as the tables write it. */
function written({ name, parameters, result, isAggregation }: Signature): string {
  const inside = parameters.map(writtenParameter).join(", ");
  return isAggregation ? `${name}(${inside})` : `${name}(${inside}) ${result}`;
}

function writtenParameter({ name, type, isOptional, isRepeated }: Parameter): string {
  const inside = `${name} ${type}${isRepeated ? "..." : ""}`;
  return isOptional ? `[${inside}]` : inside;
}

test("every signature of the tables is read whole", () => {
  for (const table of [promqlFunctions, promqlAggregations])
    for (const row of table.values()) {
      const signature = signatureOf(row.name);
      assert.ok(signature, row.name);
      assert.equal(written(signature), row.signature);
      assert.equal(signature.name, row.name);
      assert.equal(signature.isExperimental, row.experimental, row.name);
      assert.equal(signature.isAggregation, promqlAggregations.has(row.name), row.name);
    }
});

test("aggregations yield instant vectors, and their case does not matter", () => {
  for (const name of promqlAggregations.keys()) assert.equal(signatureOf(name.toUpperCase())?.result, "instant-vector");
  assert.equal(signatureOf("SUM"), signatureOf("sum"));
});

test("other names have no signature", () => {
  for (const name of ["RATE", "Rate", "rates", "", "by", "constructor", "__proto__"])
    assert.equal(signatureOf(name), undefined, name);
});

// As `Variadic` in Prometheus' table says.
const counts: readonly { readonly name: string; readonly least: number; readonly most: number | undefined }[] = [
  { name: "pi", least: 0, most: 0 },
  { name: "rate", least: 1, most: 1 },
  { name: "days_in_month", least: 0, most: 1 },
  { name: "round", least: 1, most: 2 },
  { name: "info", least: 1, most: 2 },
  { name: "label_replace", least: 5, most: 5 },
  { name: "label_join", least: 3, most: undefined },
  { name: "sort_by_label", least: 1, most: undefined },
  { name: "sort_by_label_desc", least: 1, most: undefined },
  { name: "histogram_quantiles", least: 3, most: 12 },
  { name: "topk", least: 2, most: 2 },
  { name: "sum", least: 1, most: 1 },
];

for (const { name, least, most } of counts)
  test(`${name} takes ${least} to ${most ?? "any number of"} arguments`, () => {
    const signature = signatureOf(name);
    assert.equal(signature?.leastArguments, least);
    assert.equal(signature?.mostArguments, most);
  });

// What stands at an index; `undefined`: nothing may.
const places: readonly { readonly name: string; readonly index: number; readonly parameter: string | undefined }[] = [
  { name: "pi", index: 0, parameter: undefined },
  { name: "rate", index: 0, parameter: "v" },
  { name: "rate", index: 1, parameter: undefined },
  { name: "round", index: 1, parameter: "to_nearest" },
  { name: "label_join", index: 3, parameter: "src" },
  { name: "label_join", index: 300, parameter: "src" },
  { name: "histogram_quantiles", index: 11, parameter: "q" },
  { name: "histogram_quantiles", index: 12, parameter: undefined },
];

for (const { name, index, parameter } of places)
  test(`argument ${index} of ${name} is ${parameter ?? "one too many"}`, () => {
    const signature = signatureOf(name);
    assert.ok(signature);
    assert.equal(parameterAt(signature, index)?.name, parameter);
  });
