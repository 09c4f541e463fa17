import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { corrected } from "../../../../src/connections/form/formCorrection.ts";
import { openHeader } from "../../../../src/connections/form/formHeaders.ts";
import { problemWith } from "../../../../src/connections/form/formProblems.ts";
import { unconfirmedMove } from "../../../../src/connections/form/formSecrets.ts";
import { editForm } from "../../../../src/connections/form/formState.ts";
import { prefilled } from "../../../../src/connections/form/formSteps.ts";
import { boundTo, nothingBound, profile } from "../../../support/connectionForms.ts";

describe("what a failure wants corrected", () => {
  const basic = editForm(profile({ url: "http://a.example/p", auth: { type: "basic", username: "u" } }), nothingBound);
  const open = editForm(profile({ url: "http://a.example:80/p", headers: { "x-scope-orgid": "t" } }), nothingBound);

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
      const form = editForm(profile(more), nothingBound);
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
    const stored = boundTo({ password: "http://a.example" });
    const form = editForm(profile({ url: "http://a.example/p", auth: { type: "basic", username: "u" } }), stored);
    const moved = corrected(form, { kind: "useHttps" });
    assert.deepEqual(moved && unconfirmedMove(moved), {
      purposes: ["password"],
      from: "http://a.example",
      to: "https://a.example",
    });
  });

  test("what was typed for http is not carried to https", () => {
    const typed = { ...basic, draft: { ...basic.draft, secret: "s3cret" } };
    assert.equal(corrected(typed, { kind: "useHttps" })?.draft.secret, "");
  });

  test("an address of https stays", () => {
    const form = editForm(profile({}), nothingBound);
    assert.equal(corrected(form, { kind: "useHttps" }), undefined);
  });
});
