import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { ConnectionService } from "../../../src/connections/connectionService.ts";
import { noDrafts } from "../../../src/connections/credentials.ts";
import { ProfileStore } from "../../../src/connections/profileStore.ts";
import { openProxyOf } from "../../../src/connections/proxyConsents.ts";
import { ConnectionSecrets } from "../../../src/connections/secrets.ts";
import { systemClock } from "../../../src/host/systemClock.ts";
import type { SourceEndpoint } from "../../../src/shared/model/source.ts";
import {
  bareNetwork,
  FakeSource,
  MemoryProfileSettings,
  MemorySecrets,
  MemoryValues,
  silentLog,
  upVector,
} from "../../support/connectionDoubles.ts";
import { failureFrom, neverAborted } from "../../support/sources.ts";

const elsewhere = "http://proxy.example:3128";
const raw = { id: "a", name: "A", url: "https://prom.example", proxy: elsewhere };
const typed = { ...noDrafts, typed: new Map([["proxyPassword", "u:pw"]] as const) };

/** A connection whose server is never reached: what goes to its proxy is what counts. */
async function setUp(changes: object, { isStored }: { readonly isStored: boolean }) {
  const secrets = new ConnectionSecrets(new MemorySecrets());
  const one = { ...raw, ...changes };
  if (isStored) await secrets.save("a", "proxyPassword", { origin: new URL(one.proxy).origin, value: "u:pw" });
  const settings = new MemoryProfileSettings([one]);
  const endpoints: SourceEndpoint[] = [];
  const service = new ConnectionService({
    ...bareNetwork,
    profiles: new ProfileStore(settings, () => undefined),
    secrets,
    workspaceMemory: new MemoryValues(),
    userMemory: new MemoryValues(),
    loadNetwork: async () => ({
      createSource(endpoint) {
        endpoints.push(endpoint);
        return new FakeSource(endpoint, () => upVector([1]));
      },
      requestToken: () => assert.fail("no token is asked for"),
    }),
    programs: { run: () => assert.fail("no program is run") },
    isTrusted: () => true,
    bounds: () => ({ maxSamples: 1, maxBytes: 1 }),
    clock: systemClock,
    log: silentLog,
  });
  const profile = () => service.find("a") ?? assert.fail();
  /** What the proxy is asked with, once a source is made. */
  const route = async () => {
    await service.sourceFor("a");
    return endpoints.at(-1)?.proxy?.("https://prom.example", { signal: neverAborted() }) ?? assert.fail();
  };
  return { service, settings, profile, route };
}

const wanting = { kind: "misconfigured", what: "plainHttpProxyConsent", detail: elsewhere };
const authorization = `Basic ${Buffer.from("u:pw").toString("base64")}`;

describe("the password of a proxy that is asked over plain http", () => {
  test("waits for one consent for each connection and proxy", async () => {
    const { service, settings, profile, route } = await setUp({}, { isStored: true });
    assert.deepEqual(await failureFrom(route()), wanting);
    const query = (await service.sourceFor("a")).query({ query: "up" }, { signal: neverAborted() });
    assert.deepEqual(await failureFrom(query), wanting);
    assert.equal(await service.needsProxyConsent(profile(), noDrafts), true);
    assert.equal(service.sendsProxyPasswordInTheOpen(profile()), false);
    let changes = 0;
    service.onDidChange(() => changes++);
    await service.giveProxyConsent(profile());
    assert.equal(changes, 1);
    assert.equal(await service.needsProxyConsent(profile(), noDrafts), false);
    assert.equal(service.sendsProxyPasswordInTheOpen(profile()), true);
    assert.deepEqual(await route(), { kind: "proxy", origin: elsewhere, authorization });

    settings.replace([{ ...raw, proxy: "http://other.example:3128" }]);
    assert.equal(service.sendsProxyPasswordInTheOpen(profile()), false);
    assert.equal(await service.needsProxyConsent(profile(), noDrafts), true);
    settings.replace([raw]);
    await service.remove("a");
    settings.replace([raw]);
    assert.equal(service.sendsProxyPasswordInTheOpen(profile()), false);
  });

  test("is no matter where there is none", async () => {
    const { service, profile, route } = await setUp({}, { isStored: false });
    assert.equal(await service.needsProxyConsent(profile(), noDrafts), false);
    assert.deepEqual(await route(), { kind: "proxy", origin: elsewhere, authorization: undefined });
    assert.equal(await service.needsProxyConsent(profile(), typed), true);
  });

  test("a test asks for consent as well, unless it was just given", async () => {
    const { service, profile } = await setUp({}, { isStored: false });
    const signal = neverAborted();
    assert.deepEqual(await failureFrom(service.test(profile(), typed, { signal })), wanting);
    await service.test(profile(), typed, { signal, mayUsePlainHttp: true });
  });

  test("the consent for the server is another one", async () => {
    const { service, profile, route } = await setUp({}, { isStored: true });
    await service.givePlainHttpConsent(profile());
    assert.deepEqual(await failureFrom(route()), wanting);
  });

  const cases: readonly { readonly title: string; readonly changes: object; readonly expected: string | undefined }[] =
    [
      { title: "of another machine", changes: {}, expected: elsewhere },
      { title: "of this machine", changes: { proxy: "http://127.0.0.1:3128" }, expected: undefined },
      { title: "that speaks https", changes: { proxy: "https://proxy.example:3128" }, expected: undefined },
    ];
  for (const { title, changes, expected } of cases) {
    test(`is asked about for a proxy ${title}: ${expected !== undefined}`, async () => {
      const { service, profile } = await setUp(changes, { isStored: true });
      assert.equal(openProxyOf(profile()), expected);
      assert.equal(await service.needsProxyConsent(profile(), noDrafts), expected !== undefined);
    });
  }
});
