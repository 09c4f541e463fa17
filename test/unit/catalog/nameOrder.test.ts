import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ascending } from "../../../src/catalog/nameOrder.ts";
import { isCancelled } from "../../../src/shared/errors.ts";
import { PackedNames } from "../../../src/shared/model/names.ts";

const { signal } = new AbortController();
const byBytes = (names: readonly string[]) => names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

test("any list is sorted by UTF-8 bytes, one that is sorted is left as it is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: "binary" })), async (names) => {
      assert.deepEqual([...(await ascending(names, signal))], byBytes(names));
    }),
  );
  for (const length of [1, 4096, 4097, 3 * 4096, 100_000]) {
    const names = Array.from({ length }, (_, i) => `m${(i * 7919) % 50_021}`);
    const expected = byBytes(names);
    assert.deepEqual([...(await ascending(PackedNames.of(names), signal))], expected, `${length}`);
    const sorted = PackedNames.of(expected);
    assert.equal(await ascending(sorted, signal), sorted);
  }
});

test("letters beyond the first 65,536 come last", async () => {
  assert.deepEqual([...(await ascending(["\u{10000}", "\uffff", "z"], signal))], ["z", "\uffff", "\u{10000}"]);
});

test("sorting gives way and can be given up", async () => {
  const many = PackedNames.of(Array.from({ length: 500_000 }, (_, i) => `metric_${(i * 7919) % 500_009}`));
  const controller = new AbortController();
  const sorting = ascending(many, controller.signal);
  setImmediate(() => controller.abort());
  await assert.rejects(sorting, isCancelled);
});
