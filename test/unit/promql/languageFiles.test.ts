import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { promqlAggregations } from "../../../src/promql/data/aggregations.ts";
import { promqlFunctions } from "../../../src/promql/data/functions.ts";
import { promqlKeywords } from "../../../src/promql/data/keywords.ts";
import { resolveDirectives } from "../../../src/promql/effectiveDirectives.ts";
import { parsePromqlFile } from "../../../src/promql/file.ts";
import { isErrorToken, lexPromql } from "../../../src/promql/lexer.ts";
import { builtinVariables } from "../../../src/query/builtinVariables.ts";
import { substituteVariables } from "../../../src/query/variables.ts";

const media = new URL("../../../media/", import.meta.url);

interface Snippet {
  readonly prefix: string | readonly string[];
  readonly body: string | readonly string[];
  readonly description: string;
}

/** The text that a snippet inserts if every default is accepted. */
function accepted(body: Snippet["body"]): string {
  return [body]
    .flat()
    .join("\n")
    .replace(/\$\{\d+:([^}]*)\}/g, "$1")
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, "$1")
    .replace(/(?<!\\)\$\d+/g, "")
    .replaceAll("\\$", "$");
}

/** Fails where a text has problems, error tokens or calls of functions that do not exist. */
function assertGood(text: string, title: string): void {
  const file = parsePromqlFile(text);
  assert.deepEqual(file.problems, [], title);
  const tokens = lexPromql(text);
  assert.deepEqual(tokens.filter(isErrorToken), [], title);
  tokens.forEach((token, i) => {
    const next = tokens[i + 1];
    if (token.kind === "identifier" && next !== undefined && text[next.from] === "(")
      assert.ok(promqlFunctions.has(text.slice(token.from, token.to)), `${title}: ${text.slice(token.from, token.to)}`);
  });
}

const snippets = JSON.parse(readFileSync(new URL("language/snippets.json", media), "utf8")) as Record<string, Snippet>;

test("each snippet inserts one good block", () => {
  assert.ok(Object.keys(snippets).length > 10);
  for (const [name, { body, description }] of Object.entries(snippets)) {
    const text = accepted(body);
    assert.doesNotMatch(text, /\$\{?\d/, name);
    assert.notEqual(description, "", name);
    const isDirective = text.startsWith("# @");
    assertGood(isDirective ? `# %%\n${text}\nup` : text, name);
    const blocks = parsePromqlFile(isDirective ? `# %%\n${text}\nup` : text).blocks;
    assert.equal(blocks.length, 1, name);
    if (isDirective) assert.ok((blocks[0]?.directives.length ?? 0) > 0, name);
  }
});

test("no word of PromQL calls for a snippet, which would put a whole query inside another", () => {
  const words = new Set([...promqlFunctions.keys(), ...promqlAggregations.keys(), ...promqlKeywords.keys()]);
  for (const [name, { prefix }] of Object.entries(snippets)) {
    for (const word of [prefix].flat().flatMap((one) => one.split(/[\s,]+/)))
      assert.ok(!words.has(word), `${name}: ${word}`);
  }
});

test("the sign of a comment that was typed is replaced by the snippet's own", () => {
  for (const [name, { prefix, body }] of Object.entries(snippets)) {
    const text = [body].flat().join("\n");
    if (!text.startsWith("# @") && !text.startsWith("# %%")) continue;
    // VS Code replaces what stands before the cursor as far back as a prefix reaches.
    const [first = ""] = [prefix].flat();
    assert.ok(first.startsWith("# ") && text.startsWith(first), `${name}: ${first}`);
  }
});

const samples = readdirSync(new URL("samples/", media)).filter((name) => name.endsWith(".promql"));

test("the samples are good, and nothing in them is left to ask", () => {
  assert.ok(samples.length >= 4);
  const builtins = builtinVariables({ startMs: 0, endMs: 3_600_000, stepMs: 15_000, minStepMs: 15_000 });
  for (const name of samples) {
    const text = readFileSync(new URL(`samples/${name}`, media), "utf8");
    assertGood(text, name);
    const file = parsePromqlFile(text);
    assert.ok(file.blocks.length > 2, name);
    for (const block of file.blocks) {
      const { expression } = block;
      assert.equal(expression === undefined, block.kind === "markdown", `${name} ${block.key}`);
      if (expression === undefined) continue;
      const values = new Map([...builtins, ...resolveDirectives(file, block).vars]);
      const query = substituteVariables(text.slice(expression.from, expression.to), values);
      assert.deepEqual(query.undefinedNames, [], `${name} ${block.key}`);
      assert.deepEqual(
        lexPromql(query.text).filter((token) => isErrorToken(token) || token.kind === "variable"),
        [],
        query.text,
      );
    }
  }
});

test("the word under the cursor is a whole name, number or duration", () => {
  const { wordPattern } = JSON.parse(readFileSync(new URL("language/language-configuration.json", media), "utf8")) as {
    wordPattern: string;
  };
  const words = (text: string) => text.match(new RegExp(wordPattern, "g"));
  assert.deepEqual(words('job:http:rate5m{a_b="c-d"}[1h30m] / 0.5 - $x'), [
    "job:http:rate5m",
    "a_b",
    "c",
    "d",
    "1h30m",
    "0.5",
    "$x",
  ]);
  assert.equal(words("é+-"), null);
});
