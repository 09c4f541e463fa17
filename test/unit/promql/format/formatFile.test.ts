import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type PromqlFile, parsePromqlCell, parsePromqlFile } from "../../../../src/promql/file.ts";
import { formatFile } from "../../../../src/promql/format/formatFile.ts";
import { type TextEdit, wordEdits } from "../../../../src/promql/format/wordEdits.ts";
import { promqlExpression } from "../../../support/promqlExpression.ts";
import { promqlText } from "../../../support/promqlText.ts";

function applied(text: string, edits: readonly TextEdit[]): string {
  let at = 0;
  const out = edits.flatMap(({ from, to, text: wanted }) => {
    assert.ok(at <= from && from <= to, "edits are apart and in order");
    const piece = [text.slice(at, from), wanted];
    at = to;
    return piece;
  });
  return [...out, text.slice(at)].join("");
}

const formatted = (text: string) => applied(text, formatFile(text, parsePromqlFile(text)));

const rows: readonly { readonly title: string; readonly input: string; readonly expected: string }[] = [
  {
    title: "only expressions change",
    input:
      '# Shop   \n# @connection  prod-eu\n\n\n# %%   Errors  \n# @range 6h   @step 1m\n\nsum( x{a="1",b="2"} )  # now  \n\n\n# %% [markdown]\n#  a+b  \na+b\n# %%\n# nothing\n',
    expected:
      '# Shop   \n# @connection  prod-eu\n\n\n# %%   Errors  \n# @range 6h   @step 1m\n\nsum(x{a="1", b="2"})  # now  \n\n\n# %% [markdown]\n#  a+b  \na+b\n# %%\n# nothing\n',
  },
  {
    title: "blocks that a blank line parts; two expressions in one stay",
    input: "a+b\n\n\nc+d\n# about e\ne+f\n\n  g  \n",
    expected: "a + b\n\n\nc+d\n# about e\ne+f\n\ng  \n",
  },
  { title: "weak separators", input: "### One\na+b\n\n### Two\nc+d\n", expected: "### One\na + b\n\n### Two\nc + d\n" },
  {
    title: "the indentation of an expression, not of the comments above it",
    input: "# %%\n    # why\n    a # one\n    / b\n",
    expected: "# %%\n    # why\n  a # one\n/\n  b\n",
  },
  { title: "Windows' line ends", input: "# %% A\r\na # b\r\n*c\r\n", expected: "# %% A\r\n  a # b\r\n*\r\n  c\r\n" },
  { title: "old line ends", input: "# %% A\ra # b\r*c\r", expected: "# %% A\r  a # b\r*\r  c\r" },
  { title: "a byte order mark", input: "\ufeffa+b", expected: "\ufeffa + b" },
  {
    title: "blocks that have problems, or that only MetricsQL knows, stay",
    input: "# %%\na+\n# %%\na+b\n# %%\na  default  b\n# %%\na+b\n\nc+d\n",
    expected: "# %%\na+\n# %%\na + b\n# %%\na  default  b\n# %%\na+b\n\nc+d\n",
  },
  {
    title: "an indented comment does not become a separator",
    input: "# %% A\na\n    # %% B\n+ b\n",
    expected: "# %% A\n  a\n # %% B\n+\n  b\n",
  },
  {
    title: "a separator inside an expression ends it",
    input: "sum( a\n# %% B\nc+d)\n",
    expected: "sum( a\n# %% B\nc+d)\n",
  },
];

for (const { title, input, expected } of rows) {
  test(title, () => {
    assert.equal(formatted(input), expected);
    assert.equal(formatted(expected), expected);
  });
}

const selections: readonly { readonly title: string; readonly input: string; readonly expected: string }[] = [
  {
    title: "a part of a block",
    input: "# %%\na+b\n# %%\nc|+d|\n# %%\ne+f",
    expected: "# %%\na+b\n# %%\nc + d\n# %%\ne+f",
  },
  { title: "its separator", input: "# |%%| A\na+b\n# %%\nc+d", expected: "# %% A\na + b\n# %%\nc+d" },
  {
    title: "several, and the start of the next one does not count",
    input: "# %%\na|+b\n# %%\nc+d\n|# %%\ne+f",
    expected: "# %%\na + b\n# %%\nc + d\n# %%\ne+f",
  },
  { title: "a cursor", input: "# %%\na+b\n# %%\nc||+d", expected: "# %%\na+b\n# %%\nc + d" },
];

