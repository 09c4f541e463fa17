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

test("label names in a path: as they are where every server reads them so, else in the escaping of prometheus/common", () => {
  const rows: readonly (readonly [name: string, expected: string])[] = [
    ["job", "job"],
    ["__name__", "__name__"],
    ["service.name", "service.name"],
    ["k8s-app 1st", "k8s-app 1st"],
    ["花火", "花火"],
    ["http.status:sum", "http.status:sum"],
    // A slash would be another path, dots alone a way up, and a name that looks escaped would be read as one that is.
    ["http.status/sum", "U__http_2e_status_2f_sum"],
    ["label/with 😱", "U__label_2f_with_20__1f631_"],
    ["U__foo", "U__U____foo"],
    ["a/../../admin", "U__a_2f__2e__2e__2f__2e__2e__2f_admin"],
    [".", "U___2e_"],
    ["..", "U___2e__2e_"],
    ["%2e%2e", "U___25_2e_25_2e"],
    ["1/", "U___31__2f_"],
    ["a1?", "U__a1_3f_"],
    [" ", "U___20_"],
    ["", "U__"],
  ];
  for (const [name, expected] of rows) assert.equal(decodeURIComponent(labelPathSegment(name)), expected);
  const binary = fc.string({ unit: "binary" });
  fc.assert(fc.property(binary, (name) => assert.match(labelPathSegment(name), /^(?!\.+$)[\w%.-]+$/)));
});
