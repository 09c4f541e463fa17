import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answered, withAuth } from "../../../../src/connections/form/formAnswers.ts";
import { corrected } from "../../../../src/connections/form/formCorrection.ts";
import { openHeader } from "../../../../src/connections/form/formHeaders.ts";
import { problemWith } from "../../../../src/connections/form/formProblems.ts";
import { canKeepSecret, replacesUnreadable, secretDrafts } from "../../../../src/connections/form/formSecrets.ts";
import { editForm, type FormState, newForm } from "../../../../src/connections/form/formState.ts";
import { back, goTo, headersDone, prefilled, progressOf, stepsOf } from "../../../../src/connections/form/formSteps.ts";
import { storedChanges } from "../../../../src/connections/form/storedChanges.ts";
import { boundTo, nothingBound, profile, through } from "../../../support/connectionForms.ts";

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

describe("secrets of the way to the server", () => {
  const tls = { certFile: "/c.pem", keyFile: "/k.pem" };
  const proxy = "http://proxy.example:3128";
  const cases: readonly { readonly title: string; readonly more: Record<string, unknown>; readonly steps: string[] }[] =
    [
      { title: "are not asked for without a key and a proxy", more: {}, steps: [] },
      {
        title: "nor for a proxy that the system names",
        more: { proxy: "system", tls: { caFile: "/ca.pem" } },
        steps: [],
      },
      { title: "the passphrase of a client's key", more: { tls }, steps: ["keyPassphrase"] },
      { title: "who signs in at a named proxy", more: { proxy }, steps: ["proxyPassword"] },
      { title: "both", more: { tls, proxy }, steps: ["keyPassphrase", "proxyPassword"] },
    ];
  for (const { title, more, steps } of cases) {
    test(title, () => {
      const state = editForm(profile(more), nothingBound);
      assert.deepEqual(stepsOf(state), ["url", "name", "auth", ...steps, "headers", "test"]);
    });
  }

  const both = editForm(profile({ tls, proxy }), nothingBound);
  const asked = withAuth(goTo(both, "auth"), "none");

  test("may be left out, which stores none", () => {
    assert.equal(asked.step, "keyPassphrase");
    const end = through(asked, "", "");
    assert.deepEqual([end.step, [...secretDrafts(end).typed]], ["headers", []]);
  });

  test("are kept apart from settings, each for its own purpose", () => {
    const end = through(asked, " pass phrase ", "me:s3:cret");
    assert.deepEqual(
      [...secretDrafts(end).typed],
      [
        ["keyPassphrase", " pass phrase "],
        ["proxyPassword", "me:s3:cret"],
      ],
    );
    assert.doesNotMatch(JSON.stringify(storedChanges(end, "a")), /pass phrase|s3:cret/);
    assert.deepEqual(problemWith(goTo(both, "proxyPassword"), "me"), { code: "proxyUserInvalid" });
    assert.deepEqual(problemWith(goTo(both, "keyPassphrase"), "a\nb"), { code: "secretInvalid" });
  });

  test("that were typed stay with the proxy, and not with another server", () => {
    const moved = answered(goTo(through(asked, "pass", "me:s3"), "url"), "https://b.example");
    assert.deepEqual([...secretDrafts(moved).typed], [["proxyPassword", "me:s3"]]);
  });

  test("that are stored stay when nothing is typed", () => {
    const bound = boundTo({ keyPassphrase: "https://a.example", proxyPassword: "unreadable" });
    const state = editForm(profile({ tls, proxy }), bound);
    assert.deepEqual(
      (["keyPassphrase", "proxyPassword"] as const).map((step) => canKeepSecret(goTo(state, step))),
      [true, false],
    );
    assert.equal(replacesUnreadable(goTo(state, "proxyPassword")), true);
    assert.equal(problemWith(goTo(state, "proxyPassword"), ""), undefined);
  });

  test("are where a failure about them leads", () => {
    const step = (more: Record<string, unknown>) =>
      corrected(editForm(profile(more), nothingBound), { kind: "replaceSecret" })?.step;
    assert.deepEqual([step({ tls }), step({ proxy }), step({})], ["keyPassphrase", "proxyPassword", undefined]);
  });
});
