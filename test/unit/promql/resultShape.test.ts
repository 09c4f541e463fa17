import assert from "node:assert/strict";
import { test } from "node:test";
import { isInstantOnly } from "../../../src/promql/resultShape.ts";

const cases: readonly { readonly input: string; readonly expected: boolean }[] = [
  { input: "up[5m]", expected: true },
  { input: 'up{job="x"}[5m] offset 1h', expected: true },
  { input: "up[5m] offset -1h", expected: true },
  { input: "up[5m] @ start()", expected: true },
  { input: "up[5m] @ 123 offset 5m", expected: true },
  { input: "rate(up[5m])[1h:1m]", expected: true },
  { input: '"a string"', expected: true },
  { input: "`raw` # with a comment", expected: true },
  { input: "(up[5m])", expected: true },
  { input: '(("a"))', expected: true },
  { input: "up[5m] @ -100", expected: true },
  { input: "up[5m] @ end() offset -5m smoothed", expected: true },
  { input: "up[5m] anchored", expected: true },
  { input: "(up[5m]) > (up)", expected: false },
  { input: "(up) - (up)", expected: false },
  { input: "rate(up[5m])", expected: false },
  { input: "up", expected: false },
  { input: "up offset 5m", expected: false },
  { input: 'up == bool 1 or vector(1) # "x"', expected: false },
  { input: "", expected: false },
];

test("what has no range query is known by its end", () => {
  for (const { input, expected } of cases) assert.equal(isInstantOnly(input), expected, input);
});
