import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RowReadings } from "../../../src/catalog/rowReadings.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { failureFrom } from "../../support/sources.ts";

/** Readings that end by hand, or when they are given up. */
function setUp() {
  const readings = new RowReadings<string>();
  const begun: { readonly key: string; end(value: string): void; fail(error: unknown): void }[] = [];
  const open = (key: string) =>
    readings.once(
      key,
      (signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => reject(new AppError({ kind: "cancelled" })));
          begun.push({ key, end: resolve, fail: reject });
        }),
    );
  const told: boolean[] = [];
  readings.onDidChange(() => told.push(readings.isReading));
  return { readings, begun, open, told };
}

describe("what opened rows read", () => {
  test("is read once, and tells while it is under way", async () => {
    const { begun, open, told } = setUp();
    const asked = [open("job"), open("job")];
    begun[0]?.end("a");
    assert.deepEqual(await Promise.all(asked), ["a", "a"]);
    assert.equal(await open("job"), "a");
    assert.deepEqual([begun.length, told], [1, [true, false]]);
  });

  test("can be given up, and is read anew when it is asked for at once", async () => {
    const { readings, begun, open } = setUp();
    const read = open("job");
    begun[0]?.end("a");
    await read;
    const given = failureFrom(open("instance"));
    readings.cancel();
    const again = open("instance");
    assert.equal((await given).kind, "cancelled");
    assert.equal(readings.isReading, true);
    begun[2]?.end("b");
    assert.deepEqual([await open("job"), await again, await open("instance")], ["a", "b", "b"]);
    assert.equal(readings.isReading, false);
  });

  test("is read again after a failure, and after it was forgotten", async () => {
    const { readings, begun, open } = setUp();
    const failing = failureFrom(open("job"));
    begun[0]?.fail(new AppError({ kind: "cancelled" }));
    await failing;
    void open("job");
    begun[1]?.end("a");
    assert.equal(await open("job"), "a");
    readings.forget();
    void open("job");
    begun[2]?.end("b");
    assert.equal(await open("job"), "b");
  });
});
