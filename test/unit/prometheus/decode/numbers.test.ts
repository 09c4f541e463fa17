import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseNumber } from "../../../../src/prometheus/decode/numbers.ts";

function parse(text: string): number | undefined {
  const bytes = Buffer.from(`x${text}y`);
  return parseNumber(bytes, 1, bytes.length - 1);
}

test("a number is read exactly as Number reads it, however many digits it has", () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  const written = fc.oneof(
    double.map(String),
    fc.tuple(double, fc.integer({ min: 1, max: 21 })).map(([value, digits]) => value.toPrecision(digits)),
    fc
      .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 20 }))
      .map(([value, digits]) => value.toFixed(digits)),
    fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
  );
  fc.assert(
    fc.property(written, (text) => assert.ok(Object.is(parse(text), Number(text)), text)),
    { numRuns: 30_000 },
  );
});

test("numbers halfway between two doubles are rounded to the even one", () => {
  const view = new DataView(new ArrayBuffer(8));
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), fc.integer({ min: 16, max: 20 }), (value, digits) => {
      view.setFloat64(0, value);
      view.setBigUint64(0, view.getBigUint64(0) + 1n);
      const text = ((value + view.getFloat64(0)) / 2).toPrecision(digits);
      assert.ok(Object.is(parse(text), Number(text)), text);
    }),
    { numRuns: 20_000 },
  );
  for (const text of [
    "9007199254740993",
    "9007199254740995",
    "0.500000000000000166533453693773481063544750213623046875",
    "5e-324",
    "2.4703282292062328e-324",
    "1.7976931348623159e308",
    `0.${"3".repeat(400)}`,
    "1".repeat(400),
  ]) {
    assert.ok(Object.is(parse(text), Number(text)), text);
  }
});

test("words of servers, and what is no number", () => {
  const cases: readonly (readonly [string, number | undefined])[] = [
    ["NaN", Number.NaN],
    ["+Inf", Number.POSITIVE_INFINITY],
    ["-Inf", Number.NEGATIVE_INFINITY],
    ["Inf", Number.POSITIVE_INFINITY],
    ["inf", Number.POSITIVE_INFINITY],
    ["-inf", Number.NEGATIVE_INFINITY],
    ["-0", -0],
    ["1e+21", 1e21],
    ["1e-07", 1e-7],
    ["+5", 5],
    ["", undefined],
    [".", undefined],
    ["-", undefined],
    ["1e", undefined],
    ["1e+", undefined],
    ["1.2.3", undefined],
    ["0x10", undefined],
    ["1 ", undefined],
    ["Infinite", undefined],
  ];
  for (const [text, expected] of cases) assert.ok(Object.is(parse(text), expected), text);
});
