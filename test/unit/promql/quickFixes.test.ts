import assert from "node:assert/strict";
import { test } from "node:test";
import { expressionProblems } from "../../../src/promql/expressionProblems.ts";
import { parsePromqlFile } from "../../../src/promql/file.ts";
import { fixesOf, type QuickFix, syntaxFixesOf } from "../../../src/promql/quickFixes.ts";

function applied(text: string, { edits }: QuickFix): string {
  return edits
    .toSorted((a, b) => b.from - a.from)
    .reduce((done, { from, to, text: put }) => done.slice(0, from) + put + done.slice(to), text);
}

const ofExpressions: readonly { readonly text: string; readonly expected: readonly string[] }[] = [
  { text: "rte(up[5m])", expected: ["rate(up[5m])"] },
  { text: "zzzzzzzzzz(up)", expected: [] },
  { text: "sum(rate(up[5m])", expected: ["sum(rate(up[5m]))"] },
  { text: 'up{job="a"', expected: ['up{job="a"}'] },
  { text: 'up{job="a}', expected: ['up{job="a"}'] },
  { text: 'up{job=~"\\d"}', expected: ['up{job=~"\\\\d"}'] },
  { text: "sum(up,)", expected: ["sum(up)"] },
  { text: "1 > 2", expected: ["1 > bool 2"] },
  { text: "up + bool 1", expected: ["up + 1"] },
  { text: "rate(up)", expected: ["rate(up[$__rate_interval])", "rate(up[5m])"] },
  {
    text: 'rate(up{a="b"} offset 1h)',
    expected: ['rate(up{a="b"}[$__rate_interval] offset 1h)', 'rate(up{a="b"}[5m] offset 1h)'],
  },
  { text: "rate(sum(up))", expected: ["rate(sum(up)[5m:])"] },
  { text: "sum(up[5m])", expected: ["sum(rate(up[5m]))", "sum(up)"] },
  { text: "topk(up, up)", expected: ["topk(scalar(up), up)"] },
  { text: "sum(1)", expected: ["sum(vector(1))"] },
  { text: "(up + up)[5m]", expected: ["(up + up)[5m:]"] },
  { text: "up offset 5m offset 5m", expected: [] },
];

for (const { text, expected } of ofExpressions) {
  test(`fixes ${text}`, () => {
    // As in a file, where something stands before the expression.
    const whole = `# %%\n${text}`;
    const [problem] = expressionProblems(text, "promql");
    assert.ok(problem !== undefined);
    const place = { from: 5, to: whole.length };
    const moved = { ...problem, from: problem.from + 5, to: problem.to + 5 };
    const fixes = syntaxFixesOf(whole, place, moved);
    assert.deepEqual(
      fixes.map((fix) => applied(whole, fix).slice(5)),
      expected,
    );
    assert.ok(fixes.filter(({ isPreferred }) => isPreferred).length <= 1);
  });
}

test("what a fix makes of a text has no such problem any more", () => {
  for (const { text } of ofExpressions) {
    const [problem] = expressionProblems(text, "promql");
    assert.ok(problem !== undefined);
    for (const fix of syntaxFixesOf(text, { from: 0, to: text.length }, problem)) {
      const left = expressionProblems(applied(text, fix), "promql");
      assert.deepEqual(left, [], `${fix.title}: ${applied(text, fix)}`);
    }
  }
});

const ofFiles: readonly { readonly text: string; readonly expected: readonly string[] }[] = [
  { text: "# %% A\nup\ndown\n", expected: ["# %% A\nup\n# %%\ndown\n"] },
  { text: "up\ndown\n", expected: ["up\n\ndown\n"] },
  { text: "up\r\ndown\r\n", expected: ["up\r\n\r\ndown\r\n"] },
  { text: "# %% [markdown]\nup\n", expected: ["# %% [markdown]\n# %%\nup\n", "# %% [markdown]\n# up\n"] },
  { text: "# %%\n# @rnage 5m\nup\n", expected: ["# %%\n# @range 5m\nup\n"] },
  { text: "# %%\n# @range=5m\nup\n", expected: ["# %%\n# @range 5m\nup\n"] },
];

for (const { text, expected } of ofFiles) {
  test(`fixes ${JSON.stringify(text)}`, () => {
    const [problem] = parsePromqlFile(text).problems;
    assert.ok(problem !== undefined);
    const fixes = fixesOf(text, problem);
    assert.deepEqual(
      fixes.map((fix) => applied(text, fix)),
      expected,
    );
  });
}
