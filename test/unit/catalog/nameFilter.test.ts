import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  filterNames,
  isEmptyPattern,
  onlyPart,
  parseNamePattern,
  saysTooMuch,
  selectorOf,
} from "../../../src/catalog/nameFilter.ts";
import { ascending } from "../../../src/catalog/nameOrder.ts";
import { isCancelled } from "../../../src/shared/errors.ts";
import { PackedNames } from "../../../src/shared/model/names.ts";

const names = ["HTTP_errors", "go_gc", "http_requests_total", "node_http_total", "requests_http"];
const find = async (text: string, all: readonly string[] = names) => {
  const { signal } = new AbortController();
  return [...(await filterNames(PackedNames.of(all), parseNamePattern(text), signal))];
};

const cases: readonly { readonly text: string; readonly found: readonly string[]; readonly selector: string }[] = [
  {
    text: "http",
    found: ["HTTP_errors", "http_requests_total", "node_http_total", "requests_http"],
    selector: '{__name__=~"(?i).*http.*"}',
  },
  {
    text: "requests http",
    found: ["http_requests_total", "requests_http"],
    selector: '{__name__=~"(?i).*(?:requests.*http|http.*requests).*"}',
  },
  { text: "^http", found: ["HTTP_errors", "http_requests_total"], selector: '{__name__=~"(?i)http.*"}' },
  { text: "^http total", found: ["http_requests_total"], selector: '{__name__=~"(?i)http.*total.*"}' },
  { text: "a.b(", found: [], selector: '{__name__=~"(?i).*a\\\\.b\\\\(.*"}' },
];

test("a filter finds here what its selector finds at a server", async () => {
  for (const { text, found, selector } of cases) {
    assert.deepEqual(await find(text), found, text);
    assert.equal(selectorOf(parseNamePattern(text)), selector);
    const source = /=~"\(\?i\)(.*)"\}$/.exec(selector)?.[1] ?? "";
    const expression = new RegExp(`^(?:${source.replaceAll("\\\\", "\\")})$`, "i");
    assert.deepEqual(
      names.filter((name) => expression.test(name)),
      found,
      text,
    );
  }
});

test("of more than three words a server is asked for the longest ones, in any order", () => {
  const pattern = parseNamePattern("^x cpu io total mode seconds");
  assert.ok(saysTooMuch(pattern));
  assert.match(selectorOf(pattern), /^\{__name__=~"\(\?i\)x\.\*\(\?:seconds\.\*total\.\*mode\|/);
  assert.ok(!saysTooMuch(parseNamePattern("^x cpu io total")));
});

test("nothing typed is no filter", () => {
  for (const text of ["", "  ", "^"]) assert.ok(isEmptyPattern(parseNamePattern(text)), text);
});

test("any pattern finds what each name looked at by itself would tell, in its order", async () => {
  const letter = fc.constantFrom("a", "B", "_", "é", "İ", "\n", "😀");
  const name = fc.array(letter, { maxLength: 5 }).map((letters) => letters.join(""));
  const word = fc.array(fc.constantFrom("a", "b", "_", "É", "i"), { minLength: 1, maxLength: 2 });
  const text = fc
    .tuple(fc.constantFrom("", "^"), fc.array(word, { minLength: 1, maxLength: 3 }))
    .map(([caret, words]) => caret + words.map((letters) => letters.join("")).join(" "));
  await fc.assert(
    fc.asyncProperty(fc.array(name, { maxLength: 40 }), text, async (all, typed) => {
      const { words, prefix } = parseNamePattern(typed);
      const expected = all.filter((one) => {
        const lower = one.toLowerCase();
        return lower.startsWith(prefix) && words.every((part) => lower.includes(part));
      });
      assert.deepEqual(await find(typed, all), expected);
      const { signal } = new AbortController();
      const ordered = await filterNames(await ascending(all, signal), { words, prefix }, signal);
      assert.deepEqual([...ordered], [...(await ascending(expected, signal))]);
    }),
  );
  const many = Array.from({ length: 10_000 }, (_, i) => `${i % 5000 === 0 ? "İ" : ""}M_${i}`);
  assert.deepEqual(
    await find("m_499", many),
    many.filter((one) => one.includes("M_499")),
  );
});

test("a long search gives way and can be given up", async () => {
  const many = PackedNames.of(Array.from({ length: 2_000_000 }, (_, i) => `metric_${i}`));
  const controller = new AbortController();
  const search = filterNames(many, parseNamePattern("99"), controller.signal);
  setImmediate(() => controller.abort());
  await assert.rejects(search, isCancelled);
});

test("a filter is one text and nothing else, or is not", () => {
  const rows: readonly (readonly [text: string, expected: string | undefined])[] = [
    ["Http", "http"],
    ["  http  ", "http"],
    ["a.b(", "a.b("],
    ["http total", undefined],
    ["^http", undefined],
    ["^http total", undefined],
    ["^ total", "total"],
    ["", undefined],
  ];
  for (const [text, expected] of rows) assert.equal(onlyPart(parseNamePattern(text)), expected, text);
});
