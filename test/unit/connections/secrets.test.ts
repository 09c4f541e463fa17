import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { type Profile, parseProfile } from "../../../src/connections/profile.ts";
import { authorizationHeader, ConnectionSecrets, cleanToken, secretProblem } from "../../../src/connections/secrets.ts";
import { failureOf } from "../../../src/shared/errors.ts";
import { MemorySecrets } from "../../support/connectionDoubles.ts";

const origin = "https://prom.example";
const tokenKey = "promqlWorkbench.secret.v1/a/token";

function profile(auth: unknown, more: Record<string, unknown> = {}): Profile {
  const parsed = parseProfile({ id: "a", name: "A", url: `${origin}/p`, auth, ...more });
  assert.ok(parsed.ok);
  return parsed.profile;
}

const bearer = profile({ type: "bearer" });
const basic = profile({ type: "basic", username: "jürgen" }, { headers: { "X-Scope-OrgID": "t" } });

async function failure(work: Promise<unknown>) {
  return work.then(
    () => assert.fail("nothing was thrown"),
    (error: unknown) => failureOf(error),
  );
}

test("a stored token becomes a header for exactly the origin it was given for", async () => {
  const store = new MemorySecrets();
  const secrets = new ConnectionSecrets(store);
  await secrets.save("a", "token", { origin, value: "t0k" });
  assert.deepEqual(JSON.parse(store.values.get(tokenKey) ?? ""), { version: 1, origin, value: "t0k" });
  assert.deepEqual(await secrets.authorizationFor(bearer, origin), {
    headers: { Authorization: "Bearer t0k" },
    secrets: ["t0k"],
  });
});

test("basic is base64 of UTF-8, beside the plain headers; both forms are to be redacted", async () => {
  const secrets = new ConnectionSecrets(new MemorySecrets());
  await secrets.save("a", "password", { origin, value: "pä:ss" });
  const encoded = Buffer.from("jürgen:pä:ss").toString("base64");
  assert.deepEqual(await secrets.authorizationFor(basic, origin), {
    headers: { "X-Scope-OrgID": "t", Authorization: `Basic ${encoded}` },
    secrets: ["pä:ss", encoded],
  });
});

describe("nothing is sent", () => {
  const bound = JSON.stringify({ version: 1, origin: "https://old.example", value: "s3cret" });
  const cases: readonly { title: string; stored?: string; to?: string; expected: object }[] = [
    { title: "without a stored secret", expected: { kind: "secretMissing", connectionId: "a", purpose: "token" } },
    {
      title: "to another origin than the secret was given for",
      stored: bound,
      expected: { kind: "originChanged", connectionId: "a", boundTo: "https://old.example", origin },
    },
    {
      title: "to another origin than the profile's",
      stored: bound,
      to: "https://old.example",
      expected: { kind: "originChanged", connectionId: "a", boundTo: origin, origin: "https://old.example" },
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
    {
      title: "with a value that would end the header",
      stored: JSON.stringify({ version: 1, origin, value: "a\r\nX: b" }),
      expected: { kind: "misconfigured", what: "secretCharacters", detail: "token" },
    },
  ];
  for (const { title, stored, to, expected } of cases) {
    test(title, async () => {
      const store = new MemorySecrets();
      if (stored !== undefined) store.values.set(tokenKey, stored);
      const found = await failure(new ConnectionSecrets(store).authorizationFor(bearer, to ?? origin));
      assert.deepEqual(found, expected);
      assert.equal(JSON.stringify(found).includes("s3cret"), false);
      assert.equal(store.values.get(tokenKey), stored);
    });
  }

  test("not even plain headers to another origin", async () => {
    const plain = profile({ type: "none" }, { headers: { "X-A": "1" } });
    const secrets = new ConnectionSecrets(new MemorySecrets());
    assert.equal((await failure(secrets.authorizationFor(plain, "https://prom.example:444"))).kind, "originChanged");
    assert.deepEqual((await secrets.authorizationFor(plain, origin)).headers, { "X-A": "1" });
  });
});

test("a secret that another connection or purpose has is not found", async () => {
  const secrets = new ConnectionSecrets(new MemorySecrets());
  await secrets.save("b", "token", { origin, value: "x" });
  await secrets.save("a", "password", { origin, value: "x" });
  assert.equal((await failure(secrets.authorizationFor(bearer, origin))).kind, "secretMissing");
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
  assert.deepEqual((await secrets.authorizationFor(bearer, origin, origin)).secrets, ["v"]);
  await secrets.rebind("a", "token", origin);
  assert.deepEqual((await secrets.authorizationFor(bearer, origin)).secrets, ["v"]);
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
    ],
    ["empty", "characters", "characters", "characters", undefined, "characters"],
  );
  assert.deepEqual(authorizationHeader({ type: "none" }, "x"), { headers: {}, secrets: [] });
});
