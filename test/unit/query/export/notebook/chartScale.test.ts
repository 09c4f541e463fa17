import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { timeScale, valueScale } from "../../../../../src/query/export/notebook/chartScale.ts";
import { TimeZone } from "../../../../../src/shared/model/zonedTime.ts";

describe("an axis of values", () => {
  const cases: readonly {
    readonly title: string;
    readonly input: readonly [min: number, max: number, unit?: string];
    readonly expected: readonly string[];
  }[] = [
    { title: "in steps of 1, 2 or 5", input: [0, 10], expected: ["0", "2", "4", "6", "8", "10"] },
    { title: "from the step below to the one above", input: [3, 97], expected: ["0", "20", "40", "60", "80", "100"] },
    { title: "on both sides of zero", input: [-1, 1], expected: ["-1", "-0.5", "0", "0.5", "1"] },
    { title: "small numbers without crumbs", input: [0, 0.3], expected: ["0", "0.1", "0.2", "0.3"] },
    {
      title: "bytes in powers of two",
      input: [0, 4096, "bytes"],
      expected: ["0 B", "1 KiB", "2 KiB", "3 KiB", "4 KiB"],
    },
    {
      title: "hours on the clock",
      input: [0, 4 * 3600, "s"],
      expected: ["0s", "1 h", "2 h", "3 h", "4 h"],
    },
    { title: "a flat line in the middle", input: [7, 7], expected: ["0", "7", "14"] },
    { title: "a flat line below zero", input: [-7, -7], expected: ["-14", "-7", "0"] },
    { title: "zero alone", input: [0, 0], expected: ["-1", "0", "1"] },
    { title: "nothing to draw", input: [Number.NaN, Number.NaN], expected: ["0", "1"] },
    {
      title: "with more digits where short numbers would be the same",
      input: [1_000_000, 1_000_010],
      expected: ["1M", "1.000002M", "1.000004M", "1.000006M", "1.000008M", "1.00001M"],
    },
    { title: "the ends of all numbers", input: [-1.7e308, 1.7e308], expected: ["-1.700e+308", "1.700e+308"] },
    {
      title: "an unknown unit, cut",
      input: [0, 1, "x".repeat(50)],
      expected: [`0 ${"x".repeat(21)}…`, `0.2 ${"x".repeat(19)}…`],
    },
  ];
  for (const { title, input, expected } of cases) {
    test(title, () => {
      const [min, max, unit] = input;
      const { from, to, ticks } = valueScale(min, max, unit);
      assert.deepEqual(ticks.map(({ text }) => text).slice(0, unit?.startsWith("x") ? 2 : undefined), expected);
      assert.ok(from < to, `${from} < ${to}`);
      assert.ok(!(min < from) && !(max > to), "all values are on it");
      assert.ok(ticks.every(({ at }) => at >= from && at <= to));
    });
  }

  test("is there for any two numbers", () => {
    const numbers = [
      -1.7e308,
      -1e300,
      -1,
      -5e-324,
      0,
      5e-324,
      1e-310,
      1e-300,
      1,
      1 + 2 ** -52,
      1e20,
      1e20 + 16384,
      1.7e308,
    ];
    for (const min of numbers) {
      for (const max of numbers.filter((one) => one >= min)) {
        const { from, to, ticks } = valueScale(min, max, undefined);
        assert.ok(from <= min && to >= max && from < to, `${min} to ${max}: ${from} to ${to}`);
        assert.ok(ticks.length > 0 && ticks.length < 12, `${min} to ${max}: ${ticks.length} ticks`);
      }
    }
  });
});

describe("an axis of times", () => {
  const hour = 3_600_000;
  const start = Date.UTC(2026, 0, 2, 23);
  const cases: readonly {
    readonly title: string;
    readonly hours: number;
    readonly zone: string;
    readonly expected: string[];
  }[] = [
    {
      title: "with the day where it changes",
      hours: 2,
      zone: "UTC",
      expected: ["23:00\n01-02", "23:30", "00:00\n01-03", "00:30", "01:00"],
    },
    {
      title: "on the zone's clock",
      hours: 1,
      zone: "Asia/Kolkata",
      expected: ["04:30\n01-03", "04:45", "05:00", "05:15", "05:30"],
    },
    { title: "by days", hours: 72, zone: "UTC", expected: ["01-03", "01-04", "01-05"] },
  ];
  for (const { title, hours, zone, expected } of cases) {
    test(title, () => {
      const ticks = timeScale(start, start + hours * hour, 4, new TimeZone(zone));
      assert.deepEqual(
        ticks.map(({ text }) => text),
        expected,
      );
    });
  }

  test("of centuries has few ticks", () => {
    assert.ok(timeScale(-8.64e15, 8.64e15, 8, new TimeZone("UTC")).length <= 9);
  });
});
