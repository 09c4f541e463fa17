import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCommand } from "../../../../src/connections/form/commandWords.ts";

test("a command has words and quotes, and nothing that a shell would know", () => {
  const words: readonly (readonly [text: string, words: readonly string[] | undefined])[] = [
    ["gcloud auth print-access-token", ["gcloud", "auth", "print-access-token"]],
    [`"C:\\Program Files\\x.exe" -a`, ["C:\\Program Files\\x.exe", "-a"]],
    [`["a b", "$(id)"]`, ["a b", "$(id)"]],
    ["echo $HOME; id", ["echo", "$HOME;", "id"]],
    ["", undefined],
    ['a "b', undefined],
    ["[]", undefined],
    ["[1]", undefined],
    ['["a"', undefined],
  ];
  for (const [text, expected] of words) assert.deepEqual(parseCommand(text), expected, text);
});
