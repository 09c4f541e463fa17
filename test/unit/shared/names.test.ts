import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { blockLength, PackedNames, SelectedNames } from "../../../src/shared/model/names.ts";

const ascends = (names: readonly string[]) => names.every((name, i) => i === 0 || (names[i - 1] ?? "") <= name);

test("packed names are the names, whatever is in them", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("", "\n", "\ud800"))), (names) => {
      const packed = PackedNames.of(names);
      assert.deepEqual([...packed], names);
      assert.deepEqual(
        names.map((_, i) => packed.at(i)),
        names,
      );
      assert.equal(packed.isAscending, ascends(names));
    }),
  );
});

test("at the ends of blocks no name is lost", () => {
  for (const length of [0, 1, blockLength - 1, blockLength, blockLength + 1, 2 * blockLength + 1]) {
    const names = Array.from({ length }, (_, i) => `name_${i}`);
    const packed = PackedNames.of(names);
    assert.equal(packed.length, length);
    assert.deepEqual([...packed], names);
    assert.equal(packed.at(length - 1), names.at(-1));
    assert.deepEqual([packed.at(length), packed.at(-1)], [undefined, undefined]);
  }
});

test("selected names are some of a list in their order", () => {
  const names = Array.from({ length: 2 * blockLength }, (_, i) => `name_${i}`);
  const some = new SelectedNames(PackedNames.of(names), Uint32Array.of(0, blockLength, 2 * blockLength - 1));
  assert.deepEqual([...some], ["name_0", `name_${blockLength}`, `name_${2 * blockLength - 1}`]);
  assert.deepEqual([some.length, some.at(1), some.at(3)], [3, `name_${blockLength}`, undefined]);
});
