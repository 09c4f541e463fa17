import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { promqlAggregations } from "../../../src/promql/data/aggregations.ts";
import { directiveKeys } from "../../../src/promql/data/directiveKeys.ts";
import { promqlFunctions } from "../../../src/promql/data/functions.ts";
import { promqlKeywords } from "../../../src/promql/data/keywords.ts";
import { lexPromql } from "../../../src/promql/lexer.ts";
import { hasConformance, readEvaluatedExpressions, readParserCases } from "../../support/conformance.ts";
import { assertGolden, goldenPath } from "../../support/golden.ts";
import { loadGrammar, type ScopedText } from "../../support/grammar.ts";

const colour = await loadGrammar();

/** The innermost scope of the first piece that is exactly `word`. */
function scopeOf(text: string, word: string): string | undefined {
  return colour(text)
    .flat()
    .find((piece) => piece.text === word)
    ?.scopes.at(-1);
}

function shown(pieces: readonly ScopedText[]): string {
  return pieces
    .filter((piece) => piece.text.trim() !== "")
    .map((piece) =>
      `    ${piece.text.trim().padEnd(24)} ${piece.scopes.map((scope) => scope.replace(/\.promql$/, "")).join(" > ")}`.trimEnd(),
    )
    .join("\n");
}

const inputs = readdirSync(goldenPath("grammar")).filter((name) => name.endsWith(".promql"));

test("colours of whole files", () => {
  assert.ok(inputs.length > 0);
  for (const name of inputs) {
    const text = readFileSync(goldenPath(`grammar/${name}`), "utf8").trimEnd();
    const lines = text.split("\n");
    const actual = colour(text).map((pieces, i) => `${lines[i]}\n${shown(pieces)}`.trimEnd());
    assertGolden(`grammar/${name.replace(/\.promql$/, ".txt")}`, `${actual.join("\n")}\n`);
  }
});

test("words mean what their place says", () => {
  const table: readonly { text: string; word: string; scope: string }[] = [
    { text: "sum(x)", word: "sum", scope: "keyword.control.aggregation.promql" },
    { text: "Sum by (a) (x)", word: "Sum", scope: "keyword.control.aggregation.promql" },
    { text: "sum_total", word: "sum_total", scope: "variable.other.metric.promql" },
    { text: "sum + 1", word: "sum", scope: "variable.other.metric.promql" },
    { text: "by_job", word: "by_job", scope: "variable.other.metric.promql" },
    { text: "on:rate", word: "on:rate", scope: "variable.other.metric.promql" },
    { text: "a:b:c", word: "a:b:c", scope: "variable.other.metric.promql" },
    { text: "rate(x[5m])", word: "rate", scope: "support.function.promql" },
    { text: "rate", word: "rate", scope: "variable.other.metric.promql" },
    { text: "x{by='1'}", word: "by", scope: "entity.other.attribute-name.label.promql" },
    { text: "x{sum='1'}", word: "sum", scope: "entity.other.attribute-name.label.promql" },
    { text: `{"a.b", "c.d"="e"}`, word: `"a.b"`, scope: "variable.other.metric.quoted.promql" },
    { text: `{"a.b", "c.d"="e"}`, word: `"c.d"`, scope: "entity.other.attribute-name.label.quoted.promql" },
    { text: "sum by (le) (x)", word: "le", scope: "entity.other.attribute-name.label.promql" },
    { text: "a and b", word: "and", scope: "keyword.operator.word.promql" },
    { text: "x[1h30m]", word: "1h30m", scope: "constant.numeric.duration.promql" },
    { text: "x[5m:1m]", word: "1m", scope: "constant.numeric.duration.promql" },
    { text: "x offset 100ms", word: "100ms", scope: "constant.numeric.duration.promql" },
    { text: "x offset 5i", word: "5i", scope: "constant.numeric.duration.promql" },
    { text: "x[1.5h]", word: "1.5h", scope: "constant.numeric.duration.promql" },
    { text: "x > 8Gi", word: "8Gi", scope: "constant.numeric.decimal.promql" },
    { text: "x > 0b11", word: "0b11", scope: "constant.numeric.hex.promql" },
    { text: "x > 5mm", word: "5mm", scope: "invalid.illegal.number.promql" },
    { text: "NaN", word: "NaN", scope: "constant.numeric.special.promql" },
    { text: "nan_total", word: "nan_total", scope: "variable.other.metric.promql" },
    { text: "$job", word: "job", scope: "variable.parameter.template.promql" },
    { text: "x{a='[[job]]'}", word: "job", scope: "variable.parameter.template.promql" },
    { text: "x[$__rate_interval]", word: "__rate_interval", scope: "variable.language.builtin.promql" },
    { text: "# up", word: " up", scope: "comment.line.number-sign.promql" },
    { text: "# %% Title", word: "Title", scope: "entity.name.section.promql" },
    { text: "# %% [markdown]", word: "[markdown]", scope: "storage.type.markdown.promql" },
    { text: "x + `a\n# %% Title", word: "Title", scope: "entity.name.section.promql" },
    { text: "x{a=`a\n# %% Title", word: "Title", scope: "entity.name.section.promql" },
    { text: "x{a=\n# %% Title\nup", word: "up", scope: "variable.other.metric.promql" },
    { text: "x{a='b\nc='d'}", word: "c", scope: "entity.other.attribute-name.label.promql" },
  ];
  for (const { text, word, scope } of table) assert.equal(scopeOf(text, word), scope, `${word} in ${text}`);
});

