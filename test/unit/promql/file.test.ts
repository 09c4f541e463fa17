import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { blockAt, type PromqlFile, parsePromqlFile } from "../../../src/promql/file.ts";
import { hasConformance, readEvaluatedExpressions, readParserCases } from "../../support/conformance.ts";
import { promqlText } from "../../support/promqlText.ts";

function expressions(text: string): (string | undefined)[] {
  return parsePromqlFile(text).blocks.map(({ expression }) =>
    expression === undefined ? undefined : text.slice(expression.from, expression.to),
  );
}

function problems(text: string): [code: string, at: string, insertAt?: string][] {
  return parsePromqlFile(text).problems.map((problem) => {
    const at = text.slice(problem.from, problem.to);
    return "insertAt" in problem ? [problem.code, at, text.slice(problem.insertAt)] : [problem.code, at];
  });
}

const whole: readonly { title: string; text: string }[] = [
  { title: "a selector's braces after a blank line", text: 'up\n\n{job="x"}' },
  { title: "a sign that may be binary", text: "a\n\n-b" },
  { title: "plus", text: "a\n\n+ b" },
  { title: "an operator before", text: "a /\n\nb" },
  { title: "an operator after", text: "a\n\n/ b" },
  { title: "comparison with bool", text: "a\n\n> bool\n\nb" },
  { title: "a set operator", text: "a\n\nUNLESS\n\nb" },
  { title: "atan2", text: "a atan2\n\nb" },
  { title: "grouping before its argument", text: "sum by (job)\n\n(x)" },
  { title: "grouping word, list and argument apart", text: "sum\n\nby\n\n(job)\n\n(x)" },
  { title: "grouping after its argument", text: "sum(x)\n\nwithout (job)" },
  { title: "the argument of an aggregation", text: "sum\n\n(x)" },
  { title: "the argument of a function we do not know", text: "somefunc\n\n(x)" },
  { title: "on and its operand", text: "a * on (job)\n\nb" },
  { title: "on after its operator", text: "a *\n\non (job) b" },
  { title: "group_left with labels", text: "a * on (job) group_left (x)\n\nb" },
  { title: "group_left without labels", text: "a * on (job) group_left\n\nb" },
  { title: "group_left with empty list", text: "a * ignoring () group_right()\n\nb" },
  { title: "fill and its operand", text: "a + fill(0)\n\nb" },
  { title: "fill on both sides", text: "a + on (x) fill_left (1) fill_right (2)\n\nb" },
  { title: "offset before", text: "up offset\n\n5m" },
  { title: "offset after", text: "up\n\noffset 5m" },
  { title: "negative offset", text: "up offset -\n\n5m" },
  { title: "@ after", text: "up\n\n@ start()" },
  { title: "@ before", text: "up @\n\n1700000000" },
  { title: "a range after a blank line", text: "(a + b)\n\n[5m:1m]" },
  { title: "anchored", text: "rate(x[5m]\n\nanchored)" },
  { title: "smoothed outside brackets", text: "x[5m]\n\nsmoothed" },
  { title: "an open parenthesis", text: "sum(\n\na\n\nb\n\n)" },
  { title: "open braces", text: "x{\n\na='1',\n\n}" },
  { title: "a raw string with blank lines", text: 'label_replace(x, "a", `\n\n`, "b", "")' },
  { title: "a bare raw string", text: "`a\n\nb`" },
  { title: "comments between operator and operand", text: "a +\n\n# why\n\nb" },
  { title: "an expression with an error at its end", text: "up ~\n\nfoo" },
  { title: "a variable that may name a function", text: "$f\n\n(x)" },
  { title: "a variable before braces that name a metric may be an operator", text: 'a $op\n\n{"b"}' },
  { title: "braces with label names in quotes", text: 'up\n\n{"a.b"="c", __name="d"}' },
  { title: "braces that nothing closes", text: 'up\n\n{"a.b", c="d"' },
  { title: "templates of MetricsQL and what they are for", text: 'WITH (\n  f = {job="x"},\n)\n\nsum(up{f})' },
  { title: "templates in any case, inside too", text: "a +\n\nwith (x = y)\n\nx" },
  { title: "MetricsQL's default", text: "sum(rate(x[5m]))\n\n  default 0" },
  { title: "default with a sign, braces, parentheses", text: 'a\n\ndefault -1\n\ndefault {b="c"}\n\ndefault (1)' },
  { title: "MetricsQL's if and ifnot", text: "a\n\nif b > 0\n\nIFNOT $c\n\nif on (job) d" },
  { title: "keep_metric_names", text: "rate(x[5m])\n\nkeep_metric_names\n\n/ 2" },
  { title: "limit of an aggregation", text: "sum(x) by (a)\n\nlimit 3" },
];

