import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeNotebook } from "../../../src/notebook/notebookBytes.ts";
import type { NotebookCell } from "../../../src/notebook/notebookCells.ts";
import { beginsWithDefaults } from "../../../src/notebook/pieceForm.ts";
import { readNotebook } from "../../../src/notebook/readNotebook.ts";
import { writeNotebook } from "../../../src/notebook/writeNotebook.ts";

/** A cell in short: `[title] text`, Markdown with `M` before it. */
const short = (cells: readonly NotebookCell[]) =>
  cells.map(({ kind, title, text }) => `${kind === "markdown" ? "M" : ""}[${title ?? ""}]${text}`);

const query = (text: string, title?: string): NotebookCell => ({ kind: "query", text, title, source: undefined });
const markdown = (text: string, title?: string): NotebookCell => ({ ...query(text, title), kind: "markdown" });

describe("reading a file as cells", () => {
  const cases: readonly { readonly title: string; readonly input: string; readonly expected: readonly string[] }[] = [
    { title: "an empty file has none", input: "", expected: [] },
    { title: "a file of blanks is one empty cell", input: "\n\n", expected: ["[]"] },
    {
      title: "the file of the format's description",
      input:
        '# Checkout service\n# @connection prod-eu\n\n# %% Error ratio\n# @range 6h  @step 1m\nsum(rate(x{code=~"5.."}[5m]))\n  / 2\n\n# %% [markdown]\n# Why we look at this.\n',
      expected: [
        "[]# Checkout service\n# @connection prod-eu",
        '[Error ratio]# @range 6h  @step 1m\nsum(rate(x{code=~"5.."}[5m]))\n  / 2',
        "M[]Why we look at this.",
      ],
    },
    {
      title: "blank lines divide a file without separators",
      input: "up\n\n# b\ndown\n",
      expected: ["[]up", "[]# b\ndown"],
    },
    { title: "an open bracket reaches over blank lines", input: "sum(\n\nup)\n", expected: ["[]sum(\n\nup)"] },
    { title: "weak separators", input: "### A\nup\n### B\ndown\n", expected: ["[A]up", "[B]down"] },
    { title: "blank lines in a separated block stay inside", input: "# %% A\nup\n\n+ 1\n", expected: ["[A]up\n\n+ 1"] },
    {
      title: "one blank line ends a cell, a second one belongs to it",
      input: "# %%\nup\n\n\n# %%\n",
      expected: ["[]up\n", "[]"],
    },
    { title: "blank lines before the first cell are no cell", input: "\n\n# %% A\nup", expected: ["[A]up"] },
    { title: "line ends of every kind", input: "# %% A\r\nup\r\n# %% B\rdown\n", expected: ["[A]up", "[B]down"] },
    { title: "a byte order mark", input: "\ufeff# %% A\nup\n", expected: ["[A]up"] },
    {
      title: "Markdown: comment signs of every kind, and lines without",
      input: "# %% [markdown] Why\n# a\n#b\n#\n\n  # c\nd\n#  e\n\n\n",
      expected: ["M[Why]a\nb\n\n\nc\nd\n e"],
    },
    {
      title: "Markdown: %% at a line's start",
      input: "# %% [markdown]\n# \\%% a\n# \\\\%% b\n",
      expected: ["M[]%% a\n\\%% b"],
    },
    { title: "what only looks like a separator", input: "# %%A\n # %% B\n", expected: ["[]# %%A\n# %% B"] },
    {
      title: "a title that looks like Markdown's mark",
      input: "# %% \\[markdown] x\nup\n",
      expected: ["[[markdown] x]up"],
    },
    { title: "a separator always separates", input: "# %% A\nsum(`\n# %% B\nup\n", expected: ["[A]sum(`", "[B]up"] },
  ];
  for (const { title, input, expected } of cases) {
    test(title, () => {
      const notebook = readNotebook(input);
      assert.deepEqual(short(notebook.cells), expected);
      assert.equal(writeNotebook(notebook), input);
    });
  }
});

