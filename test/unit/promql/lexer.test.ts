import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { promqlAggregations } from "../../../src/promql/data/aggregations.ts";
import { promqlFunctions } from "../../../src/promql/data/functions.ts";
import { isErrorToken, lexPromql } from "../../../src/promql/lexer.ts";
import { hasConformance, readEvaluatedExpressions, readParserCases } from "../../support/conformance.ts";
import { promqlText } from "../../support/promqlText.ts";

/** Tokens as `kind text`, one a line of the expectation. */
function shown(text: string): string[] {
  return lexPromql(text).map((token) => `${token.kind} ${text.slice(token.from, token.to)}`);
}

const cases: readonly { title: string; input: string; expected: readonly string[] }[] = [
  {
    title: "selector with every matcher",
    input: `http_requests:rate5m{code=~"5..", a!="b", c!~'d', e="f"}`,
    expected: [
      "identifier http_requests:rate5m",
      "open {",
      "identifier code",
      "operator =~",
      'string "5.."',
      "comma ,",
      "identifier a",
      "operator !=",
      'string "b"',
      "comma ,",
      "identifier c",
      "operator !~",
      "string 'd'",
      "comma ,",
      "identifier e",
      "operator =",
      'string "f"',
      "close }",
    ],
  },
  {
    title: "keywords and aggregations in any case, functions only as names",
    input: "SUM By (job) (Rate(x[5m])) AND on () group_left y",
    expected: [
      "aggregation SUM",
      "keyword By",
      "open (",
      "identifier job",
      "close )",
      "open (",
      "identifier Rate",
      "open (",
      "identifier x",
      "open [",
      "duration 5m",
      "close ]",
      "close )",
      "close )",
      "keyword AND",
      "keyword on",
      "open (",
      "close )",
      "keyword group_left",
      "identifier y",
    ],
  },
  {
    title: "no keyword inside a longer name, none in braces",
    input: "sum_total by_job offset1 {by=`x`, sum='y', Inf=\"1\"}",
    expected: [
      "identifier sum_total",
      "identifier by_job",
      "identifier offset1",
      "open {",
      "identifier by",
      "operator =",
      "string `x`",
      "comma ,",
      "identifier sum",
      "operator =",
      "string 'y'",
      "comma ,",
      "identifier Inf",
      "operator =",
      'string "1"',
      "close }",
    ],
  },
  {
    title: "numbers in every form",
    input: "1 5. .5 1.5e-3 1E+4 0x1F 0X_ff 1_000.2_5 Inf nan 0755",
    expected: ["1", "5.", ".5", "1.5e-3", "1E+4", "0x1F", "0X_ff", "1_000.2_5", "Inf", "nan", "0755"].map(
      (text) => `number ${text}`,
    ),
  },
  {
    title: "durations, single and compound",
    input: "5m 1h30m 100ms 1y2w3d4h5m6s7ms",
    expected: ["5m", "1h30m", "100ms", "1y2w3d4h5m6s7ms"].map((text) => `duration ${text}`),
  },
  {
    title: "numbers of MetricsQL",
    input: "8Gi 1.5KiB 2k 3MB 4T 1_000m 5M .5g 0b101 0o17",
    expected: ["8Gi", "1.5KiB", "2k", "3MB", "4T", "1_000m", "5M", ".5g", "0b101", "0o17"].map(
      (text) => `number ${text}`,
    ),
  },
  {
    title: "durations of MetricsQL",
    input: "5i 1.5h 1h2.5m 1D 5MS",
    expected: ["5i", "1.5h", "1h2.5m", "1D", "5MS"].map((text) => `duration ${text}`),
  },
  {
    title: "words that begin like a number are one error each",
    input: "2.5. 5mm 1__0 0x 1e 100..4 5.foo 5Gib7 0b2 1e3k",
    expected: ["2.5.", "5mm", "1__0", "0x", "1e", "100..4", "5.foo", "5Gib7", "0b2", "1e3k"].map(
      (text) => `badNumber ${text}`,
    ),
  },
  {
    title: "each form of Grafana's is one variable",
    input: `\${a.text} \${__from:date:iso} \${a.b c:csv} [[d:regex]] \${a.b`,
    expected: [
      `variable \${a.text}`,
      `variable \${__from:date:iso}`,
      `variable \${a.b c:csv}`,
      "variable [[d:regex]]",
      "unknown $",
      "open {",
      "identifier a",
      "unknown .",
      "identifier b",
    ],
  },
  {
    title: "the colon is a sign inside square brackets and part of a name elsewhere",
    input: "a:b[5m:step()] :c",
    expected: [
      "identifier a:b",
      "open [",
      "duration 5m",
      "colon :",
      "identifier step",
      "open (",
      "close )",
      "close ]",
      "identifier :c",
    ],
  },
  {
    title: "a parenthesis or square bracket ends braces that were left open",
    input: 'x{a="1") by (sum) y{b="2"[5m] and z',
    expected: [
      "identifier x",
      "open {",
      "identifier a",
      "operator =",
      'string "1"',
      "close )",
      "keyword by",
      "open (",
      "aggregation sum",
      "close )",
      "identifier y",
      "open {",
      "identifier b",
      "operator =",
      'string "2"',
      "open [",
      "duration 5m",
      "close ]",
      "keyword and",
      "identifier z",
    ],
  },
  {
    title: "operators, the longest first",
    input: "a</b>/c<=d>=e<f>g==h!=i^-1%2*3/4@5+6 atan2 7",
    expected: [
      "identifier a",
      "operator </",
      "identifier b",
      "operator >/",
      "identifier c",
      "operator <=",
      "identifier d",
      "operator >=",
      "identifier e",
      "operator <",
      "identifier f",
      "operator >",
      "identifier g",
      "operator ==",
      "identifier h",
      "operator !=",
      "identifier i",
      "operator ^",
      "operator -",
      "number 1",
      "operator %",
      "number 2",
      "operator *",
      "number 3",
      "operator /",
      "number 4",
      "operator @",
      "number 5",
      "operator +",
      "number 6",
      "keyword atan2",
      "number 7",
    ],
  },
  {
    title: "strings with escapes; a raw string keeps line ends and backslashes",
    input: "\"a\\\"b\\\\\" 'c\\'d' `e\\\n#f`",
    expected: ['string "a\\"b\\\\"', "string 'c\\'d'", "string `e\\\n#f`"],
  },
  {
    title: "an unterminated string ends at its line's end, a raw one at the text's end",
    input: "\"abc\\\r\nup 'x\ny `raw\nrest",
    expected: [
      'unterminatedString "abc\\',
      "identifier up",
      "unterminatedString 'x",
      "identifier y",
      "unterminatedString `raw\nrest",
    ],
  },
  {
    title: "comments end at any line end; # in a string begins none",
    input: '# a\rup # b "c\r\n"#d"',
    expected: ["comment # a", "identifier up", 'comment # b "c', 'string "#d"'],
  },
  {
    title: "variables in all forms, next to names and in the tightest places",
    input: `$a \${b} \${c:regex} [[d]] e_\${f}_g[$__rate_interval] h[[[i]]]`,
    expected: [
      "variable $a",
      `variable \${b}`,
      `variable \${c:regex}`,
      "variable [[d]]",
      "identifier e_",
      `variable \${f}`,
      "identifier _g",
      "open [",
      "variable $__rate_interval",
      "close ]",
      "identifier h",
      "open [",
      "variable [[i]]",
      "close ]",
    ],
  },
  {
    title: `$1, \${1} and [[1]] are no variables`,
    input: `$1 \${2} [[3]]`,
    expected: [
      "unknown $",
      "number 1",
      "unknown $",
      "open {",
      "number 2",
      "close }",
      "open [",
      "open [",
      "number 3",
      "close ]",
      "close ]",
    ],
  },
  {
    title: "unknown signs, one token a code point, after a byte order mark that is none",
    input: "\ufeffé~!😀\ufeff",
    expected: ["unknown é", "unknown ~", "unknown !", "unknown 😀", "unknown \ufeff"],
  },
];

