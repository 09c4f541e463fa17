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
) {
  const columns = await chartColumns({ lines, from, to, width, gapMs, pause: async () => undefined });
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
  return { ...columns, x: [...x], read };
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
