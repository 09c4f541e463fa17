import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePromqlCell, parsePromqlFile } from "../../../src/promql/file.ts";

/** Each problem as its code, what it is about and its place. */
function problems(text: string): readonly (readonly unknown[])[] {
  return parsePromqlFile(text).problems.map(({ code, from, to, ...more }) => [
    code,
    ...Object.values(more),
    text.slice(from, to),
  ]);
}

test("formats and forms that are not filled in are said at their place, with or without a value", () => {
  const table: readonly { text: string; expected: readonly (readonly unknown[])[] }[] = [
    {
      text: `up{a=~"\${job:percentencode}"}`,
      expected: [["unknownVariableFormat", "job", "percentencode", `\${job:percentencode}`]],
    },
    { text: `# %%\n# @var m=x\n\${m:glob}`, expected: [["unknownVariableFormat", "m", "glob", `\${m:glob}`]] },
    { text: `up{a="\${c.text}"}`, expected: [["foreignVariable", "c", `\${c.text}`, `\${c}`, `\${c.text}`]] },
    {
      text: `\${c.text:csv} + 1`,
      expected: [["foreignVariable", "c", `\${c.text:csv}`, `\${c:csv}`, `\${c.text:csv}`]],
    },
    {
      text: "x{a=~'[[pod:regex]]'}",
      expected: [["foreignVariable", "pod", "[[pod:regex]]", `\${pod:regex}`, "[[pod:regex]]"]],
    },
    {
      text: `x{a="\${__from:date:iso}"}`,
      expected: [["foreignVariable", "__from", `\${__from:date:iso}`, `\${__from}`, `\${__from:date:iso}`]],
    },
    {
      text: `# @var a="x \${c.text}"\nup`,
      expected: [["foreignVariable", "c", `\${c.text}`, `\${c}`, `a="x \${c.text}"`]],
    },
    { text: `up{a=~"\${job:regex}|\${b:pipe}|\${c:csv}"}`, expected: [] },
    { text: `up{a=~"[[:alpha:]]+[[a:z]][[x]]\${1.x}\${.x}"} # \${c.text}`, expected: [] },
    { text: `label_replace(x, "a", "\${c.text}", "b", "")`, expected: [] },
    { text: `# %% [markdown]\n# \${c.text}`, expected: [] },
  ];
  for (const { text, expected } of table) assert.deepEqual(problems(text), expected, text);
});

test("values that lead back to themselves are said where they stand", () => {
  const table: readonly { text: string; expected: readonly (readonly unknown[])[] }[] = [
    { text: "# @var a=$a\nup", expected: [["variableCycle", "a", "a=$a"]] },
    {
      text: "# @var a=x$b  @var b=[[c]]  @var c=$a $d  @var d=1  @var e=$a\nup",
      expected: [
        ["variableCycle", "a", "a=x$b"],
        ["variableCycle", "b", "b=[[c]]"],
        ["variableCycle", "c", "c=$a $d"],
      ],
    },
    { text: "# @var a=$b\n\n# %%\n# @var b=$a\nup\n# %%\nup", expected: [["variableCycle", "b", "b=$a"]] },
    { text: "# @var a=$b\n\n# %%\n# @var b=1\nup", expected: [] },
    { text: "# @var a=$__interval  @var b=$a$a  @var c=$b$a$other\nup", expected: [] },
  ];
  for (const { text, expected } of table) assert.deepEqual(problems(text), expected, text);
});

test("a cell is told of its own values, which the defaults may lead back to", () => {
  const [head] = parsePromqlCell("# @var a=$b  @var c=$c", { defaults: [], title: undefined }).blocks;
  const cell = parsePromqlCell("# @var b=$a\nup", { defaults: head?.directives ?? [], title: undefined });
  assert.deepEqual(cell.problems, [{ code: "variableCycle", name: "b", from: 7, to: 11 }]);
});

test("many definitions are checked in one pass", () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `# @var v${i}=$v${i + 1}`);
  assert.deepEqual(problems(`${lines.join("\n")}\nup`), []);
  assert.equal(problems(`${lines.join("\n")}\n# @var v20000=$v0\nup`).length, 20_001);
});
