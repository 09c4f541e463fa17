import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePromqlFile } from "../../../../src/promql/file.ts";
import { checkStep } from "../../../../src/query/step.ts";
import { problemMessage } from "../../../../src/ui/query/problemMessage.ts";

test("sentences say what is so and what to do", () => {
  const table: readonly { text: string; expected: RegExp }[] = [
    { text: "(\n# %%", expected: /bracket .* still open\. Close the bracket/ },
    { text: "`\n# %%", expected: /raw string .* still open\. Close the string/ },
    { text: "# %%\na\nb", expected: /second expression .* Insert a separator \(# %%\)/ },
    { text: "a\nb", expected: /second expression .* Insert a blank line/ },
    { text: "# %% [markdown]\nup", expected: /Markdown block, so it is no query/ },
    { text: "# %%\n# @rnage 5m", expected: /^There is no directive @rnage.* Write "@range"/ },
    { text: "# %%\n# @dashboard 5m", expected: /^There is no directive @dashboard, so it has no effect\.$/ },
    {
      text: "# %%\n# @title Foo @stp 1m",
      expected: /^There is no directive @stp, .* text of @title\. Write "@step" .*, or put the text in quotes\.$/,
    },
    { text: "# %%\n# @var __range=1h", expected: /no effect, because __range is computed .* Choose another name\.$/ },
    { text: "# %%\n# @range", expected: /^@range has no value.* a duration such as/ },
    { text: "# %%\n# @mode both", expected: /^"both" is no value for @mode.* instant or range/ },
    { text: "# %%\n# @view pie", expected: /chart, table, stat, heatmap, json/ },
    { text: "# %%\n# @time later", expected: /now-6h/ },
    { text: "# %%\n# @time 1700000000000", expected: /no effect\. That looks like milliseconds: write 1700000000\.$/ },
    { text: "# %%\n# @max-series 0", expected: /whole number above zero/ },
    { text: "# %%\n# @var x", expected: /name=value/ },
    { text: "# %%\n# @unit", expected: /Expected some text/ },
    { text: `# %%\n# @range ${"x".repeat(500)}`, expected: /^"x{59}…" is no value/ },
    { text: "# %%\n# @range 5m @start now-1h", expected: /^@range has no effect/ },
    { text: "# %%\n# @time now", expected: /Add @mode instant/ },
    { text: "# %%\n# @unit s @unit ms", expected: /^This @unit has no effect/ },
    { text: "# %%\n# @var a=1 @var a=2", expected: /a later @var a in the same place wins/ },
  ];
  for (const { text, expected } of table) {
    const problem = parsePromqlFile(text).problems[0];
    assert.ok(problem !== undefined, text);
    assert.match(problemMessage(problem), expected, text);
  }
});

test("sentences about variables and steps", () => {
  assert.match(
    problemMessage({ code: "unknownVariableFormat", name: "job", format: "glob", from: 0, to: 1 }),
    /"glob".* job .*regex, pipe or csv/,
  );
  const [foreign] = parsePromqlFile("x{a=~'[[pod:regex]]'}").problems;
  assert.ok(foreign !== undefined);
  assert.equal(
    problemMessage(foreign),
    `[[pod:regex]] is a form of Grafana's that is not known here, so this query does not run. Write \${pod:regex}, and give it a value with "# @var pod=...".`,
  );
  const [cycle] = parsePromqlFile("# @var a=$a\nup").problems;
  assert.ok(cycle !== undefined);
  assert.match(problemMessage(cycle), /^The value of a leads back to a itself, .* does not run\. Take one of/);
  const problem = checkStep({ startMs: 0, endMs: 86_400_000 }, 1000);
  assert.ok(problem !== undefined);
  assert.equal(
    problemMessage(problem),
    "A step of 1s gives 86,401 points a series; servers allow 11,000. Use 7s855ms or more, or a shorter range.",
  );
});
