import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answered, withAuth } from "../../../../src/connections/form/formAnswers.ts";
import { problemWith } from "../../../../src/connections/form/formProblems.ts";
import {
  canKeepSecret,
  replacesAnyUnreadable,
  replacesUnreadable,
  secretDrafts,
  unconfirmedMove,
  withConfirmedMove,
} from "../../../../src/connections/form/formSecrets.ts";
import { editForm, type FormState, newForm } from "../../../../src/connections/form/formState.ts";
import { goTo } from "../../../../src/connections/form/formSteps.ts";
import type { Bindings } from "../../../../src/connections/movedSecrets.ts";
import type { OriginMove } from "../../../../src/connections/secrets.ts";
import { boundTo, profile, through } from "../../../support/connectionForms.ts";

describe("editing", () => {
  const found = boundTo({ token: "https://a.example" });
  const bearer = profile({ auth: { type: "bearer" }, headers: { "X-A": "1" } });

  test("starts with what is stored, but for the secret", () => {
    const state = editForm(bearer, found);
    assert.deepEqual(state.draft, {
      url: "https://a.example/p",
      name: "A",
      auth: "bearer",
      ...{ keyFile: "", proxy: "", keyPassphrase: "", proxyPassword: "" },
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
    const state = editForm(bearer, boundTo({ token: "unreadable" }));
    assert.equal(replacesUnreadable(goTo(state, "secret")), true);
    assert.equal(replacesAnyUnreadable(state), false);
    assert.equal(replacesAnyUnreadable(answered(goTo(state, "secret"), "new")), true);
    assert.deepEqual(problemWith(goTo(state, "secret"), ""), { code: "secretEmpty" });
  });

  test("moves a kept secret to another origin only after a word", () => {
    const start = editForm(bearer, found);
    assert.equal(unconfirmedMove(answered(start, "https://a.example/other")), undefined);
    const moved = answered(start, "https://b.example");
    const move = { purposes: ["token"], from: "https://a.example", to: "https://b.example" } as const;
    assert.deepEqual(unconfirmedMove(moved), move);
    const confirmed = withConfirmedMove(moved, move);
    assert.equal(unconfirmedMove(confirmed), undefined);
    assert.deepEqual(secretDrafts(confirmed).confirmed, [move]);
    const further = answered(goTo(confirmed, "url"), "https://c.example");
    assert.deepEqual(unconfirmedMove(further), { ...move, to: "https://c.example" });
    assert.equal(unconfirmedMove(answered(goTo(moved, "secret"), "retyped")), undefined);
    assert.equal(unconfirmedMove(withAuth(goTo(moved, "auth"), "none")), undefined);
  });
});

describe("a consent to send a credential elsewhere", () => {
  const elsewhere = "https://c.example";
  const oauth2 = { type: "oauth2", tokenUrl: "https://login.example/t", clientId: "c" };
  const certificate = { certFile: "/c.pem", keyFile: "/k.pem" };
  /** The questions that are asked, each answered with yes. */
  const questions = (start: FormState) => {
    const asked: OriginMove[] = [];
    let state = start;
    for (let move = unconfirmedMove(state); move !== undefined; move = unconfirmedMove(state)) {
      asked.push(move);
      assert.ok(asked.length < 10, "the questions have an end");
      state = withConfirmedMove(state, move);
    }
    return asked;
  };
  const cases: readonly {
    readonly title: string;
    readonly more: Record<string, unknown>;
    readonly bindings: Bindings;
    readonly url?: string;
    readonly tokenUrl?: string;
    readonly expected: readonly OriginMove[];
  }[] = [
    {
      title: "is one for each origin that it was given for",
      more: { auth: oauth2, secretHeaders: ["X-K"] },
      bindings: boundTo({ clientSecret: "https://login.example", "header:X-K": "https://a.example" }, elsewhere),
      url: elsewhere,
      tokenUrl: `${elsewhere}/t`,
      expected: [
        { purposes: ["clientSecret"], from: "https://login.example", to: elsewhere },
        { purposes: ["header:X-K"], from: "https://a.example", to: elsewhere },
      ],
    },
    {
      title: "is one for all that go the same way",
      more: { auth: { type: "bearer" }, secretHeaders: ["X-K"] },
      bindings: boundTo({ token: "https://a.example", "header:X-K": "https://a.example" }),
      url: elsewhere,
      expected: [{ purposes: ["token", "header:X-K"], from: "https://a.example", to: elsewhere }],
    },
    {
      title: "says where a secret is bound, which need not be where the settings point",
      more: { auth: { type: "bearer" } },
      bindings: boundTo({ token: "https://old.example" }),
      expected: [{ purposes: ["token"], from: "https://old.example", to: "https://a.example" }],
    },
    {
      title: "is not needed back to where it is bound",
      more: { auth: { type: "bearer" } },
      bindings: boundTo({ token: "https://old.example" }),
      url: "https://old.example",
      expected: [],
    },
    {
      title: "is needed for what is not stored here",
      more: { auth: { type: "bearer", tokenRef: "$env:TOKEN" } },
      bindings: boundTo({}, "https://a.example"),
      url: elsewhere,
      expected: [{ purposes: ["notStored"], from: "https://a.example", to: elsewhere }],
    },
    {
      title: "is needed for a client's certificate and the passphrase of its key",
      more: { tls: certificate },
      bindings: boundTo({ keyPassphrase: "https://a.example" }, "https://a.example"),
      url: elsewhere,
      expected: [{ purposes: ["notStored", "keyPassphrase"], from: "https://a.example", to: elsewhere }],
    },
  ];
  for (const { title, more, bindings, url, tokenUrl, expected } of cases) {
    test(title, () => {
      let state = editForm(profile(more), bindings);
      if (url !== undefined) state = answered(goTo(state, "url"), url);
      if (tokenUrl !== undefined) state = answered(goTo(state, "tokenUrl"), tokenUrl);
      assert.deepEqual(questions(state), expected);
    });
  }
});

test("what was typed for one server is not carried to another", () => {
  const state = through(withAuth(through(newForm(), "https://a", "A"), "bearer"), "tok");
  assert.equal(answered(goTo(state, "url"), "https://a/p").draft.secret, "tok");
  assert.equal(answered(goTo(state, "url"), "https://b").draft.secret, "");
  assert.equal(withAuth(goTo(state, "auth"), "basic").draft.secret, "");
});
