import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRedactor, redactedMark, secretsInHeaders } from "../../../src/prometheus/redact.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

test("a secret is found in each of its forms", () => {
  const secret = 'pä ss/w+o?rd"1';
  const redact = createRedactor([secret]);
  const forms = [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    new URLSearchParams({ a: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
  ];
  for (const form of forms) assert.equal(redact(`a ${form} b`), `a ${redactedMark} b`, form);
});

test("a secret in an address is found where that address was encoded into another one", () => {
  const secret = 'pä ss/w+o?rd"1&';
  const redact = createRedactor([secret]);
  const parameter = new URLSearchParams({ key: secret }).toString();
  for (const asked of [`/query?${parameter}`, `/query?key=${encodeURIComponent(secret)}`]) {
    const login = `/login?next=${encodeURIComponent(asked)}&x=1`;
    const clean = "/login?next=%2Fquery%3Fkey%3D•••&x=1";
    assert.equal(redact(login), clean);
    const lower = login.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
    assert.equal(
      redact(lower),
      clean.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    );
  }
});

test("a secret is found as pages and JSON of other programs escape it", () => {
  const secret = `a+b/c&d<e>"f'`;
  const redact = createRedactor([secret]);
  const forms = [
    "a&#43;b/c&amp;d&lt;e&gt;&#34;f&#39;",
    "a+b/c&amp;d&lt;e&gt;&quot;f&#39;",
    "a+b/c&amp;d&lt;e&gt;&quot;f&#x27;",
    "a+b\\/c&d<e>\\\"f'",
    "a+b/c\\u0026d\\u003ce\\u003e\\\"f'",
  ];
  for (const form of forms) assert.equal(redact(`not ${form}!`), "not •••!", form);
});

test("no part of an encoded pair gives the password away", () => {
  const word = fc.string({ unit: "grapheme", minLength: 8, maxLength: 24 });
  fc.assert(
    fc.property(word, fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), (secret, before, after) => {
      const encoded = base64(`${before}:${secret}${after}`);
      const redacted = createRedactor([secret])(encoded);
      assert.ok(redacted.includes(redactedMark));
      assert.ok(
        redacted.length - redactedMark.length <= encoded.length - Math.floor((Buffer.byteLength(secret) * 4) / 3) + 4,
      );
    }),
  );
});

test("text without the secret stays as it is, and the empty secret is none", () => {
  assert.equal(createRedactor(["hunter22"])("hunter and 22"), "hunter and 22");
  assert.equal(createRedactor([""])("text"), "text");
  assert.equal(createRedactor([])("text"), "text");
});

test("the longer of two overlapping secrets goes first", () => {
  assert.equal(createRedactor(["abc", "abcdef"])("abcdef abc"), `${redactedMark} ${redactedMark}`);
});

test("headers that carry credentials by their name", () => {
  const secrets = secretsInHeaders({
    Authorization: "Bearer tok1",
    "X-Api-Key": "key2",
    Cookie: "c=33",
    "X-Scope-OrgID": "tenant-7",
  });
  assert.deepEqual(secrets, ["Bearer tok1", "tok1", "key2", "key2", "c=33", "c=33"]);
});

const names: readonly { readonly title: string; readonly names: readonly string[]; readonly isSecret: boolean }[] = [
  {
    title: "words",
    names: ["Proxy-Authorization", "Private-Token", "X-Vault-Token", "x-amz-security-token", "X-Auth", "Set-Cookie"],
    isSecret: true,
  },
  {
    title: "words written together",
    names: ["apikey", "X-ApiKey", "AccessToken", "api_key", "X-ClientSecret", "X-Auth-Keys", "X-Password"],
    isSecret: true,
  },
  {
    title: "parts of other words",
    names: ["X-Monkey", "X-Author", "X-Keyspace", "X-Tokenizer", "X-Secretary", "Accept-Language"],
    isSecret: false,
  },
];
for (const { title, names: given, isSecret } of names) {
  test(`names of headers: ${title}`, () => {
    for (const name of given) assert.equal(secretsInHeaders({ [name]: "value" }).length > 0, isSecret, name);
  });
}

test("a value too short to be a secret does not eat ordinary text", () => {
  const secrets = secretsInHeaders({ "X-Api-Key-Version": "1", "X-Monkey": "e", "X-Key": "a b" });
  const text = "http://localhost:9091/api/v1/query parse error at 1:2";
  assert.deepEqual(secrets, []);
  assert.equal(createRedactor(secrets)(text), text);
});