test("tokens", () => {
  for (const { title, input, expected } of cases) assert.deepEqual(shown(input), expected, title);
});

test("a part of a text has the tokens of that part, at the offsets of the whole", () => {
  const text = "up + `a # %% b` + c";
  assert.deepEqual(lexPromql(text, 3, 8), [
    { kind: "operator", from: 3, to: 4 },
    { kind: "unterminatedString", from: 5, to: 8 },
  ]);
});

test("tokens and the whitespace between them are the text, whatever it is", () => {
  fc.assert(
    fc.property(promqlText(), (text) => {
      let at = 0;
      for (const token of lexPromql(text)) {
        assert.match(text.slice(at, token.from), /^\ufeff?[ \t\r\n]*$/);
        assert.ok(token.to > token.from);
        at = token.to;
      }
      assert.match(text.slice(at), /^\ufeff?[ \t\r\n]*$/);
    }),
    { numRuns: 500 },
  );
});

test("long hostile texts are read in one pass", () => {
  const size = 200_000;
  for (const unit of [
    "1",
    "1_",
    "1h",
    "$",
    `\${a`,
    "[[",
    "a",
    '"',
    "`",
    "'\\",
    "0x1",
    "1e",
    ".",
    "((",
    "#",
    `\${a.`,
    `\${a:`,
    "[[a:",
    "1.1h",
    "1.5",
    "8G",
  ]) {
    const text = unit.repeat(size);
    assert.equal(lexPromql(text).at(-1)?.to, text.length, unit);
    assert.equal(lexPromql(`${text}x`).at(-1)?.to, text.length + 1, unit);
  }
});

test("the tables are those of Prometheus 3.14", () => {
  assert.equal(promqlFunctions.size, 90);
  assert.equal([...promqlFunctions.values()].filter((one) => one.experimental).length, 17);
  assert.equal(promqlAggregations.size, 14);
  for (const { name, signature } of [...promqlFunctions.values(), ...promqlAggregations.values()])
    assert.ok(signature.startsWith(`${name}(`), name);
});

const conformance = { skip: !hasConformance() && "no conformance cases here" };

test("no valid expression of Prometheus' own tests has an error token", conformance, () => {
  const inputs = [
    ...readParserCases()
      .filter((one) => one.valid)
      .map((one) => one.input),
    ...readEvaluatedExpressions(),
  ];
  assert.ok(inputs.length > 1000);
  for (const input of inputs) assert.deepEqual(lexPromql(input).filter(isErrorToken), [], input);
});

test("every function that Prometheus' own tests call is in the tables", conformance, () => {
  for (const input of readEvaluatedExpressions()) {
    const tokens = lexPromql(input);
    tokens.forEach((token, i) => {
      const next = tokens[i + 1];
      if (token.kind !== "identifier" || next === undefined || input[next.from] !== "(") return;
      // `STEP()` in a duration has no case; functions proper are always written in lower case here.
      const name = input.slice(token.from, token.to).toLowerCase();
      assert.ok(promqlFunctions.has(name), `${name} in ${input}`);
    });
  }
});
