import assert from "node:assert/strict";
import { test } from "node:test";
import { DayChange } from "../../../../src/ui/explorer/dayChange.ts";
import { HandClock } from "../../../support/handClock.ts";

const hour = 3_600_000;

/** A clock that stands at ten in the evening, here. */
function tenInTheEvening(): HandClock {
  const clock = new HandClock();
  clock.forward(new Date(2026, 4, 5, 22).getTime());
  return clock;
}

test("another day is told once, at midnight", () => {
  const clock = tenInTheEvening();
  const day = new DayChange(clock);
  let told = 0;
  day.onDidChange(() => told++);
  clock.forward(hour);
  clock.forward(hour - 1);
  assert.equal(told, 0);
  clock.forward(1);
  assert.equal(told, 1);
  day.check();
  clock.forward(hour);
  assert.equal(told, 1);
  day.dispose();
  assert.equal(clock.waiting, 0);
});

test("a machine that slept over midnight is told when somebody looks", () => {
  const clock = tenInTheEvening();
  const asleep = { now: () => clock.now(), setTimeout: () => ({ dispose() {} }) };
  const day = new DayChange(asleep);
  let told = 0;
  day.onDidChange(() => told++);
  clock.forward(9 * hour);
  assert.equal(told, 0);
  day.check();
  assert.equal(told, 1);
  day.dispose();
});
