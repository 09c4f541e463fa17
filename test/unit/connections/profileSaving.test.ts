import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noDrafts, type SecretDrafts } from "../../../src/connections/credentials.ts";
import type { OriginMove, SecretPurpose } from "../../../src/connections/secrets.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { failure, profileOf, settled, setUp, signal, two, typedToken } from "../../support/connectionServices.ts";

describe("writing", () => {
  test("saves the secret before the profile and removes it after", async () => {
    const { service, log } = setUp([]);
    await service.save(profileOf(two), two, typedToken("v"), { replaceUnreadable: false });
    assert.equal(service.list().length, 1);
    await service.remove("two");
    assert.deepEqual(log, [
      "secret promqlWorkbench.secret.v1/two/token",
      "upsert two",
      "remove two",
      "forget promqlWorkbench.secret.v1/two/token",
    ]);
  });

  test("keeps the profile's other keys, takes keys away, and drops secrets of another way to sign in", async () => {
    const { service, settings, secretStore, secrets } = setUp([{ ...two, color: "red", headers: { "X-A": "1" } }]);
    await secrets.save("two", "token", { origin: "https://two.example", value: "v" });
    const changes = { auth: { type: "basic", username: "u" }, headers: undefined };
    await service.save(
      profileOf({ ...two, auth: changes.auth }),
      changes,
      { ...noDrafts, typed: new Map([["password", "p"]]) },
      { replaceUnreadable: false },
    );
    assert.deepEqual(settings.value, [{ ...two, color: "red", auth: changes.auth }]);
    assert.deepEqual([...secretStore.values.keys()], ["promqlWorkbench.secret.v1/two/password"]);
  });

  test("binds a kept secret to a confirmed origin and says when it is bound elsewhere", async () => {
    const { service, secrets } = setUp([two]);
    await secrets.save("two", "token", { origin: "https://old.example", value: "v" });
    const profile = profileOf(two);
    const move = await service.movedSecret(profile);
    assert.ok(move !== undefined);
    assert.deepEqual(move, { purposes: ["token"], from: "https://old.example", to: "https://two.example" });
    await service.confirmMove(profile, move);
    assert.equal(await service.movedSecret(profile), undefined);
    const moved = { ...two, url: "https://new.example" };
    const again = { ...move, from: move.to, to: "https://new.example" };
    const save = (confirmed: readonly OriginMove[]) =>
      service.save(profileOf(moved), moved, { ...noDrafts, confirmed }, { replaceUnreadable: false });
    await save([move, { ...again, purposes: ["password"] }]);
    assert.deepEqual(await service.movedSecret(profileOf(moved)), again);
    await save([again]);
    assert.equal(await service.movedSecret(profileOf(moved)), undefined);
  });

  test("keeps each secret for its own purpose and origin, and drops those that are needed no more", async () => {
    const { service, secrets, secretStore } = setUp([]);
    const auth = { type: "oauth2", tokenUrl: "https://login.example/token", clientId: "c" };
    const whole = { ...two, auth, secretHeaders: ["X-Api-Key"], secretQueryParams: ["authKey"] };
    const typed = new Map<SecretPurpose, string>([
      ["clientSecret", "s1"],
      ["header:X-Api-Key", "s2"],
      ["query:authKey", "s3"],
    ]);
    await service.save(profileOf(whole), whole, { typed, confirmed: [] }, { replaceUnreadable: false });
    const origins = [...typed.keys()].map(async (purpose) => {
      const stored = await secrets.read("two", purpose);
      return stored.state === "found" ? [stored.secret.origin, stored.secret.value] : stored.state;
    });
    assert.deepEqual(await Promise.all(origins), [
      ["https://login.example", "s1"],
      ["https://two.example", "s2"],
      ["https://two.example", "s3"],
    ]);
    const less = { ...two, auth, secretHeaders: ["X-Api-Key"] };
    await service.save(profileOf(less), less, noDrafts, { replaceUnreadable: false });
    assert.deepEqual([...secretStore.values.keys()].sort(), [
      "promqlWorkbench.secret.v1/two/clientSecret",
      "promqlWorkbench.secret.v1/two/header:X-Api-Key",
    ]);
    await service.remove("two");
    assert.equal(secretStore.values.size, 0);
  });

  test("says which secrets are missing, and takes one for the next request", async () => {
    const profile = { ...two, secretHeaders: ["X-Api-Key"] };
    const { service, secrets, sources } = setUp([profile]);
    const origin = "https://two.example";
    await secrets.save("two", "token", { origin, value: "t" });
    const [missing, ...others] = await service.missingSecrets(profileOf(profile));
    assert.deepEqual([missing, others], [{ purpose: "header:X-Api-Key", origin, isOptional: false }, []]);
    await service.replaceSecret("two", missing ?? assert.fail(), "k");
    assert.deepEqual(await service.missingSecrets(profileOf(profile)), []);
    await (await service.sourceFor("two")).query({ query: "up" }, { signal });
    assert.deepEqual(sources[0]?.sent[0]?.headers, { "X-Api-Key": "k", Authorization: "Bearer t" });
  });

  test("of a profile whose secret cannot be stored changes nothing", async () => {
    const { service, settings, secretStore } = setUp([]);
    secretStore.values.set("promqlWorkbench.secret.v1/two/token", "damaged");
    const saving = service.save(profileOf(two), two, typedToken("v"), { replaceUnreadable: false });
    assert.equal((await failure(saving)).kind, "misconfigured");
    assert.deepEqual(settings.value, []);
  });

  const key = "promqlWorkbench.secret.v1/two/token";
  const bound = '{"version":1,"origin":"https://two.example","value":"old"}';
  const refusals: readonly {
    readonly title: string;
    readonly before: string | undefined;
    readonly draft: SecretDrafts;
  }[] = [
    { title: "the one that works", before: bound, draft: typedToken("new") },
    { title: "that there is none", before: undefined, draft: typedToken("new") },
    { title: "one that cannot be read", before: "damaged", draft: typedToken("new") },
    {
      title: "where it is bound to",
      before: bound,
      draft: {
        ...noDrafts,
        confirmed: [{ purposes: ["token"], from: "https://two.example", to: "https://new.example" }],
      },
    },
  ];
  for (const { title, before, draft } of refusals) {
    test(`that the settings refuse leaves the secret as it was: ${title}`, async () => {
      const { service, settings, secretStore } = setUp([two]);
      if (before !== undefined) secretStore.values.set(key, before);
      settings.upsert = () => Promise.reject(new AppError({ kind: "misconfigured", what: "settingsFile", detail: "" }));
      const moved = { ...two, url: "https://new.example" };
      const saving = service.save(profileOf(moved), moved, draft, { replaceUnreadable: true });
      assert.equal((await failure(saving)).kind, "misconfigured");
      assert.equal(secretStore.values.get(key), before);
    });
  }

  test("that fails behind the write keeps the secret as well: the settings say what counts", async () => {
    const { service, secrets, settings } = setUp([two]);
    await secrets.save("two", "token", { origin: "https://two.example", value: "old" });
    settings.upsert = async (_id, element) => {
      settings.replace([element]);
      throw new Error("the file was closed badly");
    };
    const moved = { ...two, url: "https://new.example" };
    await failure(service.save(profileOf(moved), moved, typedToken("new"), { replaceUnreadable: false }));
    const stored = await secrets.read("two", "token");
    assert.equal(stored.state === "found" && stored.secret.value, "new");
  });

  test("that VS Code has not read back keeps the secret for the profile that is in the settings now", async () => {
    const { service, secrets, settings } = setUp([two]);
    await secrets.save("two", "token", { origin: "https://two.example", value: "old" });
    settings.upsert = () =>
      Promise.reject(new AppError({ kind: "misconfigured", what: "settingsNotRead", detail: "" }));
    const moved = { ...two, url: "https://new.example" };
    const saving = service.save(profileOf(moved), moved, typedToken("new"), { replaceUnreadable: false });
    assert.partialDeepStrictEqual(await failure(saving), { what: "settingsNotRead" });
    assert.deepEqual(await secrets.read("two", "token"), {
      state: "found",
      secret: { origin: "https://new.example", value: "new" },
    });
  });

  test("is done when the profile is written: an old secret that cannot be removed waits, and the old source is closed", async () => {
    const { service, secrets, secretStore, sources } = setUp([two]);
    await secrets.save("two", "token", { origin: "https://two.example", value: "old" });
    await secrets.save("two", "password", { origin: "https://two.example", value: "older" });
    await service.sourceFor("two");
    secretStore.delete = () => Promise.reject(new Error("the keyring is locked"));
    await service.save(profileOf(two), two, typedToken("new"), { replaceUnreadable: false });
    await settled();
    assert.deepEqual(
      sources.map(({ isDisposed }) => isDisposed),
      [true],
    );
  });

  test("that fails twice says why the settings refused", async () => {
    const { service, settings, secretStore } = setUp([]);
    settings.upsert = () => Promise.reject(new AppError({ kind: "misconfigured", what: "settingsFile", detail: "" }));
    secretStore.delete = () => Promise.reject(new Error("the keyring is locked"));
    const saving = service.save(profileOf(two), two, typedToken("new"), { replaceUnreadable: false });
    assert.equal((await failure(saving)).kind, "misconfigured");
  });
});
