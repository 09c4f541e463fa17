import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DirectiveKey } from "../../../src/promql/data/directiveKeys.ts";
import { editDirective } from "../../../src/promql/editDirective.ts";
import { parsePromqlCell } from "../../../src/promql/file.ts";

describe("setting a directive in a cell's text", () => {
  const cases: readonly {
    readonly title: string;
    readonly text: string;
    readonly set: readonly [Exclude<DirectiveKey, "var">, string | undefined];
    readonly expected: string;
  }[] = [
    { title: "a new one above the query", text: "up", set: ["range", "6h"], expected: "# @range 6h\nup" },
    { title: "below comments", text: "# Why\nup", set: ["range", "6h"], expected: "# Why\n# @range 6h\nup" },
    { title: "in comments alone", text: "# Why", set: ["connection", "a"], expected: "# Why\n# @connection a" },
    { title: "in an empty cell", text: "", set: ["step", "1m"], expected: "# @step 1m" },
    {
      title: "a changed one keeps its neighbours",
      text: "# @range 1h  @step 1m\nup",
      set: ["range", "6h"],
      expected: "# @range 6h  @step 1m\nup",
    },
    {
      title: "the last of two, which is the one that counts",
      text: "# @range 1h\n# @range 2h\nup",
      set: ["range", "6h"],
      expected: "# @range 1h\n# @range 6h\nup",
    },
    { title: "one without value", text: "# @range\nup", set: ["range", "6h"], expected: "# @range 6h\nup" },
    { title: "the same value", text: "# @range 6h\nup", set: ["range", "6h"], expected: "# @range 6h\nup" },
    { title: "taken away with its line", text: "# a\n# @range 1h\nup", set: ["range", undefined], expected: "# a\nup" },
    { title: "taken away in the last line", text: "# a\n# @range 1h", set: ["range", undefined], expected: "# a" },
    { title: "taken away as the only line", text: "# @range 1h", set: ["range", undefined], expected: "" },
    {
      title: "taken away before another",
      text: "# @range 1h  @step 1m\nup",
      set: ["range", undefined],
      expected: "# @step 1m\nup",
    },
    {
      title: "taken away behind another",
      text: "# @range 1h  @step 1m\nup",
      set: ["step", undefined],
      expected: "# @range 1h\nup",
    },
    {
      title: "taken away behind a query, which stays",
      text: "sum(up) # @range 6h\n/ 2",
      set: ["range", undefined],
      expected: "sum(up)\n/ 2",
    },
    {
      title: "taken away behind a query and another",
      text: "up\t#@range 6h @step 1m",
      set: ["range", undefined],
      expected: "up\t#@step 1m",
    },
    { title: "taken away behind blanks", text: "  # @range 6h\nup", set: ["range", undefined], expected: "up" },
    { title: "taken away where there is none", text: "up", set: ["step", undefined], expected: "up" },
  ];
  for (const { title, text, set, expected } of cases) {
    test(title, () => {
      const directives = parsePromqlCell(text, { defaults: [], title: undefined }).blocks[0]?.directives ?? [];
      const edit = editDirective(text, directives, ...set);
      assert.equal(edit === undefined ? text : text.slice(0, edit.from) + edit.text + text.slice(edit.to), expected);
    });
  }
});
