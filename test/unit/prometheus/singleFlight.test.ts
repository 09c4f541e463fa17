import assert from "node:assert/strict";
import { test } from "node:test";
import { SingleFlight } from "../../../src/prometheus/singleFlight.ts";
import { AppError, type Failure, failureOf } from "../../../src/shared/errors.ts";
import type { RequestOptions, RetryNote } from "../../../src/shared/model/source.ts";

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

test("who joins while a shared read waits to be sent again is told so, with what is left of the wait", async () => {
  const failure: Failure = { kind: "unreachable", code: "refused", detail: "" };
  const flights = new SingleFlight();
  let finish: (value: string) => void = () => {};
  const done = new Promise<string>((resolve) => {
    finish = resolve;
  });
  let tell: RequestOptions["onRetry"];
  const work = (options: RequestOptions) => {
    tell = options.onRetry;
    return done;
  };
  const told: Record<string, RetryNote[]> = { first: [], second: [], third: [], later: [] };
  const join = (name: string, key = "key") =>
    flights.run(key, work, { signal: new AbortController().signal, onRetry: (note) => told[name]?.push(note) });
  const reads = [join("first")];
  tell?.({ attempt: 2, waitMs: 60_000, failure });
  await new Promise((resolve) => setTimeout(resolve, 20));
  reads.push(join("second"));
  tell?.({ attempt: 3, waitMs: 5, failure });
  await new Promise((resolve) => setTimeout(resolve, 20));
  reads.push(join("third"));
  finish("done");
  assert.deepEqual(await Promise.all(reads), ["done", "done", "done"]);
  // The next read of the same has nothing to do with it.
  await join("later");

  const attempts = Object.entries(told).map(([name, notes]) => [name, notes.map(({ attempt }) => attempt)]);
  assert.deepEqual(Object.fromEntries(attempts), { first: [2, 3], second: [2, 3], third: [3], later: [] });
  const waits = (told["second"] ?? []).concat(told["third"] ?? []).map(({ waitMs }) => waitMs);
  const [left = 0, whole, over] = waits;
  assert.ok(left > 50_000 && left < 60_000, String(left));
  assert.deepEqual([whole, over], [5, 0]);
});

test("who joins and wants no second sending can leave at once", async () => {
  const failure: Failure = { kind: "unreachable", code: "refused", detail: "" };
  const flights = new SingleFlight();
  let finish: (value: string) => void = () => {};
  const done = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const work = ({ onRetry }: RequestOptions) => {
    onRetry?.({ attempt: 2, waitMs: 60_000, failure });
    return done;
  };
  const patient = flights.run("key", work, { signal: new AbortController().signal });
  const controller = new AbortController();
  const hurried = flights.run("key", work, { signal: controller.signal, onRetry: () => controller.abort() });
  await assert.rejects(hurried, (error) => failureOf(error).kind === "cancelled");
  finish("done");
  assert.equal(await patient, "done");
});