test("a blank line inside one expression does not cut it", () => {
  for (const { title, text } of whole) assert.deepEqual(expressions(text), [text], title);
});

const apart: readonly { title: string; text: string; expected: readonly string[] }[] = [
  { title: "two metrics", text: "a\n\nb", expected: ["a", "b"] },
  { title: "blank lines with blanks in them", text: "a\n \t\n\n b", expected: ["a", "b"] },
  { title: "selectors", text: 'a{x="1"}\n\nb', expected: ['a{x="1"}', "b"] },
  { title: "a bare selector after a call", text: "rate(a[5m])\n\n{b='c'}", expected: ["rate(a[5m])", "{b='c'}"] },
  { title: "a parenthesis after a call", text: "sum(a)\n\n(b + c)", expected: ["sum(a)", "(b + c)"] },
  { title: "a parenthesis after trailing grouping", text: "sum(a) by (x)\n\n(b)", expected: ["sum(a) by (x)", "(b)"] },
  { title: "aggregations", text: "sum by (x) (a)\n\nsum(b)", expected: ["sum by (x) (a)", "sum(b)"] },
  { title: "after offset", text: "a offset 5m\n\nb", expected: ["a offset 5m", "b"] },
  { title: "after offset with arithmetic", text: "a offset (2^2)\n\nb", expected: ["a offset (2^2)", "b"] },
  { title: "after @ start()", text: "a @ start()\n\nb", expected: ["a @ start()", "b"] },
  {
    title: "after a matched operand",
    text: "a / on (x) group_left b\n\nc",
    expected: ["a / on (x) group_left b", "c"],
  },
  { title: "numbers and strings", text: '1\n\n"s"\n\n5m', expected: ["1", '"s"', "5m"] },
  {
    title: "after and before a variable",
    text: "a > $limit\n\n$metric{x='y'}",
    expected: ["a > $limit", "$metric{x='y'}"],
  },
  { title: "a metric called fill", text: "fill\n\nfill_left", expected: ["fill", "fill_left"] },
  { title: "a range modifier ends", text: "x[5m] anchored\n\ny", expected: ["x[5m] anchored", "y"] },
  { title: "an unterminated string begins its own block", text: 'a\n\n"b', expected: ["a", '"b'] },
  { title: "Windows line ends", text: "a\r\n\r\nb\r\n", expected: ["a", "b"] },
  { title: "old Mac line ends", text: "a\r\rb", expected: ["a", "b"] },
  { title: "one query a line without blank lines is one block", text: "a\nb", expected: ["a\nb"] },
  {
    title: "braces that name a metric, after a name",
    text: 'up\n\n{"http.server.duration", code="500"}\n\nup\n\n{"a"}\n\nup\n\n{a="b", __name__=~"c"}',
    expected: ["up", '{"http.server.duration", code="500"}', "up", '{"a"}', "up", '{a="b", __name__=~"c"}'],
  },
  {
    title: "numbers and durations of MetricsQL",
    text: "a > 8Gi\n\na offset 5i\n\na offset 1.5h\n\nup",
    expected: ["a > 8Gi", "a offset 5i", "a offset 1.5h", "up"],
  },
  {
    title: "metrics named like words of MetricsQL",
    text: 'sum(a)\n\ndefault\n\nif > 0\n\nlimit{a="b"}\n\nif[5m]\n\ndefault - 1\n\nif offset 5m\n\nifnot unless x\n\nlimit * 3',
    expected: [
      ...["sum(a)", "default", "if > 0", 'limit{a="b"}', "if[5m]", "default - 1", "if offset 5m"],
      ...["ifnot unless x", "limit * 3"],
    ],
  },
  {
    title: "what ends with a word of MetricsQL",
    text: "rate(a[5m]) keep_metric_names\n\n{b='c'}\n\nsum(a) limit 3\n\n(b)\n\na if b\n\nwith (x = y) x\n\nz",
    expected: ["rate(a[5m]) keep_metric_names", "{b='c'}", "sum(a) limit 3", "(b)", "a if b", "with (x = y) x", "z"],
  },
  { title: "an inner comment stays", text: "a\n# why\n+ b", expected: ["a\n# why\n+ b"] },
];

