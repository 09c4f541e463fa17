import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { type Script, startHostileServer } from "../../support/hostileServer.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

const empty = '{"status":"success","data":{"resultType":"vector","result":[]}}';

/** A source whose requests the host's own `fetch` sends, as in VS Code. */
const fetching = (origin: string) =>
  testSource(origin, {
    transport: "vscode",
    headers: async () => ({ Authorization: "Bearer x", "X-Scope-OrgID": "a" }),
  });
const ask = (source: ReturnType<typeof testSource>, signal = neverAborted()) =>
  source.query({ query: "up" }, { signal });

describe("through the editor's fetch", () => {
  test("a query is the same request, with the connection's headers", async () => {
    await using server = await startHostileServer(({ answer }) => answer(200, empty));
    using source = fetching(`${server.origin}/prefix`);
    await ask(source);
    const [request] = server.requests;
    assert.equal(request?.method, "POST");
    assert.equal(request?.path, "/prefix/api/v1/query");
    assert.match(request?.body ?? "", /^query=up&/);
    assert.equal(request?.headers["authorization"], "Bearer x");
    assert.equal(request?.headers["x-scope-orgid"], "a");
    assert.equal(request?.headers["accept"], "application/json");
    assert.equal(request?.headers["user-agent"], "promql-workbench/0.0.0-test");
    assert.equal(request?.headers["content-type"], "application/x-www-form-urlencoded");
  });

  const answers: readonly { readonly title: string; readonly script: Script; readonly expected: object | undefined }[] =
    [
      {
        title: "a compressed answer",
        script: ({ answer }) => answer(200, gzipSync(empty), { "Content-Encoding": "gzip" }),
        expected: undefined,
      },
      {
        title: "a redirect to another server, which is not followed",
        script: ({ answer }) => answer(302, "", { Location: "https://login.example.com/sso?x=1" }),
        expected: { kind: "redirected", status: 302, to: "https://login.example.com/sso", crossOrigin: true },
      },
      { title: "401", script: ({ answer }) => answer(401, "no"), expected: { kind: "unauthorized", status: 401 } },
      // The standard makes of it a failure without a reason.
      { title: "407", script: ({ answer }) => answer(407, "no"), expected: { kind: "unreachable", code: "network" } },
      { title: "no answer", script: ({ reset }) => reset(), expected: { kind: "unreachable", code: "reset" } },
      {
        title: "an answer that ends early",
        script({ head, raw, socket }) {
          head(200, { "Content-Length": "1000" });
          raw(empty.slice(0, 30));
          socket.end();
        },
        expected: { kind: "unreachable", code: "reset" },
      },
    ];
  for (const { title, script, expected } of answers) {
    test(title, async () => {
      await using server = await startHostileServer(script);
      using source = fetching(server.origin);
      if (expected === undefined) await ask(source);
      else assert.partialDeepStrictEqual(await failureFrom(ask(source)), expected);
    });
  }

  test("a redirect of the same origin is followed by our rules", async () => {
    await using server = await startHostileServer(({ request, answer }) =>
      request.path.startsWith("/new/") ? answer(200, empty) : answer(308, "", { Location: "/new/api/v1/query" }),
    );
    using source = fetching(server.origin);
    await ask(source);
    assert.deepEqual(
      server.requests.map(({ method, path }) => `${method} ${path}`),
      ["POST /api/v1/query", "POST /new/api/v1/query"],
    );
  });

  const errors: readonly { readonly title: string; readonly error: Error; readonly expected: object }[] = [
    {
      title: "a proxy that refuses the tunnel, as undici says it",
      error: Object.assign(new Error("Proxy response (403) !== 200 when HTTP Tunneling"), { code: "UND_ERR_ABORTED" }),
      expected: { code: "proxy", problem: "denied", detail: "Proxy response (403) !== 200 when HTTP Tunneling" },
    },
    {
      title: "a proxy that is not there, as Chromium says it",
      error: new Error("net::ERR_PROXY_CONNECTION_FAILED"),
      expected: { code: "proxy", problem: "refused", detail: "net::ERR_PROXY_CONNECTION_FAILED" },
    },
    {
      title: "a name that is not there, as Chromium says it",
      error: new Error("net::ERR_NAME_NOT_RESOLVED"),
      expected: { code: "network", detail: "net::ERR_NAME_NOT_RESOLVED" },
    },
  ];
  /** Names of net/base/net_error_list.h, and those that are of no certificate. */
  const chromium: readonly (readonly [name: string, expected: object])[] = [
    ["ERR_CERT_AUTHORITY_INVALID", { code: "tls", tls: "unknownIssuer" }],
    ["ERR_CERT_COMMON_NAME_INVALID", { code: "tls", tls: "hostMismatch" }],
    ["ERR_CERT_DATE_INVALID", { code: "tls", tls: "expired" }],
    ["ERR_CERT_REVOKED", { code: "tls", tls: "revoked" }],
    ["ERR_CERT_INVALID", { code: "tls", tls: "other" }],
    ["ERR_CERT_WEAK_SIGNATURE_ALGORITHM", { code: "tls", tls: "other" }],
    ["ERR_SSL_CLIENT_AUTH_CERT_NEEDED", { code: "tls", tls: "clientCertificateWanted" }],
    ["ERR_BAD_SSL_CLIENT_AUTH_CERT", { code: "tls", tls: "clientCertificateRefused" }],
    ["ERR_SSL_VERSION_OR_CIPHER_MISMATCH", { code: "tls", tls: "protocol" }],
    ["ERR_SSL_UNRECOGNIZED_NAME_ALERT", { code: "tls", tls: "unknownName" }],
    ["ERR_SSL_PROTOCOL_ERROR", { code: "tls", tls: "other" }],
    ["ERR_PROXY_CERTIFICATE_INVALID", { code: "proxy", problem: "tls" }],
    ["ERR_INTERNET_DISCONNECTED", { code: "network" }],
  ];
  const allErrors = [
    ...errors,
    ...chromium.map(([name, expected]) => ({
      title: `${name} of Chromium`,
      error: new Error(`net::${name}`),
      expected: { ...expected, detail: `net::${name}` },
    })),
  ];
  for (const { title, error, expected } of allErrors) {
    test(title, async (context) => {
      context.mock.method(globalThis, "fetch", async () => {
        throw new TypeError("fetch failed", { cause: error });
      });
      using source = fetching("https://prometheus.example.com");
      assert.partialDeepStrictEqual(await failureFrom(ask(source)), { kind: "unreachable", ...expected });
    });
  }

  const phases: readonly { readonly title: string; readonly script: Script }[] = [
    { title: "while waiting for headers", script: () => {} },
    {
      title: "in the middle of the body",
      script({ head, raw }) {
        head(200, { "Content-Length": "1000" });
        raw('{"status":"success",');
      },
    },
  ];
  for (const { title, script } of phases) {
    test(`cancelled ${title}: the socket is closed`, async () => {
      await using server = await startHostileServer(script);
      using source = fetching(server.origin);
      const controller = new AbortController();
      const outcome = failureFrom(ask(source, controller.signal));
      await server.whenRequested(1);
      await new Promise((resolve) => setTimeout(resolve, 30));
      controller.abort();
      assert.deepEqual(await outcome, { kind: "cancelled" });
      await server.whenAllClosed();
    });
  }

  test("disposing of the source ends what is under way", async () => {
    await using server = await startHostileServer(() => {});
    using source = fetching(server.origin);
    const outcome = failureFrom(ask(source));
    await server.whenRequested(1);
    source.dispose();
    assert.deepEqual(await outcome, { kind: "cancelled" });
    await server.whenAllClosed();
  });
});
