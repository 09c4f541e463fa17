import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PlannedConnection } from "../../../../src/connections/import/importPlan.ts";
import { saveImported } from "../../../../src/connections/import/saveImported.ts";
import { ProfileStore } from "../../../../src/connections/profileStore.ts";
import { ConnectionSecrets } from "../../../../src/connections/secrets.ts";
import { AppError } from "../../../../src/shared/errors.ts";
import { MemoryProfileSettings, MemorySecrets } from "../../../support/connectionDoubles.ts";

const planned: PlannedConnection = {
  id: "prod",
  name: "Prod",
  element: {
    version: 1,
    id: "prod",
    name: "Prod",
    url: "https://new.example",
    auth: { type: "bearer" },
    secretHeaders: ["X-A"],
  },
  secrets: [
    { purpose: "token", value: "abc", origin: "https://new.example" },
    { purpose: "header:X-A", value: "def", origin: "https://new.example" },
  ],
  needs: [
    { purpose: "token", origin: "https://new.example", isOptional: false },
    { purpose: "header:X-A", origin: "https://new.example", isOptional: false },
  ],
  toEnter: [],
  unsupported: [],
};
const key = (purpose: string) => `promqlWorkbench.secret.v1/prod/${purpose}`;
const record = (value: string, origin = "https://new.example") => JSON.stringify({ version: 1, origin, value });

function stores(value: unknown) {
  const log: string[] = [];
  const settings = new MemoryProfileSettings(value, log);
  const memory = new MemorySecrets(log);
  return {
    log,
    settings,
    memory,
    profiles: new ProfileStore(settings, () => undefined),
    secrets: new ConnectionSecrets(memory),
  };
}

test("secrets are there before the profile, each bound to its origin", async () => {
  const at = stores([]);
  await saveImported(planned, { isReplacing: false }, at);
  assert.deepEqual(at.log, [`secret ${key("token")}`, `secret ${key("header:X-A")}`, "upsert prod"]);
  assert.equal(at.memory.values.get(key("token")), record("abc"));
  assert.deepEqual(at.settings.value, [planned.element]);
});

test("what is replaced is gone, but not what the person has marked it with", async () => {
  const old = { id: "prod", name: "Old", url: "http://old.example", minStep: "15s", color: "red", protected: true };
  const at = stores([old]);
  at.memory.values.set(key("password"), record("old", "http://old.example"));
  at.memory.values.set(key("keyPassphrase"), record("old"));
  await saveImported(planned, { isReplacing: true }, at);
  assert.deepEqual(at.settings.value, [{ ...planned.element, color: "red", protected: true }]);
  assert.deepEqual([...at.memory.values.keys()].sort(), [key("header:X-A"), key("token")]);
});

test("an old secret that cannot be removed does not undo what was saved", async () => {
  const at = stores([{ id: "prod", name: "Old", url: "http://old.example" }]);
  at.memory.values.set(key("password"), record("old", "http://old.example"));
  at.memory.delete = () => Promise.reject(new Error("the keyring is locked"));
  await saveImported(planned, { isReplacing: true }, at);
  assert.deepEqual(at.settings.value, [planned.element]);
});

test("a profile that was written and not read back keeps its secrets", async () => {
  const at = stores([]);
  at.settings.upsert = () =>
    Promise.reject(new AppError({ kind: "misconfigured", what: "settingsNotRead", detail: "" }));
  await assert.rejects(saveImported(planned, { isReplacing: false }, at));
  assert.equal(at.memory.values.get(key("token")), record("abc"));
});

describe("a profile that cannot be written", () => {
  test("leaves the secrets as they were", async () => {
    const at = stores([]);
    at.memory.values.set(key("token"), record("old", "http://old.example"));
    at.settings.upsert = async () => {
      throw new Error("read-only");
    };
    await assert.rejects(saveImported(planned, { isReplacing: true }, at), /read-only/);
    assert.deepEqual([...at.memory.values], [[key("token"), record("old", "http://old.example")]]);
  });

  test("a secret of a newer version is replaced only with its connection", async () => {
    const at = stores([]);
    const newer = JSON.stringify({ version: 2 });
    at.memory.values.set(key("header:X-A"), newer);
    await assert.rejects(saveImported(planned, { isReplacing: false }, at));
    assert.deepEqual([...at.memory.values], [[key("header:X-A"), newer]]);
    assert.deepEqual(at.settings.value, []);
    await saveImported(planned, { isReplacing: true }, at);
    assert.equal(at.memory.values.get(key("header:X-A")), record("def"));
  });
});
