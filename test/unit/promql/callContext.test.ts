import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { callContextAt } from "../../../src/promql/callContext.ts";
import { promqlText } from "../../support/promqlText.ts";

/** `|` is the cursor; expected: the call's name and the number of its argument. */
const table: readonly (readonly [text: string, expected: string | undefined])[] = [
  ["|rate(x[5m])", undefined],
  ["rat|e(x[5m])", undefined],
  ["rate|(x[5m])", undefined],
  ["rate(|x[5m])", "rate 0"],
  ["rate(x[5m]|)", "rate 0"],
  ["rate(x[5m])|", undefined],
  ["rate (|", "rate 0"],
  ["rate # why\n (|", "rate 0"],
  ["sum(rate(x[|5m]))", "rate 0"],
  ["sum(rate(x[5m])|)", "sum 0"],
  ["clamp(x, |", "clamp 1"],
  ["clamp(x, 1, |)", "clamp 2"],
  ["clamp(x, 1, 2, 3|)", "clamp 3"],
  ["clamp(f(a, b, c), |)", "clamp 1"],
  ["clamp(f(a, b|, c), 1)", "f 1"],
  ['clamp(x{a="1", b="2"|}, 1)', "clamp 0"],
  ['clamp(x{a="1", b="2"}, |1)', "clamp 1"],
  ['clamp(x{a="1,2,3"}, |1)', "clamp 1"],
  ['label_replace(x, "a,b", "|', "label_replace 2"],
  ['label_replace(x, "a|,b', "label_replace 1"],
  ["label_replace(x, 'a\\',b', |", "label_replace 2"],
  ["label_join(x, `a,\n,b`, |", "label_join 2"],
  ["topk(5, x|) by (y)", "topk 1"],
  ["topk(5, x) by (y|)", undefined],
  ["topk(5, x) by (y) (|", undefined],
  ["topk by (a, b) (5, |x)", "topk 1"],
  ["topk by (a, |b) (5, x)", undefined],
  ["TOPK WITHOUT (a) (|", "TOPK 0"],
  ["clamp(topk by (a, |b) (5, x), 1, 2)", "clamp 0"],
  ["clamp(sum(a) by (b, c), |)", "clamp 1"],
  ["clamp((a + b|), 1)", "clamp 0"],
  ["a * on (b, |c) d", undefined],
  ["clamp(a * on (b, c) d, |)", "clamp 1"],
  ["clamp(a * fill (0) b, |)", "clamp 1"],
  ["sum((|", "sum 0"],
  // What is left open does not swallow what follows it.
  ["clamp(x{a=, |", "clamp 0"],
  ["clamp(rate(x[5m), |", "clamp 1"],
  ["clamp(x), |", undefined],
  ["clamp(x # not, this, one\n, |1)", "clamp 1"],
  ["clamp(x, # |", "clamp 1"],
  ["$f(|x)", undefined],
  ["nothing(|", "nothing 0"],
  ["my:rule(|", "my:rule 0"],
  ["a ) ] } rate(|", "rate 0"],
];

for (const [text, expected] of table) {
  test(`the call around the cursor: ${JSON.stringify(text)}`, () => {
    const offset = text.indexOf("|");
    const found = callContextAt(text.replace("|", ""), { from: 0, to: text.length - 1 }, offset);
    assert.equal(found && `${found.name.text} ${found.argument}`, expected);
  });
}

test("only the block counts", () => {
  const text = "sum(\n# %% Next\nrate(x";
  const block = { from: text.indexOf("# %%"), to: text.length };
  assert.deepEqual(callContextAt(text, block, text.length), {
    name: { text: "rate", from: 15, to: 19 },
    argument: 0,
  });
  assert.equal(callContextAt(text, { from: 0, to: 5 }, 5)?.name.text, "sum");
});

test("any text has a call around any cursor or none, and its name stands in front of it", () => {
  fc.assert(
    fc.property(promqlText(), fc.nat(400), (text, at) => {
      const offset = Math.min(at, text.length);
      const found = callContextAt(text, { from: 0, to: text.length }, offset);
      if (found === undefined) return;
      assert.equal(text.slice(found.name.from, found.name.to), found.name.text);
      assert.ok(found.name.to < offset);
    }),
  );
});
