import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fullStretch,
  fullTime,
  localTime,
  parseLocalTime,
  shortTime,
  TimeZone,
  tickTexts,
  tickTimes,
  timeZoneOf,
} from "../../../src/shared/model/zonedTime.ts";

const hour = 3_600_000;
const at = (text: string) => Date.parse(text);
const iso = (time: number) => new Date(time).toISOString().replace(".000Z", "Z");

const full: readonly {
  readonly title: string;
  readonly zone: string;
  readonly time: number;
  readonly expected: string;
}[] = [
  { title: "UTC", zone: "UTC", time: at("2026-01-31T12:00:00Z"), expected: "2026-01-31 12:00:00Z" },
  { title: "winter", zone: "Europe/Berlin", time: at("2026-01-31T23:30:00Z"), expected: "2026-02-01 00:30:00+01:00" },
  { title: "summer", zone: "Europe/Berlin", time: at("2026-07-01T00:00:00Z"), expected: "2026-07-01 02:00:00+02:00" },
  {
    title: "45 minutes",
    zone: "Asia/Kathmandu",
    time: at("2026-01-01T00:00:00Z"),
    expected: "2026-01-01 05:45:00+05:45",
  },
  { title: "west", zone: "America/St_Johns", time: at("2026-01-01T00:00:00Z"), expected: "2025-12-31 20:30:00-03:30" },
  { title: "milliseconds", zone: "UTC", time: at("2026-01-31T12:00:00.007Z"), expected: "2026-01-31 12:00:00.007Z" },
  { title: "no number", zone: "UTC", time: Number.NaN, expected: "no time" },
  { title: "beyond all dates", zone: "Europe/Berlin", time: 1e300, expected: "no time" },
  // The minute before and the minute at which Berlin's clocks went forward in 2026 (29 March, 01:00 UTC).
  {
    title: "before the change",
    zone: "Europe/Berlin",
    time: at("2026-03-29T00:59:00Z"),
    expected: "2026-03-29 01:59:00+01:00",
  },
  {
    title: "at the change",
    zone: "Europe/Berlin",
    time: at("2026-03-29T01:00:00Z"),
    expected: "2026-03-29 03:00:00+02:00",
  },
];
for (const { title, zone, time, expected } of full) {
  test(`a moment in full: ${title}`, () => assert.equal(fullTime(time, new TimeZone(zone)), expected));
}

const ticks = [
  {
    title: "days begin at midnight of the zone, also where one has 23 hours",
    zone: "Europe/Berlin",
    from: "2026-03-28T12:00:00Z",
    to: "2026-03-31T12:00:00Z",
    increment: 24 * hour,
    expected: ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z"],
    texts: ["03-29", "03-30", "03-31"],
  },
  {
    title: "hours are whole in a zone of 45 minutes",
    zone: "Asia/Kathmandu",
    from: "2026-01-01T00:00:00Z",
    to: "2026-01-01T02:00:00Z",
    increment: hour,
    expected: ["2026-01-01T00:15:00Z", "2026-01-01T01:15:00Z"],
    texts: ["06:00\n01-01", "07:00"],
  },
  {
    title: "quarters of an hour across a change of the clock",
    zone: "Europe/Berlin",
    from: "2026-03-29T00:50:00Z",
    to: "2026-03-29T01:20:00Z",
    increment: hour / 4,
    expected: ["2026-03-29T01:00:00Z", "2026-03-29T01:15:00Z"],
    texts: ["03:00\n03-29", "03:15"],
  },
  {
    title: "an hour that comes twice has its ticks once or twice, but never backwards",
    zone: "Europe/Berlin",
    from: "2026-10-24T23:00:00Z",
    to: "2026-10-25T03:00:00Z",
    increment: 2 * hour,
    expected: ["2026-10-25T00:00:00Z", "2026-10-25T03:00:00Z"],
    texts: ["02:00\n10-25", "04:00"],
  },
];
for (const { title, zone, from, to, increment, expected, texts } of ticks) {
  test(`ticks: ${title}`, () => {
    const found = tickTimes(at(from), at(to), increment, new TimeZone(zone));
    assert.deepEqual(found.map(iso), expected);
    assert.deepEqual(tickTexts(found, new TimeZone(zone)), texts);
  });
}

