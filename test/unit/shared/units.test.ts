import assert from "node:assert/strict";
import { test } from "node:test";
import { shortNumber } from "../../../src/shared/model/numberText.ts";
import { unitNumber, units } from "../../../src/shared/model/units.ts";

const cases: readonly (readonly [value: number, unit: string | undefined, expected: string])[] = [
  [0, undefined, "0"],
  [0.5, undefined, "0.5"],
  [0.1356, undefined, "0.1356"],
  [0.00012, undefined, "0.00012"],
  [0.000012, undefined, "1.2e-5"],
  [-0.25, undefined, "-0.25"],
  [1, "reqps", "1 req/s"],
  [1500, "cps", "1500/s"],
  [1, "furlongs", "1 furlongs"],
  [9999, undefined, "9999"],
  [12_345, undefined, "12.35k"],
  [1.5e9, undefined, "1.5G"],
  [1e22, undefined, "1.000e+22"],
  [Number.NaN, "s", "NaN"],
  [Number.POSITIVE_INFINITY, "bytes", "+Inf"],
  [0.0124, "s", "12.4ms"],
  [0.00008, "s", "80µs"],
  [1.5, "s", "1.5s"],
  [90, "s", "1.5 min"],
  [0, "s", "0s"],
  [0.075, "percentunit", "7.5%"],
  [1, "percentunit", "100%"],
  [0.99996, "percentunit", "99.996%"],
  [0.9999996, "percentunit", "99.99996%"],
  [1.00001, "percentunit", "100.001%"],
  [-0.99996, "percentunit", "-99.996%"],
  [99.996, "percent", "99.996%"],
  [0.000001, "percentunit", "1e-4%"],
  [0.00000001, "percentunit", "1e-6%"],
  // The noise of a division is no missing part.
  [1 - 2 ** -53, "percentunit", "100%"],
  [1536, "bytes", "1.5 KiB"],
  [1536, "binBps", "1.5 KiB/s"],
  [15_360, "decbytes", "15.36 kB"],
  [12.5, "ms", "12.5ms"],
  [90_000, "ms", "1.5 min"],
  [-2.5e6, "watt", "-2.5 MW"],
  [0.00001, "watt", "1e-5 W"],
  [21.5, "celsius", "21.5 °C"],
  [1_767_323_045, "dateTimeAsIso", "2026-01-02T03:04:05Z"],
  [1e300, "dateTimeAsIso", "1.000e+300"],
];

test("numbers in units, so that none is read as another", () => {
  for (const [value, unit, expected] of cases) assert.equal(unitNumber(value, unit), expected, `${value} ${unit}`);
});

test("what is shown differs from the value by less than a thousandth of it", () => {
  for (let exponent = -9; exponent < 20; exponent++) {
    const value = 1.23456789 * 10 ** exponent;
    const text = shortNumber(value);
    const factor = { k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 }[text.at(-1) ?? ""] ?? 1;
    assert.ok(Math.abs(Number.parseFloat(text) * factor - value) / value < 0.001, text);
  }
});

test("every unit offered writes numbers its own way", () => {
  const texts = units.map(({ id }) => unitNumber(86_400_000, id));
  assert.equal(new Set(units.map(({ id }) => id)).size, units.length);
  assert.equal(new Set(texts).size, units.length);
});
