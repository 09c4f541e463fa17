import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type FormatOptions, formatExpression } from "../../../../src/promql/format/formatExpression.ts";
import { lexPromql } from "../../../../src/promql/lexer.ts";
import { parseExpression } from "../../../../src/promql/parser.ts";
import { withoutComments } from "../../../../src/promql/withoutComments.ts";
import {
  hasConformance,
  readEvaluatedExpressions,
  readParserCases,
  readPrettierCases,
} from "../../../support/conformance.ts";
import { promqlExpression } from "../../../support/promqlExpression.ts";
import { promqlText } from "../../../support/promqlText.ts";
import { syntaxShape } from "../../../support/syntaxShape.ts";

interface Row {
  readonly title: string;
  readonly input: string;
  /** `undefined`: left alone. */
  readonly expected: string | undefined;
  readonly maxWidth?: number;
}

/** Lines of a text that stand below each other in a test. */
const lines = (...all: readonly string[]) => all.join("\n");

const layouts: readonly Row[] = [
  { title: "blanks around operators", input: "a+b*-c", expected: "a + b * -c" },
  { title: "one line where it fits", input: "sum(\n  rate(\n    x[5m]\n  )\n)", expected: "sum(rate(x[5m]))" },
  { title: "no blank lines", input: "a\n\n\n+ b", expected: "a + b" },
  {
    title: "a call, an aggregation and brackets are split inside",
    input: "sum by(job) (rate((long_name)[1h:1m]))",
    maxWidth: 10,
    expected: lines("sum by (job) (", "  rate(", "    (", "      long_name", "    )[1h:1m]", "  )", ")"),
  },
  {
    title: "by stays where it stands",
    input: "sum(rate(x[5m]))by(job,  le)",
    maxWidth: 15,
    expected: lines("sum(", "  rate(x[5m])", ") by (job, le)"),
  },
  { title: "without labels", input: "sum without()(x)", expected: "sum without () (x)" },
  {
    title: "each side of an operator on lines of its own",
    input: "a / on(job)group_left(team) bbbb",
    maxWidth: 10,
    expected: lines("  a", "/ on (job) group_left (team)", "  bbbb"),
  },
  { title: "group_left without labels", input: "a/on(b)group_left c", expected: "a / on (b) group_left c" },
  {
    title: "what fills gaps",
    input: "a+on(b)fill_left(0)fill_right(-1)c",
    expected: "a + on (b) fill_left (0) fill_right (-1) c",
  },
  {
    title: "a sign stays at its operand",
    input: "- (long_name + other_name)",
    maxWidth: 10,
    expected: lines("-(", "    long_name", "  +", "    other_name", ")"),
  },
  {
    title: "a power behind a sign",
    input: "-long_name ^ other_name",
    maxWidth: 10,
    expected: lines("-long_name", "^", "  other_name"),
  },
  { title: "no arguments", input: "time (  )", maxWidth: 3, expected: "time()" },
  {
    title: "selectors are never split",
    input: 'http_requests_total{job="api",code=~"5..",  method != "GET" , }[5m]',
    maxWidth: 10,
    expected: 'http_requests_total{job="api", code=~"5..", method!="GET"}[5m]',
  },
  { title: "a quoted name", input: '{"http.requests",job="a"}', expected: '{"http.requests", job="a"}' },
  { title: "braces without matchers", input: "up { }", expected: "up{}" },
  { title: "modifiers in the author's order", input: "x  offset 5m  @ 1", expected: "x offset 5m @ 1" },
  { title: "time of a modifier", input: "x @start ( ) + y@- 1", expected: "x @ start() + y @ -1" },
  { title: "extended ranges", input: "x[5m]  anchored+y[5m]smoothed", expected: "x[5m] anchored + y[5m] smoothed" },
  { title: "arithmetic of durations", input: "x[5m*2+ (step( ))]", expected: "x[5m * 2 + (step())]" },
  { title: "durations of functions", input: "x[1h : max_of(step(),1m)]", expected: "x[1h:max_of(step(), 1m)]" },
  { title: "a signed offset", input: "x offset - 5m", expected: "x offset -5m" },
  {
    title: "reserved words are small",
    input: "SUM(a) BY (SUM) UNLESS b > BOOL 1",
    expected: "sum(a) by (SUM) unless b > bool 1",
  },
  { title: "but names are not", input: 'SUM{BY="c"} + BY', expected: 'SUM{BY="c"} + BY' },
  {
    title: "the author's strings, numbers, durations and matchers",
    input: "x{z='1',a=`\\d`}*0x1F+1e3+300s+1_000+.5",
    expected: "x{z='1', a=`\\d`} * 0x1F + 1e3 + 300s + 1_000 + .5",
  },
  { title: "a string over two lines", input: "vector( `a\n  b`)", expected: "vector(`a\n  b`)" },
];

