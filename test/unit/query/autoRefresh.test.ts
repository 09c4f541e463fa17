import assert from "node:assert/strict";
import { test } from "node:test";
import { AutoRefresh } from "../../../src/query/autoRefresh.ts";

/** A refresh on a clock that is put forward by hand. */
function setUp() {
  const timers: { at: number; callback: () => void; isOver: boolean }[] = [];
  const world = { now: 0, isVisible: true, isRunning: false, isFixed: false, succeeds: true, runs: 0, changes: 0 };
  const refresh = new AutoRefresh({
    clock: {
      now: () => world.now,
      setTimeout(callback, ms) {
        const timer = { at: world.now + ms, callback, isOver: false };
        timers.push(timer);
        return {
          dispose: () => {
            timer.isOver = true;
          },
        };
      },
    },
    isVisible: () => world.isVisible,
    isRunning: () => world.isRunning,
    isFixed: () => world.isFixed,
    run: async () => {
      world.runs++;
      return world.succeeds;
    },
    onChange: () => world.changes++,
  });
  const forward = async (ms: number) => {
    const end = world.now + ms;
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      const next = timers.filter(({ isOver, at }) => !isOver && at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      world.now = next.at;
      next.isOver = true;
      next.callback();
      await new Promise((resolve) => setImmediate(resolve));
    }
    world.now = end;
  };
  return { refresh, world, forward };
}

test("nothing is asked until somebody turns it on, and nothing once it is off", async () => {
  const { refresh, world, forward } = setUp();
  await forward(1_000_000);
  assert.equal(world.runs, 0);
  refresh.start("a", 10_000);
  await forward(9999);
  assert.equal(world.runs, 0);
  await forward(30_001);
  assert.equal(world.runs, 4);
  refresh.stop();
  assert.equal(refresh.state, undefined);
  await forward(100_000);
  assert.equal(world.runs, 4);
});

test("while nobody looks nothing is asked; who looks again gets an answer at once", async () => {
  const { refresh, world, forward } = setUp();
  refresh.start("a", 10_000);
  world.isVisible = false;
  await forward(100_000);
  assert.equal(world.runs, 0);
  assert.equal(refresh.state?.state, "waiting");
  refresh.visibilityChanged();
  assert.equal(world.runs, 0);
  world.isVisible = true;
  refresh.visibilityChanged();
  assert.equal(world.runs, 1);
  await forward(0);
  assert.equal(refresh.state?.state, "on");
  await forward(10_000);
  assert.equal(world.runs, 2);
});

test("three failures in a row end it, a success in between does not count them together", async () => {
  const { refresh, world, forward } = setUp();
  refresh.start("a", 10_000);
  world.succeeds = false;
  await forward(20_000);
  world.succeeds = true;
  await forward(10_000);
  world.succeeds = false;
  await forward(20_000);
  assert.equal(refresh.state?.state, "on");
  await forward(10_000);
  assert.deepEqual([refresh.state?.state, world.runs], ["stopped", 6]);
  await forward(100_000);
  assert.equal(world.runs, 6);
  refresh.start("a", 10_000);
  await forward(10_000);
  assert.equal(world.runs, 7);
});

test("a run of a person's own is not run over", async () => {
  const { refresh, world, forward } = setUp();
  refresh.start("a", 10_000);
  world.isRunning = true;
  await forward(35_000);
  assert.equal(world.runs, 0);
  world.isRunning = false;
  await forward(10_000);
  assert.equal(world.runs, 1);
});

test("a time that does not move on ends it, and it begins again only when it is told to", async () => {
  const { refresh, world, forward } = setUp();
  refresh.start("a", 10_000);
  await forward(10_000);
  world.isFixed = true;
  refresh.timeChanged();
  assert.equal(refresh.state?.state, "fixed");
  await forward(100_000);
  refresh.visibilityChanged();
  refresh.timeChanged();
  assert.deepEqual([world.runs, world.changes], [1, 2]);
  world.isFixed = false;
  refresh.timeChanged();
  assert.equal(refresh.state, undefined);
  await forward(100_000);
  assert.equal(world.runs, 1);
});

test("a time that does not move on is never asked for again and again", async () => {
  const { refresh, world, forward } = setUp();
  world.isFixed = true;
  refresh.start("a", 10_000);
  assert.equal(refresh.state?.state, "fixed");
  await forward(100_000);
  assert.equal(world.runs, 0);
});

test("a disposed one asks no more", async () => {
  const { refresh, world, forward } = setUp();
  refresh.start("a", 10_000);
  refresh.dispose();
  await forward(100_000);
  assert.equal(world.runs, 0);
});
