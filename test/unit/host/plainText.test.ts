import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { plainLine, plainLines } from "../../../src/host/plainText.ts";
import { hostileStrings } from "../../support/hostileStrings.ts";

test("one line that reads as it is stored, and no longer than 300 characters", () => {
  const cases: readonly (readonly [input: string, expected: string])[] = [
    ["node_load1", "node_load1"],
    ["two\r\nlines\tand more", "two lines and more"],
    // Turned around, this would read "exe.png".
    ["\u202Egnp.exe", "gnp.exe"],
    ["a\u2066b\u2069c\u200Ed\u061Ce", "abcde"],
    ["\u001b[31mred\u001b[0m", " [31mred [0m"],
    ["\u200B\u200D\uFEFF", ""],
    ["\ud800x", "\ufffdx"],
    ["𝕬😱花火", "𝕬😱花火"],
    ["x".repeat(300), "x".repeat(300)],
    ["x".repeat(301), `${"x".repeat(299)}…`],
    // Not cut in the middle of a character of two code units.
    [`${"x".repeat(298)}😱yy`, `${"x".repeat(298)}…`],
  ];
  for (const [input, expected] of cases) assert.equal(plainLine(input), expected, JSON.stringify(input));
});

test("several lines keep their ends, and only those", () => {
  assert.equal(plainLines("name\r\nhelp\u0000 \u202Ewith\ttab\n\nunit"), "name\nhelp with tab\n\nunit");
  assert.equal(plainLines("x".repeat(5000)), `${"x".repeat(3999)}…`);
});

test("no text, whatever it is, keeps a character that acts", () => {
  const acting = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
  for (const text of hostileStrings) assert.doesNotMatch(plainLine(text), acting);
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
      const line = plainLine(text);
      assert.ok(!acting.test(line) && line.length <= 300 && !/\p{Surrogate}/u.test(line));
      assert.ok(
        plainLines(text)
          .split("\n")
          .every((part) => !acting.test(part)),
      );
    }),
  );
});