const comments: readonly Row[] = [
  {
    title: "at the end of a line, and on lines of their own",
    input: "# first\nsum( # total\n# the rate\n# of all\nrate(x[5m])) # done",
    expected: lines("# first", "sum( # total", "  # the rate", "  # of all", "  rate(x[5m])", ") # done"),
  },
  {
    title: "around an operator",
    input: "a # one\n# two\n/ # three\n# four\nb",
    expected: lines("  a # one", "# two", "/ # three", "  # four", "  b"),
  },
  {
    title: "above the first operand of what is split",
    input: "sum(\n# left\na # x\n+ b)",
    expected: lines("sum(", "    # left", "    a # x", "  +", "    b", ")"),
  },
  {
    title: "what is beside a comment stays in one line",
    input: "sum(rate(a[5m])) # errors\n/ sum(rate(b[5m]))",
    expected: lines("  sum(rate(a[5m])) # errors", "/", "  sum(rate(b[5m]))"),
  },
  {
    title: "between arguments, commas first",
    input: "topk(5 # five\n, # of\na\n# last\n)",
    expected: lines("topk(", "  5, # five", "  # of", "  a", "  # last", ")"),
  },
  {
    title: "between matchers",
    input: 'x{a="1", # one\n# two\nb="2" # three\n}[5m]',
    expected: lines("x{", '  a="1", # one', "  # two", '  b="2" # three', "}[5m]"),
  },
  {
    title: "between labels",
    input: "sum by (a, # one\nb) (x)",
    expected: lines("sum by (", "  a, # one", "  b", ") (", "  x", ")"),
  },
  {
    title: "where no line would end",
    input: 'x # name\n{a="b"} # braces\n[5m # range\n]\n# above\noffset 5m + y',
    expected: lines(
      "  x # name",
      '    {a="b"} # braces',
      "    [5m # range",
      "    ]",
      "    # above",
      "    offset 5m",
      "+",
      "  y",
    ),
  },
  { title: "in brackets with nothing else", input: "time( # now\n)", expected: lines("time( # now", "  )") },
  { title: "every sign of them", input: "a #  é\t😀 \t\n+ b", expected: lines("  a #  é\t😀 \t", "+", "  b") },
  { title: "none in strings", input: 'x{a="# b"}+`#`', expected: 'x{a="# b"} + `#`' },
  {
    title: "one that looks like a separator never begins a line",
    input: "a\n  # %% Title\n+ b\n  ### Part\n- c",
    expected: lines("    a", "  # %% Title", "  +", "    b", " ### Part", "-", "  c"),
  },
  { title: "at the end of the text", input: "a\n# end", expected: lines("a", "# end") },
];

