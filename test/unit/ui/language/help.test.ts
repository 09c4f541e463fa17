import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "marked";
import { promqlAggregations } from "../../../../src/promql/data/aggregations.ts";
import { directiveKeys } from "../../../../src/promql/data/directiveKeys.ts";
import { promqlFunctions } from "../../../../src/promql/data/functions.ts";
import { promqlKeywords } from "../../../../src/promql/data/keywords.ts";
import { type HelpPart, helpMarkdown, text } from "../../../../src/ui/language/helpParts.ts";
import { metricHelp, type SaidOfMetric } from "../../../../src/ui/language/metricHelp.ts";
import { durationHelp, momentHelp, numberHelp } from "../../../../src/ui/language/valueHelp.ts";
import { variableHelp } from "../../../../src/ui/language/variableHelp.ts";
import { callableHelp, directiveHelp, labelHelp, wordHelp } from "../../../../src/ui/language/wordHelp.ts";
import { hostileStrings } from "../../../support/hostileStrings.ts";

const lines = (parts: readonly HelpPart[]) => parts.map(({ content }) => content);

test("every name of the language has help", () => {
  const helps = [
    ...[...promqlFunctions.keys(), ...promqlAggregations.keys()].map(callableHelp),
    ...[...promqlKeywords.keys()].map(wordHelp),
    ...["+", "-", "*", "/", "%", "^", "==", "!=", "<", ">", "<=", ">=", "</", ">/", "=", "=~", "!~", "@"].map(wordHelp),
    ...directiveKeys.map(directiveHelp),
  ];
  for (const parts of helps)
    assert.ok(parts.length >= 2 && parts.every(({ content }) => content !== ""), lines(parts)[0]);
  assert.deepEqual(callableHelp("nothing"), []);
  assert.deepEqual(callableHelp("Rate"), []);
  assert.match(callableHelp("rollup_rate")[1]?.content ?? "", /MetricsQL/);
  assert.deepEqual(wordHelp("nothing"), []);
  assert.equal(labelHelp("le").length, 1);
});

test("what an experimental function and a flagged word need is said", () => {
  const limitk = lines(callableHelp("limitk")).join("\n");
  assert.match(limitk, /limitk\(k scalar, v instant-vector\)/);
  assert.match(limitk, /--enable-feature=promql-experimental-functions/);
  assert.doesNotMatch(lines(callableHelp("sum")).join("\n"), /enable-feature/);
  assert.match(lines(wordHelp("smoothed")).join("\n"), /--enable-feature=promql-extended-range-selectors/);
});

describe("values", () => {
  const table: readonly (readonly [parts: readonly HelpPart[], expected: string | undefined])[] = [
    [numberHelp(1e9, "1e9"), "`1e9` is 1,000,000,000."],
    [numberHelp(31, "0x1F"), "`0x1F` is 31."],
    [numberHelp(0.001, "1e-3"), "`1e-3` is 0.001."],
    [numberHelp(1e300, "1e300"), "`1e300` is 1e+300."],
    [numberHelp(1000, "1000"), "`1000` is 1,000."],
    [numberHelp(0.5, "0.5"), undefined],
    [numberHelp(Number.POSITIVE_INFINITY, "Inf"), undefined],
    [numberHelp(Number.NaN, "NaN"), undefined],
    [durationHelp(5400, "90m"), "`90m` is `1h30m`, 5,400 seconds."],
    [durationHelp(300, "5m"), "`5m` is 300 seconds."],
    [durationHelp(1, "1000ms"), "`1000ms` is `1s`, 1 second."],
    [durationHelp(0.25, "250ms"), "`250ms` is 0.25 seconds."],
    [durationHelp(300, "300"), "`300` is `5m`, 300 seconds."],
    [durationHelp(Number.NaN, "5x"), undefined],
    [momentHelp(1e300, "1e300"), undefined],
  ];
  for (const [parts, expected] of table) {
    test(expected ?? "that need no words", () => assert.equal(parts[0]?.content, expected));
  }

  test("moments are dates", () => {
    assert.match(lines(momentHelp(1609746000, "1609746000")).join(), /^`1609746000` is 2021-01-04T07:40:00Z, here /);
  });
});

