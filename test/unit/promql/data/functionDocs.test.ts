import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregationDocs } from "../../../../src/promql/data/aggregationDocs.ts";
import { promqlAggregations } from "../../../../src/promql/data/aggregations.ts";
import { functionDocs } from "../../../../src/promql/data/functionDocs.ts";
import { promqlFunctions } from "../../../../src/promql/data/functions.ts";
import { assertDocumentation, piecesOf } from "../../../support/documentation.ts";

function sorted(names: Iterable<string>): readonly string[] {
  return [...names].toSorted();
}

test("every function and aggregation is described, and nothing else", () => {
  assert.deepEqual(sorted(functionDocs.keys()), sorted(promqlFunctions.keys()));
  assert.deepEqual(sorted(aggregationDocs.keys()), sorted(promqlAggregations.keys()));
});

test("the texts and examples have the form that help relies on", () => {
  for (const [name, documentation] of [...functionDocs, ...aggregationDocs]) assertDocumentation(name, documentation);
});

test("each example calls what it is an example of", () => {
  for (const [name, { example }] of functionDocs) {
    const pieces = piecesOf(example ?? "");
    const at = pieces.findIndex(({ kind, text }) => kind === "identifier" && text === name);
    assert.equal(pieces[at + 1]?.text, "(", `${name}: ${example}`);
  }
  for (const [name, { example }] of aggregationDocs) {
    const isCalled = piecesOf(example ?? "").some(({ kind, text }) => kind === "aggregation" && text === name);
    assert.ok(isCalled, `${name}: ${example}`);
  }
});

test("what is experimental tells the release that brought it", () => {
  for (const [table, docs] of [
    [promqlFunctions, functionDocs],
    [promqlAggregations, aggregationDocs],
  ] as const)
    for (const { name, experimental } of table.values()) if (experimental) assert.ok(docs.get(name)?.since, name);
});

// Prometheus' own documentation says of these what they are for.
const wanted = {
  counter: ["increase", "irate", "rate", "resets"],
  gauge: ["delta", "deriv", "double_exponential_smoothing", "idelta", "predict_linear"],
  histogram: sorted(promqlFunctions.keys()).filter((name) => name.startsWith("histogram_")),
};

for (const [type, names] of Object.entries(wanted))
  test(`these functions are for a ${type}: ${names.join(", ")}`, () => {
    const found = [...functionDocs].filter(([, { wants }]) => wants === type).map(([name]) => name);
    assert.deepEqual(sorted(found), names);
  });
