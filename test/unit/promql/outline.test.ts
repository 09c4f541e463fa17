import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parsePromqlCell, parsePromqlFile } from "../../../src/promql/file.ts";
import { type OutlineItem, outlineOf } from "../../../src/promql/outline.ts";
import { promqlText } from "../../support/promqlText.ts";

/** The rows as lines, those below another one behind two blanks; what is selected stands behind an arrow. */
function rows(text: string, items: readonly OutlineItem[], depth = 0): string[] {
  return items.flatMap((item) => [
    `${"  ".repeat(depth)}${item.kind} ${item.name}${item.detail && ` = ${item.detail}`} -> ${text.slice(item.head.from, item.head.to)}`,
    ...rows(text, item.children, depth + 1),
  ]);
}

describe("the outline of a file", () => {
  const table: readonly (readonly [title: string, text: string, expected: readonly string[]])[] = [
    ["is empty where the file is", "", []],
    ["names a block by its title", "# %% Errors\nup\n", ["query Errors -> Errors"]],
    ["or by its expression's first line", "# note\nsum(\n  up)\n", ["query sum( -> sum("]],
    ["without what is around it", "# %%\n\n  up   +  1  \n", ["query up + 1 -> up   +  1"]],
    ["or says that it is empty", "# %%\n# only words\n", ["query Empty query -> # %%"]],
    ["names Markdown by its title", "# %% [markdown] Why\n# Because\n", ["markdown Why -> Why"]],
    [
      "or by its first line",
      "# %% [markdown]\n#\n# # Because\n# of\n# %% [markdown]\n",
      ["markdown Because -> # %% [markdown]", "markdown Empty text -> # %% [markdown]"],
    ],
    [
      "has variables below what defines them",
      '# @connection a\n# @var job=node @var "x=a  b"\n\n# %% One\n# @var job=\nup\n\n# %% Two\nup\n',
      [
        "defaults Defaults -> @connection a",
        "  variable $job = node -> job",
        "  variable $x = a b -> x",
        "query One -> One",
        "  variable $job -> job",
        "query Two -> Two",
      ],
    ],
    [
      "has several blocks without separators",
      "up\n\ndown\n\n\nup{}",
      ["query up -> up", "query down -> down", "query up{} -> up{}"],
    ],
  ];
  for (const [title, text, expected] of table) {
    test(title, () => assert.deepEqual(rows(text, outlineOf(text, parsePromqlFile(text))), expected));
  }

  test("cuts long names", () => {
    const text = `# %% ${"ä".repeat(300)}\nup`;
    assert.equal(outlineOf(text, parsePromqlFile(text))[0]?.name.length, 120);
  });

  test("does not show another cell's defaults as this one's", () => {
    const defaults = parsePromqlFile("# @var a=1\n\n# %%").prologue.directives;
    assert.equal(defaults.length, 1);
    const text = "# @var b=2\nup";
    const cell = parsePromqlCell(text, { defaults, title: "Cell" });
    assert.deepEqual(rows(text, outlineOf(text, cell)), ["query Cell -> up", "  variable $b = 2 -> b"]);
  });

  test("has names, and heads inside of items, in any text", () => {
    fc.assert(
      fc.property(promqlText(), (text) => {
        const check = (item: OutlineItem, around: { readonly from: number; readonly to: number }) => {
          assert.ok(item.name.trim() !== "");
          assert.ok(around.from <= item.from && item.to <= around.to);
          assert.ok(item.from <= item.head.from && item.head.from <= item.head.to && item.head.to <= item.to);
          for (const child of item.children) check(child, item);
        };
        for (const item of outlineOf(text, parsePromqlFile(text))) check(item, { from: 0, to: text.length });
      }),
    );
  });
});