describe("writing cells", () => {
  const frame = { file: "", hasByteOrderMark: false, lead: "", eol: "\n" } as const;
  const cases: readonly {
    readonly title: string;
    readonly file: string;
    readonly edit: (cells: readonly NotebookCell[]) => readonly NotebookCell[];
    readonly expected: string;
  }[] = [
    {
      title: "new cells",
      file: "",
      edit: () => [query("# @connection prod"), markdown("Why\n\n%% so", "Intro"), query("up", "Up"), query("down")],
      expected: "# @connection prod\n\n# %% [markdown] Intro\n# Why\n#\n# \\%% so\n\n# %% Up\nup\n\n# %%\ndown\n",
    },
    {
      title: "an edit keeps the separator as it was, the line ends, and the blank lines behind",
      file: "#  x\r\n\r\n# %%   A \r\nup\r\n\r\n# %%\tB\r\ndown\r\n",
      edit: ([head, a, b]) => [head, a && { ...a, text: "up\n+ 1" }, b].flatMap((one) => one ?? []),
      expected: "#  x\r\n\r\n# %%   A \r\nup\r\n+ 1\r\n\r\n# %%\tB\r\ndown\r\n",
    },
    {
      title: "a title changes its line alone",
      file: "# %% A\nup  \n\n\n\n# %% B\ndown",
      edit: ([a, b]) => [a && { ...a, title: "C" }, b].flatMap((one) => one ?? []),
      expected: "# %% C\nup  \n\n\n\n# %% B\ndown",
    },
    {
      title: "a cell in a file without separators gets none",
      file: "up\n\ndown\n",
      edit: ([a, b]) => [a, query("new"), b].flatMap((one) => one ?? []),
      expected: "up\n\nnew\n\ndown\n",
    },
    {
      title: "two queries in such a cell: it and what follows get separators, what stands before stays",
      file: "a\n\nb\n\nc\n",
      edit: ([a, b, c]) => [a, b && { ...b, text: "b\n\nB" }, c].flatMap((one) => one ?? []),
      expected: "a\n\n# %%\nb\n\nB\n\n# %%\nc\n",
    },
    {
      title: "an unfinished query in such a cell: only what follows needs a separator",
      file: "a\n\nb\n\nc\n",
      edit: ([a, b, c]) => [a, b && { ...b, text: "sum(" }, c].flatMap((one) => one ?? []),
      expected: "a\n\nsum(\n\n# %%\nc\n",
    },
    {
      title: "Markdown in a file with weak separators",
      file: "### A\nup\n### B\ndown\n",
      edit: ([a, b]) => [a, markdown("why"), b].flatMap((one) => one ?? []),
      expected: "# %% A\nup\n\n# %% [markdown]\n# why\n\n# %% B\ndown\n",
    },
    {
      title: "a query in a file with weak separators",
      file: "### A\nup\n",
      edit: ([a]) => [a, query("down", "B"), query("x")].flatMap((one) => one ?? []),
      expected: "### A\nup\n\n### B\ndown\n\n### \nx\n",
    },
    {
      title: "lines that would be separators or marks of a merge",
      file: "",
      edit: () => [query("# %% x\n <<<<<<< a\n=======\n>>>>>>>x")],
      expected: "# %%\n # %% x\n  <<<<<<< a\n =======\n>>>>>>>x\n",
    },
    {
      title: "an empty line at a cell's end, in the middle and last",
      file: "",
      edit: () => [query("a\n"), query("b\n")],
      expected: "# %%\na\n\n\n# %%\nb\n\n\n",
    },
    { title: "no cells", file: "# %% A\nup\n", edit: () => [], expected: "" },
    {
      title: "the last cell deleted: no blank line is left behind",
      file: "# %% A\nup\n\n# %% B\ndown\n",
      edit: (cells) => cells.slice(0, 1),
      expected: "# %% A\nup\n",
    },
    {
      title: "a query above the defaults makes plain comments of them",
      file: "# @connection prod\n\n# %% A\nup\n",
      edit: (cells) => [query("x"), ...cells],
      expected: "# %%\nx\n\n# %%\n# @connection prod\n\n# %% A\nup\n",
    },
  ];
  for (const { title, file, edit, expected } of cases) {
    test(title, () => {
      const notebook = file === "" ? { frame, cells: [] } : readNotebook(file);
      const cells = edit(notebook.cells);
      const text = writeNotebook({ ...notebook, cells });
      assert.equal(text, expected);
      assert.deepEqual(short(readNotebook(text).cells), short(cells));
    });
  }
});

