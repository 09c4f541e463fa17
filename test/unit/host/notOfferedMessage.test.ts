import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { absenceAfter, absenceSentence, partAdvice, serverParts } from "../../../src/host/notOfferedMessage.ts";
import type { Failure } from "../../../src/shared/errors.ts";
import type { QueryState } from "../../../src/shared/model/capabilities.ts";

type Part = keyof typeof serverParts;

const states: readonly QueryState[] = ["answered", "missing", "agent", "unknown"];
const parts = Object.keys(serverParts) as readonly Part[];
const works = "Queries work all the same.";
const ofAgent = "A Prometheus in agent mode answers no queries; Targets works.";
const noPath: Failure = { kind: "notPrometheus", status: 404, content: "text", detail: "404 page not found" };
const refusedByAgent: Failure = {
  kind: "rejected",
  status: 422,
  errorType: "execution",
  message: "unavailable with Prometheus Agent",
};

describe("what is said where a server lacks something", () => {
  const absent = (part: Part) => serverParts[part].absent;
  const cases: readonly (readonly [part: Part, queries: QueryState, expected: string | undefined])[] = [
    ["metrics", "answered", `${absent("metrics")} ${works}`],
    ["metrics", "missing", undefined],
    ["metrics", "unknown", undefined],
    ["metrics", "agent", ofAgent],
    ["labels", "unknown", undefined],
    ["labels", "agent", ofAgent],
    ["targets", "answered", `${absent("targets")} ${works}`],
    ["targets", "missing", undefined],
    ["targets", "unknown", absent("targets")],
    ["targets", "agent", absent("targets")],
    ["rules", "answered", `${absent("rules")} ${works}`],
    ["rules", "missing", undefined],
    ["rules", "unknown", absent("rules")],
    ["rules", "agent", ofAgent],
    ["server", "answered", `${absent("server")} ${works}`],
    ["server", "unknown", absent("server")],
  ];
  for (const [part, queries, expected] of cases) {
    test(`${part}, queries: ${queries}`, () => {
      assert.equal(absenceSentence(serverParts[part], queries), expected);
      if (queries !== "agent") assert.equal(absenceAfter(noPath, serverParts[part], queries), expected);
    });
  }
});

test("queries are said to work only where one was answered", () => {
  for (const part of parts) {
    for (const queries of states) {
      for (const failure of [noPath, refusedByAgent]) {
        const sentence = absenceAfter(failure, serverParts[part], queries) ?? "";
        if (sentence.includes(works)) assert.equal(queries, "answered");
      }
    }
  }
});

test("an agent's own words beat what is known of its queries", () => {
  for (const queries of states) {
    assert.equal(absenceAfter(refusedByAgent, serverParts.metrics, queries), ofAgent);
    assert.equal(absenceAfter(refusedByAgent, serverParts.rules, queries), ofAgent);
  }
});

test("what can be repaired, or may pass, is told as a failure", () => {
  const others: readonly Failure[] = [
    { kind: "unauthorized", status: 403, detail: "" },
    { kind: "notPrometheus", status: 503, content: "text", detail: "" },
    { kind: "unreachable", code: "refused", detail: "" },
  ];
  for (const failure of others) {
    for (const part of parts) assert.equal(absenceAfter(failure, serverParts[part], "answered"), undefined);
  }
});

test("a refusal is about a part alone where a server may keep it for others and queries are answered", () => {
  assert.deepEqual(partAdvice(serverParts.targets, "answered"), { beyondQueries: "the targets" });
  assert.deepEqual(partAdvice(serverParts.rules, "answered"), { beyondQueries: "the rules" });
  assert.deepEqual(partAdvice(serverParts.targets, "unknown"), {});
  assert.deepEqual(partAdvice(serverParts.metrics, "answered"), {});
});
