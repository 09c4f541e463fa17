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
    Authorization: "Bearer t1",
    "X-Api-Key": "k2",
    Cookie: "c=3",
    "X-Scope-OrgID": "7",
  });
  assert.deepEqual(secrets, ["Bearer t1", "t1", "k2", "k2", "c=3", "c=3"]);
});
