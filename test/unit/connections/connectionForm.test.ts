import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  answered,
  back,
  canKeepSecret,
  corrected,
  editForm,
  type FormAuth,
  type FormState,
  goTo,
  headersDone,
  idFromName,
  newForm,
  noteOn,
  openHeader,
  parseCommand,
  prefilled,
  problemWith,
  progressOf,
  replacesAnyUnreadable,
  replacesUnreadable,
  secretDrafts,
  stepsOf,
  storedChanges,
  unconfirmedMove,
  withAuth,
  withConfirmedOrigin,
  withoutHeader,
} from "../../../src/connections/connectionForm.ts";
import { isProfileId, type Profile, parseProfile } from "../../../src/connections/profile.ts";

function profile(more: Record<string, unknown>): Profile {
  const parsed = parseProfile({ id: "a", name: "A", url: "https://a.example/p", ...more });
  assert.ok(parsed.ok);
  return parsed.profile;
}

/** Goes through text steps with these answers. */
const through = (state: FormState, ...answers: readonly string[]) => answers.reduce(answered, state);

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

describe("what is said while typing", () => {
  const bearer = withAuth(through(newForm(), "https://h", "H"), "bearer");
  const basic = withAuth(through(newForm(), "https://h", "H"), "basic");
  const withHeader = answered(openHeader(bearer, 0), "X-A: 1");
  const cases: readonly { title: string; state: FormState; answer: string; problem: string | undefined }[] = [
    { title: "a URL", state: newForm(), answer: "https://h", problem: undefined },
    { title: "no URL", state: newForm(), answer: "h", problem: "url scheme" },
    { title: "a name", state: goTo(newForm(), "name"), answer: "  ", problem: "nameInvalid" },
    { title: "a user with a colon", state: basic, answer: "a:b", problem: "usernameInvalid" },
    { title: "no user", state: basic, answer: "", problem: "usernameInvalid" },
    { title: "no token", state: bearer, answer: "", problem: "secretEmpty" },
    { title: "only the scheme", state: bearer, answer: "Bearer ", problem: "secretEmpty" },
    { title: "a token of two words", state: bearer, answer: "a b", problem: "secretInvalid" },
    { title: "a header", state: openHeader(withHeader, 1), answer: "X-B: 2", problem: undefined },
    { title: "the same header again", state: openHeader(withHeader, 1), answer: "x-a: 2", problem: "header twice" },
    { title: "the same header, changed", state: openHeader(withHeader, 0), answer: "x-a: 2", problem: undefined },
    { title: "no colon", state: openHeader(withHeader, 1), answer: "X-B", problem: "header form" },
    { title: "no value", state: openHeader(withHeader, 1), answer: "X-B:", problem: "header form" },
    {
      title: "a credential",
      state: openHeader(withHeader, 1),
      answer: "Authorization: x",
      problem: "header credential",
    },
    { title: "nothing", state: openHeader(withHeader, 0), answer: "", problem: undefined },
  ];
  for (const { title, state, answer, problem } of cases) {
    test(title, () => {
      const found = problemWith(state, answer);
      const text = found === undefined ? undefined : "problem" in found ? `${found.code} ${found.problem}` : found.code;
      assert.equal(text, problem);
    });
  }

  test("what is left out", () => {
    assert.deepEqual(noteOn(newForm(), "https://h/p/graph"), {
      code: "removed",
      removed: "/graph",
      baseUrl: "https://h/p",
    });
    assert.deepEqual(noteOn(newForm(), "http://host:9100/metrics/"), { code: "metricsPage" });
    assert.equal(noteOn(newForm(), "http://host:9100/mymetrics"), undefined);
    assert.deepEqual(noteOn(bearer, "Bearer abc"), { code: "schemeRemoved" });
    assert.equal(noteOn(bearer, " abc "), undefined);
    assert.equal(answered(bearer, "Bearer abc").draft.secret, "abc");
  });
});

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
      const state = editForm(profile({ auth, secretHeaders: ["X-K"], secretQueryParams: ["k"] }), new Map());
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

  test("a command has words and quotes, and nothing that a shell would know", () => {
    const words: readonly (readonly [text: string, words: readonly string[] | undefined])[] = [
      ["gcloud auth print-access-token", ["gcloud", "auth", "print-access-token"]],
      [`"C:\\Program Files\\x.exe" -a`, ["C:\\Program Files\\x.exe", "-a"]],
      [`["a b", "$(id)"]`, ["a b", "$(id)"]],
      ["echo $HOME; id", ["echo", "$HOME;", "id"]],
      ["", undefined],
      ['a "b', undefined],
      ["[]", undefined],
      ["[1]", undefined],
      ['["a"', undefined],
    ];
    for (const [text, expected] of words) assert.deepEqual(parseCommand(text), expected, text);
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
      new Map([["header:X-Api-Key", "found"]] as const),
    );
    const open = answered(openHeader(edited, 0), "X-Api-Key");
    assert.equal(problemWith(open, ""), undefined);
    assert.deepEqual(unconfirmedMove(answered(goTo(edited, "url"), "https://b.example")), {
      from: "https://a.example",
      to: "https://b.example",
    });
  });
});

