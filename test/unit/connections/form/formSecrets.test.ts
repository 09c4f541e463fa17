import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answered, withAuth } from "../../../../src/connections/form/formAnswers.ts";
import { problemWith } from "../../../../src/connections/form/formProblems.ts";
import {
  canKeepSecret,
  replacesAnyUnreadable,
  replacesUnreadable,
  unconfirmedMove,
  withConfirmedOrigin,
} from "../../../../src/connections/form/formSecrets.ts";
import { editForm, newForm } from "../../../../src/connections/form/formState.ts";
import { goTo } from "../../../../src/connections/form/formSteps.ts";
import { profile, through } from "../../../support/connectionForms.ts";

describe("editing", () => {
  const found = new Map([["token", "found"]] as const);
  const bearer = profile({ auth: { type: "bearer" }, headers: { "X-A": "1" } });

  test("starts with what is stored, but for the secret", () => {
    const state = editForm(bearer, found);
    assert.deepEqual(state.draft, {
      url: "https://a.example/p",
      name: "A",
      auth: "bearer",
      ...{ username: "", secret: "", tokenUrl: "", clientId: "", scopes: "", params: {}, command: [] },
      headers: [{ kind: "header", name: "X-A", value: "1" }],
    });
    assert.equal(canKeepSecret(goTo(state, "secret")), true);
    assert.equal(problemWith(goTo(state, "secret"), ""), undefined);
  });

  test("keeps a secret only for the way to sign in that it was given for", () => {
    const basic = withAuth(goTo(editForm(bearer, found), "auth"), "basic");
    assert.equal(canKeepSecret(goTo(basic, "secret")), false);
    assert.deepEqual(problemWith(goTo(basic, "secret"), ""), { code: "secretEmpty" });
  });

  test("says that an unreadable secret is replaced", () => {
    const state = editForm(bearer, new Map([["token", "unreadable"]] as const));
    assert.equal(replacesUnreadable(goTo(state, "secret")), true);
    assert.equal(replacesAnyUnreadable(state), false);
    assert.equal(replacesAnyUnreadable(answered(goTo(state, "secret"), "new")), true);
    assert.deepEqual(problemWith(goTo(state, "secret"), ""), { code: "secretEmpty" });
  });

  test("moves a kept secret to another origin only after a word", () => {
    const start = editForm(bearer, found);
    assert.equal(unconfirmedMove(answered(start, "https://a.example/other")), undefined);
    const moved = answered(start, "https://b.example");
    assert.deepEqual(unconfirmedMove(moved), { from: "https://a.example", to: "https://b.example" });
    const confirmed = withConfirmedOrigin(moved, "https://b.example");
    assert.equal(unconfirmedMove(confirmed), undefined);
    const further = answered(goTo(confirmed, "url"), "https://c.example");
    assert.deepEqual(unconfirmedMove(further), { from: "https://a.example", to: "https://c.example" });
    assert.equal(unconfirmedMove(answered(goTo(moved, "secret"), "retyped")), undefined);
    assert.equal(unconfirmedMove(withAuth(goTo(moved, "auth"), "none")), undefined);
  });
});

test("what was typed for one server is not carried to another", () => {
  const state = through(withAuth(through(newForm(), "https://a", "A"), "bearer"), "tok");
  assert.equal(answered(goTo(state, "url"), "https://a/p").draft.secret, "tok");
  assert.equal(answered(goTo(state, "url"), "https://b").draft.secret, "");
  assert.equal(withAuth(goTo(state, "auth"), "basic").draft.secret, "");
});
