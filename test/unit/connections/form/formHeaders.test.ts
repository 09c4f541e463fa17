import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answered } from "../../../../src/connections/form/formAnswers.ts";
import { openHeader, withoutHeader } from "../../../../src/connections/form/formHeaders.ts";
import { problemWith } from "../../../../src/connections/form/formProblems.ts";
import { secretDrafts, unconfirmedMove } from "../../../../src/connections/form/formSecrets.ts";
import { editForm, type FormState, newForm } from "../../../../src/connections/form/formState.ts";
import { back, goTo, prefilled } from "../../../../src/connections/form/formSteps.ts";
import { storedChanges } from "../../../../src/connections/form/storedChanges.ts";
import { boundTo, profile, through } from "../../../support/connectionForms.ts";

describe("headers", () => {
  const header = (name: string, value: string) => ({ kind: "header", name, value });
  const state = goTo(newForm(), "headers");
  const two = answered(openHeader(answered(openHeader(state, 0), "X-A: 1"), 1), "X-B: http://x:1");
  test("are added, changed and removed", () => {
    assert.deepEqual(two.draft.headers, [header("X-A", "1"), header("X-B", "http://x:1")]);
    assert.equal(prefilled(openHeader(two, 1)), "X-B: http://x:1");
    assert.deepEqual(answered(openHeader(two, 0), "X-C: 3").draft.headers[0], header("X-C", "3"));
    assert.deepEqual(answered(openHeader(two, 0), "").draft.headers, [header("X-B", "http://x:1")]);
    assert.deepEqual(withoutHeader(two, 1).draft.headers, [header("X-A", "1")]);
  });
});

describe("secret headers and parameters", () => {
  const list = goTo(through(newForm(), "https://h", "H"), "headers");
  const withKey = through(openHeader(list, 0, "secretHeader"), "X-Api-Key", " k3y ");

  test("their names are stored, their values are secrets", () => {
    assert.equal(withKey.step, "headers");
    const both = through(openHeader(withKey, 1, "secretParam"), "authKey", "p");
    const changes = storedChanges(both, "h");
    assert.deepEqual([changes["secretHeaders"], changes["secretQueryParams"]], [["X-Api-Key"], ["authKey"]]);
    assert.equal(JSON.stringify(changes).includes("k3y"), false);
    assert.deepEqual(
      [...secretDrafts(both).typed],
      [
        ["header:X-Api-Key", "k3y"],
        ["query:authKey", "p"],
      ],
    );
    assert.deepEqual([...secretDrafts(answered(goTo(both, "url"), "https://other")).typed], []);
  });

  test("names that cannot be", () => {
    const name = (state: FormState, answer: string) => problemWith(state, answer);
    const next = openHeader(withKey, 1, "secretHeader");
    assert.deepEqual(name(next, "x-api-key"), { code: "header", problem: "twice" });
    assert.deepEqual(name(next, "Authorization"), { code: "header", problem: "credential" });
    assert.deepEqual(name(openHeader(withKey, 1, "secretParam"), ""), { code: "paramInvalid" });
    assert.equal(name(openHeader(withKey, 1, "secretParam"), "X-Api-Key"), undefined);
  });

  test("one that never got a value is none; a stored one may stay as it is", () => {
    const named = answered(openHeader(list, 0, "secretHeader"), "X-Api-Key");
    assert.deepEqual(problemWith(named, ""), { code: "secretEmpty" });
    const gone = back(back(named) ?? assert.fail()) ?? assert.fail();
    assert.deepEqual([gone.step, gone.draft.headers], ["headers", []]);
    const edited = editForm(
      profile({ secretHeaders: ["X-Api-Key"] }),
      boundTo({ "header:X-Api-Key": "https://a.example" }),
    );
    const open = answered(openHeader(edited, 0), "X-Api-Key");
    assert.equal(problemWith(open, ""), undefined);
    assert.deepEqual(unconfirmedMove(answered(goTo(edited, "url"), "https://b.example")), {
      purposes: ["header:X-Api-Key"],
      from: "https://a.example",
      to: "https://b.example",
    });
  });
});
