import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type CellOutput, cellOutputData, parseCellOutput } from "../../../src/shared/protocol/cellOutput.ts";

test("what is written is read again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), fc.nat(), (key, text, since) => {
      assert.deepEqual(parseCellOutput(cellOutputData({ key, text, since })), { key, text, since });
    }),
  );
});

const cases: readonly { readonly title: string; readonly input: string; readonly expected: CellOutput | undefined }[] =
  [
    {
      title: "fields that are not known are left out",
      input: '{"version":1,"key":"a","text":"b","since":3,"html":"<b>","__proto__":{"key":"c"}}',
      expected: { key: "a", text: "b", since: 3 },
    },
    {
      title: "one that does not say when its host began",
      input: '{"version":1,"key":"a","text":"b"}',
      expected: { key: "a", text: "b", since: 0 },
    },
    { title: "a time that is none", input: '{"version":1,"key":"a","text":"b","since":"1"}', expected: undefined },
    { title: "nothing", input: "", expected: undefined },
    { title: "no JSON", input: "{version:1}", expected: undefined },
    { title: "null", input: "null", expected: undefined },
    { title: "a list", input: '[1,"a","b"]', expected: undefined },
    { title: "another version", input: '{"version":2,"key":"a","text":"b"}', expected: undefined },
    { title: "no version", input: '{"key":"a","text":"b"}', expected: undefined },
    { title: "a key that is no text", input: '{"version":1,"key":{"a":1},"text":"b"}', expected: undefined },
    { title: "a text that is none", input: '{"version":1,"key":"a","text":["b"]}', expected: undefined },
    {
      title: "more than is ever written",
      input: cellOutputData({ key: "a", text: "b".repeat(200_000), since: 1 }),
      expected: undefined,
    },
  ];

for (const { title, input, expected } of cases) {
  test(`output data: ${title}`, () => assert.deepEqual(parseCellOutput(input), expected));
}
