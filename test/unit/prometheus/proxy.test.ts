import assert from "node:assert/strict";
import diagnostics from "node:diagnostics_channel";
import { createServer, type Socket } from "node:net";
import { describe, test } from "node:test";
import { defaultTlsMaterial } from "../../../src/prometheus/tlsConnector.ts";
import { defaultTransportOptions } from "../../../src/prometheus/transport.ts";
import type { ProxyChoice } from "../../../src/shared/model/source.ts";
import { pem, startSecureServer } from "../../support/certificates.ts";
import { startHostileServer } from "../../support/hostileServer.ts";
import { type ProxyBehaviour, startProxy } from "../../support/proxyServer.ts";
import { failureFrom, neverAborted, type TestEndpoint, testSource } from "../../support/sources.ts";

const empty = '{"status":"success","data":{"resultType":"vector","result":[]}}';
const credentials = { Authorization: "Bearer of-the-server", "X-Api-Key": "also-of-the-server" };

/** Through `origin`, believing the test authority, with credentials that are the server's alone. */
function throughProxy(origin: string, changes: TestEndpoint & { readonly authorization?: string } = {}) {
  const { authorization, ...rest } = changes;
  return {
    headers: async () => credentials,
    tls: async () => ({ ...defaultTlsMaterial, ca: pem("ca.pem") }),
    proxy: async (): Promise<ProxyChoice> => ({ kind: "proxy", origin, authorization }),
    ...rest,
  };
}

const secure = { cert: pem("server.pem"), key: pem("server.key.pem") };
const trusting = { transport: { ...defaultTransportOptions, systemCertificates: async () => [pem("ca.pem")] } };
const ask = (source: ReturnType<typeof testSource>) => source.query({ query: "up" }, { signal: neverAborted() });

describe("an https server behind a proxy", () => {
  for (const isSecure of [false, true]) {
    test(`is reached through a tunnel of an ${isSecure ? "https" : "http"} proxy that sees its name and nothing else`, async () => {
      await using server = await startSecureServer("server");
      await using proxy = await startProxy(isSecure ? { secure } : {});
      using source = testSource(server.origin, throughProxy(proxy.origin), trusting);
      await ask(source);
      await ask(source);
      assert.equal(server.clients.length, 2);
      assert.deepEqual(proxy.requests, []);
      assert.deepEqual(
        proxy.tunnels.map(({ target }) => target),
        [`127.0.0.1:${server.port}`, `127.0.0.1:${server.port}`],
      );
      for (const { headers } of proxy.tunnels) {
        assert.deepEqual(Object.keys(headers).sort(), ["connection", "host"]);
        assert.doesNotMatch(JSON.stringify(headers), /of-the-server/);
      }
    });
  }

  test("is verified by its own name, and its standard port is named in the tunnel", async () => {
    await using server = await startSecureServer("named");
    await using proxy = await startProxy({ leadsTo: server.port });
    using source = testSource("https://prometheus.internal", throughProxy(proxy.origin));
    await ask(source);
    assert.deepEqual(
      proxy.tunnels.map(({ target, headers }) => [target, headers["host"]]),
      [["prometheus.internal:443", "prometheus.internal:443"]],
    );
    using other = testSource("https://other.internal", throughProxy(proxy.origin));
    assert.partialDeepStrictEqual(await failureFrom(ask(other)), { kind: "unreachable", code: "tls" });
  });

  test("is found out with the machine's authorities over a second tunnel", async () => {
    await using server = await startSecureServer("server");
    await using proxy = await startProxy();
    const tls = async () => defaultTlsMaterial;
    using source = testSource(server.origin, throughProxy(proxy.origin, { tls }), trusting);
    await ask(source);
    assert.equal(proxy.tunnels.length, 2);
    assert.equal(server.clients.length, 1);
  });

  test("takes no credentials of the proxy: those go to the proxy alone", async () => {
    await using server = await startSecureServer("server");
    await using proxy = await startProxy({ authorization: "Basic cHJveHk=" });
    using source = testSource(server.origin, throughProxy(proxy.origin, { authorization: "Basic cHJveHk=" }));
    await ask(source);
    assert.equal(proxy.tunnels[0]?.headers["proxy-authorization"], "Basic cHJveHk=");
  });
});