test("the grammar knows the words of the tables, and no others as such", () => {
  for (const name of promqlFunctions.keys()) assert.equal(scopeOf(`${name}(x)`, name), "support.function.promql", name);
  assert.equal(scopeOf("my_function(x)", "my_function"), "entity.name.function.promql");
  for (const name of promqlAggregations.keys())
    for (const word of [name, name.toUpperCase()])
      assert.equal(scopeOf(`${word}(x)`, word), "keyword.control.aggregation.promql", word);
  for (const [name, role] of promqlKeywords) {
    const isOperator = role === "setOperator" || role === "arithmeticOperator";
    const scope = isOperator ? "keyword.operator.word.promql" : "keyword.other.modifier.promql";
    for (const word of [name, name.toUpperCase()]) assert.equal(scopeOf(`a ${word} (b)`, word), scope, word);
  }
  for (const key of directiveKeys) assert.equal(scopeOf(`# @${key} x`, key), "keyword.other.directive.promql", key);
  assert.equal(scopeOf("# @other x", "other"), undefined);
});

const conformance = { skip: !hasConformance() && "no conformance cases here" };

test("what Prometheus accepts has no invalid colour, and comments are where the lexer sees them", conformance, () => {
  const expressions = [
    ...readParserCases()
      .filter((one) => one.valid)
      .map((one) => one.input),
    ...readEvaluatedExpressions(),
  ];
  for (const input of expressions) {
    const pieces = colour(input).flat();
    assert.deepEqual(
      pieces.filter((piece) => piece.scopes.some((scope) => scope.startsWith("invalid"))),
      [],
      input,
    );
    const comments = lexPromql(input).filter((token) => token.kind === "comment").length;
    assert.equal(
      pieces.filter((piece) => piece.scopes.at(-1) === "punctuation.definition.comment.promql").length,
      comments,
      input,
    );
  }
});

test("long lines are coloured to their end", () => {
  const units = ["a", "1", "1_", '"', "'", "`", "\\", "{", "[", "[[a", "$", `\${a`, "sum ", "by (", "x + ", "# @", " "];
  for (const unit of units) {
    const line = unit.repeat(20_000);
    const pieces = colour(line).flat();
    assert.equal(pieces.map((piece) => piece.text).join(""), line, unit);
  }
});
