import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noDrafts } from "../../../src/connections/credentials.ts";
import { networkPathOf } from "../../../src/connections/networkPath.ts";
import type { Profile } from "../../../src/connections/profile.ts";
import { bareNetwork } from "../../support/connectionDoubles.ts";
import { failure, one, profileOf, setUp } from "../../support/connectionServices.ts";

describe("the way to a connection's server", () => {
  const secure = {
    ...one,
    url: "https://one.example",
    proxy: "http://proxy:3128",
    tls: { caFile: "/ca.pem", serverName: "prometheus.internal" },
  };

  test("is the profile's own, for a saved connection as for one that is tested", async () => {
    const { service, sources } = setUp([secure]);
    await service.sourceFor("one");
    await service.test(profileOf(secure), noDrafts, { signal: new AbortController().signal });
    assert.equal(sources.length, 2);
    for (const { endpoint } of sources) {
      const { signal } = new AbortController();
      assert.equal(endpoint.transport, "own");
      assert.deepEqual(await endpoint.proxy?.("https://one.example", { signal }), {
        kind: "proxy",
        origin: "http://proxy:3128",
        authorization: undefined,
      });
      const unread = await failure(endpoint.tls?.({ signal }) ?? Promise.resolve());
      assert.partialDeepStrictEqual(unread, { kind: "pemFile", role: "caFile", problem: "notFound", file: "/ca.pem" });
    }
  });

  test("has secrets of its own where VS Code's proxy wants credentials", async () => {
    const settings = new Map([
      ["proxy", "http://proxy:3128"],
      ["proxyAuthorization", "Basic cHJveHktc2VjcmV0"],
    ]);
    const proxied = profileOf({ ...one, url: "https://one.example" });
    const { signal } = new AbortController();
    const secretsOf = (profile: Profile) =>
      networkPathOf(profile, { ...bareNetwork, editorProxy: { read: (name) => settings.get(name) } }).secrets(
        profile.origin,
        { signal },
      );
    assert.deepEqual(await secretsOf(proxied), ["Basic cHJveHktc2VjcmV0", "cHJveHktc2VjcmV0", "proxy-secret"]);
    settings.set("proxyAuthorization", "Basic dXNlcjpwYTpzcw==");
    // As a proxy that has read it may say it.
    assert.deepEqual(await secretsOf(proxied), ["Basic dXNlcjpwYTpzcw==", "dXNlcjpwYTpzcw==", "user:pa:ss", "pa:ss"]);
    settings.set("proxyAuthorization", "Negotiate abc");
    assert.deepEqual(await secretsOf(proxied), ["Negotiate abc", "abc"]);
    assert.deepEqual(await secretsOf({ ...proxied, proxy: "none" }), []);
    assert.deepEqual(await secretsOf({ ...proxied, transport: "vscode" }), []);
  });
});
