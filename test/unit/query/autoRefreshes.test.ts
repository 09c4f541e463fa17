import assert from "node:assert/strict";
import { test } from "node:test";
import { AutoRefreshes } from "../../../src/query/autoRefreshes.ts";
import { HandClock } from "../../support/handClock.ts";

function setUp(isOneAtATime: boolean) {
  const clock = new HandClock();
  const world = { isVisible: true, asked: [] as string[], changes: 0 };
  const refreshes = new AutoRefreshes({
    ...{ clock, isOneAtATime },
    isVisible: () => world.isVisible,
    isRunning: () => false,
    isFixed: () => false,
    run: async (key) => world.asked.push(key) > 0,
    onChange: () => world.changes++,
  });
  const forward = async (ms: number) => {
    clock.forward(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const keys = () => refreshes.states.map(({ key }) => key);
  return { refreshes, world, forward, keys, clock };
}

test("where one query is seen at a time, the next one ends it for the other", async () => {
  const { refreshes, world, forward, keys } = setUp(true);
  refreshes.start("a", 10_000);
  refreshes.start("b", 10_000);
  assert.deepEqual(keys(), ["b"]);
  await forward(10_000);
  assert.deepEqual(world.asked, ["b"]);
});

test("where all are seen, each has its own time", async () => {
  const { refreshes, world, forward, keys } = setUp(false);
  refreshes.start("a", 10_000);
  refreshes.start("b", 30_000);
  await forward(10_000);
  await forward(10_000);
  await forward(10_000);
  assert.deepEqual(world.asked.toSorted(), ["a", "a", "a", "b"]);
  refreshes.start("a", 60_000);
  assert.deepEqual(refreshes.states, [
    { key: "a", everyMs: 60_000, state: "on" },
    { key: "b", everyMs: 30_000, state: "on" },
  ]);
  const { changes } = world;
  refreshes.stop("a");
  assert.deepEqual(keys(), ["b"]);
  assert.equal(world.changes, changes + 1, "and it is told");
});

test("what is not seen waits, each by itself", async () => {
  const { refreshes, world, forward } = setUp(false);
  refreshes.start("a", 10_000);
  refreshes.start("b", 30_000);
  world.isVisible = false;
  await forward(10_000);
  assert.deepEqual(
    refreshes.states.map(({ state }) => state),
    ["waiting", "on"],
  );
  world.isVisible = true;
  refreshes.visibilityChanged();
  await forward(0);
  assert.deepEqual(world.asked, ["a"]);
});

test("the end of all leaves no timer", () => {
  const { refreshes, keys, clock } = setUp(false);
  refreshes.start("a", 10_000);
  refreshes.start("b", 30_000);
  refreshes.retain((key) => key === "b");
  assert.deepEqual(keys(), ["b"]);
  refreshes.dispose();
  assert.deepEqual(keys(), []);
  assert.equal(clock.waiting, 0);
});
