import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { alignToEnd, checkStep, chooseStep, pointCount, smallestStep } from "../../../src/query/step.ts";

const hour = 3_600_000;
const end = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

function windowOf(rangeMs: number) {
  return { startMs: end - rangeMs, endMs: end };
}

test("automatic steps, by Grafana's formulas", () => {
  const table: readonly { rangeMs: number; maxPoints: number; minStepMs: number; expected: number }[] = [
    { rangeMs: hour, maxPoints: 1000, minStepMs: 15_000, expected: 15_000 },
    { rangeMs: 6 * hour, maxPoints: 1000, minStepMs: 15_000, expected: 20_000 },
    { rangeMs: 24 * hour, maxPoints: 1000, minStepMs: 15_000, expected: 60_000 },
    { rangeMs: 168 * hour, maxPoints: 1000, minStepMs: 15_000, expected: 600_000 },
    { rangeMs: 720 * hour, maxPoints: 1000, minStepMs: 15_000, expected: 1_800_000 },
    { rangeMs: 24 * hour, maxPoints: 1000, minStepMs: 120_000, expected: 120_000 },
    { rangeMs: 24 * hour, maxPoints: 1000, minStepMs: 90_000, expected: 90_000 },
    // 17 s would be rounded to 15 s, which is below the least step.
    { rangeMs: 17_000 * 1000, maxPoints: 1000, minStepMs: 16_000, expected: 16_000 },
    // 200 ms would give 18,000 points.
    { rangeMs: hour, maxPoints: 20_000, minStepMs: 100, expected: 500 },
    { rangeMs: 0, maxPoints: 1000, minStepMs: 15_000, expected: 15_000 },
    { rangeMs: hour, maxPoints: 0, minStepMs: 15_000, expected: hour },
    { rangeMs: 24 * 3650 * hour, maxPoints: 10, minStepMs: 1, expected: 365 * 24 * hour },
  ];
  for (const { rangeMs, expected, ...input } of table)
    assert.equal(chooseStep({ ...windowOf(rangeMs), ...input }), expected, JSON.stringify({ rangeMs, ...input }));
});

test("an automatic step is never below the least one and never gives more than 11,000 points", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e12, noNaN: true }),
      fc.integer({ min: 1, max: 100_000 }),
      fc.double({ min: 0, max: 1e7, noNaN: true }),
      (rangeMs, maxPoints, minStepMs) => {
        const window = { startMs: 0, endMs: rangeMs };
        const stepMs = chooseStep({ ...window, maxPoints, minStepMs });
        assert.ok(Number.isInteger(stepMs) && stepMs >= Math.max(1, minStepMs));
        assert.ok(pointCount(window, stepMs) <= 11_000);
        assert.equal(checkStep(window, stepMs), undefined);
      },
    ),
  );
});

test("a written step that is too small is told with the smallest one that is not", () => {
  assert.equal(checkStep(windowOf(hour), 15_000), undefined);
  assert.equal(checkStep(windowOf(10_999_000), 1000), undefined);
  assert.deepEqual(checkStep(windowOf(11_000_000), 1000), {
    code: "stepTooSmall",
    stepMs: 1000,
    points: 11_001,
    smallestStepMs: 1001,
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e11 }), (rangeMs) => {
      const smallest = smallestStep(windowOf(rangeMs));
      assert.equal(checkStep(windowOf(rangeMs), smallest), undefined);
      if (smallest > 1) assert.notEqual(checkStep(windowOf(rangeMs), smallest - 1), undefined);
    }),
  );
});

test("the last point is the window's end, and no point is lost", () => {
  assert.deepEqual(alignToEnd({ startMs: 0, endMs: 3_600_000 }, 420_000), { startMs: 240_000, endMs: 3_600_000 });
  assert.deepEqual(alignToEnd({ startMs: 0, endMs: 60_000 }, 15_000), { startMs: 0, endMs: 60_000 });
  assert.deepEqual(alignToEnd({ startMs: 5, endMs: 5 }, 15_000), { startMs: 5, endMs: 5 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 1e6 }), (rangeMs, stepMs) => {
      const asked = windowOf(rangeMs);
      const sent = alignToEnd(asked, stepMs);
      assert.equal(sent.endMs, asked.endMs);
      assert.equal((sent.endMs - sent.startMs) % stepMs, 0);
      assert.ok(sent.startMs >= asked.startMs && sent.startMs < asked.startMs + stepMs);
      assert.equal(pointCount(sent, stepMs), pointCount(asked, stepMs));
    }),
  );
});
