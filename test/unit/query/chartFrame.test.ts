import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chartColumns } from "../../../src/query/chartFrame.ts";
import type { Series } from "../../../src/shared/model/answer.ts";

const epoch = 1_795_238_204_833;

function series(points: readonly (readonly [number, number])[]): Series {
  return {
    labels: [],
    times: Float64Array.from(points, ([time]) => time),
    values: Float64Array.from(points, ([, value]) => value),
    histograms: [],
  };
}

/** The columns as lists of points that are there. */
async function draw(
  lines: readonly Series[],
  from: number,
  to: number,
  width: number,
  gapMs = Number.POSITIVE_INFINITY,
  reduce: "extremes" | "last" = "extremes",
) {
  const columns = await chartColumns({
    lines: lines.map((line) => ({ ...line, gapMs })),
    ...{ from, to, width, reduce, pause: async () => undefined },
  });
  const { points, buffer } = columns;
  const bits = new Uint8Array(buffer, points * 8 * (lines.length + 1));
  const x = new Float64Array(buffer, 0, points);
  const read = lines.map((_, line) => {
    const y = new Float64Array(buffer, points * 8 * (line + 1), points);
    return Array.from(x, (time, i): [number, number] => [time, y[i] ?? Number.NaN]).filter((_point, i) => {
      const bit = line * points + i;
      return ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
    });
  });
  const drawn = lines.map((_, line) => {
    const y = new Float64Array(buffer, points * 8 * (line + 1), points);
    return Array.from(y, (value, i) => {
      const bit = line * points + i;
      const isSample = ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
      return isSample ? value : Number.isNaN(value) ? "gap" : "span";
    });
  });
  return { ...columns, x: [...x], read, drawn };
}

test("few points come as they are, the first and last of the window among them, NaN too", async () => {
  const points = [0, 15_000, 30_000].map((offset, i) => [epoch + offset, i === 1 ? Number.NaN : i] as const);
  const { read, isExact } = await draw([series(points)], epoch, epoch + 30_000, 500);
  assert.equal(isExact, true);
  assert.deepEqual(read[0], points);
});

test("where all lines pause there is a hole, where one pauses only it does", async () => {
  const a = series([0, 10, 20, 60].map((time) => [time, 1] as const));
  const b = series([0, 10, 60].map((time) => [time, 2] as const));
  const { x, read } = await draw([a, b], 0, 60, 500, 15);
  assert.deepEqual(x, [0, 10, 20, 40, 60]);
  assert.deepEqual(
    read[0]?.map(([time]) => time),
    [0, 10, 20, 60],
  );
  assert.deepEqual(
    read[1]?.map(([time]) => time),
    [0, 10, 60],
  );
});

test("a line goes on where only another line has a sample, and breaks only where it pauses itself", async () => {
  const a = series([0, 10, 20, 50, 60].map((time) => [time, time] as const));
  const b = series([5, 15, 25, 35, 45, 55].map((time) => [time, 1] as const));
  const { x, drawn } = await draw([a, b], 0, 60, 500, 15);
  assert.deepEqual(x, [0, 5, 10, 15, 20, 25, 35, 45, 50, 55, 60]);
  assert.deepEqual(drawn[0], [0, "span", 10, "span", 20, "gap", "gap", "gap", 50, "span", 60]);
  assert.deepEqual(drawn[1], ["gap", 1, "span", 1, "span", 1, 1, 1, "span", 1, "gap"]);
});

test("a value that cannot be drawn breaks its line up to the samples on either side", async () => {
  const a = series([0, 10, 20].map((time) => [time, time === 10 ? Number.NaN : time] as const));
  const b = series([5, 15].map((time) => [time, 1] as const));
  const { drawn } = await draw([a, b], 0, 20, 500, 30);
  assert.deepEqual(drawn[0], [0, "gap", Number.NaN, "gap", 20]);
});

