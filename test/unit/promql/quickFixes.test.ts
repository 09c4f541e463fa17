import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Dialect, expressionProblems } from "../../../src/promql/expressionProblems.ts";
import { parsePromqlFile } from "../../../src/promql/file.ts";
import type { Span } from "../../../src/promql/problems.ts";
import { fixesOf, problemsForAnyServer, type QuickFix, syntaxFixesOf } from "../../../src/promql/quickFixes.ts";
import type { SyntaxProblem } from "../../../src/promql/syntaxProblems.ts";

function applied(text: string, { edits }: QuickFix): string {
  return edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((done, { from, to, text: put }) => done.slice(0, from) + put + done.slice(to), text);
}

/** In the order in which they are offered; the preferred one has a star in front. */
const ofExpressions: readonly { readonly text: string; readonly expected: readonly string[] }[] = [
  { text: "rte(up[5m])", expected: ["*rate(up[5m])"] },
  { text: "Rate(up[5m])", expected: ["*rate(up[5m])"] },
  { text: "summ(up)", expected: ["*sum(up)"] },
  { text: "incraese_(up[5m])", expected: ["increase(up[5m])"] },
  { text: "zzzzzzzzzz(up)", expected: [] },
  { text: "holt_winters(up[5m], 0.5, 0.5)", expected: ["double_exponential_smoothing(up[5m], 0.5, 0.5)"] },
  { text: "xrate(up[5m])", expected: [] },
  { text: "rollup_rate(up[5m])", expected: [] },
  { text: "sum(rate(up[5m])", expected: ["*sum(rate(up[5m]))"] },
  { text: 'up{job="a"', expected: ['*up{job="a"}'] },
  { text: 'up{job=~"\\d"}', expected: ['*up{job=~"\\\\d"}'] },
  { text: "sum(up,)", expected: ["*sum(up)"] },
  { text: "1 > 2", expected: ["*1 > bool 2"] },
  { text: "up + bool 1", expected: ["*up + 1"] },
  { text: "rate(up)", expected: ["*rate(up[$__rate_interval])", "rate(up[5m])"] },
  { text: "rate((up))", expected: ["*rate((up[$__rate_interval]))", "rate((up[5m]))"] },
  {
    text: 'rate(up{a="b"} offset 1h)',
    expected: ['*rate(up{a="b"}[$__rate_interval] offset 1h)', 'rate(up{a="b"}[5m] offset 1h)'],
  },
  { text: "rate(sum(up))", expected: ["rate(sum(up)[5m:])"] },
  { text: "rate(sum(up) by (job))", expected: ["rate(sum(up) by (job)[5m:])"] },
  { text: "rate(sum(x) / sum(y))", expected: ["rate((sum(x) / sum(y))[5m:])"] },
  { text: "rate(x == 1)", expected: ["rate((x == 1)[5m:])"] },
  { text: "rate(-x)", expected: ["rate((-x)[5m:])"] },
  { text: "rate((x + y))", expected: ["rate((x + y)[5m:])"] },
  { text: "rate(5)", expected: [] },
  { text: "sum(up[5m])", expected: ["sum(rate(up[5m]))", "sum(up)"] },
  { text: "sum((up[5m]))", expected: ["sum(rate((up[5m])))", "sum((up))"] },
  { text: "sum(up[5m:])", expected: ["sum(rate(up[5m:]))"] },
  { text: "sum(-up[5m])", expected: [] },
  { text: "topk(up, up)", expected: ["topk(scalar(up), up)"] },
  { text: "sum(1)", expected: ["*sum(vector(1))"] },
  { text: "(up + up)[5m]", expected: ["*(up + up)[5m:]"] },
  { text: "rate(x[1m])[5m]", expected: ["*rate(x[1m])[5m:]"] },
  { text: "rate(x)[5m]", expected: ["*rate(x[5m])"] },
  { text: 'rate(x{a="b"} offset 1h) [5m]', expected: ['*rate(x{a="b"}[5m] offset 1h)'] },
  { text: "rate(x)[5m] offset 1h", expected: ["*rate(x[5m] offset 1h)"] },
  { text: "rate(x offset 1h)[5m] offset 1h", expected: [] },
  { text: "quantile_over_time(0.9, x)[5m]", expected: ["*quantile_over_time(0.9, x[5m])"] },
  { text: "sum(rate(x)[5m]) by (job)", expected: ["*sum(rate(x[5m])) by (job)"] },
  { text: "abs(x)[5m]", expected: ["*abs(x)[5m:]"] },
  { text: "x[5m][1h]", expected: [] },
  { text: "5[5m]", expected: [] },
  { text: '"a"[5m]', expected: [] },
  { text: "foo(x)[5m]", expected: [] },
  { text: "up offset 5m offset 5m", expected: [] },
];

