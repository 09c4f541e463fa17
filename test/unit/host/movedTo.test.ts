import assert from "node:assert/strict";
import { test } from "node:test";
import { movedTo } from "../../../src/host/movedTo.ts";

const cases: readonly {
  readonly title: string;
  readonly uri: string;
  readonly from: string;
  readonly to: string;
  readonly expected: string | undefined;
}[] = [
  {
    title: "the file itself",
    uri: "file:///a/b.promql",
    from: "file:///a/b.promql",
    to: "file:///a/c.promql",
    expected: "file:///a/c.promql",
  },
  {
    title: "a file in a folder",
    uri: "file:///a/x/b.promql",
    from: "file:///a",
    to: "file:///z/y",
    expected: "file:///z/y/x/b.promql",
  },
  {
    title: "a file beside it whose name begins alike",
    uri: "file:///a/b.promql2",
    from: "file:///a/b.promql",
    to: "file:///c",
    expected: undefined,
  },
  { title: "another file", uri: "file:///d.promql", from: "file:///a", to: "file:///b", expected: undefined },
  {
    title: "a text that becomes a file",
    uri: "untitled:Untitled-1",
    from: "untitled:Untitled-1",
    to: "file:///a.promql",
    expected: "file:///a.promql",
  },
  {
    title: "the tenth text where the first becomes a file",
    uri: "untitled:Untitled-10",
    from: "untitled:Untitled-1",
    to: "file:///a.promql",
    expected: undefined,
  },
];

for (const { title, uri, from, to, expected } of cases) {
  test(`where a file is after a move: ${title}`, () => assert.equal(movedTo(uri, { from, to }), expected));
}
