import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { builtinVariableNames } from "../../../src/promql/data/builtinVariables.ts";
import { builtinVariables } from "../../../src/query/builtinVariables.ts";
import { substituteVariables } from "../../../src/query/variables.ts";
import { promqlText } from "../../support/promqlText.ts";

const values = new Map([
  ["job", "api"],
  ["host", "a.b:9100"],
  ["m", "up"],
  ["list", "a,b"],
  ["none", ""],
]);

const cases: readonly { title: string; input: string; expected: string; undefinedNames?: readonly string[] }[] = [
  { title: "nothing to do", input: "sum(up) # $job", expected: "sum(up) # $job" },
  { title: "all forms", input: `$m + \${m} + [[m]]`, expected: "up + up + up" },
  {
    title: "in strings of every kind",
    input: `x{a="$job",b='\${job}',c=\`[[job]]\`}`,
    expected: `x{a="api",b='api',c=\`api\`}`,
  },
  { title: "next to names", input: `a_\${job}_b{$job='1'}`, expected: "a_api_b{api='1'}" },
  {
    title: "the longest name counts",
    input: "$jobs $job1 $job-1",
    expected: "$jobs $job1 api-1",
    undefinedNames: ["jobs", "job1"],
  },
  {
    title: "in a range",
    input: "rate(x[$w:$s]) + y[[[w]]]",
    expected: "rate(x[$w:$s]) + y[[[w]]]",
    undefinedNames: ["w", "s"],
  },
  {
    title: "numbers are never names",
    input: `label_replace(x, "a", "$1-\${2}", "b", "(.*)") + "$0"`,
    expected: `label_replace(x, "a", "$1-\${2}", "b", "(.*)") + "$0"`,
  },
  {
    title: "an undefined name in a replacement is a group",
    input: `label_replace($m, "a", "$group/$job", "$src", "(?P<group>$rest)")`,
    expected: `label_replace(up, "a", "$group/api", "$src", "(?P<group>$rest)")`,
    undefinedNames: ["src", "rest"],
  },
  {
    title: "the replacement is the third argument, whatever commas stand in the others",
    input: `label_replace(max by (a, b) (x{c="d,e", f="g"}), "a", "$group", "b", "") + label_join(x, "a", "$other")`,
    expected: `label_replace(max by (a, b) (x{c="d,e", f="g"}), "a", "$group", "b", "") + label_join(x, "a", "$other")`,
    undefinedNames: ["other"],
  },
  {
    title: "a call inside the replacement's place is not the replacement",
    input: `label_replace(x, "a", f("$g"))`,
    expected: `label_replace(x, "a", f("$g"))`,
    undefinedNames: ["g"],
  },
  { title: "comments hold no references", input: "x # $job\n+ $m", expected: "x # $job\n+ up" },
  { title: "a # in a string is no comment", input: `x{a="# $job"}`, expected: `x{a="# api"}` },
  { title: "an empty value", input: "a$none{}", expected: "a{}" },
  {
    title: "[[ ]] with anything but a name",
    input: `"[[:alpha:]] [[ job ]] [[a:z]] [job]"`,
    expected: `"[[:alpha:]] [[ job ]] [[a:z]] [job]"`,
  },
  {
    title: "other forms are groups in a replacement, and no names of ours",
    input: `label_replace(x, "a", "\${job.x} [[job:json]]", "b", "\${1.x} \${} \${.x}")`,
    expected: `label_replace(x, "a", "\${job.x} [[job:json]]", "b", "\${1.x} \${} \${.x}")`,
  },
  { title: "an unterminated string", input: `x{a="$job`, expected: `x{a="api` },
  { title: "pipe and csv insert one value as it is", input: `\${list:pipe} \${list:csv}`, expected: "a,b a,b" },
  { title: "regex in a quoted string", input: `x{a=~"\${host:regex}"}`, expected: `x{a=~"a\\\\.b:9100"}` },
  { title: "regex in a raw string", input: `x{a=~\`\${host:regex}\`}`, expected: "x{a=~`a\\.b:9100`}" },
  { title: "a value is not searched again", input: "$m", expected: "up" },
];