/** Strings that nothing closes. */
const ofStrings: readonly { readonly title: string; readonly text: string; readonly expected: readonly string[] }[] = [
  { title: "in front of the brace", text: 'up{job="a}', expected: ['*up{job="a"}'] },
  { title: "of no character", text: 'up{job="}', expected: ['*up{job=""}'] },
  { title: "without the blanks", text: 'up{job="a }', expected: ['*up{job="a" }'] },
  {
    title: "in front of the first brace",
    text: 'sum(rate(x{a="b}[5m])) by (job)',
    expected: ['*sum(rate(x{a="b"}[5m])) by (job)'],
  },
  { title: "with another quote", text: "x{job='a\"}", expected: ["*x{job='a'}"] },
  {
    title: "with another quote, the other way round",
    text: "rate(x{job=\"a'}[5m])",
    expected: ['*rate(x{job="a"}[5m])'],
  },
  { title: "with another quote and a label behind", text: "x{job=\"a', b='c'}", expected: ["*x{job=\"a\", b='c'}"] },
  { title: "whose quotes are a pair", text: "x{a=\"b='c'}", expected: ["*x{a=\"b='c'\"}"] },
  { title: "with a label behind, or none", text: "x{a=\"b, c='d'}", expected: ["x{a=\"b\", c='d'}"] },
  { title: "whose comma has no label behind it", text: 'x{a="b, c}', expected: ['*x{a="b, c"}'] },
  { title: "with a comma at its end", text: 'x{a="b,}', expected: ['*x{a="b",}'] },
  { title: "with braces of its own", text: 'x{a=~"b{2}}', expected: ['*x{a=~"b{2}"}'] },
  { title: "with a variable", text: `x{a=~'\${job}}`, expected: [`*x{a=~'\${job}'}`] },
  { title: "so that the rest can be read", text: 'x{a="b}} + 1}', expected: ['*x{a="b}} + 1"}'] },
  { title: "in front of another selector", text: "x{a=\"b} / y{c='d'}", expected: ["*x{a=\"b\"} / y{c='d'}"] },
  { title: "with an escape", text: 'x{a="b\\"}', expected: ['*x{a="b\\""}'] },
  { title: "whose last backslash would take the quote", text: 'x{a="b\\', expected: [] },
  { title: "between backticks", text: "x{a=`b\\}\n + 1", expected: ["*x{a=`b\\`}\n + 1"] },
  { title: "over lines", text: 'sum(x{a="b}\n) by (job)', expected: ['*sum(x{a="b"}\n) by (job)'] },
  { title: "without its brace", text: 'x{a="b', expected: ['*x{a="b"'] },
  { title: "whose every nearer end leaves another open", text: 'x{a=`b}" + 1', expected: ['x{a=`b}" + 1`'] },
  { title: "alone", text: '"a)', expected: ['*"a)"'] },
  { title: "in front of a parenthesis", text: 'count_values("a)', expected: ['*count_values("a")'] },
  { title: "of an argument", text: 'count_values("a, x)', expected: ['count_values("a", x)'] },
  { title: "of an argument, with another quote", text: "count_values('a\", x)", expected: ["*count_values('a', x)"] },
  {
    title: "with parentheses of its own",
    text: 'sum(label_replace(x, "a", "$1", "b", "(.*)))',
    expected: ['*sum(label_replace(x, "a", "$1", "b", "(.*)"))'],
  },
  {
    title: "beside MetricsQL",
    text: 'x{a="b} keep_metric_names',
    expected: ['*x{a="b"} keep_metric_names'],
  },
];

function offered(text: string, place: Span, dialect: Dialect = "promql"): readonly string[] {
  const [problem] = expressionProblems(text.slice(place.from, place.to), dialect);
  assert.ok(problem !== undefined);
  const moved = { ...problem, from: problem.from + place.from, to: problem.to + place.from };
  const fixes = syntaxFixesOf(text, place, moved);
  assert.ok(fixes.filter(({ isPreferred }) => isPreferred).length <= 1);
  return fixes.map((fix) => {
    const all = applied(text, fix);
    return (fix.isPreferred ? "*" : "") + all.slice(place.from, all.length - text.length + place.to);
  });
}

for (const { text, expected } of ofExpressions) {
  test(`fixes ${text}`, () => {
    // As in a file, where something stands before the expression.
    assert.deepEqual(offered(`# %%\n${text}\n\n# %%\n`, { from: 5, to: 5 + text.length }), expected);
  });
}

for (const { title, text, expected } of ofStrings) {
  test(`closes a string ${title}`, () => {
    assert.deepEqual(offered(`# %%\n${text}\n\n# %%\n`, { from: 5, to: 5 + text.length }), expected);
  });
}

test("prefers no end of a string that has too many", () => {
  const text = `f("${"a, ".repeat(50)}b)`;
  assert.deepEqual(offered(text, { from: 0, to: text.length }), [text.replace(",", '",')]);
});

const surroundings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `# what it is\n${text}`,
  (text) => `sum(${text})`,
  (text) => `1 + (\n  ${text}\n) > 0`,
  (text) => `vector(1) / ${text}`,
  (text) => `label_replace(${text}, "a", "$1", "b", "(.*)")`,
];

