import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { awkwardToken, plantSecret, secretsIn } from "../../support/secretSearch.ts";

const secret = plantSecret("password", "0", `<&">'+/=%\\é`);
const other = plantSecret("token", "0", awkwardToken);
const { value } = secret;

const forms: readonly { readonly title: string; readonly text: string | Uint8Array }[] = [
  { title: "plain", text: `a ${value} b` },
  { title: "half of it", text: value.slice(0, value.length / 2) },
  { title: "the other half", text: value.slice(value.length / 2) },
  { title: "in other letters", text: value.toLowerCase() },
  { title: "percent-encoded", text: encodeURIComponent(value) },
  { title: "percent-encoded twice", text: encodeURIComponent(encodeURIComponent(value)) },
  { title: "as a form", text: new URLSearchParams({ a: value }).toString() },
  { title: "in JSON", text: JSON.stringify(JSON.stringify({ a: value })) },
  { title: "in HTML", text: value.replaceAll("&", "&amp;").replaceAll("<", "&lt;") },
  { title: "in base64", text: Buffer.from(value).toString("base64") },
  ...["u", "us", "use", "user"].map((user) => ({
    title: `in base64 behind ${user}`,
    text: `Basic ${Buffer.from(`${user}:${value}`).toString("base64")}`,
  })),
  { title: "in base64 for URLs", text: Buffer.from(`Bearer ${value}`).toString("base64url") },
  {
    title: "in base64 twice",
    text: Buffer.from(`Basic ${Buffer.from(`user:${value}`).toString("base64")}`).toString("base64"),
  },
  { title: "in hex", text: Buffer.from(value).toString("hex").toUpperCase() },
  { title: "in UTF-16", text: Buffer.concat([Buffer.from([1]), Buffer.from(value, "utf16le")]) },
  {
    title: "among other bytes",
    text: Buffer.concat([Buffer.from([0xff, 0]), Buffer.from(value), Buffer.from([0x80])]),
  },
];
for (const { title, text } of forms) {
  test(`a planted secret is found: ${title}`, () => {
    const found = secretsIn(text, "here", [secret, other]);
    assert.ok(found.length > 0);
    for (const { where, name } of found) assert.deepEqual([where, name], ["here", "password"]);
  });
}

test("what holds none is clean", () => {
  assert.deepEqual(secretsIn("a ••• b m4rk", "here", [secret, other]), []);
  assert.deepEqual(secretsIn(new Uint8Array(), "here", [secret]), []);
});