describe("a proxy that lets nothing through", () => {
  const cases: readonly {
    readonly title: string;
    readonly behaviour: ProxyBehaviour;
    readonly expected: object;
    readonly detail: RegExp;
  }[] = [
    {
      title: "it wants to know who asks",
      behaviour: { authorization: "Basic x" },
      expected: { problem: "credentials" },
      detail: /\(407\)$/,
    },
    {
      title: "it forbids the server",
      behaviour: { refuse: 403 },
      expected: { problem: "denied" },
      detail: /does not allow .*\(403\)$/,
    },
    {
      title: "it cannot reach the server",
      behaviour: { refuse: 502 },
      expected: { problem: "other" },
      detail: /\(502\)$/,
    },
    {
      title: "its tunnel ends amid the handshake",
      behaviour: { dieAfterBytes: 10 },
      expected: { code: "tls", tls: "closed" },
      detail: /./,
    },
  ];
  for (const { title, behaviour, expected, detail } of cases) {
    test(title, async () => {
      await using server = await startSecureServer("server");
      await using proxy = await startProxy(behaviour);
      using source = testSource(server.origin, throughProxy(proxy.origin));
      const failure = await failureFrom(ask(source));
      assert.ok(failure.kind === "unreachable", JSON.stringify(failure));
      const ofProxy = { code: "proxy", via: proxy.origin };
      assert.partialDeepStrictEqual(failure, "code" in expected ? expected : { ...ofProxy, ...expected });
      assert.match(failure.detail, detail);
      assert.doesNotMatch(failure.detail, /<b>/);
      assert.deepEqual(server.clients, []);
    });
  }

  test("its tunnel ends amid the answer, which is not shown as whole", async () => {
    await using server = await startSecureServer("server", {}, `${empty}${" ".repeat(500_000)}`);
    await using proxy = await startProxy({ dieAfterBytes: 100_000 });
    using source = testSource(server.origin, throughProxy(proxy.origin));
    assert.partialDeepStrictEqual(await failureFrom(ask(source)), { kind: "unreachable", code: "reset" });
    assert.equal(server.clients.length, 1);
  });

  test("nobody listens there", async () => {
    const port = await unusedPort();
    using source = testSource("https://127.0.0.1:1", throughProxy(`http://127.0.0.1:${port}`));
    const failure = await failureFrom(ask(source));
    assert.partialDeepStrictEqual(failure, { kind: "unreachable", code: "proxy", problem: "refused" });
    assert.match(failure.kind === "unreachable" ? failure.detail : "", /cannot be reached: .*ECONNREFUSED/);
  });

  test("its own certificate is not believed", async () => {
    await using proxy = await startProxy({ secure });
    using source = testSource("https://127.0.0.1:1", throughProxy(proxy.origin), {
      transport: { ...defaultTransportOptions, systemCertificates: async () => [] },
    });
    assert.partialDeepStrictEqual(await failureFrom(ask(source)), {
      kind: "unreachable",
      code: "proxy",
      problem: "tls",
    });
    assert.deepEqual(proxy.tunnels, []);
  });

  test("it never answers", async () => {
    await using proxy = await startProxy({ isSilent: true });
    using source = testSource("https://127.0.0.1:1", throughProxy(proxy.origin), {
      transport: { ...defaultTransportOptions, connectTimeoutMs: 300 },
    });
    const failure = await failureFrom(ask(source));
    assert.partialDeepStrictEqual(failure, { kind: "unreachable", code: "proxy", problem: "timedOut" });
  });
});

