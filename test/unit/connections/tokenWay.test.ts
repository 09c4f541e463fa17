import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConnectionService } from "../../../src/connections/connectionService.ts";
import { ProfileStore } from "../../../src/connections/profileStore.ts";
import { ConnectionSecrets } from "../../../src/connections/secrets.ts";
import { NodeFileReader } from "../../../src/host/nodeFileReader.ts";
import { systemClock } from "../../../src/host/systemClock.ts";
import { createNetwork } from "../../../src/prometheus/network.ts";
import { startSecureServer, tlsFixture } from "../../support/certificates.ts";
import {
  bareNetwork,
  MemoryProfileSettings,
  MemorySecrets,
  MemoryValues,
  silentLog,
} from "../../support/connectionDoubles.ts";
import { startHostileServer } from "../../support/hostileServer.ts";
import { startProxy } from "../../support/proxyServer.ts";
import { failureFrom, neverAborted } from "../../support/sources.ts";

/** A connection as its user has set it up, which speaks to real servers. */
async function connect(raw: Readonly<Record<string, unknown>> & { readonly auth: { readonly tokenUrl: string } }) {
  const secrets = new ConnectionSecrets(new MemorySecrets());
  await secrets.save("a", "clientSecret", { origin: new URL(raw.auth.tokenUrl).origin, value: "s3cret" });
  const service = new ConnectionService({
    ...bareNetwork,
    profiles: new ProfileStore(new MemoryProfileSettings([{ id: "a", name: "A", ...raw }]), () => undefined),
    secrets,
    workspaceMemory: new MemoryValues(),
    userMemory: new MemoryValues(),
    loadNetwork: async () => createNetwork({ userAgent: "promql-workbench/test", log: silentLog }),
    files: new NodeFileReader(),
    programs: { run: () => assert.fail("no program is run") },
    isTrusted: () => true,
    bounds: () => ({ maxSamples: 1000, maxBytes: 100_000 }),
    clock: systemClock,
    log: silentLog,
  });
  return {
    ask: async () => (await service.sourceFor("a")).query({ query: "up" }, { signal: neverAborted() }),
    [Symbol.dispose]: () => service.dispose(),
  };
}

const oauth2 = (origin: string) => ({ type: "oauth2", tokenUrl: `${origin}/token`, clientId: "c" });
const token = '{"access_token":"t0k","expires_in":3600}';
const vector = '{"status":"success","data":{"resultType":"vector","result":[]}}';

/** An https server of a private authority that gives tokens to whoever asks, and would like to see who that is. */
const startTokenServer = () => startSecureServer("server", { requestCert: true, rejectUnauthorized: false }, token);

describe("the way to a connection's token server", () => {
  test("is the connection's proxy, and its authority is believed; the client's certificate stays away", async () => {
    await using login = await startTokenServer();
    await using server = await startSecureServer("server", { requestCert: true, rejectUnauthorized: false });
    await using proxy = await startProxy();
    using connection = await connect({
      url: server.origin,
      proxy: proxy.origin,
      tls: {
        caFile: tlsFixture("ca.pem"),
        certFile: tlsFixture("client.pem"),
        keyFile: tlsFixture("client.key.pem"),
      },
      auth: oauth2(login.origin),
    });
    await connection.ask();
    const targets = proxy.tunnels.map(({ target }) => target);
    assert.deepEqual(targets.slice(0, 2).sort(), [`127.0.0.1:${login.port}`, `127.0.0.1:${server.port}`].sort());
    assert.equal(targets.filter((target) => target.endsWith(`:${login.port}`)).length, 1);
    assert.deepEqual([login.clients, server.clients[0]], [[undefined], "Client"]);
  });

  test("is checked even where the server's certificate is not: the client's secret goes there", async () => {
    await using login = await startTokenServer();
    await using server = await startSecureServer("server");
    using connection = await connect({
      url: server.origin,
      tls: { insecureSkipVerify: true },
      auth: oauth2(login.origin),
    });
    assert.partialDeepStrictEqual(await failureFrom(connection.ask()), {
      kind: "credential",
      source: "oauth2",
      problem: "unreachable",
      code: "tls",
    });
    assert.deepEqual([login.clients, server.clients], [[], []]);
  });

  test("does not lead over plain http to a proxy elsewhere, which could read the client's secret", async () => {
    await using login = await startHostileServer(({ answer }) => answer(200, token));
    using connection = await connect({
      url: "https://prom.example",
      proxy: "http://proxy.invalid:3128",
      auth: oauth2(login.origin),
    });
    assert.partialDeepStrictEqual(await failureFrom(connection.ask()), { kind: "unreachable", code: "proxy" });
    assert.equal(login.requests.length, 1);
  });

  test("is not gone by us where VS Code sends", async (t) => {
    await using login = await startHostileServer(({ answer }) => answer(200, token));
    await using server = await startHostileServer(({ answer }) => answer(200, vector));
    const asked: string[] = [];
    const send = globalThis.fetch;
    t.mock.method(globalThis, "fetch", (url: string, init: RequestInit) => {
      asked.push(`${init.method} ${url}`);
      return send(url, init);
    });
    using connection = await connect({ url: server.origin, transport: "vscode", auth: oauth2(login.origin) });
    await connection.ask();
    assert.deepEqual(asked.slice(0, 2), [`POST ${login.origin}/token`, `POST ${server.origin}/api/v1/query`]);
    assert.equal(login.requests.length, 1);
  });
});