const variables: readonly Row[] = [
  {
    title: "in the place of everything",
    input: `$f($m{$l="$v",$matchers}[$__rate_interval]  offset $o)+\${x:regex}*[[y]]`,
    expected: `$f($m{$l="$v", $matchers}[$__rate_interval] offset $o) + \${x:regex} * [[y]]`,
  },
  { title: "as part of a name", input: `rate( http_$x_total[\${n}m])`, expected: `rate(http_$x_total[\${n}m])` },
  { title: "as an operator", input: "a  $Op  b", expected: "a $Op b" },
  { title: "as modifier", input: "x[5m]$shift", expected: "x[5m] $shift" },
  { title: "as labels", input: "sum by($a,$b)(x)", expected: "sum by ($a, $b) (x)" },
  { title: "one behind another", input: "$a  $b", expected: "$a $b" },
  { title: "where the tree does not hold all of them nothing is changed", input: "1  $b", expected: undefined },
];

const leftAlone: readonly Row[] = [
  { title: "unfinished", input: "sum(a +", expected: undefined },
  { title: "nothing", input: "", expected: undefined },
  { title: "only a comment", input: "# a", expected: undefined },
  { title: "two expressions", input: "a\n\nb", expected: undefined },
  { title: "only MetricsQL: an operator", input: "a  default  b", expected: undefined },
  { title: "only MetricsQL: a number", input: "8Gi+1", expected: undefined },
  { title: "only MetricsQL: WITH", input: "WITH (x = y) x", expected: undefined },
  { title: "an unknown escape", input: 'x{a="\\q"}  + 1', expected: undefined },
  { title: "deeper than is read", input: `${"(".repeat(5_000)}a${")".repeat(5_000)}`, expected: undefined },
];

for (const [name, rows] of Object.entries({ layouts, comments, variables, leftAlone })) {
  for (const { title, input, expected, maxWidth } of rows) {
    test(`${name}: ${title}`, () => {
      const options = maxWidth === undefined ? {} : { maxWidth };
      const formatted = formatExpression(input, undefined, options);
      assert.equal(formatted, expected);
      if (formatted !== undefined) assert.equal(formatExpression(formatted, undefined, options), formatted);
    });
  }
}

test("only what stands at the place is laid out, with the line ends that are wanted", () => {
  const text = "# a\r\nx*y # b\r\n/z\r\n# c\r\n";
  const place = { from: 5, to: text.indexOf("z") + 1 };
  assert.equal(formatExpression(text, place, { eol: "\r\n" }), "  x * y # b\r\n/\r\n  z");
});

const canonical: readonly { readonly input: string; readonly expected: string | undefined }[] = [
  { input: `x{b='1', a=\`"\\\`}`, expected: 'x{a="\\"\\\\",b="1"}' },
  { input: '{"a.b", "c.d"="e", "f"="g"}', expected: '{"c.d"="e",__name__="a.b",f="g"}' },
  { input: "'tab\\t é \\u200b'", expected: '"tab\\t é \\u200b"' },
  {
    input: "1e3 + 0x1F + 1e-7 + 1.5e22 + inf - Nan",
    expected: "1000 + 31 + 0.0000001 + 15000000000000000000000 + +Inf - NaN",
  },
  { input: "- 1 + + 2 - -Inf", expected: "-1 + 2 - -Inf" },
  {
    input: "x[300s] + x[90d] + x[14d] + x[365d] + x[1500ms] + 5400s",
    expected: "x[5m] + x[90d] + x[2w] + x[1y] + x[1s500ms] + 1h30m",
  },
  { input: "x offset 0s + x offset -300 + x offset (step())", expected: "x + x offset -5m + x offset (step())" },
  {
    input: 'sum(x) by (a, "b", "c.d") + min(x) by () + max(x) without ()',
    expected: 'sum by (a, b, "c.d") (x) + min(x) + max without () (x)',
  },
  { input: "a - ignoring() b - on() group_left c", expected: "a - b - on () group_left () c" },
  {
    input: "a + fill(1) b + fill_right(1) fill_left(2) c + fill_left(3) fill_right(3) d",
    expected: "a + fill (1) b + fill_left (2) fill_right (1) c + fill (3) d",
  },
  {
    input: "x offset 5m @ 1609746000 + x[5m] @ end() offset 1m + x[1h:] offset 1m @ 1.5",
    expected: "x @ 1609746000.000 offset 5m + x[5m] @ end() offset 1m + x[1h:] @ 1.500 offset 1m",
  },
  { input: "a # why\n+ b", expected: undefined },
];