test("substitution", () => {
  for (const { title, input, expected, undefinedNames = [] } of cases) {
    const result = substituteVariables(input, values);
    assert.equal(result.text, expected, title);
    assert.deepEqual(result.undefinedNames, undefinedNames, title);
    assert.equal(result.refusal, undefined, title);
  }
  assert.equal(
    substituteVariables(
      "$a",
      new Map([
        ["a", "$b"],
        ["b", "c"],
      ]),
    ).text,
    "$b",
  );
});

const definedCases: readonly {
  title: string;
  definitions: Readonly<Record<string, string>>;
  input: string;
  expected: string;
  undefinedNames?: readonly string[];
}[] = [
  {
    title: "a definition refers to others and to values, in any order",
    definitions: { sel: 'job="$name", host=~"$host"', name: `\${job}-$env`, env: "prod" },
    input: "up{$sel}",
    expected: 'up{job="api-prod", host=~"a.b:9100"}',
  },
  { title: "a definition beats a value", definitions: { job: "web" }, input: "$job", expected: "web" },
  {
    title: "a name without value is wanted from inside a definition",
    definitions: { a: "$b + $missing", b: "$other" },
    input: "$a",
    expected: "$other + $missing",
    undefinedNames: ["other", "missing"],
  },
  {
    title: "regex in a definition is for the string that the definition comes to stand in",
    definitions: { pattern: `\${host:regex}|x`, matcher: `h=~"\${host:regex}"` },
    input: `x{a=~"$pattern", b=~\`$pattern\`, $matcher}`,
    expected: `x{a=~"a\\\\.b:9100|x", b=~\`a\\.b:9100|x\`, h=~"a\\\\.b:9100"}`,
  },
  {
    title: "regex of a definition escapes what it became",
    definitions: { full: "$m.$job" },
    input: `x{a=~\`\${full:regex}\`}`,
    expected: "x{a=~`up\\.api`}",
  },
  {
    title: "a # in a definition for a string begins no comment",
    definitions: { tag: "#$job", code: "x # $job" },
    input: `x{a="$tag"} + $code`,
    expected: `x{a="#api"} + x # $job`,
  },
  {
    title: "what stands for a replacement keeps the replacement's groups",
    definitions: { to: "$group-$job" },
    input: `label_replace(x, "a", "$to", "b", "")`,
    expected: `label_replace(x, "a", "$group-api", "b", "")`,
  },
];

test("definitions with references of their own", () => {
  for (const { title, definitions, input, expected, undefinedNames = [] } of definedCases) {
    const result = substituteVariables(input, values, new Map(Object.entries(definitions)));
    assert.equal(result.text, expected, title);
    assert.deepEqual(result.undefinedNames, undefinedNames, title);
    assert.equal(result.refusal, undefined, title);
  }
});

test("a place in what a definition became is the reference that asked for it", () => {
  const { text, mapToOriginal } = substituteVariables("1 + $a", new Map([["c", "xyz"]]), new Map([["a", "$c!"]]));
  assert.equal(text, "1 + xyz!");
  assert.deepEqual(mapToOriginal(6), { from: 4, to: 6 });
});

