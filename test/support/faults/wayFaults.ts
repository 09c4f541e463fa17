import type { ServerOptions } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { defaultTlsMaterial } from "../../../src/prometheus/tlsConnector.ts";
import { defaultTransportOptions } from "../../../src/prometheus/transport.ts";
import type { TlsMaterial } from "../../../src/shared/model/source.ts";
import { startBlackHole } from "../blackHole.ts";
import { pem, startSecureServer } from "../certificates.ts";
import { startHostileServer } from "../hostileServer.ts";
import { type ProxyBehaviour, startProxy } from "../proxyServer.ts";
import { brokenHttp, type Fault, good, oneSample, reset, type World } from "./fault.ts";

const quickly = {
  transport: { ...defaultTransportOptions, connectTimeoutMs: 300, systemCertificates: async () => [] },
};
const trusting = { ...defaultTlsMaterial, ca: pem("ca.pem") };
const nothing = async () => {};

async function unusedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address !== null && typeof address === "object" ? address.port : 1;
}

/** An https server with this certificate, believed in or not. */
const secure =
  (name: string, options: ServerOptions = {}, material: Partial<TlsMaterial> = {}) =>
  async (): Promise<World> => {
    const server = await startSecureServer(name, options, oneSample);
    return {
      url: server.origin,
      endpoint: { tls: async () => ({ ...trusting, ...material }) },
      options: quickly,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  };

/** An https server behind a proxy, or a plain one. */
const behind =
  (behaviour: ProxyBehaviour, scheme: "https" | "http" = "https", body = oneSample) =>
  async (): Promise<World> => {
    const server = scheme === "https" ? await startSecureServer("server", {}, body) : await startHostileServer(good);
    const proxy = await startProxy(behaviour);
    return {
      url: server.origin,
      endpoint: {
        tls: async () => trusting,
        proxy: async () => ({ kind: "proxy", origin: proxy.origin, authorization: undefined }),
      },
      options: quickly,
      async [Symbol.asyncDispose]() {
        await proxy[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  };

const byProxy = (problem: string) => ({ kind: "unreachable", code: "proxy", problem });
const byTls = (tls: string) => ({ kind: "unreachable", code: "tls", tls });
const client = { cert: pem("client.pem"), key: pem("client.key.pem") };
const wantsClient: ServerOptions = { requestCert: true, rejectUnauthorized: true, ca: pem("ca.pem") };

/** Faults before a request is sent: names, ports, TLS, proxies. */
export const wayFaults: readonly Fault[] = [
  {
    title: "a name that is not there",
    start: async () => ({ url: "http://prometheus.invalid:9090", [Symbol.asyncDispose]: nothing }),
    expected: { kind: "unreachable", code: "dns" },
  },
  {
    title: "a port where nobody listens",
    start: async () => ({ url: `http://127.0.0.1:${await unusedPort()}`, [Symbol.asyncDispose]: nothing }),
    expected: { kind: "unreachable", code: "refused" },
  },
  ...(process.platform === "linux"
    ? [
        {
          title: "a port that answers nothing at all",
          async start() {
            const hole = await startBlackHole();
            const url = `http://127.0.0.1:${hole.port}`;
            return { url, options: quickly, [Symbol.asyncDispose]: () => hole[Symbol.asyncDispose]() };
          },
          expected: { kind: "unreachable", code: "connectTimeout" },
        },
      ]
    : []),
  {
    title: "a TLS handshake that nobody answers",
    async start() {
      const server = await startHostileServer(good, () => true);
      const url = `https://127.0.0.1:${server.port}`;
      return { url, options: quickly, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
    },
    expected: { kind: "unreachable", code: "connectTimeout" },
  },
  {
    title: "a TLS handshake to a server that speaks plain HTTP",
    async start() {
      const server = await startHostileServer(good, (socket) => {
        socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
        return true;
      });
      const url = `https://127.0.0.1:${server.port}`;
      return { url, options: quickly, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
    },
    expected: byTls("notTls"),
  },
  {
    title: "a TLS handshake that the server breaks off",
    async start() {
      const server = await startHostileServer(good, (socket) => {
        socket.once("data", () => socket.end());
        return true;
      });
      const url = `https://127.0.0.1:${server.port}`;
      return { url, options: quickly, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
    },
    expected: byTls("closed"),
  },
  {
    title: "a certificate that nobody vouches for",
    start: secure("server", {}, { ca: undefined }),
    expected: byTls("unknownIssuer"),
  },
  { title: "a certificate that vouches for itself", start: secure("self"), expected: byTls("selfSigned") },
  { title: "a certificate that has expired", start: secure("expired"), expected: byTls("expired") },
  { title: "a certificate that is not yet valid", start: secure("future"), expected: byTls("notYetValid") },
  { title: "a certificate for another host", start: secure("named"), expected: byTls("hostMismatch") },
  {
    title: "a client certificate is wanted and there is none",
    start: secure("server", wantsClient),
    expected: byTls("clientCertificateWanted"),
  },
  {
    title: "a client certificate of an authority that the server does not believe",
    start: secure("server", wantsClient, { cert: pem("strangeClient.pem"), key: pem("strangeClient.key.pem") }),
    // Node's server closes the connection without a word.
    expected: reset,
  },
  {
    title: "a client certificate that fits",
    start: secure("server", wantsClient, client),
    expected: "answer",
  },
  {
    title: "a server that knows only TLS 1.1",
    start: secure("server", { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }),
    expected: byTls("protocol"),
  },
  { title: "a proxy that allows no tunnel", start: behind({ refuse: 403 }), expected: byProxy("denied") },
  {
    title: "a proxy that wants to know who asks",
    start: behind({ authorization: "Basic x" }),
    expected: byProxy("credentials"),
  },
  { title: "a proxy that cannot reach the server", start: behind({ refuse: 502 }), expected: byProxy("other") },
  { title: "a proxy that never answers", start: behind({ isSilent: true }), expected: byProxy("timedOut") },
  {
    title: "a proxy whose tunnel ends amid the handshake",
    start: behind({ dieAfterBytes: 10 }),
    expected: byTls("closed"),
  },
  {
    title: "a proxy whose tunnel ends amid the answer",
    start: behind({ dieAfterBytes: 100_000 }, "https", `${oneSample}${" ".repeat(500_000)}`),
    expected: reset,
  },
  {
    title: "a proxy that wants to know who asks for a plain server",
    start: behind({ authorization: "Basic x" }, "http"),
    expected: byProxy("credentials"),
  },
  {
    title: "a proxy that is not there",
    async start() {
      const origin = `http://127.0.0.1:${await unusedPort()}`;
      const proxy = async () => ({ kind: "proxy", origin, authorization: undefined }) as const;
      return { url: "https://127.0.0.1:1", endpoint: { proxy }, options: quickly, [Symbol.asyncDispose]: nothing };
    },
    expected: byProxy("refused"),
  },
  {
    title: "a proxy whose name is not there",
    async start() {
      const proxy = async () =>
        ({ kind: "proxy", origin: "http://proxy.invalid:3128", authorization: undefined }) as const;
      return { url: "https://127.0.0.1:1", endpoint: { proxy }, options: quickly, [Symbol.asyncDispose]: nothing };
    },
    expected: byProxy("notFound"),
  },
  {
    title: "a proxy whose certificate nobody vouches for",
    start: behind({ secure: { cert: pem("server.pem"), key: pem("server.key.pem") } }),
    expected: byProxy("tls"),
  },
  {
    title: "something else than a proxy where one should be",
    async start() {
      const server = await startHostileServer(({ raw }) => raw("SSH-2.0-OpenSSH_9.2\r\n"));
      const proxy = async () => ({ kind: "proxy", origin: server.origin, authorization: undefined }) as const;
      const dispose = () => server[Symbol.asyncDispose]();
      return { url: "http://127.0.0.1:1", endpoint: { proxy }, options: quickly, [Symbol.asyncDispose]: dispose };
    },
    expected: brokenHttp,
  },
];
