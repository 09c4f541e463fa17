import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { anyElement, JsonValueBuilder, readJson } from "../../../../src/prometheus/decode/jsonValue.ts";
import { PackedNames } from "../../../../src/shared/model/names.ts";
import { failureFrom, neverAborted } from "../../../support/sources.ts";

/** Each piece is a copy that is overwritten afterwards, so that a span kept beyond its call would be seen. */
function build(document: string | Uint8Array, cuts: readonly number[] = [], mapAt?: readonly string[]): unknown {
  const bytes = Buffer.from(document);
  const builder = new JsonValueBuilder(mapAt === undefined ? {} : { mapAt });
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    const piece = Uint8Array.from(bytes.subarray(from, cut));
    builder.write(piece);
    piece.fill(0x7e);
    from = cut;
  }
  return builder.end();
}

async function* inChunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const keys = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "toString", "a", "b", "0", "10", "", "\u2028", "ключ", "length"),
  fc.string({ unit: "binary" }),
);

const { document } = fc.letrec<{ document: string; value: string; space: string; text: string }>((tie) => ({
  space: fc.constantFrom("", "", "", " ", "\n", "\t\r "),
  text: fc.oneof(
    keys.map((text) => JSON.stringify(text)),
    // All escapes, lone surrogates among them.
    fc.string({ unit: "binary" }).map((text) => {
      const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, "0"));
      return `"${units.map((unit) => `\\u${unit}`).join("")}"`;
    }),
    fc.constantFrom('"\\/\\b\\f\\n\\r\\t\\"\\\\"', '"\\ud800"', '"😀"', `"${"long".repeat(30)}"`),
  ),
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("text"),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constantFrom(
      "-0",
      "0",
      "1e400",
      "-1E-400",
      "1.50e+3",
      "123456789012345678901234567890",
      "null",
      "true",
      "false",
    ),
    fc.array(tie("document"), { maxLength: 5 }).map((values) => `[${values.join(",")}]`),
    fc
      .array(fc.tuple(tie("space"), tie("text"), tie("document")), { maxLength: 6 })
      .map((entries) => `{${entries.map(([space, key, value]) => `${space}${key}${space}:${value}`).join(",")}}`),
  ),
  document: fc
    .tuple(tie("space"), tie("value"), tie("space"))
    .map(([before, value, after]) => `${before}${value}${after}`),
}));

const cutsOf = (length: number) =>
  fc.array(fc.nat(length), { maxLength: 12 }).map((cuts) => cuts.toSorted((a, b) => a - b));

test("any document in any pieces is what JSON.parse makes of it", () => {
  const cases = document.chain((text) => fc.tuple(fc.constant(text), cutsOf(Buffer.byteLength(text))));
  fc.assert(
    fc.property(cases, ([text, cuts]) => {
      // Lone surrogates that are no escapes have no UTF-8; what is sent is their replacement.
      assert.deepStrictEqual(build(text, cuts), JSON.parse(Buffer.from(text).toString("utf8")));
    }),
    { numRuns: 2000 },
  );
});

test("what JSON.parse refuses is refused, with an offset within the document", () => {
  const cases = document.chain((text) =>
    fc.tuple(
      fc.constant(text),
      fc.nat(text.length),
      fc.constantFrom("", ",", "}", "]", '"', "\\", "\u0001", "x", "0", ":", "{", "é"),
      fc.nat(3),
    ),
  );
  fc.assert(
    fc.property(cases, ([text, at, put, removed]) => {
      const changed = Buffer.from(text.slice(0, at) + put + text.slice(at + removed));
      let expected: { readonly value: unknown } | undefined;
      try {
        expected = { value: JSON.parse(changed.toString("utf8")) };
      } catch {
        expected = undefined;
      }
      if (expected !== undefined) return assert.deepStrictEqual(build(changed), expected.value);
      assert.throws(
        () => build(changed),
        ({ failure }) => failure.kind === "malformed" && failure.offset >= 0 && failure.offset <= changed.length,
      );
    }),
    { numRuns: 2000 },
  );
});

test("bytes that are no UTF-8 become replacement characters", () => {
  const bytes = Buffer.from([0x22, 0xff, 0x61, 0xe2, 0x82, 0x22]);
  assert.equal(build(bytes, [2, 4, 5]), JSON.parse(bytes.toString("utf8")));
});

test("nesting costs no call stack", () => {
  const depth = 100_000;
  let value = build(`${'{"a":['.repeat(depth)}${"]}".repeat(depth)}`);
  let seen = 0;
  while (typeof value === "object" && value !== null && "a" in value && Array.isArray(value.a)) {
    seen++;
    value = value.a[0];
  }
  assert.equal(seen, depth);
});

test("the object at the named place becomes a Map, others do not", () => {
  const text = '{"x":{"data":{"a":1}},"data":{"b":{"data":{}},"__proto__":[1],"b":{"c":2}}}';
  assert.deepStrictEqual(
    build(text, [9, 40], ["data"]),
    Object.assign(JSON.parse(text) as object, {
      data: new Map<string, unknown>([
        ["b", { c: 2 }],
        ["__proto__", [1]],
      ]),
    }),
  );
  assert.deepStrictEqual(build('[{"data":{}}]', [], ["data"]), [{ data: {} }]);
  assert.deepStrictEqual(build('{"data":[{}]}', [], ["data"]), { data: [{}] });
});

