import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { quotedTextValue, textValue } from "../../../src/promql/directiveValue.ts";
import { resolveDirectives } from "../../../src/promql/effectiveDirectives.ts";
import { parsePromqlFile } from "../../../src/promql/file.ts";
import type { Problem } from "../../../src/promql/problems.ts";
import { promqlText } from "../../support/promqlText.ts";

/** A file of one block with `lines` above its expression. */
function inBlock(...lines: string[]): string {
  return ["# %%", ...lines, "up"].join("\n");
}

function directivesOf(text: string) {
  return parsePromqlFile(text).blocks.flatMap((block) => block.directives);
}

function problemsOf(text: string): readonly Problem[] {
  return parsePromqlFile(text).problems;
}

function effective(text: string, index = 0) {
  const file = parsePromqlFile(text);
  const block = file.blocks[index];
  assert.ok(block !== undefined);
  return resolveDirectives(file, block);
}

const lines: readonly { line: string; expected: readonly [key: string, value: unknown][] }[] = [
  { line: "# @connection prod-eu", expected: [["connection", "prod-eu"]] },
  { line: "#@mode instant", expected: [["mode", "instant"]] },
  { line: "#\t@mode\trange\t", expected: [["mode", "range"]] },
  { line: "  # @range 6h", expected: [["range", 21_600_000]] },
  {
    line: "# @range 1h30m  @step 1m",
    expected: [
      ["range", 5_400_000],
      ["step", 60_000],
    ],
  },
  { line: "# @step 15", expected: [["step", 15_000]] },
  {
    line: "# @start now-6h @end 2026-01-02T03:04:05Z",
    expected: [
      ["start", { kind: "now", offsetMs: -21_600_000 }],
      ["end", { kind: "at", time: Date.UTC(2026, 0, 2, 3, 4, 5) }],
    ],
  },
  { line: "# @time 2026-01-02 03:04:05Z", expected: [["time", { kind: "at", time: Date.UTC(2026, 0, 2, 3, 4, 5) }]] },
  { line: "# @time 1435781451.5", expected: [["time", { kind: "at", time: 1_435_781_451_500 }]] },
  { line: "# @title Errors @ the edge", expected: [["title", "Errors @ the edge"]] },
  { line: "# @title mail me@step 5 @unitless", expected: [["title", "mail me@step 5 @unitless"]] },
  {
    line: '# @title "a @step b" @unit s',
    expected: [
      ["title", "a @step b"],
      ["unit", "s"],
    ],
  },
  {
    line: '# @title Disk "a @step b" of c @unit s',
    expected: [
      ["title", 'Disk "a @step b" of c'],
      ["unit", "s"],
    ],
  },
  {
    line: '# @title "say \\"hi\\" \\\\ @step" @unit s',
    expected: [
      ["title", 'say "hi" \\ @step'],
      ["unit", "s"],
    ],
  },
  {
    line: '# @title 5" disk @unit bytes',
    expected: [
      ["title", '5" disk'],
      ["unit", "bytes"],
    ],
  },
  { line: '# @title "a" and "b"', expected: [["title", '"a" and "b"']] },
  { line: '# @legend ""', expected: [["legend", ""]] },
  { line: '# @title "a @stp b"', expected: [["title", "a @stp b"]] },
  { line: "# @title errors @home @end() @mail:", expected: [["title", "errors @home @end() @mail:"]] },
  { line: "# @legend {{instance}} {{job}}", expected: [["legend", "{{instance}} {{job}}"]] },
  {
    line: "# @view heatmap @max-series 50",
    expected: [
      ["view", "heatmap"],
      ["max-series", 50],
    ],
  },
  { line: "# @var job=api", expected: [["var", { name: "job", value: "api" }]] },
  { line: "# @var job = api|web server", expected: [["var", { name: "job", value: "api|web server" }]] },
  {
    line: '# @var q="a @step b" @var r=',
    expected: [
      ["var", { name: "q", value: "a @step b" }],
      ["var", { name: "r", value: "" }],
    ],
  },
  { line: "# see @range", expected: [] },
  { line: "## @range 6h", expected: [] },
  { line: "# @ start()", expected: [] },
  { line: "# @end() of that", expected: [] },
  { line: "# @someone: look", expected: [] },
];

test("directive lines", () => {
  for (const { line, expected } of lines) {
    const text = inBlock(line);
    assert.deepEqual(
      directivesOf(text).map(({ key, value }) => [key, value?.value]),
      expected,
      line,
    );
    assert.deepEqual(
      problemsOf(text).filter((one) => one.code !== "timeOnlyForInstant"),
      [],
      line,
    );
  }
});

test("a directive behind code and between its lines counts too", () => {
  assert.deepEqual(
    directivesOf("sum( # @unit s\n# @step 5s\nup)").map((one) => one.key),
    ["unit", "step"],
  );
});

