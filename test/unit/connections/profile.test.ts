import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseProfile } from "../../../src/connections/profile.ts";
import { describeProfileProblem } from "../../../src/connections/profileMessage.ts";
import { parseProfiles } from "../../../src/connections/profileStore.ts";

const noVariables = () => undefined;
const minimal = { id: "a", name: "A", url: "http://localhost:9090" };

test("a short profile gets its defaults", () => {
  const parsed = parseProfile(minimal);
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.profile, {
    id: "a",
    name: "A",
    kind: "prometheus",
    baseUrl: "http://localhost:9090",
    origin: "http://localhost:9090",
    removedFromUrl: undefined,
    auth: { type: "none" },
    headers: {},
    secretHeaders: [],
    queryParams: {},
    secretQueryParams: [],
    tls: { caFile: "", certFile: "", keyFile: "", serverName: "", insecureSkipVerify: false },
    proxy: undefined,
    transport: "own",
    method: "auto",
    timeoutMs: 30_000,
    minStepMs: undefined,
    maxSeries: undefined,
    color: undefined,
    isProtected: false,
  });
});

test("everything that this version can do is taken over", () => {
  const parsed = parseProfile({
    version: 1,
    ...minimal,
    kind: "prometheus",
    url: "https://host/p/api/v1/query",
    auth: { type: "basic", username: "1234" },
    headers: { "X-Scope-OrgID": "team-a" },
    secretHeaders: [],
    queryParams: { dedup: "true" },
    tls: {
      caFile: "/ca.pem",
      certFile: "C:\\c.pem",
      keyFile: "\\\\share\\k.pem",
      serverName: "a.b",
      insecureSkipVerify: true,
    },
    proxy: "https://proxy.internal:3128",
    transport: "own",
    method: "GET",
    timeoutMs: 100,
    minStep: "1m30s",
    maxSeries: 5,
    color: "red",
    protected: true,
  });
  assert.ok(parsed.ok);
  const { profile } = parsed;
  assert.equal(profile.baseUrl, "https://host/p");
  assert.equal(profile.removedFromUrl, "/api/v1/query");
  assert.deepEqual(profile.auth, { type: "basic", username: "1234", passwordRef: undefined });
  assert.deepEqual([profile.headers, profile.queryParams], [{ "X-Scope-OrgID": "team-a" }, { dedup: "true" }]);
  assert.deepEqual(profile.tls, {
    caFile: "/ca.pem",
    certFile: "C:\\c.pem",
    keyFile: "\\\\share\\k.pem",
    serverName: "a.b",
    insecureSkipVerify: true,
  });
  assert.deepEqual([profile.proxy, profile.transport], ["https://proxy.internal:3128", "own"]);
  assert.deepEqual([profile.minStepMs, profile.timeoutMs, profile.maxSeries], [90_000, 100, 5]);
  assert.deepEqual([profile.method, profile.color, profile.isProtected], ["GET", "red", true]);
});

