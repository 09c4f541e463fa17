import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatDuration, formatTime, parseDuration, parseTime, resolveTime } from "../../../src/shared/model/time.ts";
import { timeHint } from "../../../src/shared/timeHint.ts";

const durations: readonly { input: string; expected: number | undefined }[] = [
  { input: "1h30m", expected: 5_400_000 },
  { input: "1y", expected: 31_536_000_000 },
  { input: "2w3d", expected: 1_468_800_000 },
  { input: "1500ms", expected: 1500 },
  { input: "15", expected: 15_000 },
  { input: "0.5", expected: 500 },
  { input: "0", expected: 0 },
  { input: "1.5d", expected: undefined },
  { input: "1m1h", expected: undefined },
  { input: "-5m", expected: undefined },
  { input: "5 m", expected: undefined },
  { input: "", expected: undefined },
];

test("durations are read as Prometheus reads them", () => {
  for (const { input, expected } of durations) assert.equal(parseDuration(input), expected, input);
});

test("a printed duration is exact and reads back", () => {
  assert.equal(formatDuration(90_000), "1m30s");
  assert.equal(formatDuration(86_400_000 * 10), "10d");
  assert.equal(formatDuration(86_400_000 * 14), "2w");
  assert.equal(formatDuration(1500), "1s500ms");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000_000_000 }), (ms) =>
      assert.equal(parseDuration(formatDuration(ms)), ms),
    ),
  );
});

test("moments", () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5);
  assert.deepEqual(parseTime("now-6h"), { kind: "now", offsetMs: -21_600_000 });
  assert.deepEqual(parseTime("now-6"), { kind: "now", offsetMs: -6000 });
  assert.deepEqual(parseTime("2026-01-02T03:04:05Z"), { kind: "at", time: now });
  assert.deepEqual(parseTime("2026-01-02 05:04:05+02:00"), { kind: "at", time: now });
  assert.deepEqual(parseTime("1435781451.781"), { kind: "at", time: 1_435_781_451_781 });
  for (const wrong of [
    "yesterday",
    "now-",
    "2026-01-02",
    "2026-01-02T03:04:05",
    "2026-13-02T03:04:05Z",
    "2026-02-30T00:00:00Z",
    "1767225600000",
    "1767225600000000",
    "-100000000000",
    "now-300000y",
  ]) {
    assert.equal(parseTime(wrong), undefined, wrong);
  }
  assert.deepEqual(parseTime("99999999999"), { kind: "at", time: 99_999_999_999_000 });
  assert.equal(resolveTime({ kind: "now", offsetMs: -1000 }, now), now - 1000);
  fc.assert(
    fc.property(fc.integer({ min: -10_000_000_000, max: 0 }), (offsetMs) =>
      assert.deepEqual(parseTime(formatTime({ kind: "now", offsetMs })), { kind: "now", offsetMs }),
    ),
  );
});

test("a number that counts less than seconds is told from other words that are no time", () => {
  const table: readonly { input: string; expected: string | undefined }[] = [
    { input: "1700000000000", expected: "That looks like milliseconds: write 1700000000." },
    { input: "1700000000123", expected: "That looks like milliseconds: write 1700000000.123." },
    { input: "1700000000000000", expected: "That looks like microseconds: write 1700000000." },
    { input: "1700000000000000000", expected: "That looks like nanoseconds: write 1700000000." },
    { input: "1700000000", expected: undefined },
    { input: "1700000000000.5", expected: undefined },
    { input: "yesterday", expected: undefined },
    { input: "", expected: undefined },
  ];
  for (const { input, expected } of table) assert.equal(timeHint(input), expected, input);
});