test("a sparse line among dense ones is not broken at pixels without a sample", async () => {
  const dense = series(Array.from({ length: 1000 }, (_, i) => [i, i] as const));
  const sparse = series([0, 100, 200, 900].map((time) => [time, time] as const));
  const { drawn, isExact, x } = await draw([dense, sparse], 0, 999, 100, 150);
  assert.equal(isExact, false);
  const between = (from: number, to: number) =>
    new Set(drawn[1]?.filter((_, i) => (x[i] ?? 0) > from && (x[i] ?? 0) < to));
  assert.deepEqual(between(10, 90), new Set(["span"]));
  assert.deepEqual(between(110, 190), new Set(["span"]));
  assert.deepEqual(between(215, 885), new Set(["gap"]));
});

test("a window without length is given some, so that its point has an axis", async () => {
  const { read, from, to } = await draw([series([[epoch, 7]])], epoch, epoch, 500, 90_000);
  assert.ok(from < epoch && to > epoch);
  assert.deepEqual(read[0], [[epoch, 7]]);
});

test("a hole in one line is none in another of a longer step", async () => {
  const fast = series([0, 10, 50].map((time) => [time, time] as const));
  const slow = series([0, 50].map((time) => [time, time] as const));
  const { buffer, points } = await chartColumns({
    lines: [
      { ...fast, gapMs: 15 },
      { ...slow, gapMs: 75 },
    ],
    ...{ from: 0, to: 50, width: 500, reduce: "extremes", pause: async () => undefined },
  });
  assert.deepEqual([...new Float64Array(buffer, 0, points)], [0, 10, 30, 50]);
  assert.deepEqual([...new Float64Array(buffer, points * 8, points)], [0, 10, Number.NaN, 50]);
  // Neither 10 nor 30 is a sample of the slow line, which goes on through them.
  assert.deepEqual([...new Float64Array(buffer, points * 16, points)], [0, 0, 0, 50]);
});

test("where lines are added up the last value of each pixel stands for it", async () => {
  const line = series(Array.from({ length: 1000 }, (_, i) => [i, i % 7] as const));
  const { read } = await draw([line], 0, 999, 10, 2, "last");
  // Pixels of 99.9: the last times in them are 99, 199, ... and 999.
  const expected = [99, 199, 299, 399, 499, 599, 699, 799, 899, 999].map((time) => time % 7);
  assert.deepEqual(
    read[0]?.filter((_, i) => i % 2 === 1).map(([, value]) => value),
    expected,
  );
  assert.deepEqual(
    read[0]?.filter((_, i) => i % 2 === 0).map(([, value]) => value),
    expected,
  );
});

test("an infinity in a pixel does not hide its spike", async () => {
  const line = series(
    Array.from({ length: 1000 }, (_, i) => [i, i === 500 ? 1e6 : i === 501 ? Number.POSITIVE_INFINITY : 1] as const),
  );
  const { read } = await draw([line], 0, 999, 10);
  assert.equal(Math.max(...(read[0] ?? []).map(([, value]) => value)), 1e6);
});

test("many points: at most two a pixel, extremes of every pixel kept, nothing invented", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(Number.NaN)), {
        minLength: 100,
        maxLength: 600,
      }),
      fc.integer({ min: 2, max: 40 }),
      async (values, width) => {
        const line = series(values.map((value, i) => [epoch + i * 1000, value] as const));
        const to = epoch + (values.length - 1) * 1000;
        const { read, points } = await draw([line], epoch, to, width);
        assert.ok(points <= 2 * width);
        const shown = (read[0] ?? []).map(([, value]) => value);
        for (const value of shown)
          assert.ok(
            values.some((one) => Object.is(one, value)),
            `${value} is no sample`,
          );
        const finite = values.filter((value) => !Number.isNaN(value));
        if (finite.length === 0) return;
        const drawn = shown.filter((value) => !Number.isNaN(value));
        assert.equal(Math.min(...drawn), Math.min(...finite));
        assert.equal(Math.max(...drawn), Math.max(...finite));
      },
    ),
    { numRuns: 200 },
  );
});
