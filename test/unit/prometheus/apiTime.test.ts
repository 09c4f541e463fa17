import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatApiSeconds, formatApiTime, parseServerTime } from "../../../src/prometheus/apiTime.ts";
import { labelPathSegment } from "../../../src/prometheus/labelPath.ts";

test("moments have three decimals and no exponent", () => {
  const rows: readonly (readonly [ms: number, expected: string])[] = [
    [1_435_781_451_781, "1435781451.781"],
    [0, "0.000"],
    [0.001, "0.000"],
    [-1500, "-1.500"],
    [253_402_300_799_999, "253402300799.999"],
  ];
  for (const [ms, expected] of rows) assert.equal(formatApiTime(ms), expected);
  fc.assert(
    fc.property(fc.integer({ min: -1e15, max: 1e15 }), (ms) => {
      assert.match(formatApiTime(ms), /^-?\d+\.\d{3}$/);
      assert.equal(Math.round(Number(formatApiTime(ms)) * 1000), ms);
    }),
  );
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, 1e30])
    assert.throws(() => formatApiTime(wrong), RangeError);
});

test("steps are the shortest decimal seconds", () => {
  const rows: readonly (readonly [ms: number, expected: string])[] = [
    [15_000, "15"],
    [500, "0.5"],
    [1, "0.001"],
    [10_000_000, "10000"],
    [1_234_500, "1234.5"],
  ];
  for (const [ms, expected] of rows) assert.equal(formatApiSeconds(ms), expected);
});

test("times that a server prints", () => {
  assert.equal(parseServerTime("2026-01-02T03:04:05.123456789Z"), Date.UTC(2026, 0, 2, 3, 4, 5, 123));
  assert.equal(parseServerTime("2026-01-02T03:04:05-02:00"), Date.UTC(2026, 0, 2, 5, 4, 5));
  for (const never of ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "", "soon", null, undefined]) {
    assert.equal(parseServerTime(never), undefined);
  }
});

test("label names in a path, with the examples of prometheus/common", () => {
  const rows: readonly (readonly [name: string, expected: string])[] = [
    ["job", "job"],
    ["__name__", "__name__"],
    ["http.status:sum", "U__http_2e_status:sum"],
    ["mysystem.prod.west.cpu.load_total", "U__mysystem_2e_prod_2e_west_2e_cpu_2e_load__total"],
    ["label with 😱", "U__label_20_with_20__1f631_"],
    ["花火", "U___82b1__706b_"],
    ["U__foo", "U__U____foo"],
    ["a/../../admin", "U__a_2f__2e__2e__2f__2e__2e__2f_admin"],
    ["1st", "U___31_st"],
    ["a1.", "U__a1_2e_"],
  ];
  for (const [name, expected] of rows) assert.equal(decodeURIComponent(labelPathSegment(name)), expected);
  fc.assert(fc.property(fc.string({ unit: "binary" }), (name) => assert.match(labelPathSegment(name), /^[\w%]*$/)));
});