test("a blank line between complete expressions parts them", () => {
  for (const { title, text, expected } of apart) assert.deepEqual(expressions(text), expected, title);
});

/** Prologue and blocks as their texts, with `kind` and title. */
function outline(text: string): { prologue: string; blocks: string[] } {
  const file = parsePromqlFile(text);
  return {
    prologue: text.slice(file.prologue.from, file.prologue.to),
    blocks: file.blocks.map(
      (block) =>
        `${block.kind}${block.title === undefined ? "" : ` "${block.title.text}"`}: ${text.slice(block.from, block.to)}`,
    ),
  };
}

const outlines: readonly { title: string; text: string; prologue: string; blocks: readonly string[] }[] = [
  { title: "empty", text: "", prologue: "", blocks: [] },
  { title: "blank", text: " \n\n", prologue: " \n\n", blocks: [] },
  { title: "comments only", text: "# a\n\n# b", prologue: "# a\n\n# b", blocks: [] },
  { title: "one expression", text: "up", prologue: "", blocks: ["query: up"] },
  { title: "byte order mark", text: "\ufeff# %% A\nup", prologue: "\ufeff", blocks: ['query "A": # %% A\nup'] },
  {
    title: "the example of the format",
    text: "# Checkout\n# @connection prod-eu\n\n# %% Error ratio\n# @range 6h  @step 1m\nsum(a)\n\n  / sum(b)\n\n# %% [markdown]\n# Why.\n",
    prologue: "# Checkout\n# @connection prod-eu\n\n",
    blocks: [
      'query "Error ratio": # %% Error ratio\n# @range 6h  @step 1m\nsum(a)\n\n  / sum(b)\n\n',
      "markdown: # %% [markdown]\n# Why.\n",
    ],
  },
  {
    title: "comments that touch the first expression are its own",
    text: "# head\n\n# about up\n# more\nup",
    prologue: "# head\n\n",
    blocks: ["query: # about up\n# more\nup"],
  },
  {
    title: "comments that do not touch it are the prologue",
    text: "# head\n\n# more\n\nup",
    prologue: "# head\n\n# more\n\n",
    blocks: ["query: up"],
  },
  { title: "all leading comments touch", text: "# a\n# b\nup", prologue: "", blocks: ["query: # a\n# b\nup"] },
  {
    title: "comments after an expression: touching ones stay, later ones go with the next",
    text: "a\n# about a\n\n# free\n\n# about b\nb",
    prologue: "",
    blocks: ["query: a\n# about a\n\n", "query: # free\n\n# about b\nb"],
  },
  {
    title: "comments at the end belong to the last block",
    text: "a\n\n# end\n",
    prologue: "",
    blocks: ["query: a\n\n# end\n"],
  },
  {
    title: "PromQL before the first separator",
    text: "a\n\nb\n# %% C\nc\n\n\nd",
    prologue: "",
    blocks: ["query: a\n\n", "query: b\n", 'query "C": # %% C\nc\n\n\nd'],
  },
  {
    title: "separators: blank after the mark, line end, tab; nothing else",
    text: "# %%\na\n# %%\tT \nb\n# %%x\n #%% y\n # %% z\n#%% w\n+ c",
    prologue: "",
    blocks: ["query: # %%\na\n", 'query "T": # %%\tT \nb\n# %%x\n #%% y\n # %% z\n#%% w\n+ c'],
  },
  {
    title: "separators with Windows line ends, one after the other, last line",
    text: "# %% A\r\n# %%\r\nup\r\n# %% ",
    prologue: "",
    blocks: ['query "A": # %% A\r\n', "query: # %%\r\nup\r\n", "query: # %% "],
  },
  {
    title: "Markdown with a title, and words that are not the mark",
    text: "# %% [markdown] Notes\n# text\n# %% [markdown]x\nup",
    prologue: "",
    blocks: ['markdown "Notes": # %% [markdown] Notes\n# text\n', 'query "[markdown]x": # %% [markdown]x\nup'],
  },
  {
    title: "weak separators end a complete expression, without a blank line too",
    text: "### A\na\n### B\nb +\n### C\nc\n\nd",
    prologue: "",
    blocks: ['query "A": ### A\na\n', 'query "B": ### B\nb +\n### C\nc\n\n', "query: d"],
  },
  {
    title: "### above blank lines titles the first block; the head above it is the prologue",
    text: "# head\n# @range 6h\n### First\n\n\n# about\nup",
    prologue: "# head\n# @range 6h\n",
    blocks: ['query "First": ### First\n\n\n# about\nup'],
  },
  {
    title: "### further up is a comment of the prologue",
    text: "### My queries\n# by me\n\nup",
    prologue: "### My queries\n# by me\n\n",
    blocks: ["query: up"],
  },
  {
    title: "### without a blank, or not in column 1, separates nothing",
    text: "a\n###\n#### x\n ### y\n+ b",
    prologue: "",
    blocks: ["query: a\n###\n#### x\n ### y\n+ b"],
  },
  {
    title: "no weak separators in a file with separators",
    text: "a\n### B\nb\n# %% C\nc\n### D\n+ d",
    prologue: "",
    blocks: ["query: a\n### B\nb\n", 'query "C": # %% C\nc\n### D\n+ d'],
  },
  {
    title: "a weak separator wins over the blank line above it",
    text: "a\n\n# note\n### B\nb",
    prologue: "",
    blocks: ["query: a\n\n# note\n", 'query "B": ### B\nb'],
  },
  {
    title: "a separator cuts an open bracket and a raw string",
    text: "# %% A\nsum(\n# %% B\nx + `\n# %% C\ny",
    prologue: "",
    blocks: ['query "A": # %% A\nsum(\n', 'query "B": # %% B\nx + `\n', 'query "C": # %% C\ny'],
  },
];

