import assert from "node:assert/strict";
import { test } from "node:test";
import { isSensitiveName } from "../../../src/shared/model/sensitiveName.ts";

test("names that credentials usually have", () => {
  const sensitive = ["X-Api-Key", "authKey", "access_token", "password", "client_assertion", "Cf-Access-Jwt-Assertion"];
  const others = ["Monkey", "Author", "X-Scope-OrgID", "dedup", "grant_type", "jwtless"];
  assert.deepEqual(
    sensitive.filter((name) => !isSensitiveName(name)),
    [],
  );
  assert.deepEqual(others.filter(isSensitiveName), []);
});