test("what a fix makes of a text has no such problem at its place any more", () => {
  let count = 0;
  for (const { text: core } of [...ofExpressions, ...ofStrings]) {
    for (const surround of surroundings) {
      const text = surround(core);
      for (const dialect of ["promql", "metricsql"] as const) count += checkFixes(text, dialect);
    }
  }
  assert.ok(count > 300, `only ${count} fixes`);
});

/** How many fixes there are of all problems of a text. */
function checkFixes(text: string, dialect: Dialect): number {
  const fixes = expressionProblems(text, dialect).flatMap((problem) =>
    syntaxFixesOf(text, { from: 0, to: text.length }, problem).map((fix) => ({ problem, fix })),
  );
  for (const { problem, fix } of fixes) {
    const after = applied(text, fix);
    const left = expressionProblems(after, dialect).filter((one) => isSame(problem, fix, one));
    assert.deepEqual(left, [], `${fix.title}: ${text} -> ${after}`);
  }
  return fixes.length;
}

/** True if `after` is what `before` was, and begins where the edits moved that to. */
function isSame({ from, to: _, ...before }: SyntaxProblem, { edits }: QuickFix, after: SyntaxProblem): boolean {
  const { from: start, to: __, ...rest } = after;
  const moved = (isBehind: boolean) =>
    edits
      .filter((edit) => (isBehind ? edit.from <= from : edit.to < from))
      .reduce((sum, edit) => sum + edit.text.length - (edit.to - edit.from), from);
  // What was put right at its beginning may be a part of it or not.
  return JSON.stringify(before) === JSON.stringify(rest) && moved(false) <= start && start <= moved(true);
}

const pieces = [
  "x",
  "rate(",
  "sum(",
  "summ(",
  "topk(",
  "label_replace(",
  "holt_winters(",
  ")",
  "[5m]",
  "[5m:]",
  "{",
  "}",
];
const morePieces = [
  'a="b"',
  'a="b',
  "'",
  '"',
  "`",
  "\\",
  ", ",
  " + ",
  " > bool ",
  " and ",
  "-",
  "1",
  " by (a)",
  " offset 1h",
];

test("what a fix makes of any text has no such problem at its place any more", () => {
  const anyPiece = fc.constantFrom(...pieces, ...morePieces, "\n", "# c\n");
  const text = fc.array(anyPiece, { minLength: 2, maxLength: 9 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.constantFrom<Dialect>("promql", "metricsql"), (written, dialect) => {
      checkFixes(written, dialect);
    }),
    { numRuns: 2_000 },
  );
});

test("finds what may be shown for any server, each once", () => {
  const codes = (text: string) => problemsForAnyServer(text).map(({ code, from, to }) => `${code} ${from}-${to}`);
  assert.deepEqual(codes("rate(x[1.5h]"), ["metricsqlOnly 7-11", "unclosedBracket 12-12"]);
  assert.deepEqual(codes("rate(x[1h]"), ["unclosedBracket 10-10"]);
  assert.deepEqual(codes("foo(x) default"), ["metricsqlOnly 7-14", "unexpectedEnd 14-14"]);
  assert.deepEqual(codes("rate(x[1h])"), []);
});

const forMetricsql: readonly { readonly text: string; readonly expected: readonly string[] }[] = [
  { text: "rate(x[1.5h]", expected: ["*rate(x[1.5h])"] },
  { text: "rollup_rate(x[5m]", expected: ["*rollup_rate(x[5m])"] },
  { text: 'x{a="b" or c="d} keep_metric_names', expected: ['*x{a="b" or c="d"} keep_metric_names'] },
  // The last string has no end and would take the brace in.
  { text: 'sum(x{a="b}) by (job) == count_values("c", y)', expected: [] },
];

for (const { text, expected } of forMetricsql) {
  test(`fixes for a server that speaks MetricsQL ${text}`, () => {
    assert.deepEqual(offered(`# %%\n${text}\n`, { from: 5, to: 5 + text.length }, "metricsql"), expected);
  });
}

const ofFiles: readonly { readonly text: string; readonly expected: readonly string[] }[] = [
  { text: "# %% A\nup\ndown\n", expected: ["# %% A\nup\n# %%\ndown\n"] },
  { text: "up\ndown\n", expected: ["up\n\ndown\n"] },
  { text: "up\r\ndown\r\n", expected: ["up\r\n\r\ndown\r\n"] },
  { text: "# %% [markdown]\nup\n", expected: ["# %% [markdown]\n# %%\nup\n", "# %% [markdown]\n# up\n"] },
  { text: "# %%\n# @rnage 5m\nup\n", expected: ["# %%\n# @range 5m\nup\n"] },
  { text: "# %%\n# @range=5m\nup\n", expected: ["# %%\n# @range 5m\nup\n"] },
];

for (const { text, expected } of ofFiles) {
  test(`fixes ${JSON.stringify(text)}`, () => {
    const [problem] = parsePromqlFile(text).problems;
    assert.ok(problem !== undefined);
    const fixes = fixesOf(text, problem);
    assert.deepEqual(
      fixes.map((fix) => applied(text, fix)),
      expected,
    );
  });
}
