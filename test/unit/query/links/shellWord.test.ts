import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isObeyed, Placeholders, shellWord } from "../../../../src/query/links/shellWord.ts";
import { hostileStrings } from "../../../support/hostileStrings.ts";
import { argumentsInShell, asUtf8 } from "../../../support/shell.ts";

const cases: readonly { title: string; input: string; expected: string | undefined }[] = [
  { title: "a plain word", input: "up", expected: "up" },
  { title: "an address", input: "http://localhost:9090/api/v1/query", expected: "http://localhost:9090/api/v1/query" },
  { title: "nothing", input: "", expected: "''" },
  { title: "a blank", input: "a b", expected: "'a b'" },
  { title: "a single quote", input: "it's", expected: "'it'\\''s'" },
  { title: "what a shell would run", input: "$(id) `id` $HOME", expected: "'$(id) `id` $HOME'" },
  { title: "a home folder", input: "~root", expected: "'~root'" },
  { title: "a comment", input: "#x", expected: "'#x'" },
  { title: "an assignment", input: "a=b", expected: "'a=b'" },
  { title: "line ends and tabs", input: "a\n\tb\r\nc", expected: "'a\n\tb\r\nc'" },
  { title: "NUL", input: "a\0b", expected: undefined },
  { title: "what gives a line up", input: "a\u0003\nid", expected: undefined },
  { title: "what ends a bracketed paste", input: "\u001b[201~\nid\n", expected: undefined },
  { title: "the same in one sign", input: "\u009b201~", expected: undefined },
  { title: "Enter", input: "a\rid", expected: undefined },
];

for (const { title, input, expected } of cases) {
  test(title, () => assert.equal(shellWord(input), expected));
}

const pieces = [
  "'",
  '"',
  "`",
  "$(id)",
  "$",
  "\\",
  "\n",
  "\r\n",
  "\t",
  " ",
  "-",
  "--",
  "*",
  "?",
  "~",
  "!",
  "#",
  "&",
  "|",
];
const more = [
  ";",
  "<",
  ">",
  "(",
  ")",
  "{a,b}",
  "[a]",
  "$" + "{PATH}",
  "$'x'",
  "=",
  "%",
  "é",
  "😀",
  "\ud800",
  "\0",
  "\u001b",
  "\r",
];
const hostileText = fc.oneof(
  fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 12 }).map((parts) => parts.join("")),
  fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 20 }),
);

test("a real shell reads each hostile text as one argument, unchanged", () => {
  const texts = [...hostileStrings, ...fc.sample(hostileText, { numRuns: 1500, seed: 1 })];
  const words = texts.map((text) => ({ text, word: shellWord(text) }));
  const refused = words.filter(({ word }) => word === undefined);
  for (const { text } of refused) assert.ok(isObeyed(text), JSON.stringify(text));
  const written = words.filter((one): one is { text: string; word: string } => one.word !== undefined);
  assert.ok(written.length > 1000 && refused.length > 10);
  const heard = argumentsInShell(`curl ${written.map(({ word }) => word).join(" ")}`);
  assert.deepEqual(
    heard,
    written.map(({ text }) => asUtf8(text)),
  );
});

test("each secret has a variable of its own, the same one each time", () => {
  const placeholders = new Placeholders();
  const names = ["token", "header x-a", "header x_a", "header x-a", "HEADER X A"].map((one) => placeholders.word(one));
  assert.deepEqual(names, [
    '"$PROMQL_TOKEN"',
    '"$PROMQL_HEADER_X_A"',
    '"$PROMQL_HEADER_X_A_2"',
    '"$PROMQL_HEADER_X_A"',
    '"$PROMQL_HEADER_X_A_3"',
  ]);
});