for (const { title, input, expected } of selections) {
  test(`a selection touches ${title}`, () => {
    const [before = "", inside = "", after = ""] = input.split("|");
    const text = before + inside + after;
    const touching = { from: before.length, to: before.length + inside.length };
    assert.equal(applied(text, formatFile(text, parsePromqlFile(text), { touching })), expected);
  });
}

test("a cell is one block, whatever it looks like", () => {
  const text = "# @range 5m\na\n # %% no separator\n\n+b";
  const cell = parsePromqlCell(text, { defaults: [], title: undefined });
  assert.equal(applied(text, formatFile(text, cell)), "# @range 5m\n  a\n # %% no separator\n+\n  b");
});

const changes: readonly { readonly text: string; readonly wanted: string; readonly edits: readonly TextEdit[] }[] = [
  { text: "a + b", wanted: "a + b", edits: [] },
  {
    text: "a+b",
    wanted: "a + b",
    edits: [
      { from: 1, to: 1, text: " " },
      { from: 2, to: 2, text: " " },
    ],
  },
  {
    text: "  a  +\tb",
    wanted: "a +\n  b",
    edits: [
      { from: 0, to: 2, text: "" },
      { from: 3, to: 5, text: " " },
      { from: 6, to: 7, text: "\n  " },
    ],
  },
  { text: "x{a='1',}", wanted: "x{a='1'}", edits: [{ from: 7, to: 8, text: "" }] },
  {
    text: "(SUM ( x))",
    wanted: "(sum(x))",
    edits: [
      { from: 1, to: 5, text: "sum" },
      { from: 6, to: 7, text: "" },
    ],
  },
];

for (const { text, wanted, edits } of changes) {
  test(`as few changes as need be: ${text}`, () => {
    assert.deepEqual(wordEdits(text, { from: 0, to: text.length }, wanted), edits);
    assert.equal(applied(text, edits), wanted);
  });
}

/** What of a file is not ours to change. */
function frame(text: string, { prologue, blocks }: PromqlFile) {
  return {
    prologue: text.slice(prologue.from, prologue.to),
    blocks: blocks.map(({ from, to, expression, key, title, kind }) => ({
      ...{ key, kind, title: title?.text },
      around: expression && [text.slice(from, expression.from).replace(/[ \t]+$/, ""), text.slice(expression.to, to)],
      text: expression === undefined ? text.slice(from, to) : undefined,
    })),
  };
}

function assertFrameKept(text: string): void {
  const result = formatted(text);
  assert.deepEqual(frame(result, parsePromqlFile(result)), frame(text, parsePromqlFile(text)));
  assert.equal(formatted(result), result);
}

test("any file keeps its blocks and everything around their expressions", () => {
  fc.assert(
    fc.property(promqlText(), (text) => assertFrameKept(text.replace(/\r\n?|\n/g, "\n"))),
    { numRuns: 1_000 },
  );
});

test("files of laid out expressions keep their blocks, whatever parts them", () => {
  const separator = fc.constantFrom("\n# %% Title\n", "\n\n", "\n\n\n# about the next\n", "\n### Part\n");
  const file = fc.array(fc.tuple(promqlExpression(), separator), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(file, fc.constantFrom("\n", "\r\n", "\r"), (parts, eol) => {
      // As in an editor, where a text has line ends of one kind.
      assertFrameKept(
        parts
          .flat()
          .join("")
          .replace(/\r\n?|\n/g, eol),
      );
    }),
    { numRuns: 200 },
  );
});

test("as the server prints it, word by word; a query with comments, which that drops, stays", () => {
  const text = "# %% A\nrate( x{b='1',a=\"2\"}[300s] )\n# %% B\nup  # why\n# %% C\n$Agg by (x) (0x10)\n";
  const expected = '# %% A\nrate(x{a="2",b="1"}[5m])\n# %% B\nup  # why\n# %% C\n$Agg by (x) (16)\n';
  assert.equal(applied(text, formatFile(text, parsePromqlFile(text), { canonical: true })), expected);
});