test("each directive knows its places", () => {
  const text = inBlock("#  @step   1m \t @unit percentunit");
  const places = directivesOf(text).map(({ from, to, keySpan, valueSpan }) =>
    [{ from, to }, keySpan, valueSpan].map((span) => text.slice(span.from, span.to)),
  );
  assert.deepEqual(places, [
    ["@step   1m", "step", "1m"],
    ["@unit percentunit", "unit", "percentunit"],
  ]);
});

test("Markdown blocks and strings have no directives", () => {
  assert.deepEqual(directivesOf("# %% [markdown]\n# @range 6h"), []);
  assert.deepEqual(directivesOf("# %%\n`\n# @range 6h\n`"), []);
});

const wrong: readonly { line: string; expected: object; at: string }[] = [
  { line: "# @rnage 6h", expected: { code: "unknownDirective", key: "rnage", suggestion: "range" }, at: "@rnage" },
  { line: "# @Range 6h", expected: { code: "unknownDirective", key: "Range", suggestion: "range" }, at: "@Range" },
  {
    line: "# @maxseries 6",
    expected: { code: "unknownDirective", key: "maxseries", suggestion: "max-series" },
    at: "@maxseries",
  },
  {
    line: "# @dashboard x",
    expected: { code: "unknownDirective", key: "dashboard", suggestion: undefined },
    at: "@dashboard",
  },
  {
    line: "# @max_series 10",
    expected: { code: "unknownDirective", key: "max_series", suggestion: "max-series" },
    at: "@max_series",
  },
  {
    line: "# @title Foo @stp 1m",
    expected: { code: "unknownDirective", key: "stp", suggestion: "step", within: "title" },
    at: "@stp",
  },
  {
    line: "# @var job=api @step=1m",
    expected: { code: "unknownDirective", key: "step=", suggestion: "step", within: "var" },
    at: "@step=",
  },
  {
    line: "# @var __rate_interval=10m",
    expected: { code: "builtinVariable", name: "__rate_interval" },
    at: "@var __rate_interval=10m",
  },
  { line: "# @range=6h", expected: { code: "unknownDirective", key: "range=", suggestion: "range" }, at: "@range=" },
  { line: "# @range", expected: { code: "badValue", key: "range", value: "", expected: "duration" }, at: "@range" },
  { line: "# @range six", expected: { code: "badValue", key: "range", value: "six", expected: "duration" }, at: "six" },
  { line: "# @step 0", expected: { code: "badValue", key: "step", value: "0", expected: "duration" }, at: "0" },
  {
    line: "# @range 6h @stpe 5",
    expected: { code: "badValue", key: "range", value: "6h @stpe 5", expected: "duration" },
    at: "6h @stpe 5",
  },
  { line: "# @mode both", expected: { code: "badValue", key: "mode", value: "both", expected: "mode" }, at: "both" },
  { line: "# @view graph", expected: { code: "badValue", key: "view", value: "graph", expected: "view" }, at: "graph" },
  {
    line: "# @start yesterday",
    expected: { code: "badValue", key: "start", value: "yesterday", expected: "time" },
    at: "yesterday",
  },
  {
    line: "# @max-series all",
    expected: { code: "badValue", key: "max-series", value: "all", expected: "positiveInteger" },
    at: "all",
  },
  {
    line: "# @var 1a=b",
    expected: { code: "badValue", key: "var", value: "1a=b", expected: "assignment" },
    at: "1a=b",
  },
  {
    line: "# @connection",
    expected: { code: "badValue", key: "connection", value: "", expected: "text" },
    at: "@connection",
  },
  { line: "# @title @unit s", expected: { code: "badValue", key: "title", value: "", expected: "text" }, at: "@title" },
  { line: "# @range 1h @start now-2h", expected: { code: "startEndBeatRange" }, at: "@range 1h" },
  { line: "# @time now", expected: { code: "timeOnlyForInstant" }, at: "@time now" },
  { line: "# @mode range @time now", expected: { code: "timeOnlyForInstant" }, at: "@time now" },
  { line: "# @unit s @unit ms", expected: { code: "duplicateDirective", key: "unit", name: undefined }, at: "@unit s" },
  {
    line: "# @var a=1 @var b=2 @var a=3",
    expected: { code: "duplicateDirective", key: "var", name: "a" },
    at: "@var a=1",
  },
];

test("what is wrong with a directive is said at its place", () => {
  for (const { line, expected, at } of wrong) {
    const text = inBlock(line);
    const [{ from, to, ...problem }, ...others] = problemsOf(text) as [Problem, ...Problem[]];
    assert.deepEqual(others, [], line);
    assert.deepEqual(problem, expected, line);
    assert.equal(text.slice(from, to), at, line);
  }
});

test("a wrong value has no effect and hides no right one", () => {
  const text = inBlock("# @step 1m", "# @step soon");
  assert.equal(effective(text).stepMs, 60_000);
  assert.deepEqual(
    problemsOf(text).map((one) => one.code),
    ["badValue"],
  );
});

