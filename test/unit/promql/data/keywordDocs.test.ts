import assert from "node:assert/strict";
import { test } from "node:test";
import { builtinVariableDocs } from "../../../../src/promql/data/builtinVariableDocs.ts";
import { builtinVariableNames } from "../../../../src/promql/data/builtinVariables.ts";
import { keywordDocs, momentDocs } from "../../../../src/promql/data/keywordDocs.ts";
import { promqlKeywords } from "../../../../src/promql/data/keywords.ts";
import { operatorDocs } from "../../../../src/promql/data/operatorDocs.ts";
import { assertDocumentation, type Piece, piecesOf } from "../../../support/documentation.ts";

const signs = ["+", "-", "*", "/", "%", "^", "==", "!=", "<", "<=", ">", ">=", "</", ">/", "=", "=~", "!~", "@"];

test("every keyword, sign and built-in variable is described, and nothing else", () => {
  assert.deepEqual(new Set(keywordDocs.keys()), new Set(promqlKeywords.keys()));
  assert.deepEqual(new Set(operatorDocs.keys()), new Set(signs));
  assert.deepEqual(new Set(momentDocs.keys()), new Set(["start", "end"]));
  assert.deepEqual(new Set(builtinVariableDocs.keys()), builtinVariableNames);
});

test("the texts and examples have the form that help relies on", () => {
  for (const [name, documentation] of [...keywordDocs, ...operatorDocs, ...momentDocs, ...builtinVariableDocs])
    assertDocumentation(name, documentation);
});

function hasPiece(example: string | undefined, kind: Piece["kind"], text: string): boolean {
  return piecesOf(example ?? "").some((piece) => piece.kind === kind && piece.text === text);
}

test("each example has what it is an example of", () => {
  for (const [name, { example }] of keywordDocs) assert.ok(hasPiece(example, "keyword", name), `${name}: ${example}`);
  for (const [sign, { example }] of operatorDocs) assert.ok(hasPiece(example, "operator", sign), `${sign}: ${example}`);
  for (const [name, { example }] of momentDocs) assert.ok(example?.includes(`@ ${name}()`), `${name}: ${example}`);
  for (const [name, { example }] of builtinVariableDocs)
    assert.ok(hasPiece(example, "variable", `$${name}`), `${name}: ${example}`);
});

test("what a server must be told to allow names its flag", () => {
  const flagged = [...keywordDocs].filter(([, { flag }]) => flag !== undefined).map(([name]) => name);
  assert.deepEqual(flagged, ["fill", "fill_left", "fill_right", "anchored", "smoothed"]);
});
