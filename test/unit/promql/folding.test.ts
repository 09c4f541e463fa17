import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parsePromqlFile } from "../../../src/promql/file.ts";
import { foldsOf } from "../../../src/promql/folding.ts";
import { promqlText } from "../../support/promqlText.ts";

function folds(text: string): string[] {
  return foldsOf(text, parsePromqlFile(text)).map(({ first, last, kind }) => `${kind} ${first}-${last}`);
}

describe("what can be folded", () => {
  const table: readonly (readonly [title: string, lines: readonly string[], expected: readonly string[]])[] = [
    ["nothing in one line", ["sum(up)"], []],
    ["a block without the blank lines behind it", ["# %% A", "up", "", "", "# %% B", "up"], ["block 0-1", "block 4-5"]],
    ["Markdown", ["# %% [markdown]", "# a", "# b", "# %%"], ["block 0-2", "comment 1-2"]],
    ["a block without separator", ["up", "  + up", "", "down"], ["block 0-1"]],
    [
      "brackets, whose closing one stays in sight",
      ["# %%", "sum(", "  rate(x{", '    a="b"', "  }[5m])", ")"],
      ["block 0-5", "brackets 1-4", "brackets 2-3"],
    ],
    ["brackets that close behind other things", ["# %%", "sum(", "  up)"], ["block 0-2", "brackets 1-2"]],
    [
      "brackets before something else",
      ["# %%", "sum(", "  up", "  ) + sum(", "  up) + 1"],
      ["block 0-4", "brackets 1-2"],
    ],
    ["brackets on two lines: nothing to hide", ["# %%", "sum(", ")"], ["block 0-2"]],
    ["nothing of a bracket that is open", ["# %%", "sum(", "up"], ["block 0-2"]],
    ["the comments of the prologue", ["# a", "# @range 1h", "", "# %%", "up"], ["comment 0-1", "block 3-4"]],
    ["comments in a block", ["# %%", "# a", "# b", "up"], ["block 0-3", "comment 1-2"]],
    ["regions, around blocks too", ["# region All", "", "# %% A", "up", "# endregion"], ["region 0-4", "block 2-4"]],
    [
      "no region that is not closed",
      ["# region", "", "# %% A", "# endregion x", "# endregion"],
      ["region 0-3", "block 2-4", "comment 3-4"],
    ],
  ];
  for (const [title, lines, expected] of table) {
    for (const end of ["\n", "\r\n", "\r"]) {
      test(`${title} (${JSON.stringify(end)})`, () => assert.deepEqual(folds(lines.join(end)), expected));
    }
  }

  test("lies in any text, once a line", () => {
    fc.assert(
      fc.property(promqlText(), (text) => {
        const found = foldsOf(text, parsePromqlFile(text));
        const count = text.split(/\r\n?|\n/).length;
        for (const { first, last } of found) assert.ok(0 <= first && first < last && last < count);
        assert.equal(new Set(found.map(({ first }) => first)).size, found.length);
      }),
    );
  });
});
