import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answered, withAuth } from "../../../../src/connections/form/formAnswers.ts";
import { problemWith } from "../../../../src/connections/form/formProblems.ts";
import { secretDrafts } from "../../../../src/connections/form/formSecrets.ts";
import { editForm, type FormAuth, newForm } from "../../../../src/connections/form/formState.ts";
import { goTo } from "../../../../src/connections/form/formSteps.ts";
import { storedChanges } from "../../../../src/connections/form/storedChanges.ts";
import { nothingBound, profile, through } from "../../../support/connectionForms.ts";

describe("ways to sign in", () => {
  const start = (auth: FormAuth) => withAuth(through(newForm(), "https://h", "H"), auth);
  const cases: readonly {
    readonly auth: FormAuth;
    readonly answers: readonly string[];
    readonly stored: unknown;
    readonly typed: readonly (readonly [string, string])[];
  }[] = [
    { auth: "bearer", answers: ["tok"], stored: { type: "bearer" }, typed: [["token", "tok"]] },
    { auth: "bearer", answers: ["$env:TOKEN"], stored: { type: "bearer", tokenRef: "$env:TOKEN" }, typed: [] },
    {
      auth: "basic",
      answers: ["u", "$file:/run/secrets/p"],
      stored: { type: "basic", username: "u", passwordRef: "$file:/run/secrets/p" },
      typed: [],
    },
    { auth: "raw", answers: [" abc= "], stored: { type: "raw" }, typed: [["authorization", "abc="]] },
    {
      auth: "oauth2",
      answers: ["https://login.example/token", "id", " a  b ", "s"],
      stored: { type: "oauth2", tokenUrl: "https://login.example/token", clientId: "id", scopes: ["a", "b"] },
      typed: [["clientSecret", "s"]],
    },
    {
      auth: "command",
      answers: ["gcloud auth 'print access'"],
      stored: { type: "command", command: ["gcloud", "auth", "print access"] },
      typed: [],
    },
  ];
  for (const { auth, answers, stored, typed } of cases) {
    test(`${auth}: ${answers.join(", ")}`, () => {
      const state = through(start(auth), ...answers);
      assert.equal(state.step, "headers");
      assert.deepEqual(storedChanges(state, "h")["auth"], stored);
      assert.deepEqual([...secretDrafts(state).typed], typed);
    });
  }

  test("an edited one comes back as it is stored, references and parameters included", () => {
    const auths = [
      { type: "basic", username: "u", passwordRef: "$env:P" },
      { type: "bearer", tokenRef: "$file:/t" },
      { type: "oauth2", tokenUrl: "https://t", clientId: "c", scopes: ["s"], params: { audience: "x" } },
      { type: "command", command: ["a", "b c"] },
      { type: "raw" },
    ];
    for (const auth of auths) {
      const state = editForm(profile({ auth, secretHeaders: ["X-K"], secretQueryParams: ["k"] }), nothingBound);
      const changes = storedChanges(state, "a");
      assert.deepEqual(changes["auth"], auth);
      assert.deepEqual([changes["secretHeaders"], changes["secretQueryParams"]], [["X-K"], ["k"]]);
    }
  });

  test("a client secret goes to the token server and is dropped when that is another one", () => {
    const state = through(start("oauth2"), "https://login.example/token", "id", "", "s");
    assert.equal(answered(goTo(state, "url"), "https://other").draft.secret, "s");
    assert.equal(answered(goTo(state, "tokenUrl"), "https://login.example/v2").draft.secret, "s");
    assert.equal(answered(goTo(state, "tokenUrl"), "https://evil.example/").draft.secret, "");
    for (const wrong of ["http://login.example/token", "login.example", "https://u:p@login.example"])
      assert.deepEqual(problemWith(goTo(state, "tokenUrl"), wrong), { code: "tokenUrlInvalid" });
  });
});
