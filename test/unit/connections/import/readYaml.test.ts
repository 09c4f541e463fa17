import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { readYaml } from "../../../../src/connections/import/readYaml.ts";

describe("YAML is read as texts, lists and maps", () => {
  const cases: readonly { readonly title: string; readonly text: string; readonly data: unknown }[] = [
    { title: "nothing", text: "# only a comment\n", data: undefined },
    {
      title: "a password that looks like a number stays as it is",
      text: "p: 0123\nq: 1e5\n",
      data: { p: "0123", q: "1e5" },
    },
    { title: "truth values are words", text: "a: true\nb: yes\n", data: { a: "true", b: "yes" } },
    { title: "keys without value are not there", text: "a:\nb: ~\nc: null\nd: ''\n", data: { d: "" } },
    { title: "null in quotes is a text", text: "a: 'null'\nb: \"~\"\n", data: { a: "null", b: "~" } },
    { title: "keys may look like numbers", text: "1: a\n", data: { "1": "a" } },
    { title: "blocks", text: "a: |\n  one\n  two\nb: >\n  one\n  two\n", data: { a: "one\ntwo\n", b: "one two\n" } },
    { title: "JSON", text: '{"a": ["b", {"c": null}]}', data: { a: ["b", {}] } },
    { title: "an alias is its anchor", text: "a: &x {k: v}\nb: *x\n", data: { a: { k: "v" }, b: { k: "v" } } },
    {
      title: "merged keys: own ones first, then those of the first map",
      text: "a: &a {k: 1, l: 1}\nb: &b {k: 2, m: 2}\nc:\n  <<: [*a, *b]\n  l: 3\n",
      data: { a: { k: "1", l: "1" }, b: { k: "2", m: "2" }, c: { k: "1", m: "2", l: "3" } },
    },
    { title: "YAML's own tags say nothing", text: "a: !!str 5\nb: !!int 5\n", data: { a: "5", b: "5" } },
    { title: "a byte order mark", text: "\ufeffa: b\n", data: { a: "b" } },
    { title: "Windows' line ends", text: "a: b\r\nc: d\r\n", data: { a: "b", c: "d" } },
    {
      title: "__proto__ is a key like others",
      text: "__proto__: {polluted: x}\n",
      data: JSON.parse('{"__proto__": {"polluted": "x"}}'),
    },
  ];
  for (const { title, text, data } of cases) {
    test(title, () => assert.deepEqual(readYaml(text), { ok: true, data }));
  }

  test("no key of a file becomes a prototype", () => {
    const read = readYaml("__proto__: {polluted: x}\na: {<<: {__proto__: {polluted: y}}}\n");
    assert.ok(read.ok && typeof read.data === "object" && read.data !== null);
    assert.equal((read.data as { readonly polluted?: string }).polluted, undefined);
    assert.equal(({} as { readonly polluted?: string }).polluted, undefined);
  });
});

describe("hostile YAML is refused, with its line", () => {
  const bomb = Array.from({ length: 12 }, (_, i) =>
    i === 0
      ? "a0: &a0 [x,x,x,x,x,x,x,x,x,x]"
      : `a${i}: &a${i} [${Array(20)
          .fill(`*a${i - 1}`)
          .join(",")}]`,
  ).join("\n");
  const keys = (count: number) => Array.from({ length: count }, (_, i) => `k${i}: 1`).join(", ");
  const cases: readonly { readonly title: string; readonly text: string; readonly problem: object }[] = [
    { title: "no YAML", text: "a: b\nc: [1\nd: e\n", problem: { code: "yamlSyntax", line: 3 } },
    { title: "a tab as indentation", text: "a:\n\tb: c\n", problem: { code: "yamlSyntax", line: 2 } },
    { title: "several documents", text: "a: b\n---\nc: d\n", problem: { code: "yamlSyntax", line: 2 } },
    { title: "a custom tag", text: "a: b\nc: !secret x\n", problem: { code: "yamlTag", line: 2 } },
    { title: "a tag of another language", text: "a: !!js/function 'x'\n", problem: { code: "yamlTag", line: 1 } },
    {
      title: "a tag of Python",
      text: "- !!python/object/apply:os.system [id]\n",
      problem: { code: "yamlTag", line: 1 },
    },
    { title: "a tag with bytes", text: "\n\na: !!binary aGk=\n", problem: { code: "yamlTag", line: 3 } },
    { title: "an alias of nothing", text: "a: 1\nb: *x\n", problem: { code: "yamlAlias", line: 2 } },
    { title: "an alias inside its own anchor", text: "a: &x\n  - *x\n", problem: { code: "yamlAlias", line: 2 } },
    { title: "a key twice", text: "a: 1\nb: 2\na: 3\n", problem: { code: "yamlKey", line: 3 } },
    { title: "a list as key", text: "? [a]\n: b\n", problem: { code: "yamlKey", line: 1 } },
    { title: "a billion laughs", text: bomb, problem: { code: "yamlTooComplex" } },
    {
      title: "many aliases",
      text: `a: &a 1\nb: [${Array(500).fill("*a").join(", ")}]\n`,
      problem: { code: "yamlTooComplex" },
    },
    {
      title: "many merged keys",
      text: `a: &a {${keys(1000)}}\nb: [${Array(50).fill("{<<: *a}").join(", ")}]\n`,
      problem: { code: "yamlTooComplex" },
    },
    { title: "deep lists", text: "[".repeat(1 << 20), problem: { code: "yamlTooComplex" } },
    { title: "deep and closed lists", text: "[".repeat(300) + "]".repeat(300), problem: { code: "yamlTooComplex" } },
    { title: "deep maps", text: "{a: ".repeat(200_000), problem: { code: "yamlTooComplex" } },
    { title: "deep blocks", text: "- ".repeat(500_000), problem: { code: "yamlTooComplex" } },
    { title: "commas", text: `[${",".repeat(1 << 20)}]`, problem: { code: "yamlTooComplex" } },
    { title: "quotes", text: '"'.repeat(1 << 20), problem: { code: "yamlTooComplex" } },
    { title: "anchors", text: "&a ".repeat(300_000), problem: { code: "yamlTooComplex" } },
  ];
  for (const { title, text, problem } of cases) {
    test(title, () => assert.deepEqual(readYaml(text), { ok: false, problem }));
  }

  test("as many keys as there may be take no time that grows with their square", () => {
    const start = performance.now();
    const read = readYaml(Array.from({ length: 10_000 }, (_, i) => `k${i}: 1`).join("\n"));
    assert.ok(read.ok && Object.keys(read.data as object).length === 10_000);
    // A quadratic search takes many seconds; this is a second on the slowest of machines.
    assert.ok(performance.now() - start < 5000);
  });

  test("any text is read or refused, never thrown at", () => {
    const piece = fc.constantFrom(
      "a",
      ": ",
      "- ",
      "\n",
      "  ",
      "&x ",
      "*x",
      "<<",
      "!t ",
      "'",
      '"',
      "{",
      "}",
      "[",
      "]",
      ",",
      "? ",
      "|",
      "#",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        assert.equal(typeof readYaml(pieces.join("")).ok, "boolean");
      }),
      { numRuns: 3000 },
    );
  });
});