test("what was typed for one server is not carried to another", () => {
  const state = through(withAuth(through(newForm(), "https://a", "A"), "bearer"), "tok");
  assert.equal(answered(goTo(state, "url"), "https://a/p").draft.secret, "tok");
  assert.equal(answered(goTo(state, "url"), "https://b").draft.secret, "");
  assert.equal(withAuth(goTo(state, "auth"), "basic").draft.secret, "");
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

test("ids are made of names", () => {
  const cases: readonly [name: string, id: string][] = [
    ["Production EU", "production-eu"],
    ["  Zürich (test)  ", "zurich-test"],
    ["localhost:9090", "localhost-9090"],
    ["prometheus.example.com", "prometheus.example.com"],
    ["日本", "connection"],
    ["-._", "connection"],
  ];
  for (const [name, id] of cases) assert.equal(idFromName(name, new Set()), id);
  assert.equal(idFromName("A", new Set(["a", "a-2"])), "a-3");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.string()), (name, others) => {
      const taken = new Set([...others, idFromName(name, new Set())]);
      const id = idFromName(name, taken);
      assert.ok(isProfileId(id), id);
      assert.ok(!taken.has(id));
    }),
  );
});

describe("what a failure wants corrected", () => {
  const basic = editForm(profile({ url: "http://a.example/p", auth: { type: "basic", username: "u" } }), new Map());
  const open = editForm(profile({ url: "http://a.example:80/p", headers: { "x-scope-orgid": "t" } }), new Map());

  test("opens the form at its step", () => {
    assert.equal(corrected(basic, { kind: "editConnection", at: "auth" })?.step, "auth");
    assert.equal(corrected(basic, { kind: "enterSecret" })?.step, "secret");
    assert.equal(corrected(open, { kind: "enterSecret" })?.step, "auth");
    assert.equal(corrected(open, { kind: "retry" }), undefined);
  });

  test("opens it where the credential comes from", () => {
    const oauth2 = { type: "oauth2", tokenUrl: "https://id.example/token", clientId: "c" };
    const rows: readonly (readonly [more: Record<string, unknown>, credential: string, secret: string])[] = [
      [{ auth: oauth2 }, "tokenUrl", "secret"],
      [{ auth: { type: "command", command: ["/bin/token"] } }, "command", "command"],
      [{ auth: { type: "bearer" } }, "secret", "secret"],
      [{ secretHeaders: ["X-Key"] }, "auth", "headers"],
    ];
    for (const [more, credential, secret] of rows) {
      const form = editForm(profile(more), new Map());
      assert.equal(corrected(form, { kind: "editConnection", at: "credential" })?.step, credential);
      assert.equal(corrected(form, { kind: "enterSecret" })?.step, secret);
    }
  });

  test("begins the header of the tenant, or opens the one that is there", () => {
    const begun = corrected(basic, { kind: "addTenantHeader" });
    assert.equal(begun && prefilled(begun), "X-Scope-OrgID: ");
    assert.deepEqual(begun?.draft.headers, []);
    assert.equal(begun && problemWith(begun, "X-Scope-OrgID: ")?.code, "header");
    const there = corrected(open, { kind: "addTenantHeader" });
    assert.equal(there && prefilled(there), "x-scope-orgid: t");
    assert.equal(begun && prefilled(openHeader(begun, 0)), "");
  });

  const moves: readonly { origin?: string; expected: string | undefined }[] = [
    { expected: "https://a.example/p" },
    { origin: "https://a.example:8443", expected: "https://a.example:8443/p" },
    { origin: "https://evil.example", expected: undefined },
    { origin: "http://a.example:8080", expected: undefined },
  ];
  for (const { origin, expected } of moves) {
    test(`fills in https of the same host: ${origin ?? "same port"}`, () => {
      const form = corrected(basic, { kind: "useHttps", ...(origin === undefined ? {} : { origin }) });
      assert.equal(form?.draft.url, expected);
      if (form !== undefined) assert.equal(form.step, "url");
    });
  }

  test("a stored secret does not move to https without the user's word", () => {
    const stored = new Map([["password", "found"]] as const);
    const form = editForm(profile({ url: "http://a.example/p", auth: { type: "basic", username: "u" } }), stored);
    const moved = corrected(form, { kind: "useHttps" });
    assert.deepEqual(moved && unconfirmedMove(moved), { from: "http://a.example", to: "https://a.example" });
  });

  test("what was typed for http is not carried to https", () => {
    const typed = { ...basic, draft: { ...basic.draft, secret: "s3cret" } };
    assert.equal(corrected(typed, { kind: "useHttps" })?.draft.secret, "");
  });

  test("an address of https stays", () => {
    const form = editForm(profile({}), new Map());
    assert.equal(corrected(form, { kind: "useHttps" }), undefined);
  });
});