test("prologue and blocks", () => {
  for (const { title, text, prologue, blocks } of outlines)
    assert.deepEqual(outline(text), { prologue, blocks }, title);
});

test("problems of separators and blocks", () => {
  const table: readonly { text: string; expected: readonly [code: string, at: string, insertAt?: string][] }[] = [
    { text: "# %% A\nsum(\n# %% B\nup", expected: [["separatorInsideExpression", "# %% B"]] },
    { text: "up + `a\n# %%\nup", expected: [["separatorInsideExpression", "# %%"]] },
    { text: "# %% A\nsum(", expected: [] },
    { text: "# %% A\na\n\nb", expected: [["twoExpressions", "b", "b"]] },
    {
      text: "# %% A\na\n\n# about b\n# more\n  b{}\nc",
      expected: [
        ["twoExpressions", "b", "# about b\n# more\n  b{}\nc"],
        ["twoExpressions", "c", "c"],
      ],
    },
    { text: "# %% A\na\n# x\nb", expected: [["twoExpressions", "b", "# x\nb"]] },
    { text: "a\nb", expected: [["twoExpressions", "b", "b"]] },
    { text: "a\n\nb", expected: [] },
    { text: "# %% A\na b", expected: [] },
    { text: "# %% A\na\nb +", expected: [] },
    { text: "# %% A\na\n$op\nb", expected: [] },
    { text: "# %% A\na\n\n+ b", expected: [] },
    { text: "# %% A\nsum(a) by (b)\nlimit 3\ndefault 0\nif b > 0\nifnot c", expected: [] },
    { text: "# %% A\nrate(a[5m])\nkeep_metric_names", expected: [] },
    { text: '# %% A\nWITH (\n  f = {a="b"},\n)\nsum(up{f})', expected: [] },
    { text: "# %% A\na\ndefault > 0", expected: [["twoExpressions", "default", "default > 0"]] },
    { text: "# %% A\nup\nkeep_metric_names", expected: [["twoExpressions", "keep_metric_names", "keep_metric_names"]] },
    { text: "# %% [markdown]\n# text\n\nup\nup", expected: [["textInMarkdown", "up", "up\nup"]] },
    { text: "# %% [markdown]\n  # text\n# %%\nup", expected: [] },
  ];
  for (const { text, expected } of table) assert.deepEqual(problems(text), expected, text);
});

