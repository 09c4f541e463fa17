import assert from "node:assert/strict";
import { test } from "node:test";
import { longRunMs, QuietRuns } from "../../../src/query/quietRuns.ts";
import type { Run } from "../../../src/query/run.ts";
import { HandClock } from "../../support/handClock.ts";
import { anAnswer, aRun, done, testNow } from "../../support/runs.ts";

const answered = done(anAnswer({ type: "matrix", series: [] }));

/** A run under way of which a part is done already. */
function running(changes: Partial<Run> = {}): Run {
  return { ...aRun({ range: answered, instant: { state: "running", startedAt: testNow } }), ...changes };
}

function setUp() {
  const clock = new HandClock();
  const world = { changes: 0 };
  return { clock, world, quiet: new QuietRuns({ clock, onChange: () => world.changes++ }) };
}

test("a run that somebody asked for is never quiet, one that is over neither", () => {
  const { quiet, clock } = setUp();
  const over = { ...aRun({ range: answered }), isAutomatic: true };
  for (const run of [running(), over]) {
    quiet.update([run]);
    assert.deepEqual([quiet.has(run), clock.waiting], [false, 0]);
  }
});

test("an automatic run is quiet until it takes long, which is told once", () => {
  const { quiet, clock, world } = setUp();
  const run = running({ isAutomatic: true });
  quiet.update([run]);
  clock.forward(longRunMs - 1);
  quiet.update([run]);
  assert.deepEqual([quiet.has(run), world.changes], [true, 0]);
  clock.forward(1);
  quiet.update([run]);
  clock.forward(longRunMs);
  assert.deepEqual([quiet.has(run), world.changes], [false, 1]);
});

test("the next run is quiet anew, and one that a person starts in its place is not", () => {
  const { quiet, clock, world } = setUp();
  quiet.update([running({ isAutomatic: true })]);
  clock.forward(longRunMs);
  const next = running({ isAutomatic: true, startedAt: testNow + 10_000 });
  quiet.update([next]);
  assert.equal(quiet.has(next), true);
  const own = running({ startedAt: testNow + 10_001 });
  quiet.update([own]);
  assert.deepEqual([quiet.has(own), clock.waiting, world.changes], [false, 0, 1]);
});

test("runs that are gone, and a session that is over, leave no timer", () => {
  const { quiet, clock } = setUp();
  quiet.update([running({ isAutomatic: true })]);
  quiet.update([]);
  assert.equal(clock.waiting, 0);
  quiet.update([running({ isAutomatic: true })]);
  quiet.dispose();
  assert.equal(clock.waiting, 0);
});
