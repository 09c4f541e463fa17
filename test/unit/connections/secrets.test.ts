import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConnectionSecrets, cleanToken, type OriginMove, secretProblem } from "../../../src/connections/secrets.ts";
import { failureOf } from "../../../src/shared/errors.ts";
import { MemorySecrets } from "../../support/connectionDoubles.ts";

const origin = "https://prom.example";
const tokenKey = "promqlWorkbench.secret.v1/a/token";

async function failure(work: Promise<unknown>) {
  return work.then(
    () => assert.fail("nothing was thrown"),
    (error: unknown) => failureOf(error),
  );
}

test("a secret is stored with the origin that it was given for", async () => {
  const store = new MemorySecrets();
  const secrets = new ConnectionSecrets(store);
  await secrets.save("a", "token", { origin, value: "t0k" });
  assert.deepEqual(JSON.parse(store.values.get(tokenKey) ?? ""), { version: 1, origin, value: "t0k" });
  assert.equal(await secrets.valueFor("a", "token", origin), "t0k");
});

describe("nothing is handed out", () => {
  const bound = JSON.stringify({ version: 1, origin: "https://old.example", value: "s3cret" });
  const cases: readonly { title: string; stored?: string; expected: object }[] = [
    { title: "without a stored secret", expected: { kind: "secretMissing", connectionId: "a", purpose: "token" } },
    {
      title: "to another origin than the secret was given for",
      stored: bound,
      expected: { kind: "originChanged", connectionId: "a", boundTo: "https://old.example", origin },
    },
    {
      title: "from a damaged record",
      stored: "{",
      expected: { kind: "misconfigured", what: "secretDamaged", detail: "token" },
    },
    {
      title: "from a record of another shape",
      stored: '{"version":1,"value":"x"}',
      expected: { kind: "misconfigured", what: "secretDamaged", detail: "token" },
    },
    {
      title: "from a newer record",
      stored: '{"version":2}',
      expected: { kind: "misconfigured", what: "secretNewer", detail: "token" },
    },
  ];
  for (const { title, stored, expected } of cases) {
    test(title, async () => {
      const store = new MemorySecrets();
      if (stored !== undefined) store.values.set(tokenKey, stored);
      const found = await failure(new ConnectionSecrets(store).valueFor("a", "token", origin));
      assert.deepEqual(found, expected);
      assert.equal(JSON.stringify(found).includes("s3cret"), false);
      assert.equal(store.values.get(tokenKey), stored);
    });
  }
});

test("a secret that another connection or purpose has is not found", async () => {
  const secrets = new ConnectionSecrets(new MemorySecrets());
  await secrets.save("b", "token", { origin, value: "x" });
  await secrets.save("a", "password", { origin, value: "x" });
  assert.equal((await failure(secrets.valueFor("a", "token", origin))).kind, "secretMissing");
});

test("what cannot be read is replaced only when the user was told", async () => {
  const store = new MemorySecrets();
  const secrets = new ConnectionSecrets(store);
  store.values.set(tokenKey, '{"version":9}');
  assert.equal((await failure(secrets.save("a", "token", { origin, value: "new" }))).kind, "misconfigured");
  assert.equal((await failure(secrets.rebind("a", "token", origin))).kind, "misconfigured");
  assert.equal(store.values.get(tokenKey), '{"version":9}');
  await secrets.save("a", "token", { origin, value: "new" }, { replaceUnreadable: true });
  assert.equal((await secrets.read("a", "token")).state, "found");
});

test("a confirmed origin is bound anew and the value stays", async () => {
  const secrets = new ConnectionSecrets(new MemorySecrets());
  assert.equal((await failure(secrets.rebind("a", "token", origin))).kind, "secretMissing");
  await secrets.save("a", "token", { origin: "https://old.example", value: "v" });
  const move = { from: "https://old.example", to: origin };
  const others: readonly OriginMove[] = [
    { ...move, purposes: ["password", "notStored"] },
    { purposes: ["token"], from: "https://older.example", to: origin },
    { purposes: ["token"], from: move.from, to: "https://other.example" },
  ];
  assert.equal((await failure(secrets.valueFor("a", "token", origin, others))).kind, "originChanged");
  assert.equal(await secrets.valueFor("a", "token", origin, [{ ...move, purposes: ["token"] }]), "v");
  await secrets.rebind("a", "token", origin);
  assert.equal(await secrets.valueFor("a", "token", origin), "v");
});

test("tokens as they are pasted", () => {
  const cases: readonly [pasted: string, token: string][] = [
    ["abc", "abc"],
    [" abc\n", "abc"],
    ["Bearer abc", "abc"],
    ["bearer   abc\r\n", "abc"],
    ["bearerabc", "bearerabc"],
  ];
  for (const [pasted, token] of cases) assert.equal(cleanToken(pasted), token);
});

test("what may be a secret", () => {
  assert.deepEqual(
    [
      secretProblem("token", ""),
      secretProblem("token", "a b"),
      secretProblem("token", "tök€n"),
      secretProblem("token", "a\0"),
      secretProblem("password", "pass wörd €"),
      secretProblem("password", "a\nb"),
      secretProblem("authorization", "Scheme of its own"),
      secretProblem("header:X-Api-Key", "a\r\nX: b"),
      secretProblem("query:key", "ü&="),
    ],
    ["empty", "characters", "characters", "characters", undefined, "characters", undefined, "characters", undefined],
  );
});

test("forgetting leaves other connections and the kept purposes alone", async () => {
  const store = new MemorySecrets();
  const secrets = new ConnectionSecrets(store);
  for (const id of ["a", "ab"]) {
    await secrets.save(id, "token", { origin, value: "v" });
    await secrets.save(id, "header:X-A", { origin, value: "v" });
  }
  await secrets.forget("a", ["token"]);
  const prefix = "promqlWorkbench.secret.v1";
  assert.deepEqual([...store.values.keys()].sort(), [
    `${prefix}/a/token`,
    `${prefix}/ab/header:X-A`,
    `${prefix}/ab/token`,
  ]);
});

describe("a keyring that cannot be opened is named, and not called a mistake of ours", () => {
  const locked = async () => Promise.reject(new Error("Cannot autolaunch D-Bus without X11 $DISPLAY"));
  const working = new MemorySecrets();
  const store = (broken: object) => new ConnectionSecrets(Object.assign(Object.create(working), broken));
  const expected = { kind: "credential", source: "keyring", problem: "unreadable", name: "" };
  const detail = "Cannot autolaunch D-Bus without X11 $DISPLAY";
  const bound = { origin, value: "s3cret" };
  const uses: readonly { readonly title: string; readonly work: () => Promise<unknown>; readonly detail: string }[] = [
    { title: "reading", work: () => store({ get: locked }).valueFor("a", "token", origin), detail },
    // What is said of a record may quote it.
    { title: "writing", work: () => store({ set: locked }).save("a", "token", bound), detail: "" },
    { title: "finding what to forget", work: () => store({ keys: locked }).forget("a"), detail },
    {
      title: "what another place would be put back from",
      work: () => store({ get: locked }).restorer("a", ["token"]),
      detail,
    },
  ];
  for (const { title, work, detail } of uses) {
    test(title, async () => assert.deepEqual(await failure(work()), { ...expected, detail }));
  }

  test("forgetting", async () => {
    await working.set(tokenKey, "{}");
    assert.deepEqual(await failure(store({ delete: locked }).forget("a")), { ...expected, detail });
  });
});