test("ticks closer than a second show milliseconds", () => {
  const start = at("2026-01-01T00:00:00Z");
  assert.deepEqual(tickTexts(tickTimes(start, start + 1000, 500, new TimeZone("UTC")), new TimeZone("UTC")), [
    "00:00:00.000\n01-01",
    "00:00:00.500",
    "00:00:01.000",
  ]);
});

test("a setting names a zone; one that names none is the local one", () => {
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
  assert.equal(timeZoneOf("utc").name, "UTC");
  assert.equal(timeZoneOf("UTC").name, "UTC");
  assert.equal(timeZoneOf("Asia/Tokyo").name, "Asia/Tokyo");
  assert.equal(timeZoneOf("local").name, local);
  assert.equal(timeZoneOf("Mars/Olympus").name, local);
});

const stretches = [
  {
    title: "within a day",
    from: "2026-01-31T12:00:00Z",
    to: "2026-01-31T12:00:15Z",
    zone: "UTC",
    expected: "2026-01-31 12:00:00 to 12:00:15Z",
  },
  {
    title: "to the millisecond",
    from: "2026-01-31T12:00:00.5Z",
    to: "2026-01-31T12:00:15Z",
    zone: "Europe/Berlin",
    expected: "2026-01-31 13:00:00.500 to 13:00:15+01:00",
  },
  {
    title: "over midnight",
    from: "2026-01-31T23:59:00Z",
    to: "2026-02-01T00:01:00Z",
    zone: "UTC",
    expected: "2026-01-31 23:59:00Z to 2026-02-01 00:01:00Z",
  },
  {
    title: "over a change of the clock",
    from: "2026-03-29T00:59:00Z",
    to: "2026-03-29T01:01:00Z",
    zone: "Europe/Berlin",
    expected: "2026-03-29 01:59:00+01:00 to 2026-03-29 03:01:00+02:00",
  },
] as const;

for (const { title, from, to, zone, expected } of stretches) {
  test(`a stretch of time: ${title}`, () =>
    assert.equal(fullStretch(Date.parse(from), Date.parse(to), new TimeZone(zone)), expected));
}

const clocks = [
  { title: "to the minute", text: "2026-01-31 13:00", zone: "Europe/Berlin", expected: "2026-01-31T12:00:00Z" },
  { title: "to the second", text: "2026-07-31T13:00:15", zone: "Europe/Berlin", expected: "2026-07-31T11:00:15Z" },
  { title: "below the second", text: "2026-01-31 13:00:15.250", zone: "UTC", expected: "2026-01-31T13:00:15.250Z" },
  {
    title: "that is shown twice",
    text: "2026-10-25 02:30",
    zone: "Europe/Berlin",
    expected: "2026-10-25T00:30:00Z",
  },
  {
    title: "that is left out",
    text: "2026-03-29 02:30",
    zone: "Europe/Berlin",
    expected: "2026-03-29T01:30:00Z",
  },
  { title: "west of Greenwich", text: "2026-01-31 23:30", zone: "America/New_York", expected: "2026-02-01T04:30:00Z" },
  { title: "of no day", text: "2026-02-30 13:00", zone: "UTC", expected: undefined },
  { title: "with a zone of its own", text: "2026-01-31 13:00Z", zone: "UTC", expected: undefined },
  { title: "that is a number", text: "1700000000", zone: "UTC", expected: undefined },
  { title: "that is relative", text: "now", zone: "UTC", expected: undefined },
] as const;

for (const { title, text, zone, expected } of clocks) {
  test(`a time of the wall clock: ${title}`, () => {
    const time = parseLocalTime(text, new TimeZone(zone));
    assert.equal(time === undefined ? undefined : iso(time), expected);
  });
}

test("a time on the wall clock and in short", () => {
  const zone = new TimeZone("Europe/Berlin");
  assert.equal(localTime(at("2026-01-31T12:00:00.123Z"), zone), "2026-01-31 13:00:00.123");
  assert.equal(localTime(at("2026-01-31T12:00:00Z"), zone), "2026-01-31 13:00:00");
  assert.equal(shortTime(at("2026-01-31T12:05:59Z"), zone, at("2026-01-31T14:00:00Z")), "13:05");
  assert.equal(shortTime(at("2026-01-31T12:05:59Z"), zone, at("2026-01-31T23:30:00Z")), "2026-01-31 13:05");
});