test("a block beats the prologue, a later directive an earlier one", () => {
  const text = [
    "# @connection dev @range 6h @unit s @var a=1 @var b=2",
    "",
    "# %% First",
    "# @unit bytes @var b=3 @step 1m",
    "up",
    "# %% Second",
    "# @title Other",
    "# @unit ms",
    "# @unit bits",
    "up",
  ].join("\n");
  const { sources, ...first } = effective(text, 0);
  assert.deepEqual(first, {
    connection: "dev",
    mode: undefined,
    rangeMs: 21_600_000,
    start: undefined,
    end: undefined,
    time: undefined,
    stepMs: 60_000,
    title: "First",
    legend: undefined,
    unit: "bytes",
    view: undefined,
    maxSeries: undefined,
    vars: new Map([
      ["a", "1"],
      ["b", "3"],
    ]),
  });
  assert.equal(sources.get("connection")?.from, 2);
  assert.equal(effective(text, 1).unit, "bits");
  assert.equal(effective(text, 1).title, "Other");
});

test("windows: @start beats @range, a block's @range beats the prologue's @start", () => {
  const table: readonly {
    prologue: string;
    block: string;
    expected: readonly [start: string, end: string, rangeMs: number | undefined];
  }[] = [
    { prologue: "", block: "@range 2h", expected: ["-", "-", 7_200_000] },
    { prologue: "", block: "@range 2h @end now-1h", expected: ["-", "now", 7_200_000] },
    { prologue: "", block: "@range 2h @start now-1h", expected: ["now", "-", undefined] },
    { prologue: "@range 2h", block: "@start now-1h", expected: ["now", "-", undefined] },
    { prologue: "@start now-1h @end now", block: "", expected: ["now", "now", undefined] },
    { prologue: "@start now-1h @end now", block: "@range 2h", expected: ["-", "now", 7_200_000] },
    { prologue: "@start 0 @end 10", block: "@start now-1h", expected: ["now", "at", undefined] },
  ];
  for (const { prologue, block, expected } of table) {
    const { start, end, rangeMs } = effective(`# ${prologue}\n\n# %%\n# ${block}\nup`);
    assert.deepEqual([start?.kind ?? "-", end?.kind ?? "-", rangeMs], expected, `${prologue} / ${block}`);
  }
});

test("@time is for what runs as instant, by its mode, by its answer or because somebody says so", () => {
  assert.deepEqual(effective(inBlock("# @mode instant @time now")).time, { kind: "now", offsetMs: 0 });
  assert.deepEqual(effective(inBlock("# @time now")).time, { kind: "now", offsetMs: 0 });
  assert.deepEqual(problemsOf("# @time now\nup[5m] offset 1h"), []);
  assert.deepEqual(problemsOf("# @time now\n\n# %%\n# @mode range\nup[5m]"), []);
  assert.deepEqual(problemsOf("# @time now\n\n# %%\n# @mode instant\nup"), []);
  assert.deepEqual(problemsOf("# @mode instant\n\n# %%\n# @time now\nup"), []);
  assert.deepEqual(
    problemsOf("# @time now\n\n# %%\nup").map((one) => one.code),
    ["timeOnlyForInstant"],
  );
});

test("titles: @title of the block, its separator, @title of the prologue", () => {
  assert.equal(effective("# @title All\n\n# %% Sep\n# @title Own\nup").title, "Own");
  assert.equal(effective("# @title All\n\n# %% Sep\nup").title, "Sep");
  assert.equal(effective("# @title All\n\n# %%\nup").title, "All");
  assert.equal(effective("up").title, undefined);
});

test("directives lie inside their line and any text has a meaning", () => {
  fc.assert(
    fc.property(promqlText(), (text) => {
      const file = parsePromqlFile(`# @step 1m ${text}`);
      for (const block of file.blocks) resolveDirectives(file, block);
      for (const { from, to, keySpan, valueSpan } of [file.prologue, ...file.blocks].flatMap((one) => one.directives)) {
        assert.ok(from < keySpan.from && keySpan.to <= valueSpan.from && valueSpan.from <= valueSpan.to);
        assert.ok(Math.max(keySpan.to, valueSpan.to) >= to);
      }
    }),
  );
});

test("a line of many directives and quotes is read in one pass", () => {
  assert.equal(directivesOf(inBlock(`# @title ${'@" '.repeat(50_000)}`)).length, 1);
  assert.equal(directivesOf(inBlock(`# @title x ${'@unit \\" '.repeat(50_000)}`)).length, 50_001);
});

describe("a text that is written as a directive's value", () => {
  const texts = ["plain", "a @step 5m", "@range 5m", '"q"', '5" disk', "a \\ b", "", "# x", "a:b=c", "\\"];
  for (const text of texts) {
    test(`is read again: ${JSON.stringify(text)}`, () => {
      for (const value of [textValue(text), quotedTextValue(text)]) {
        const [block] = parsePromqlFile(`# %%\n# @title ${value}\nup\n`).blocks;
        assert.deepEqual(
          block?.directives.map(({ value }) => value),
          [{ key: "title", value: text }],
        );
      }
    });
  }

  test("is one line, and bare where it can be", () => {
    assert.equal(textValue(" a\n b\u0000"), "a b");
    assert.equal(quotedTextValue("a\nb"), '"a b"');
  });
});