test("what cannot be filled in is refused, and asks for no name", () => {
  const doubling = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`v${i}`, `$v${i + 1}$v${i + 1}`]));
  const chain = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`v${i}`, `$v${i + 1}`]));
  const table: readonly { input: string; definitions: Readonly<Record<string, string>>; expected: object }[] = [
    { input: "$a", definitions: { a: "$b", b: "x$a" }, expected: { what: "variableCycle", detail: "a" } },
    { input: `"$a"`, definitions: { a: "$a" }, expected: { what: "variableCycle", detail: "a" } },
    { input: "$v0", definitions: { ...doubling, v40: "xy" }, expected: { what: "variableSize", detail: "v24" } },
    { input: "$v0", definitions: { ...chain, v5000: "x" }, expected: { what: "variableSize", detail: "v100" } },
    ...[`\${job.text}`, `\${job.text:regex}`, `\${__from:date:iso}`, `\${d:date:YYYY-MM}`, "[[job:regex]]"].flatMap(
      (form) => [
        { input: `x{a="${form}"}`, definitions: {}, expected: { what: "variableForm", detail: form } },
        { input: `x{${form}}`, definitions: {}, expected: { what: "variableForm", detail: form } },
        { input: "x{a='$b'}", definitions: { b: form }, expected: { what: "variableForm", detail: form } },
      ],
    ),
  ];
  for (const { input, definitions, expected } of table) {
    const result = substituteVariables(input, new Map(), new Map(Object.entries(definitions)));
    assert.deepEqual(result.refusal, expected, input);
    assert.deepEqual(result.undefinedNames, [], input);
  }
});

test("an unknown format inserts the value", () => {
  assert.equal(substituteVariables(`x + \${m:glob}`, values).text, "x + up");
});

/** Reads a PromQL string literal as Prometheus does, for the escapes that we write. */
function unquoted(literal: string): string {
  const inside = literal.slice(1, -1);
  return literal.startsWith("`")
    ? inside
    : inside.replace(/\\([\\"'nr])/g, (_, sign: string) => ({ n: "\n", r: "\r" })[sign] ?? sign);
}

test("a regex-formatted value matches exactly itself, in every kind of string", () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('"', "'", "`"), (value, quote) => {
      const { text } = substituteVariables(`${quote}\${v:regex}${quote}`, new Map([["v", value]]));
      const pattern = unquoted(text);
      assert.ok(new RegExp(`^(?:${pattern})$`, "s").test(value), text);
      assert.ok(!new RegExp(`^(?:${pattern})$`, "s").test(`${value}x`), text);
    }),
  );
});

/** Finds for each offset of the sent text its place in the original by building both side by side, sign for sign. */
function naiveMap(parts: readonly (string | { reference: string; value: string })[]) {
  const places: { from: number; to: number }[] = [];
  let original = "";
  let sent = "";
  for (const part of parts) {
    if (typeof part === "string") {
      for (let i = 0; i < part.length; i++) places.push({ from: original.length + i, to: original.length + i });
      original += part;
      sent += part;
    } else {
      for (let i = 0; i < part.value.length; i++)
        places.push({ from: original.length, to: original.length + part.reference.length });
      original += part.reference;
      sent += part.value;
    }
  }
  places.push({ from: original.length, to: original.length });
  return { original, sent, places };
}

const part = fc.oneof(
  fc.constantFrom("up", " + ", "\n", "é", "😀", "\r\n", "花", '"a"', " "),
  fc.constantFrom<{ reference: string; name: "a" | "b" | "c" }>(
    { reference: "$a", name: "a" },
    { reference: `\${b}`, name: "b" },
    { reference: "[[c]]", name: "c" },
  ),
);

test("places map back as a sign-for-sign construction says", () => {
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 12 }),
      fc.record({
        a: fc.constantFrom("", "1", "é\n2"),
        b: fc.constantFrom("", "😀"),
        c: fc.constantFrom("y", "z\n\nz"),
      }),
      (raw, byName) => {
        // A blank behind each reference keeps `$a` from growing into the next part.
        const parts = raw.flatMap((one) =>
          typeof one === "string" ? [one] : [{ reference: one.reference, value: byName[one.name] }, " "],
        );
        const { original, sent, places } = naiveMap(parts);
        const result = substituteVariables(original, new Map(Object.entries(byName)));
        assert.equal(result.text, sent);
        places.forEach((expected, offset) => {
          assert.deepEqual(result.mapToOriginal(offset), expected, `offset ${offset}`);
          if (/[\udc00-\udfff]/.test(sent.charAt(offset))) return;
          const before = sent.slice(0, offset);
          const line = before.split("\n").length;
          const column = Buffer.byteLength(before.slice(before.lastIndexOf("\n") + 1), "utf8") + 1;
          assert.deepEqual(result.mapFromUtf8Position({ line, column }), expected, `${line}:${column}`);
        });
      },
    ),
    { numRuns: 500 },
  );
});

