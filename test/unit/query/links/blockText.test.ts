import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parsePromqlFile } from "../../../../src/promql/file.ts";
import { lexPromql } from "../../../../src/promql/lexer.ts";
import { blockExpression, blocksText } from "../../../../src/query/links/blockText.ts";
import { insertionPlace, withBlankLines } from "../../../../src/query/links/insertionPlace.ts";
import { hostileStrings } from "../../../support/hostileStrings.ts";
import { promqlText } from "../../../support/promqlText.ts";

/** Tokens of a text by kind and words, blanks and the quotes of strings apart. A string without end takes what blanks follow. */
function tokens(text: string): string[] {
  return lexPromql(text, 0, text.length)
    .filter(({ kind }) => kind !== "comment")
    .map(({ kind, from, to }) =>
      kind === "string" ? kind : `${kind} ${text.slice(from, to).replace(/\s+/g, " ").trim()}`,
    )
    .filter((token) => token !== "unknown ");
}

const stranger = fc.oneof(promqlText(), fc.constantFrom(...hostileStrings));

test("each expression of a stranger is one block with our directives and nothing of its own", () => {
  fc.assert(
    fc.property(fc.array(stranger, { minLength: 1, maxLength: 4 }), stranger, (texts, legend) => {
      const exprs = texts.map(blockExpression).filter((expr) => expr !== "");
      const blocks = exprs.map((expr) => ({ expr, bases: [], rangeMs: 60_000, legend, connection: "prod" }));
      const text = blocksText(blocks);
      const file = parsePromqlFile(text);
      assert.equal(file.blocks.length, exprs.length);
      assert.deepEqual(file.prologue.directives, []);
      file.blocks.forEach((block, i) => {
        assert.equal(block.kind, "query");
        assert.equal(block.title, undefined);
        assert.deepEqual(
          block.directives.map(({ key }) => key),
          ["connection", "range", "legend"],
        );
        const { from, to } = block.expression ?? { from: 0, to: 0 };
        assert.deepEqual(tokens(text.slice(from, to)), tokens(exprs[i] ?? ""));
      });
    }),
    { numRuns: 3000 },
  );
});

test("an expression without comments keeps its tokens", () => {
  fc.assert(
    fc.property(stranger, (text) => {
      const bare = text.trim();
      assert.deepEqual(tokens(blockExpression(bare)), tokens(bare));
    }),
    { numRuns: 2000 },
  );
});

const places: readonly { title: string; text: string; expected: string | undefined }[] = [
  { title: "an empty file", text: "|", expected: "NEW\n" },
  { title: "behind the last query", text: "up|", expected: "up\n\nNEW\n" },
  { title: "on the last line", text: "up\n|", expected: "up\n\nNEW\n" },
  { title: "a blank line is there", text: "up\r\n\r\n|", expected: "up\r\n\r\nNEW\n" },
  { title: "a prologue stays the prologue", text: "# @range 1h|\n", expected: "# @range 1h\n\nNEW\n" },
  { title: "within queries without separators", text: "a\n|\nb\n", expected: "a\n\nb\n\nNEW\n" },
  {
    title: "within a block",
    text: "# %% A\na +\n|\nb\n# %% B\nb\n",
    expected: "# %% A\na +\n\nb\n\nNEW\n\n# %% B\nb\n",
  },
  { title: "right before a separator", text: "# %% A\na\n\n|# %% B\nb\n", expected: "# %% A\na\n\nNEW\n\n# %% B\nb\n" },
  { title: "on a separator", text: "# %%| A\na\n", expected: "# %% A\na\n\nNEW\n" },
  {
    title: "in Markdown",
    text: "# %% [markdown]\n# a|b\n# %% B\nb",
    expected: "# %% [markdown]\n# ab\n\nNEW\n\n# %% B\nb",
  },
  { title: "a file of weak separators", text: "### A\na\n\n### B|\nb\n", expected: undefined },
];

for (const { title, text, expected } of places) {
  test(`blocks are put ${title}`, () => {
    const offset = text.indexOf("|");
    const plain = text.replace("|", "");
    const place = insertionPlace(plain, parsePromqlFile(plain), offset);
    const result =
      place === undefined
        ? undefined
        : plain.slice(0, place) +
          withBlankLines(plain.slice(0, place), "NEW\n", plain.slice(place)) +
          plain.slice(place);
    assert.equal(result, expected);
  });
}

test("no block of a file changes when one is put into it", () => {
  fc.assert(
    fc.property(promqlText(), fc.nat(), (text, number) => {
      const file = parsePromqlFile(text);
      const place = insertionPlace(text, file, number % (text.length + 1));
      fc.pre(place !== undefined);
      const insert = withBlankLines(text.slice(0, place), "# %%\nnew_one\n", text.slice(place));
      const after = text.slice(0, place) + insert + text.slice(place);
      const all = contents(after);
      const own = all.filter(({ expression }) => expression !== "new_one");
      assert.equal(all.length, own.length + 1);
      assert.deepEqual(own, contents(text));
    }),
    { numRuns: 3000 },
  );
});

function contents(text: string) {
  return parsePromqlFile(text).blocks.map(({ kind, title, expression, directives }) => ({
    kind,
    title: title?.text,
    expression: expression && text.slice(expression.from, expression.to).trim(),
    directives: directives.map(({ key, value }) => ({ key, value })),
  }));
}
