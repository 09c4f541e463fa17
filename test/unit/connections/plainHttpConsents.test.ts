import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { failure, one, profileOf, setUp, signal, two, typedToken } from "../../support/connectionServices.ts";

describe("plain http with a secret", () => {
  const open = { ...two, url: "http://10.0.0.1:9090" };

  test("waits for one consent for each connection and origin", async () => {
    const { service, secrets, sources, settings } = setUp([open]);
    await secrets.save("two", "token", { origin: "http://10.0.0.1:9090", value: "v" });
    const source = await service.sourceFor("two");
    const refused = await failure(source.query({ query: "up" }, { signal }));
    assert.deepEqual(refused, { kind: "misconfigured", what: "plainHttpConsent", detail: "http://10.0.0.1:9090" });
    assert.deepEqual(sources[0]?.sent, []);
    const profile = service.find("two") ?? assert.fail();
    assert.equal(service.needsPlainHttpConsent(profile), true);
    await service.givePlainHttpConsent(profile);
    assert.equal(service.needsPlainHttpConsent(profile), false);
    await source.query({ query: "up" }, { signal });
    assert.equal(sources[0]?.sent.length, 1);
    settings.replace([{ ...two, url: "http://10.0.0.2:9090" }]);
    assert.equal(service.needsPlainHttpConsent(service.find("two") ?? assert.fail()), true);
  });

  test("is no matter on this machine, over https, or without a secret", () => {
    const { service } = setUp([]);
    for (const url of ["http://localhost:1", "http://127.0.0.1", "https://10.0.0.1"]) {
      assert.equal(service.needsPlainHttpConsent(profileOf({ ...two, url })), false);
    }
    assert.equal(service.needsPlainHttpConsent(profileOf({ ...one, url: "http://10.0.0.1" })), false);
  });

  test("a test asks for consent as well, unless it was just given", async () => {
    const { service } = setUp([]);
    const typed = typedToken("v");
    assert.equal((await failure(service.test(profileOf(open), typed, { signal }))).kind, "misconfigured");
    await service.test(profileOf(open), typed, { signal, mayUsePlainHttp: true });
  });
});