test("the first cell sets defaults if it has comments alone and no separator", () => {
  assert.equal(beginsWithDefaults(readNotebook("# @range 1h\n\n# %%\nup").cells, ""), true);
  assert.equal(beginsWithDefaults(readNotebook("# %%\n# @range 1h\n").cells, ""), false);
  assert.equal(beginsWithDefaults(readNotebook("# @range 1h\nup\n").cells, ""), false);
  assert.equal(beginsWithDefaults([query("# @range 1h"), query("up")], ""), true);
  assert.equal(beginsWithDefaults([query("# @range 1h", "A")], ""), false);
  assert.equal(beginsWithDefaults([markdown("# x")], ""), false);
  assert.equal(beginsWithDefaults([query(" \n")], ""), false);
  assert.equal(beginsWithDefaults([], ""), false);
});

describe("defaults are the same in the notebook and in the file that it is saved as", () => {
  const file = "# @connection prod\n\n# %% A\nup\n";
  const freeFile = "# @connection staging\nup\n\ndown\n";
  const cases: readonly {
    readonly title: string;
    readonly file: string;
    readonly edit: (cells: readonly NotebookCell[]) => readonly NotebookCell[];
    readonly expected: boolean;
  }[] = [
    { title: "untouched", file, edit: (cells) => cells, expected: true },
    {
      title: "a query typed into them",
      file,
      edit: ([head, ...others]) => [...(head === undefined ? [] : [{ ...head, text: `${head.text}\nup` }]), ...others],
      expected: false,
    },
    { title: "their cell deleted", file, edit: (cells) => cells.slice(1), expected: false },
    { title: "their cell moved down", file, edit: (cells) => cells.toReversed(), expected: false },
    {
      title: "the first query commented out, in a file without separators",
      file: freeFile,
      edit: ([first, ...others]) => [
        ...(first === undefined ? [] : [{ ...first, text: "# @connection staging\n# up" }]),
        ...others,
      ],
      expected: true,
    },
  ];
  for (const { title, file, edit, expected } of cases) {
    test(title, () => {
      const notebook = readNotebook(file);
      const cells = edit(notebook.cells);
      const back = readNotebook(writeNotebook({ ...notebook, cells })).cells;
      assert.deepEqual([beginsWithDefaults(cells, ""), beginsWithDefaults(back, "")], [expected, expected]);
      assert.deepEqual(short(back), short(cells));
    });
  }
});

test("a piece of another file is written as this file's cells are", () => {
  const { cells } = readNotebook("# %% A\r\nup\r\n+ 1\r\n", "another");
  const own = readNotebook("# %% B\ndown\n", "this");
  assert.equal(writeNotebook({ ...own, cells: [...own.cells, ...cells] }), "# %% B\ndown\n\n# %% A\nup\n+ 1\n");
});

test("a title of very many blanks is written in no time", () => {
  const { cells, frame } = readNotebook("# %% A\nup\n");
  const title = `a${" ".repeat(200_000)}b`;
  const text = writeNotebook({ frame, cells: cells.map((cell) => ({ ...cell, title: `  ${title}  ` })) });
  assert.equal(text, `# %% ${title}\nup\n`);
});

describe("what is no notebook", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const cases: readonly { readonly title: string; readonly input: Uint8Array; readonly expected: unknown }[] = [
    {
      title: "a byte that no UTF-8 has",
      input: Uint8Array.of(0x75, 0x70, 0xff, 0x0a),
      expected: { code: "notUtf8", offset: 2 },
    },
    {
      title: "a character cut off at the end",
      input: Uint8Array.of(0x61, 0xe2, 0x82),
      expected: { code: "notUtf8", offset: 1 },
    },
    {
      title: "Latin 1 behind a real replacement character",
      input: Uint8Array.of(0xef, 0xbf, 0xbd, 0xe9),
      expected: { code: "notUtf8", offset: 3 },
    },
    {
      title: "the first mark of a merge",
      input: bytes("up\n<<<<<<< HEAD\n"),
      expected: { code: "mergeConflict", line: 2 },
    },
    { title: "the middle one", input: bytes("a\r\nb\r\n=======\r\n"), expected: { code: "mergeConflict", line: 3 } },
    {
      title: "the last one, at the file's end",
      input: bytes("\ufeff>>>>>>>"),
      expected: { code: "mergeConflict", line: 1 },
    },
    { title: "not: an indented mark", input: bytes(" =======\n"), expected: " =======\n" },
    { title: "not: a longer row of signs", input: bytes("========\n"), expected: "========\n" },
    {
      title: "not: a mark behind a line separator of Unicode",
      input: bytes("#\u2028=======\n"),
      expected: "#\u2028=======\n",
    },
  ];
  for (const { title, input, expected } of cases) {
    test(title, () => assert.deepEqual(decodeNotebook(input), expected));
  }
});