test("where a separator cut, the problem says what was open", () => {
  const [bracket] = parsePromqlFile("(a{\n# %%\n").problems;
  assert.deepEqual(bracket, { code: "separatorInsideExpression", open: "bracket", openedAt: 0, from: 4, to: 8 });
  const [string] = parsePromqlFile("up + `\n# %%\n").problems;
  assert.deepEqual(string, { code: "separatorInsideExpression", open: "string", openedAt: 5, from: 7, to: 11 });
});

test("the fix for two expressions matches how the block was found", () => {
  const fix = (text: string) => parsePromqlFile(text).problems.map((one) => "insert" in one && one.insert);
  assert.deepEqual(fix("a\nb"), ["blankLine"]);
  assert.deepEqual(fix("# %%\na\nb"), ["separator"]);
});

test("inserting what a problem proposes resolves it", () => {
  for (const text of ["a\n# about b\nb\nc", "# %% A\na\n\n# about b\nb\nc"]) {
    let fixed = text;
    for (let i = 0; i < 3; i++) {
      const problem = parsePromqlFile(fixed).problems[0];
      if (problem?.code !== "twoExpressions") break;
      const insertion = problem.insert === "separator" ? "# %%\n" : "\n";
      fixed = fixed.slice(0, problem.insertAt) + insertion + fixed.slice(problem.insertAt);
    }
    assert.deepEqual(parsePromqlFile(fixed).problems, [], fixed);
    assert.deepEqual(expressions(fixed), ["a", "b", "c"], fixed);
  }
});

test("keys stay with their block when others are added", () => {
  const keys = (text: string) => parsePromqlFile(text).blocks.map((block) => block.key);
  assert.deepEqual(keys("a\n\nb\n# %% T\nc\n# %% T\nd\n# %%\ne"), [
    "untitled:1",
    "untitled:2",
    "title:1:T",
    "title:2:T",
    "untitled:3",
  ]);
  assert.equal(keys("# %% New\nx\n# %% T\nc")[1], keys("# %% T\nc")[0]);
});

test("the block at an offset", () => {
  const file = parsePromqlFile("# head\n\n# %% A\na\n# %% B\nb");
  const titleAt = (offset: number) => blockAt(file, offset)?.title?.text;
  assert.deepEqual([0, 7, 8, 16, 17, 24, 99].map(titleAt), [undefined, undefined, "A", "A", "B", "B", "B"]);
  assert.equal(blockAt(parsePromqlFile("# only"), 2), undefined);
  assert.equal(blockAt(parsePromqlFile("# only"), 6), undefined);
});

