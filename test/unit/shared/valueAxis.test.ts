import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tickIncrement, tickIncrements, valueTexts } from "../../../src/shared/model/valueAxis.ts";

const gibi = 2 ** 30;
const day = 86_400;

describe("the texts of an axis", () => {
  const cases: readonly {
    readonly title: string;
    readonly unit: string | undefined;
    readonly from: number;
    readonly increment: number;
    readonly expected: readonly string[];
  }[] = [
    { title: "of small numbers", unit: undefined, from: 0, increment: 0.5, expected: ["0", "0.5", "1"] },
    {
      title: "of thousands two apart",
      unit: undefined,
      from: 123_450,
      increment: 2,
      expected: ["123.45k", "123.452k", "123.454k"],
    },
    {
      title: "in steps of two digits",
      unit: undefined,
      from: 12_345,
      increment: 2.5,
      expected: ["12.345k", "12.3475k", "12.35k"],
    },
    {
      title: "of gibibytes a quarter of a mebibyte apart",
      unit: "bytes",
      from: 100 * gibi,
      increment: 2 ** 18,
      expected: ["100 GiB", "100.00024 GiB", "100.00049 GiB"],
    },
    {
      title: "just below all",
      unit: "percentunit",
      from: 0.99996,
      increment: 0.00002,
      expected: ["99.996%", "99.998%", "100%"],
    },
    { title: "of hours", unit: "s", from: 0, increment: 7200, expected: ["0s", "2 h", "4 h"] },
    { title: "across the hour", unit: "s", from: 3000, increment: 600, expected: ["50 min", "1 h", "1 h 10 min"] },
    { title: "of milliseconds", unit: "ms", from: 59_000, increment: 500, expected: ["59s", "59.5s", "1 min"] },
    {
      title: "of halves of a second",
      unit: "s",
      from: 60,
      increment: 0.5,
      expected: ["1 min", "1 min 0.5s", "1 min 1s"],
    },
    {
      title: "of an uptime",
      unit: "s",
      from: 10 * day,
      increment: 20,
      expected: ["10 d", "10 d 20s", "10 d 40s"],
    },
    { title: "before zero", unit: "s", from: -90, increment: 30, expected: ["-1 min 30s", "-1 min", "-30s"] },
    {
      title: "of a unit of one's own",
      unit: "shards",
      from: 0,
      increment: 1,
      expected: ["0 shards", "1 shards", "2 shards"],
    },
  ];
  for (const { title, unit, from, increment, expected } of cases) {
    test(title, () => {
      const ticks = expected.map((_, i) => Number((from + i * increment).toPrecision(15)));
      assert.deepEqual(valueTexts(ticks, unit, increment), expected);
    });
  }

  test("of powers of ten have no clock", () => {
    assert.deepEqual(valueTexts([1, 10, 100], "s", undefined), ["1s", "10s", "1.667 min"]);
  });

  test("differ from their neighbours for any unit and distance", () => {
    for (const unit of [undefined, "s", "ms", "bytes", "percentunit", "percent", "watt", "cps", "celsius"]) {
      for (let power = -6; power < 9; power++) {
        for (const from of [0, 1e3, 123_456_789]) {
          const increment = tickIncrement(1.3 * 10 ** power, unit);
          const first = Math.ceil(from / increment);
          const ticks = Array.from({ length: 6 }, (_, i) => Number(((first + i) * increment).toPrecision(15)));
          const texts = valueTexts(ticks, unit, increment);
          assert.equal(new Set(texts).size, ticks.length, `${unit} ${from} ${increment}: ${texts.join(", ")}`);
        }
      }
    }
  });
});

test("the distances of ticks suit the unit", () => {
  assert.equal(tickIncrement(1100, undefined), 2000);
  assert.equal(tickIncrement(1100, "bytes"), 2048);
  assert.equal(tickIncrement(0.03, "s"), 0.05);
  assert.equal(tickIncrement(11, "s"), 15);
  assert.equal(tickIncrement(1000, "s"), 1800);
  assert.equal(tickIncrement(20_000, "s"), 6 * 3600);
  assert.equal(tickIncrement(1.1 * day, "s"), 2 * day);
  assert.equal(tickIncrement(1_000_000, "ms"), 1_800_000);
  assert.equal(tickIncrements("watt"), undefined);
});

test("the distances go up, each once", () => {
  for (const unit of ["s", "ms", "bytes"]) {
    const increments = tickIncrements(unit) ?? [];
    assert.ok(increments.length > 50);
    assert.ok(
      increments.every((one, i) => i === 0 || one > (increments[i - 1] ?? 0)),
      unit,
    );
  }
});