test("a server's place outside the text counts as an end, inside a character as its start", () => {
  const { mapFromUtf8Position, mapToOriginal } = substituteVariables("é\nab", new Map());
  const at = (line: number, column: number) => mapFromUtf8Position({ line, column }).from;
  assert.deepEqual(
    [at(1, 1), at(1, 2), at(1, 3), at(1, 99), at(2, 1), at(2, 3), at(2, 99), at(9, 1), at(0, 0)],
    [0, 0, 1, 1, 2, 4, 4, 4, 0],
  );
  assert.deepEqual([mapToOriginal(-1).from, mapToOriginal(99).from], [0, 4]);
});

test("without values every text is sent as it is", () => {
  fc.assert(fc.property(promqlText(), (text) => assert.equal(substituteVariables(text, new Map()).text, text)));
});

const hour = 3_600_000;

test("built-in variables, by Grafana's formulas with exact durations", () => {
  const table: readonly {
    rangeMs: number;
    stepMs: number;
    minStepMs: number;
    expected: readonly [interval: string, rate: string, range: string];
  }[] = [
    { rangeMs: hour, stepMs: 15_000, minStepMs: 15_000, expected: ["15s", "1m", "1h"] },
    { rangeMs: 6 * hour, stepMs: 20_000, minStepMs: 15_000, expected: ["20s", "1m", "6h"] },
    { rangeMs: 24 * hour, stepMs: 60_000, minStepMs: 15_000, expected: ["1m", "1m15s", "1d"] },
    { rangeMs: 168 * hour, stepMs: 600_000, minStepMs: 15_000, expected: ["10m", "10m15s", "1w"] },
    { rangeMs: 720 * hour, stepMs: 1_800_000, minStepMs: 15_000, expected: ["30m", "30m15s", "30d"] },
    { rangeMs: 24 * hour, stepMs: 120_000, minStepMs: 120_000, expected: ["2m", "8m", "1d"] },
    { rangeMs: 24 * hour, stepMs: 90_000, minStepMs: 90_000, expected: ["1m30s", "6m", "1d"] },
    { rangeMs: 1000, stepMs: 500, minStepMs: 1000, expected: ["500ms", "4s", "1s"] },
  ];
  for (const { rangeMs, stepMs, minStepMs, expected } of table) {
    const builtins = builtinVariables({ startMs: 1000, endMs: 1000 + rangeMs, stepMs, minStepMs });
    assert.deepEqual(
      ["__interval", "__rate_interval", "__range"].map((name) => builtins.get(name)),
      expected,
    );
    assert.equal(builtins.get("__interval_ms"), String(stepMs));
    assert.equal(builtins.get("__range_ms"), String(rangeMs));
    assert.equal(builtins.get("__range_s"), String(rangeMs / 1000));
  }
});

test("what every run computes is what no directive can define", () => {
  const builtins = builtinVariables({ startMs: 0, endMs: 1000, stepMs: 1000, minStepMs: 1000 });
  assert.deepEqual([...builtins.keys()].sort(), [...builtinVariableNames].sort());
});

test("no built-in is an empty duration or a fraction", () => {
  const builtins = builtinVariables({ startMs: 5, endMs: 5, stepMs: 200, minStepMs: 0.4 });
  assert.deepEqual(Object.fromEntries(builtins), {
    __interval: "200ms",
    __interval_ms: "200",
    __interval_s: "1",
    __rate_interval: "200ms",
    __rate_interval_ms: "200",
    __rate_interval_s: "1",
    __range: "1ms",
    __range_ms: "1",
    __range_s: "1",
  });
});
