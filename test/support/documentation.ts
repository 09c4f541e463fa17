import assert from "node:assert/strict";
import { checkExpression } from "../../src/promql/checkExpression.ts";
import type { Documentation } from "../../src/promql/data/documentation.ts";
import { isErrorToken, lexPromql, type Token } from "../../src/promql/lexer.ts";
import { parseExpression } from "../../src/promql/parser.ts";

/** A token with its text. */
export interface Piece {
  readonly kind: Token["kind"];
  readonly text: string;
}

/** The tokens of an expression in which none is an error. */
export function piecesOf(expression: string): readonly Piece[] {
  const tokens = lexPromql(expression);
  assert.deepEqual(tokens.filter(isErrorToken), [], expression);
  return tokens.map(({ kind, from, to }) => ({ kind, text: expression.slice(from, to) }));
}

/** Asserts that texts of help keep the form that completion and hover rely on. */
export function assertTexts(name: string, { summary, detail }: Pick<Documentation, "summary" | "detail">): void {
  assert.match(summary, /^[A-Z0-9][^`\r\n]*[^.]\.$/, `summary of ${name}`);
  assert.ok(summary.length <= 160, `summary of ${name}: ${summary.length} characters`);
  if (detail === undefined) return;
  assert.match(detail, /^[^\r\n]+\.$/, `detail of ${name}`);
  assert.ok(detail.length <= 320, `detail of ${name}: ${detail.length} characters`);
  // Of Markdown there is code alone; any other sign of it would have to be escaped.
  assert.doesNotMatch(detail.replace(/`[^`]+`/g, ""), /[`*_<>[\]#|\\~$]/, `detail of ${name}`);
}

/** Asserts a whole entry: its texts, its example if it has one, and its release. */
export function assertDocumentation(name: string, documentation: Documentation): void {
  assertTexts(name, documentation);
  const { example, since } = documentation;
  if (example !== undefined) assertValid(example);
  if (since !== undefined)
    assert.match(since, /^(?:[01]\.\d+(?:\.\d+)?|2\.\d+|3\.(?:\d|1[0-4]))$/, `release of ${name}`);
}

function assertValid(expression: string): void {
  const { expression: tree, problems } = parseExpression(expression);
  assert.deepEqual([...problems, ...checkExpression(tree)], [], expression);
}