function assertCovers(file: PromqlFile, text: string): void {
  assert.equal(file.prologue.from, 0);
  let at = file.prologue.to;
  file.blocks.forEach((block, index) => {
    assert.equal(block.from, at);
    assert.ok(block.to > block.from);
    assert.equal(block.index, index);
    at = block.to;
    if (block.expression !== undefined) {
      assert.ok(block.expression.from >= (block.separator?.to ?? block.from) && block.expression.to <= block.to);
      // An unterminated string holds the blanks after it.
      assert.match(text.slice(block.expression.from, block.expression.to), /^[^ \t\r\n#](.*[^ \t\r\n])?$|["'`]/s);
    } else assert.notEqual(block.separator, undefined);
    for (const { from, to } of block.directives) assert.ok(from >= block.from && to <= block.to);
  });
  assert.equal(at, text.length);
  assert.equal(new Set(file.blocks.map((block) => block.key)).size, file.blocks.length);
  for (const { from, to } of file.problems) assert.ok(from >= 0 && from < to && to <= text.length);
}

test("prologue and blocks cover any text without gaps", () => {
  fc.assert(
    fc.property(promqlText(), (text) => assertCovers(parsePromqlFile(text), text)),
    { numRuns: 1000 },
  );
});

test("every separator line starts a block, and only the text above the first is cut elsewhere", () => {
  fc.assert(
    fc.property(promqlText(), (text) => {
      const marks = [...text.replace(/^\ufeff/, " ").matchAll(/(?<=^|[\r\n])# %%(?=[ \t\r\n]|$)/g)].map(
        (mark) => mark.index,
      );
      const bom = text.startsWith("\ufeff# %%") && /^\ufeff# %%([ \t\r\n]|$)/.test(text) ? [1] : [];
      const expected = [...bom, ...marks];
      const starts = parsePromqlFile(text).blocks.map((block) => block.from);
      const first = expected[0] ?? text.length;
      assert.deepEqual(
        starts.filter((start) => start >= first),
        expected,
      );
    }),
    { numRuns: 1000 },
  );
});

test("the part after a separator does not depend on what stands above it", () => {
  fc.assert(
    fc.property(promqlText(), promqlText(), (above, below) => {
      const tail = `# %% Tail\n${below}`;
      const offset = above.length + 1;
      const spans = (text: string, from: number) =>
        parsePromqlFile(text)
          .blocks.filter((block) => block.from >= from)
          .map((block) => [block.from - from, block.to - from, block.expression && block.expression.from - from]);
      assert.deepEqual(spans(`${above}\n${tail}`, offset), spans(tail, 0));
    }),
    { numRuns: 300 },
  );
});

const conformance = { skip: !hasConformance() && "no conformance cases here" };

test("each valid expression of Prometheus' own tests is one block", conformance, () => {
  const inputs = [
    ...readParserCases()
      .filter((one) => one.valid)
      .map((one) => one.input),
    ...readEvaluatedExpressions(),
  ];
  for (const input of inputs) {
    assert.deepEqual(expressions(input), [input.trim()], input);
    assert.deepEqual(parsePromqlFile(input).problems, [], input);
  }
});

test("a valid expression is one block wherever it is broken by a blank line", conformance, () => {
  const inputs = [
    ...readParserCases()
      .filter((one) => one.valid)
      .map((one) => one.input),
    ...readEvaluatedExpressions(),
  ];
  for (const input of inputs) {
    // Between any two tokens a blank line is legal whitespace for Prometheus.
    const broken = input.replace(/(?<=[\s(){}[\],+\-*/^])\s*(?=[\s(){}[\],+\-*/^\w])/g, (gap, at: number) =>
      insideString(input, at) || /[0-9]e$/i.test(input.slice(0, at - 1).slice(-2)) ? gap : `${gap}\n\n`,
    );
    assert.equal(expressions(broken).length, 1, broken);
  }
});

function insideString(text: string, at: number): boolean {
  let quote = "";
  for (let i = 0; i < at; i++) {
    const sign = text.charAt(i);
    if (quote === "") quote = /["'`]/.test(sign) ? sign : "";
    else if (sign === "\\" && quote !== "`") i++;
    else if (sign === quote) quote = "";
  }
  return quote !== "";
}

test("a file of 10,000 lines is read in time that grows with its length", () => {
  const block = (i: number) =>
    `# %% Block ${i}\n# @range 6h @step 1m\nsum by (job) (rate(http_requests_total[5m]))\n  / sum(x)\n\n`;
  const file = parsePromqlFile(Array.from({ length: 2000 }, (_, i) => block(i)).join(""));
  assert.equal(file.blocks.length, 2000);
  assert.equal(parsePromqlFile("up\n\n".repeat(5000)).blocks.length, 5000);
});