describe("a plain http server behind a proxy", () => {
  test("is asked for by its whole URL, with the proxy's credentials for the proxy alone", async () => {
    await using server = await startHostileServer(({ answer }) => answer(200, empty));
    await using proxy = await startProxy({ authorization: "Basic cHJveHk=" });
    using source = testSource(
      `${server.origin}/prefix`,
      throughProxy(proxy.origin, { authorization: "Basic cHJveHk=", queryParams: { dedup: "true" } }),
    );
    await ask(source);
    assert.deepEqual(proxy.tunnels, []);
    assert.deepEqual(
      proxy.requests.map(({ target }) => target),
      [`${server.origin}/prefix/api/v1/query?dedup=true`],
    );
    assert.equal(server.requests[0]?.path, "/prefix/api/v1/query?dedup=true");
    assert.equal(server.requests[0]?.headers["host"], `127.0.0.1:${server.port}`);
    assert.equal(server.requests[0]?.headers["authorization"], "Bearer of-the-server");
    assert.equal(server.requests[0]?.headers["proxy-authorization"], undefined);
  });

  test("407 is the proxy's word", async () => {
    await using server = await startHostileServer(({ answer }) => answer(200, empty));
    await using proxy = await startProxy({ authorization: "Basic cHJveHk=" });
    using source = testSource(server.origin, throughProxy(proxy.origin));
    const failure = await failureFrom(ask(source));
    assert.partialDeepStrictEqual(failure, { kind: "unreachable", code: "proxy", problem: "credentials" });
    assert.equal(server.requests.length, 0);
    // Its lane is free again.
    for (let i = 0; i < 5; i++) await failureFrom(ask(source));
  });
});

describe("the way changes", () => {
  test("from one request to the next, without a new source", async () => {
    await using server = await startHostileServer(({ answer }) => answer(200, empty));
    await using proxy = await startProxy();
    let choice: ProxyChoice = { kind: "direct" };
    using source = testSource(server.origin, { proxy: async () => choice });
    await ask(source);
    choice = { kind: "proxy", origin: proxy.origin, authorization: undefined };
    await ask(source);
    await ask(source);
    assert.equal(proxy.requests.length, 2);
    choice = { kind: "direct" };
    await ask(source);
    assert.equal(proxy.requests.length, 2);
    assert.equal(server.requests.length, 4);
  });
});

describe("cancelled on the way through a proxy: no socket is left", () => {
  const phases: readonly { readonly title: string; readonly behaviour: ProxyBehaviour; readonly isStuck: boolean }[] = [
    { title: "while it is asked for a tunnel", behaviour: { isSilent: true }, isStuck: false },
    {
      title: "while a secure proxy is asked for a tunnel",
      behaviour: { isSilent: true, secure },
      isStuck: false,
    },
    { title: "amid the handshake in the tunnel", behaviour: {}, isStuck: true },
    { title: "amid the handshake in the tunnel of a secure proxy", behaviour: { secure }, isStuck: true },
  ];
  for (const { title, behaviour, isStuck } of phases) {
    test(title, async () => {
      const sockets: Socket[] = [];
      const remember = (message: unknown) => sockets.push((message as { readonly socket: Socket }).socket);
      // Takes connections and says nothing.
      await using stuck = await startHostileServer(
        () => {},
        () => true,
      );
      await using proxy = await startProxy(behaviour);
      const source = testSource(`https://127.0.0.1:${stuck.port}`, throughProxy(proxy.origin), trusting);
      const controller = new AbortController();
      diagnostics.subscribe("net.client.socket", remember);
      const outcome = failureFrom(source.query({ query: "up" }, { signal: controller.signal })).then((failure) => ({
        failure,
        // The proxy's own sockets to the server are in this process too.
        destroyed: sockets.filter(({ remotePort }) => remotePort !== stuck.port).map(({ destroyed }) => destroyed),
      }));
      while (proxy.tunnels.length === 0 || (isStuck && stuck.accepted === 0)) await soon();
      await soon();
      diagnostics.unsubscribe("net.client.socket", remember);
      controller.abort();
      const { failure, destroyed } = await outcome;
      assert.deepEqual(failure, { kind: "cancelled" });
      assert.ok(destroyed.length > 0);
      assert.ok(destroyed.every((one) => one));
      while (proxy.open > 0) await soon();
      source.dispose();
    });
  }
});

function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address !== null && typeof address === "object" ? address.port : 1;
}
