import assert from "node:assert/strict";
import { test } from "node:test";
import { shareText } from "../../../media/plot/heatCells.ts";

test("a share is all or nothing only where it is", () => {
  const cases: readonly (readonly [share: number, expected: string])[] = [
    [0, "0%"],
    [0.0004, "<0.1%"],
    [0.001, "0.1%"],
    [0.254, "25.4%"],
    [0.999, "99.9%"],
    [0.9996, ">99.9%"],
    [1, "100%"],
  ];
  for (const [share, expected] of cases) assert.equal(shareText(share), expected);
});
