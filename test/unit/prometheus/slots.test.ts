import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Slots } from "../../../src/prometheus/slots.ts";
import { failureFrom, neverAborted } from "../../support/sources.ts";

/** Slots whose work begins in the order of `begun` and ends by hand. */
function setUp(size: number) {
  const slots = new Slots(size);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const start = (name: string, { isUrgent = false, signal = neverAborted() } = {}) =>
    slots.run(
      () => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      },
      { signal, isUrgent },
    );
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const end = async (name: string) => {
    ends.get(name)?.();
    await settled();
  };
  return { start, begun, end, settled };
}

describe("slots", () => {
  test("keep one free of lists, for a query", async () => {
    const { start, begun, end, settled } = setUp(4);
    for (const name of ["a", "b", "c", "d", "e"]) void start(name);
    await settled();
    assert.deepEqual(begun, ["a", "b", "c"]);
    void start("query", { isUrgent: true });
    await settled();
    assert.deepEqual(begun, ["a", "b", "c", "query"]);
    await end("query");
    assert.equal(begun.length, 4);
    await end("b");
    assert.deepEqual(begun.slice(4), ["d"]);
  });

  test("serve queries before lists, each in their order, and may all be theirs", async () => {
    const { start, begun, end, settled } = setUp(2);
    for (const name of ["q1", "q2"]) void start(name, { isUrgent: true });
    void start("list");
    for (const name of ["q3", "q4"]) void start(name, { isUrgent: true });
    await settled();
    assert.deepEqual(begun, ["q1", "q2"]);
    for (const name of ["q1", "q2", "q3"]) await end(name);
    assert.deepEqual(begun, ["q1", "q2", "q3", "q4", "list"]);
  });

  test("serve lists where there is only one", async () => {
    const { start, begun, settled } = setUp(1);
    void start("list");
    await settled();
    assert.deepEqual(begun, ["list"]);
  });

  test("forget what is cancelled while it waits, and give a failed one's slot on", async () => {
    const slots = new Slots(1);
    const options = { signal: neverAborted(), isUrgent: false };
    const failing = slots.run(() => Promise.reject(new Error("no")), options);
    const controller = new AbortController();
    const cancelled = slots.run(async () => assert.fail("it was cancelled"), { ...options, signal: controller.signal });
    const next = slots.run(async () => "next", options);
    controller.abort();
    assert.equal((await failureFrom(cancelled)).kind, "cancelled");
    await assert.rejects(failing);
    assert.equal(await next, "next");
    const late = slots.run(async () => assert.fail("it was cancelled"), { ...options, signal: controller.signal });
    assert.equal((await failureFrom(late)).kind, "cancelled");
  });
});
