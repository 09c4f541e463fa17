import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answered, withAuth } from "../../../../src/connections/form/formAnswers.ts";
import { openHeader } from "../../../../src/connections/form/formHeaders.ts";
import { type FormState, newForm } from "../../../../src/connections/form/formState.ts";
import { back, goTo, headersDone, prefilled, progressOf, stepsOf } from "../../../../src/connections/form/formSteps.ts";
import { storedChanges } from "../../../../src/connections/form/storedChanges.ts";
import { through } from "../../../support/connectionForms.ts";

describe("the way through the form", () => {
  test("without sign-in", () => {
    let state = through(newForm(), "http://localhost:9090/api/v1/query");
    assert.deepEqual(
      [state.step, state.draft.url, prefilled(state)],
      ["name", "http://localhost:9090", "localhost:9090"],
    );
    state = withAuth(answered(state, " Local "), "none");
    assert.deepEqual([state.step, progressOf(state)], ["headers", { step: 4, total: 5 }]);
    state = headersDone(state);
    assert.deepEqual([state.step, progressOf(state)], ["test", { step: 5, total: 5 }]);
    assert.deepEqual(storedChanges(state, "local"), {
      version: 1,
      id: "local",
      name: "Local",
      url: "http://localhost:9090",
      auth: { type: "none" },
      headers: undefined,
      secretHeaders: undefined,
      secretQueryParams: undefined,
    });
  });

  test("with user, password and a header", () => {
    let state = withAuth(through(newForm(), "https://h", "H"), "basic");
    assert.deepEqual(stepsOf(state), ["url", "name", "auth", "username", "secret", "headers", "test"]);
    state = through(state, "1234", " pass ");
    assert.deepEqual([state.step, state.draft.secret], ["headers", " pass "]);
    state = answered(openHeader(state, 0), "X-Scope-OrgID: team-a");
    assert.equal(state.step, "headers");
    const { auth, headers } = storedChanges(state, "h");
    assert.deepEqual([auth, headers], [{ type: "basic", username: "1234" }, { "X-Scope-OrgID": "team-a" }]);
    assert.equal(JSON.stringify(storedChanges(state, "h")).includes("pass"), false);
  });

  test("back leads over the same steps, and everything typed stays", () => {
    const end = headersDone(through(withAuth(through(newForm(), "https://h", "H"), "bearer"), "tok"));
    const seen: string[] = [];
    for (let state: FormState | undefined = end; state !== undefined; state = back(state)) {
      seen.push(state.step);
      assert.deepEqual(state.draft, end.draft);
    }
    assert.deepEqual(seen, ["test", "headers", "secret", "auth", "name", "url"]);
    assert.equal(back(openHeader(end, 0))?.step, "headers");
  });

  test("an answer that is wrong leads nowhere", () => {
    const state = newForm();
    assert.equal(answered(state, "localhost"), state);
  });
});

test("a name that was only suggested follows its host", () => {
  const state = through(newForm(), "https://a.example", "a.example");
  assert.equal(prefilled(answered(goTo(state, "url"), "https://b.example")), "b.example");
  const own = through(newForm(), "https://a.example", "Mine");
  assert.equal(prefilled(answered(goTo(own, "url"), "https://b.example")), "Mine");
});

test("a file's name for a connection is offered", () => {
  const state = newForm("prod-eu");
  assert.equal(prefilled(answered(state, "https://h")), "prod-eu");
  assert.equal(newForm("two\nlines").draft.name, "");
});

test("a suggestion's address and name are offered", () => {
  const state = newForm("Prod EU", "https://eu.example/p");
  assert.equal(prefilled(state), "https://eu.example/p");
  assert.equal(prefilled(answered(state, "https://eu.example/p")), "Prod EU");
  const named = newForm("eu.example", "https://eu.example");
  assert.equal(prefilled(answered(named, "https://eu.example")), "eu.example");
});
