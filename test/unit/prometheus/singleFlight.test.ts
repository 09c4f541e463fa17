import assert from "node:assert/strict";
import { test } from "node:test";
import { SingleFlight } from "../../../src/prometheus/singleFlight.ts";
import { AppError, failureOf } from "../../../src/shared/errors.ts";

test("a waiter that is cancelled in the moment in which the shared read ends is answered all the same", async () => {
  const outcomes: readonly (() => Promise<string>)[] = [
    () => Promise.resolve("done"),
    () => Promise.reject(new AppError({ kind: "secretMissing", connectionId: "a", purpose: "token" })),
  ];
  // Whatever turn the cancellation falls into, before, while and after the result is handed on.
  for (const outcome of outcomes) {
    for (let turns = 0; turns < 12; turns++) {
      const controller = new AbortController();
      const work = async () => {
        await Promise.resolve();
        return outcome();
      };
      const read = new SingleFlight().run("key", work, { signal: controller.signal });
      const cancel = async () => {
        for (let i = 0; i < turns; i++) await Promise.resolve();
        controller.abort(new AppError({ kind: "cancelled" }));
      };
      const settled = read.then(
        (value) => value,
        (error: unknown) => failureOf(error).kind,
      );
      await cancel();
      const late = new Promise<string>((resolve) => setTimeout(() => resolve("never answered"), 20));
      assert.match(await Promise.race([settled, late]), /^(?:done|secretMissing|cancelled)$/, `after ${turns} turns`);
    }
  }
});