describe("what is wrong is reported at its place", () => {
  const cases: readonly { title: string; raw: unknown; problems: readonly string[] }[] = [
    { title: "no object", raw: 42, problems: [": wrongType"] },
    { title: "a list", raw: [], problems: [": wrongType"] },
    { title: "nothing in it", raw: {}, problems: ["id: missing", "name: missing", "url: missing"] },
    { title: "unknown key", raw: { ...minimal, urls: "x" }, problems: ["urls: unknownKey"] },
    {
      title: "unknown key in auth",
      raw: { ...minimal, auth: { type: "bearer", token: "oops" } },
      problems: ["auth.token: unknownKey"],
    },
    {
      title: "a key of another kind of auth",
      raw: { ...minimal, auth: { type: "none", username: "x" } },
      problems: ["auth.username: unknownKey"],
    },
    { title: "auth without type", raw: { ...minimal, auth: {} }, problems: ["auth.type: missing"] },
    { title: "unknown auth", raw: { ...minimal, auth: { type: "ntlm" } }, problems: ["auth.type: wrongValue"] },
    { title: "basic without user", raw: { ...minimal, auth: { type: "basic" } }, problems: ["auth.username: missing"] },
    {
      title: "a colon in the user",
      raw: { ...minimal, auth: { type: "basic", username: "a:b" } },
      problems: ["auth.username: wrongValue"],
    },
    { title: "id with a blank", raw: { ...minimal, id: "a b" }, problems: ["id: wrongValue"] },
    { title: "id of another type", raw: { ...minimal, id: 7 }, problems: ["id: wrongType"] },
    { title: "name of two lines", raw: { ...minimal, name: "a\nb" }, problems: ["name: wrongValue"] },
    { title: "url", raw: { ...minimal, url: "https://u:p@h" }, problems: ["url: url"] },
    { title: "timeout too short", raw: { ...minimal, timeoutMs: 99 }, problems: ["timeoutMs: wrongValue"] },
    { title: "timeout no number", raw: { ...minimal, timeoutMs: "1s" }, problems: ["timeoutMs: wrongType"] },
    { title: "minStep", raw: { ...minimal, minStep: "0s" }, problems: ["minStep: wrongValue"] },
    { title: "colour", raw: { ...minimal, color: "pink" }, problems: ["color: wrongValue"] },
    { title: "protected", raw: { ...minimal, protected: 1 }, problems: ["protected: wrongType"] },
    {
      title: "a credential among plain headers",
      raw: { ...minimal, headers: { authorization: "Bearer x" } },
      problems: ["headers.authorization: header"],
    },
    { title: "a reserved header", raw: { ...minimal, headers: { Host: "x" } }, problems: ["headers.Host: header"] },
    {
      title: "a header with a line break",
      raw: { ...minimal, headers: { "X-A": "a\r\nX-B: b" } },
      problems: ["headers.X-A: header"],
    },
    {
      title: "a header twice",
      raw: { ...minimal, headers: { "X-A": "a", "x-a": "b" } },
      problems: ["headers.x-a: header"],
    },
    {
      title: "a header that is no text",
      raw: { ...minimal, headers: { "X-A": 1 } },
      problems: ["headers.X-A: wrongType"],
    },
    { title: "tls", raw: { ...minimal, tls: { ca: "x" } }, problems: ["tls.ca: unknownKey"] },
    {
      title: "several",
      raw: { ...minimal, foo: 1, bar: 2, color: 3 },
      problems: ["color: wrongType", "foo: unknownKey", "bar: unknownKey"],
    },
    {
      title: "a newer version, whatever else it holds",
      raw: { version: 2, id: "a", strange: true },
      problems: ["version: newerVersion"],
    },
    { title: "a version that is none", raw: { ...minimal, version: 0 }, problems: ["version: wrongValue"] },
    {
      title: "a token server that others can listen to",
      raw: { ...minimal, auth: { type: "oauth2", tokenUrl: "http://t.example", clientId: "c" } },
      problems: ["auth.tokenUrl: wrongValue"],
    },
    {
      title: "a command of nothing",
      raw: { ...minimal, auth: { type: "command", command: [] } },
      problems: ["auth.command: wrongValue"],
    },
    {
      title: "a command for a shell",
      raw: { ...minimal, auth: { type: "command", command: "gcloud auth" } },
      problems: ["auth.command: wrongType"],
    },
    {
      title: "an ill-formed reference",
      raw: { ...minimal, auth: { type: "bearer", tokenRef: "T" } },
      problems: ["auth.tokenRef: wrongValue"],
    },
    {
      title: "a reference to a file that is nowhere for sure",
      raw: { ...minimal, auth: { type: "basic", username: "u", passwordRef: "$file:p" } },
      problems: ["auth.passwordRef: wrongValue"],
    },
    {
      title: "secret headers that are no headers, ours, a way to sign in, or there twice",
      raw: {
        ...minimal,
        headers: { "X-A": "1" },
        secretHeaders: ["X Y", "Host", "Authorization", "x-a", "X-B", "x-b"],
      },
      problems: [
        "secretHeaders.0: header",
        "secretHeaders.1: header",
        "secretHeaders.2: header",
        "secretHeaders.3: header",
        "secretHeaders.5: header",
      ],
    },
    {
      title: "secret parameters that are there twice",
      raw: { ...minimal, queryParams: { a: "1" }, secretQueryParams: ["a", "b", "b"] },
      problems: ["secretQueryParams.0: wrongValue", "secretQueryParams.2: wrongValue"],
    },
    {
      title: "a certificate by a relative path",
      raw: { ...minimal, tls: { caFile: "ca.pem" } },
      problems: ["tls.caFile: wrongValue"],
    },
    {
      title: "a certificate in the home folder",
      raw: { ...minimal, tls: { caFile: "~/ca.pem" } },
      problems: ["tls.caFile: wrongValue"],
    },
    {
      title: "a certificate without key",
      raw: { ...minimal, tls: { certFile: "/c.pem" } },
      problems: ["tls.keyFile: missing"],
    },
    {
      title: "a key without certificate",
      raw: { ...minimal, tls: { keyFile: "/k.pem" } },
      problems: ["tls.certFile: missing"],
    },
    {
      title: "a server name with a port",
      raw: { ...minimal, tls: { serverName: "a.b:9090" } },
      problems: ["tls.serverName: wrongValue"],
    },
    {
      title: "a password in the proxy's URL",
      raw: { ...minimal, proxy: "http://u:p@proxy:3128" },
      problems: ["proxy: wrongValue"],
    },
    {
      title: "another kind of proxy",
      raw: { ...minimal, proxy: "socks5://proxy:1080" },
      problems: ["proxy: wrongValue"],
    },
    { title: "transport", raw: { ...minimal, transport: "fetch" }, problems: ["transport: wrongValue"] },
    {
      title: "what VS Code decides by itself",
      raw: {
        ...minimal,
        transport: "vscode",
        tls: { caFile: "/ca", certFile: "/c", keyFile: "/k", serverName: "a", insecureSkipVerify: true },
        proxy: "none",
      },
      problems: [
        "tls.caFile: notWithEditor",
        "tls.certFile: notWithEditor",
        "tls.keyFile: notWithEditor",
        "tls.serverName: notWithEditor",
        "tls.insecureSkipVerify: notWithEditor",
        "proxy: notWithEditor",
      ],
    },
    { title: "kind scrape", raw: { ...minimal, kind: "scrape" }, problems: ["kind: unsupported"] },
  ];
  for (const { title, raw, problems } of cases) {
    test(title, () => {
      const parsed = parseProfile(raw);
      assert.ok(!parsed.ok);
      assert.deepEqual(
        parsed.problems.map(({ path, code }) => `${path}: ${code}`),
        problems,
      );
      for (const problem of parsed.problems) assert.match(describeProfileProblem(problem), /^[\w"].*\.$/s);
    });
  }
});

test("every way to sign in is read as it stands", () => {
  const auths = [
    { type: "raw" },
    { type: "bearer", tokenRef: "$env:T" },
    { type: "basic", username: "u", passwordRef: "$file:/p" },
    { type: "oauth2", tokenUrl: "https://t", clientId: "c", scopes: ["s"], params: { audience: "x" } },
    { type: "oauth2", tokenUrl: "http://localhost:1/t", clientId: "c", scopes: [], params: {} },
    { type: "command", command: ["gcloud", "auth"] },
  ];
  for (const auth of auths) {
    const parsed = parseProfile({ ...minimal, auth });
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.profile.auth, auth);
  }
});

test("a connection that refers to a variable which is not set is disabled, and says which", () => {
  const elements = ["$env:SET", "$env:UNSET", "$env:EMPTY", "$file:/unread"].map((tokenRef, i) => ({
    ...{ ...minimal, id: `c${i}`, auth: { type: "bearer", tokenRef } },
  }));
  const values: Readonly<Record<string, string>> = { SET: "x", EMPTY: "" };
  const { profiles, disabled } = parseProfiles(elements, (name) => values[name]);
  assert.deepEqual(
    profiles.map(({ id }) => id),
    ["c0", "c3"],
  );
  assert.deepEqual(
    disabled.flatMap(({ problems }) => problems),
    [
      { path: "auth.tokenRef", code: "envUnset", name: "UNSET" },
      { path: "auth.tokenRef", code: "envEmpty", name: "EMPTY" },
    ],
  );
});

test("VS Code may send, also through the proxy that it chooses", () => {
  for (const raw of [{ transport: "vscode" }, { transport: "vscode", proxy: "system", tls: { caFile: "" } }]) {
    const parsed = parseProfile({ ...minimal, ...raw });
    assert.equal(parsed.ok && parsed.profile.transport, "vscode");
  }
});

test("whatever stands in the setting, an element is either used or reported", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.jsonValue(), fc.constant(minimal), fc.record({ id: fc.constant("a"), url: fc.string() }))),
      (value) => {
        const { profiles, disabled } = parseProfiles(value, noVariables);
        assert.equal(profiles.length + disabled.length, value.length);
        for (const { problems } of disabled) assert.ok(problems.length > 0);
        assert.equal(new Set(profiles.map(({ id }) => id)).size, profiles.length);
      },
    ),
  );
});

test("of several elements with one id the first holds it, usable or not", () => {
  const other = { ...minimal, name: "B" };
  const { profiles, disabled } = parseProfiles([minimal, other], noVariables);
  assert.deepEqual(
    profiles.map(({ name }) => name),
    ["A"],
  );
  assert.deepEqual(
    disabled.map(({ index, problems }) => [index, problems[0]?.code]),
    [[1, "duplicateId"]],
  );
  assert.equal(parseProfiles([{ ...minimal, oops: 1 }, other], noVariables).profiles.length, 0);
});

test("a setting that is no list is one problem, an absent one none", () => {
  assert.equal(parseProfiles({ a: 1 }, noVariables).disabled.length, 1);
  assert.equal(parseProfiles(null, noVariables).disabled.length, 1);
  assert.deepEqual(parseProfiles(undefined, noVariables), { profiles: [], disabled: [] });
});
