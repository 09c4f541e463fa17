import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { completionPlace } from "../../../../src/promql/completion/completionPlace.ts";
import { parsePromqlCell, parsePromqlFile } from "../../../../src/promql/file.ts";
import { cursorIn, describeContext } from "../../../support/completions.ts";

const cases: readonly { readonly title: string; readonly marked: string; readonly context: string }[] = [
  { title: "an empty file", marked: "|", context: "operand <>" },
  { title: "the head of a file", marked: "# @connection |\n\n# %% One\nup", context: "directiveValue <> connection" },
  { title: "a blank line in the head", marked: "# words\n|\n", context: "operand <>" },
  { title: "the next query of a file without separators", marked: "up\n\n|", context: "operand <>" },
  { title: "the next line of the same query", marked: "up\n|", context: "operator <> instantSelector" },
  { title: "a blank line below a separator", marked: "# %% One\nup\n\n|", context: "operator <> instantSelector" },
  { title: "a blank line below a weak separator", marked: "### One\nup\n\n|", context: "operand <>" },
  { title: "the block above is not read", marked: "# %% One\nsum(up\n# %% Two\n|", context: "operand <>" },
  { title: "nor the one below", marked: "# %% One\nsum by (|\n# %% Two\n(x)", context: "listedLabel <> any" },
  { title: "notes", marked: "# %% [markdown]\n# up|\n", context: "none" },
  { title: "text among notes", marked: "# %% [markdown]\nup|\n", context: "none" },
];

describe("what a cursor in a file is about", () => {
  for (const { title, marked, context } of cases) {
    test(title, () => {
      const { text, offset } = cursorIn(marked);
      const place = completionPlace(text, parsePromqlFile(text), offset, { isCell: false });
      assert.equal(describeContext(marked, place), context);
    });
  }

  test("a cell is one block, blank lines included", () => {
    const marked = "# %%\nup\n\n|";
    const { text, offset } = cursorIn(marked);
    const file = parsePromqlCell(text, { defaults: [], title: undefined });
    const place = completionPlace(text, file, offset, { isCell: true });
    assert.equal(describeContext(marked, place), "operator <> instantSelector");
  });
});
