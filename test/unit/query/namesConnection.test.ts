import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Destination, QueryConnection } from "../../../src/query/destination.ts";
import { namesConnection } from "../../../src/query/namesConnection.ts";

function ready(id: string): Destination {
  return { kind: "ready", connection: { target: { connectionId: id } } as QueryConnection };
}

const unknown: Destination = { kind: "unknown", name: "x" };

const cases: readonly {
  readonly title: string;
  readonly name: string | undefined;
  readonly isTrusted: boolean;
  /** What the name stands for, and where the user's choice leads. */
  readonly named: Destination;
  readonly chosen: Destination;
  readonly id: string | undefined;
}[] = [
  {
    title: "no directive: the active one",
    name: undefined,
    isTrusted: true,
    named: ready("a"),
    chosen: ready("a"),
    id: "a",
  },
  {
    title: "none is active",
    name: undefined,
    isTrusted: true,
    named: { kind: "none" },
    chosen: { kind: "none" },
    id: undefined,
  },
  { title: "the one that the file names", name: "b", isTrusted: true, named: ready("b"), chosen: ready("b"), id: "b" },
  { title: "one that is not set up here", name: "x", isTrusted: true, named: unknown, chosen: unknown, id: undefined },
  { title: "what was chosen for it before", name: "x", isTrusted: true, named: unknown, chosen: ready("b"), id: "b" },
  {
    title: "not trusted: the active one",
    name: undefined,
    isTrusted: false,
    named: ready("a"),
    chosen: ready("a"),
    id: "a",
  },
  {
    title: "not trusted: it names the active one",
    name: "a",
    isTrusted: false,
    named: ready("a"),
    chosen: ready("a"),
    id: "a",
  },
  {
    title: "not trusted: it names another one",
    name: "b",
    isTrusted: false,
    named: ready("b"),
    chosen: ready("a"),
    id: undefined,
  },
  {
    title: "not trusted: it names none of ours",
    name: "x",
    isTrusted: false,
    named: unknown,
    chosen: ready("a"),
    id: undefined,
  },
];

describe("whose names are asked for", () => {
  for (const { title, name, isTrusted, named, chosen, id } of cases) {
    test(title, () => {
      const found = namesConnection(name, { isTrusted, destinationOf: () => named, chosenFor: () => chosen });
      assert.equal(found?.target.connectionId, id);
    });
  }
});
