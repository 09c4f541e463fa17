import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { withoutZone, zonedText } from "../../../media/results/zonedText.ts";
import { formatTime, parseTime } from "../../../src/shared/model/time.ts";
import { TimeZone } from "../../../src/shared/model/zonedTime.ts";

const berlin = new TimeZone("Europe/Berlin");

const times = [
  { title: "a relative time", kept: "now-6h", shown: "now-6h" },
  { title: "a fixed time", kept: "2026-01-31T12:00:00Z", shown: "2026-01-31 13:00:00" },
  { title: "a fixed time to the millisecond", kept: "2026-01-31T12:00:00.123Z", shown: "2026-01-31 13:00:00.123" },
  { title: "the first of two hours", kept: "2026-10-25T00:30:00Z", shown: "2026-10-25 02:30:00" },
  { title: "the second of two hours", kept: "2026-10-25T01:30:00Z", shown: "2026-10-25 02:30:00+01:00" },
] as const;

for (const { title, kept, shown } of times) {
  test(`${title} is shown on the wall clock and sent without a zone`, () => {
    assert.equal(zonedText(kept, berlin), shown);
    const time = withoutZone(shown, berlin);
    assert.deepEqual(parseTime(time ?? ""), parseTime(kept));
  });
}

test("what is shown on the axis can be written, and so can a time with a zone of its own", () => {
  assert.equal(withoutZone(" 2026-01-31 13:00 ", berlin), "2026-01-31T12:00:00Z");
  assert.equal(withoutZone("2026-01-31T12:00:00Z", berlin), "2026-01-31T12:00:00Z");
  assert.equal(withoutZone("yesterday", berlin), undefined);
});

test("whatever is shown is read back as the same moment", () => {
  const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe");
  const moments = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2035, 0) });
  fc.assert(
    fc.property(zones, moments, (name, time) => {
      const zone = new TimeZone(name);
      const kept = formatTime({ kind: "at", time });
      assert.deepEqual(parseTime(withoutZone(zonedText(kept, zone), zone) ?? ""), { kind: "at", time });
    }),
  );
});