test("the array of strings at the named place is packed, one of anything else is not", () => {
  const packed = (text: string, encoding: BufferEncoding = "utf8") => {
    const builder = new JsonValueBuilder({ packAt: ["data"] });
    builder.write(Buffer.from(text, encoding));
    return builder.end();
  };
  const { data } = packed('{"x":{"data":["a"]},"data":["b","\\u0061\\n",""]}') as { data: unknown };
  assert.ok(data instanceof PackedNames);
  assert.deepEqual([...data], ["b", "a\n", ""]);
  const { data: foreign } = packed('{"data":["ü😀","\ufeffa","\\ud83d\\ude00"]}') as { data: PackedNames };
  assert.deepEqual([...foreign], ["ü😀", "\ufeffa", "😀"]);
  const { data: broken } = packed('{"data":["a\xffb","c"]}', "latin1") as { data: PackedNames };
  assert.deepEqual([...broken], ["a\ufffdb", "c"]);
  assert.deepEqual(packed('{"x":{"data":["a"]},"data":null}'), { x: { data: ["a"] }, data: null });
  for (const text of [
    '{"data":["a","b",1,"c"]}',
    '{"data":[["a"],"b"]}',
    '{"data":["a",{"data":["b"]},["c"]],"e":["f"]}',
  ])
    assert.deepStrictEqual(packed(text), JSON.parse(text));
});

test("of the array at the named place only the first elements are kept", () => {
  const cut = (text: string, count: number) => {
    const builder = new JsonValueBuilder({ keepFirst: { at: ["data", "list"], count } });
    builder.write(Buffer.from(text));
    return [builder.end(), builder.omitted];
  };
  const text = '{"list":[1,2,3],"data":{"list":[[1,2,3],{"list":[4,5,6]},7,[8]],"other":[1,2,3]}}';
  assert.deepEqual(cut(text, 2), [
    { list: [1, 2, 3], data: { list: [[1, 2, 3], { list: [4, 5, 6] }], other: [1, 2, 3] } },
    2,
  ]);
  assert.deepEqual(cut(text, 0), [{ list: [1, 2, 3], data: { list: [], other: [1, 2, 3] } }, 4]);
  assert.deepEqual(cut(text, 4), [JSON.parse(text), 0]);
});

test("of several arrays at the named place only the first elements of all are kept", () => {
  const cut = (text: string, count: number) => {
    const builder = new JsonValueBuilder({ keepFirst: { at: ["data", anyElement, "list"], count } });
    builder.write(Buffer.from(text));
    return [builder.end(), builder.omitted];
  };
  const text = '{"list":[1,2],"data":[{"list":[[1,2],3],"other":[4,5]},{"list":[]},[{"list":[6]}],{"list":[7,8,9]}]}';
  assert.deepEqual(cut(text, 3), [
    { list: [1, 2], data: [{ list: [[1, 2], 3], other: [4, 5] }, { list: [] }, [{ list: [6] }], { list: [7] }] },
    2,
  ]);
  assert.deepEqual(cut(text, 5), [JSON.parse(text), 0]);
  assert.deepEqual(cut('{"data":{"":{"list":[1]}}}', 0), [{ data: { "": { list: [1] } } }, 0]);
});

const offsets: Readonly<Record<string, { readonly text: string; readonly offset: number }>> = {
  "a broken escape": { text: '{"é":["a","b\\x41"]}', offset: 12 },
  "a missing colon": { text: '{"é" 1}', offset: 6 },
  "a second document": { text: "{} {}", offset: 3 },
  "an early end": { text: '{"a":["é"', offset: 10 },
  "an early end within a string": { text: '{"a":["é', offset: 9 },
  "nothing at all": { text: "  ", offset: 2 },
};

for (const [title, { text, offset }] of Object.entries(offsets)) {
  for (const cut of [0, 1, 3, 7]) {
    test(`malformed: ${title}, cut at ${cut}`, () => {
      assert.throws(
        () => build(text, [Math.min(cut, Buffer.byteLength(text))]),
        ({ failure }) => {
          assert.equal(failure.kind, "malformed");
          assert.equal(failure.offset, offset);
          return true;
        },
      );
    });
  }
}

test("a document of just the bound is read, one byte more is not", async () => {
  const text = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => `name_${i}`));
  const signal = neverAborted();
  const { value } = await readJson(inChunks(text, 1000), { maxBytes: text.length, signal });
  assert.deepEqual(value, JSON.parse(text));
  assert.deepEqual(await failureFrom(readJson(inChunks(text, 1000), { maxBytes: text.length - 1, signal })), {
    kind: "tooLarge",
    limit: "bytes",
    allowed: text.length - 1,
  });
});

test("the beginning of the text is kept, without a byte order mark", async () => {
  const text = `\ufeff{"hello":"${"world".repeat(50_000)}"}`;
  const { beginning } = await readJson(inChunks(text, 7777), { maxBytes: 1e7, signal: neverAborted() });
  assert.equal(beginning, text.slice(1, 1 + 64 * 1024 - 3));
});

test("a document in one piece gives way to others while it is read, and reading it can be cancelled", async () => {
  const text = JSON.stringify(Array.from({ length: 300_000 }, (_, i) => `some_metric_name_total_${i}`));
  let turns = 0;
  let isReading = true;
  const count = () => {
    turns++;
    if (isReading) setImmediate(count);
  };
  setImmediate(count);
  const whole = await readJson(inChunks(text, text.length), { maxBytes: 1e8, signal: neverAborted() });
  isReading = false;
  assert.deepEqual(whole.value, JSON.parse(text));
  assert.ok(turns > 2, `others had ${turns} turns`);
  const controller = new AbortController();
  const reading = failureFrom(readJson(inChunks(text, text.length), { maxBytes: 1e8, signal: controller.signal }));
  setImmediate(() => controller.abort());
  assert.deepEqual(await reading, { kind: "cancelled" });
});