describe("a variable", () => {
  const plain = { name: "job", format: undefined, inReplacement: false, definition: undefined };
  const definition = { value: "node", where: "here, in line 3" };
  const table: readonly (readonly [title: string, parts: readonly HelpPart[], expected: readonly string[]])[] = [
    ["with a value", variableHelp({ ...plain, definition }), ["$job", "Value: node", "Defined here, in line 3."]],
    [
      "with an empty one",
      variableHelp({ ...plain, definition: { ...definition, value: "" } }),
      ["$job", "Its value is empty.", "Defined here, in line 3."],
    ],
    [
      "in a replacement",
      variableHelp({ ...plain, inReplacement: true }),
      ["$job", "A group of the regular expression: no variable has this name here."],
    ],
  ];
  for (const [title, parts, expected] of table) test(title, () => assert.deepEqual(lines(parts), expected));

  test("that nothing defines is asked for", () => {
    assert.match(lines(variableHelp(plain)).join(), /a run asks for its value.*# @var job=value/);
  });
  test("of a run's own is explained", () => {
    assert.match(lines(variableHelp({ ...plain, name: "__rate_interval" })).join(), /each run computes/);
  });
  test("with a format says what that does", () => {
    assert.match(lines(variableHelp({ ...plain, definition, format: "regex" })).join(), /matches exactly/);
    assert.match(lines(variableHelp({ ...plain, definition, format: "raw" })).join(), /not known/);
  });
});

describe("a metric", () => {
  const said = (metadata: { type: string; help: string; unit: string } | undefined): SaidOfMetric => ({
    state: "said",
    server: "Local",
    metadata,
  });
  const table: readonly (readonly [title: string, parts: readonly HelpPart[], expected: readonly string[]])[] = [
    [
      "as its server describes it",
      metricHelp("a_seconds", said({ type: "gauge", help: "How long.\nIt takes.", unit: "hours" }), []),
      ["a_seconds", "gauge, says Local", "How long.\nIt takes.", "Unit: hours"],
    ],
    [
      "by its name where the server is not asked",
      metricHelp("a_bytes_total", { state: "notAsked" }, []),
      ["a_bytes_total", "By its name a counter.", "Unit: bytes, by its name."],
    ],
    [
      "that the server does not describe",
      metricHelp("a_seconds_bucket", said(undefined), []),
      [
        "a_seconds_bucket",
        "By its name the buckets of a classic histogram.",
        "Local has no type and help for it.",
        "Bounds in seconds, by its name.",
      ],
    ],
    [
      "whose server is slow",
      metricHelp("x", { state: "late", server: "Local" }, []),
      ["x", "Local has not answered yet."],
    ],
    [
      "whose server fails",
      metricHelp("x", { state: "failed", server: "Local" }, []),
      ["x", "Local could not be asked for its type and help."],
    ],
    ["with a name in quotes", metricHelp("my.metric", { state: "notAsked" }, []), ['{"my.metric"}']],
    [
      "of unknown type",
      metricHelp("x", said({ type: "unknown", help: "", unit: "" }), []),
      ["x", "of unknown type, says Local"],
    ],
  ];
  for (const [title, parts, expected] of table) test(title, () => assert.deepEqual(lines(parts), expected));

  test("has remarks behind it", () => {
    const parts = metricHelp("x", { state: "notAsked" }, [{ code: "rateOfGauge", function: "rate", metric: "x" }]);
    assert.match(parts.at(-1)?.content ?? "", /^Remark: it is a gauge, and `rate` takes/);
  });
});

describe("Markdown of help", () => {
  const bare = [
    "https://example.invalid/x",
    "www.example.invalid",
    "a@example.invalid",
    "ftp://example.invalid",
    "# head",
    "1. list",
    "    code",
    "> quote",
    "---",
    "===",
    "- a",
    "+ a",
    "2) a",
    "a\n---\nb\n===",
    "|a|b|\n|-|-|\n|c|d|",
  ];
  for (const hostile of [...bare, ...hostileStrings]) {
    test(`shows ${JSON.stringify(hostile.slice(0, 60))} as text`, () => {
      const markdown = helpMarkdown([
        ...metricHelp(
          hostile,
          { state: "said", server: hostile, metadata: { type: hostile, help: hostile, unit: hostile } },
          [],
        ),
        ...variableHelp({
          name: "x",
          format: undefined,
          inReplacement: false,
          definition: { value: hostile, where: "here" },
        }),
        text(hostile),
      ]);
      const html = parse(markdown, { async: false, gfm: true });
      const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag]) => tag));
      for (const tag of tags)
        assert.ok(tag === "p" || tag === "br" || tag === "pre" || tag === "code", `${tag} in ${html}`);
    });
  }

  test("ends somewhere", () => {
    assert.ok(
      helpMarkdown([text("a".repeat(1e6)), ...metricHelp("b".repeat(1e6), { state: "notAsked" }, [])]).length < 9000,
    );
  });

  test("keeps the lines of a text", () => {
    assert.equal(parse(helpMarkdown([text("a\nb")]), { async: false }).trim(), "<p>a<br>b</p>");
  });
});