for (const { input, expected } of canonical) {
  test(`the server's spelling: ${input}`, () => {
    const options = { canonical: true, maxWidth: 1_000 };
    assert.equal(formatExpression(input, undefined, options), expected);
    if (expected !== undefined) assert.equal(formatExpression(expected, undefined, options), expected);
  });
}

const skip = hasConformance() ? false : "no conformance cases on this machine";

test("Prometheus' own formatter tests: the same text", { skip }, () => {
  for (const { in: input, out, maxWidth } of readPrettierCases()) {
    assert.equal(formatExpression(input, undefined, { maxWidth, canonical: true }), out);
  }
});

test("Prometheus' own expressions: each is laid out, means the same, and is laid out the same again", { skip }, () => {
  const valid = readParserCases().flatMap(({ input, valid }) => (valid ? [input] : []));
  for (const input of [...readEvaluatedExpressions(), ...valid]) {
    for (const maxWidth of [100, 10]) assertKept(input, { maxWidth });
    const spelled = formatExpression(input, undefined, { canonical: true });
    if (spelled === undefined) assert.match(input, /#/);
    else assert.equal(formatExpression(spelled, undefined, { canonical: true }), spelled);
  }
});

test("expressions of every form are laid out, mean the same, keep their comments, and are laid out the same again", () => {
  fc.assert(
    fc.property(promqlExpression(), fc.constantFrom(0, 20, 100), (input, maxWidth) => {
      fc.pre(parseExpression(input).problems.length === 0);
      assertKept(input, { maxWidth });
    }),
    { numRuns: 500 },
  );
});

test("any text is laid out so that it means the same, or left alone", () => {
  fc.assert(
    fc.property(promqlText(), (input) => {
      if (formatExpression(input) !== undefined) assertKept(input, {});
    }),
    { numRuns: 1_000 },
  );
});

test("thousands of operands, levels and arguments are laid out, and not indented without end", () => {
  const chain = `a${" + a".repeat(10_000)}`;
  const formatted = formatExpression(chain) ?? "";
  assert.equal(formatted.replace(/\s+/g, " ").trim(), chain);
  assert.ok(formatted.split("\n").every((line) => line.length < 200));
  const deep = formatExpression(`${"abs(".repeat(900)}a${")".repeat(900)}`);
  assert.ok(deep !== undefined && deep.length < 1_000_000);
  for (const wide of [`sum by (${"a, ".repeat(150_000)}b) (x)`, `x{${'a="b", '.repeat(150_000)}c="d"}`]) {
    assert.equal(formatExpression(wide, undefined, { maxWidth: Number.POSITIVE_INFINITY }), wide);
  }
  const call = `label_join(x${", y".repeat(150_000)})`;
  assert.equal(formatExpression(call)?.split("\n").length, 150_003);
  const broken = `a${" # why\n+ a".repeat(10_000)}`;
  assert.equal(formatExpression(broken)?.split("# why").length, 10_001);
});

/** Parsed, the result is the same tree, with the same comments in the same order; laid out again, it is the same text. */
function assertKept(input: string, options: FormatOptions): void {
  const formatted = formatExpression(input, undefined, options);
  assert.ok(formatted !== undefined, input);
  assert.deepEqual(parseExpression(formatted).problems, []);
  assert.equal(shapeOf(formatted), shapeOf(input));
  assert.deepEqual(commentsOf(formatted), commentsOf(input));
  assert.equal(formatExpression(formatted, undefined, options), formatted);
}

function shapeOf(input: string): string {
  const text = withoutComments(input);
  // The case of reserved words, and blanks in the time of `@`.
  return syntaxShape(text, parseExpression(text).expression).toLowerCase().replace(/\s+/g, "");
}

function commentsOf(text: string): readonly string[] {
  return lexPromql(text).flatMap(({ kind, from, to }) => (kind === "comment" ? [text.slice(from, to)] : []));
}
