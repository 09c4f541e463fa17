import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { blockLength, compareNames, NamePacker, PackedNames } from "../../../src/shared/model/names.ts";

const anyName = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "\n", "\0", "\ufeff", "a\ufeff", "a\u{10000}"),
);

test("packed names are the names, whatever is in them", () => {
  fc.assert(
    fc.property(fc.array(anyName), (names) => {
      const packed = PackedNames.of(names);
      assert.deepEqual([...packed], names);
      const read = new NamePacker();
      for (const name of names) {
        const bytes = Buffer.from(`"${name}"`);
        read.addBytes(bytes, 1, bytes.length - 1);
      }
      assert.deepEqual(read.end(), packed);
      const turned = new PackedNames(packed.blocks, names.length, new Uint32Array(names.keys()).reverse());
      assert.deepEqual([...turned], names.toReversed());
      for (const [i, name] of names.entries()) {
        assert.equal(packed.at(i), name);
        const expected = Buffer.compare(Buffer.from(name), Buffer.from(names[0] ?? ""));
        assert.equal(Math.sign(compareNames(packed.blocks, i, 0)), expected);
      }
    }),
  );
});

test("what is no Unicode in a name is U+FFFD", () => {
  const packer = new NamePacker();
  packer.add("a\ud800b");
  packer.addBytes(Uint8Array.of(97, 0xff, 98), 0, 3);
  packer.add("c");
  assert.deepEqual([...packer.end()], ["a\ufffdb", "a\ufffdb", "c"]);
});

test("a name that is longer than all before it finds its room", () => {
  const names = ["a", "b".repeat(100_000), "ü".repeat(300_000), "c"];
  assert.deepEqual([...PackedNames.of(names)], names);
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

test("an order may be of some names only", () => {
  const { blocks } = PackedNames.of(Array.from({ length: 2 * blockLength }, (_, i) => `name_${i}`));
  const some = new PackedNames(blocks, 3, Uint32Array.of(2 * blockLength - 1, 0, blockLength));
  assert.deepEqual([...some], [`name_${2 * blockLength - 1}`, "name_0", `name_${blockLength}`]);
  assert.deepEqual([some.at(1), some.at(3)], ["name_0", undefined]);
});
