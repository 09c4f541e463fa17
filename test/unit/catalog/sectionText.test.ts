import assert from "node:assert/strict";
import { test } from "node:test";
import type { SectionState } from "../../../src/catalog/section.ts";
import { ageText, badgeText, sayPartial } from "../../../src/catalog/sectionText.ts";

const time = (at: number) => `at ${at}`;
const whole = { value: "a", doubts: [], asOf: 5 };
const partial = { ...whole, doubts: ["store a is down"] };
const failure = { kind: "cancelled" } as const;

interface Case {
  readonly title: string;
  readonly state: SectionState<string>;
  readonly age: string | undefined;
  readonly badge: string;
}

const cases: readonly Case[] = [
  { title: "not read", state: { kind: "idle", loaded: undefined }, age: undefined, badge: "2 down" },
  { title: "read", state: { kind: "ready", loaded: whole }, age: "as of at 5", badge: "2 down, as of at 5" },
  {
    title: "not read anew",
    state: { kind: "failed", failure, loaded: whole },
    age: "as of at 5 (not the newest)",
    badge: "2 down, as of at 5 (not the newest)",
  },
  {
    title: "partial",
    state: { kind: "loading", loaded: partial },
    age: "as of at 5",
    badge: "Partial. 2 down, as of at 5",
  },
];

test("a list says how old it is, and its number in the Activity Bar says the same", () => {
  for (const { title, state, age, badge } of cases) {
    assert.equal(ageText(state, time), age, title);
    assert.equal(badgeText("2 down", state, time), badge, title);
  }
});

test("a list that may not be whole says so before all else", () => {
  assert.equal(sayPartial(whole, undefined), undefined);
  assert.equal(sayPartial(whole, "The first 5."), "The first 5.");
  assert.equal(sayPartial(partial, undefined), "Partial.");
  assert.equal(sayPartial(partial, "The first 5."), "Partial. The first 5.");
});
