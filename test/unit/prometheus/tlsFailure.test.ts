import assert from "node:assert/strict";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { test } from "node:test";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { buildConnector, Client } from "undici";
import { networkFailure } from "../../../src/prometheus/networkFailure.ts";
import type { Failure, TlsCause } from "../../../src/shared/errors.ts";
import { pem } from "../../support/certificates.ts";

const pair = (name: string) => ({ cert: pem(`${name}.pem`), key: pem(`${name}.key.pem`) });
const ca = pem("ca.pem");

/** A server that answers one request over TLS. */
function tlsServer(options: TlsOptions): Server {
  return createTlsServer(options, (socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
  });
}

/** A server that meets whatever it is sent with these bytes and closes. */
function rawServer(bytes: string | Uint8Array): Server {
  return createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(bytes));
  });
}

/** A fatal alert of TLS as it stands on the wire. */
const alert = (description: number) => Uint8Array.of(0x15, 3, 3, 0, 2, 2, description);

/** How a request to the server fails; `undefined`: it was answered. */
async function outcome(server: Server, scheme: string, options: object): Promise<Failure | undefined> {
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const connect = buildConnector({ timeout: 5000, allowH2: false, ...options });
  const client = new Client(`${scheme}://127.0.0.1:${port}`, { connect });
  try {
    const { body } = await client.request({ method: "POST", path: "/api/v1/query", body: "query=1" });
    await body.dump();
    return undefined;
  } catch (error) {
    return networkFailure(error, (text) => text) ?? { kind: "bug", detail: String(error) };
  } finally {
    await client.destroy();
    server.close();
  }
}

const wantsClient: TlsOptions = { ...pair("server"), ca, requestCert: true, rejectUnauthorized: true };
const with12 = { maxVersion: "TLSv1.2" } as const;

const servers: readonly {
  readonly title: string;
  readonly server: () => Server;
  readonly scheme?: "http";
  /** What the connection sets. */
  readonly client?: object;
  readonly expected: TlsCause | undefined;
}[] = [
  { title: "a good certificate", server: () => tlsServer(pair("server")), client: { ca }, expected: undefined },
  { title: "expired", server: () => tlsServer(pair("expired")), client: { ca }, expected: "expired" },
  { title: "not yet valid", server: () => tlsServer(pair("future")), client: { ca }, expected: "notYetValid" },
  { title: "self-signed", server: () => tlsServer(pair("self")), expected: "selfSigned" },
  { title: "an unknown authority", server: () => tlsServer(pair("server")), expected: "unknownIssuer" },
  {
    title: "an unknown authority that is sent along",
    server: () => tlsServer({ ...pair("server"), cert: pem("server.pem") + ca }),
    expected: "unknownIssuer",
  },
  { title: "for another host", server: () => tlsServer(pair("named")), client: { ca }, expected: "hostMismatch" },
  {
    title: "a client certificate is wanted (TLS 1.2)",
    server: () => tlsServer({ ...wantsClient, ...with12 }),
    client: { ca },
    expected: "handshakeRefused",
  },
  {
    title: "a client certificate is wanted and there",
    server: () => tlsServer(wantsClient),
    client: { ca, ...pair("client") },
    expected: undefined,
  },
  {
    title: "no common version",
    server: () => tlsServer({ ...pair("server"), minVersion: "TLSv1.3" }),
    client: { ca, ...with12 },
    expected: "protocol",
  },
  {
    title: "no common cipher",
    server: () => tlsServer({ ...pair("server"), ...with12, ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" }),
    client: { ca, ...with12, ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384" },
    expected: "handshakeRefused",
  },
  {
    title: "plain HTTP, as Go answers",
    server: () => rawServer("HTTP/1.1 400 Bad Request\r\n\r\n"),
    expected: "notTls",
  },
  { title: "plain HTTP, as Node answers", server: () => createHttpServer(), expected: "notTls" },
  { title: "closed without a word", server: () => rawServer(""), expected: "closed" },
  { title: "another protocol", server: () => rawServer("SSH-2.0-OpenSSH_9.2\r\n"), expected: "notTls" },
  { title: "http to a port of TLS", server: () => rawServer(alert(70)), scheme: "http", expected: "tlsPort" },
  { title: "alert: bad certificate", server: () => rawServer(alert(42)), expected: "clientCertificateWanted" },
  { title: "alert: certificate required", server: () => rawServer(alert(116)), expected: "clientCertificateWanted" },
  { title: "alert: certificate expired", server: () => rawServer(alert(45)), expected: "clientCertificateRefused" },
  { title: "alert: certificate unknown", server: () => rawServer(alert(46)), expected: "clientCertificateRefused" },
  { title: "alert: unknown authority", server: () => rawServer(alert(48)), expected: "clientCertificateRefused" },
  { title: "alert: access denied", server: () => rawServer(alert(49)), expected: "clientCertificateRefused" },
  { title: "alert: handshake failure", server: () => rawServer(alert(40)), expected: "handshakeRefused" },
  { title: "alert: protocol version", server: () => rawServer(alert(70)), expected: "protocol" },
  { title: "alert: insufficient security", server: () => rawServer(alert(71)), expected: "protocol" },
  { title: "alert: unrecognized name", server: () => rawServer(alert(112)), expected: "unknownName" },
  { title: "alert: internal error", server: () => rawServer(alert(80)), expected: "other" },
];

for (const { title, server, scheme = "https", client = {}, expected } of servers) {
  test(`TLS: ${title}`, async () => {
    const failure = await outcome(server(), scheme, client);
    if (expected === undefined) assert.equal(failure, undefined);
    else assert.partialDeepStrictEqual(failure, { kind: "unreachable", code: "tls", tls: expected });
  });
}

const materials: readonly (readonly [title: string, client: object])[] = [
  ["a key of another certificate", { cert: pem("client.pem"), key: pem("self.key.pem") }],
  ["a key that is none", { cert: pem("client.pem"), key: "no key" }],
  ["a certificate that is none", { cert: "no certificate", key: pem("client.key.pem") }],
];

for (const [title, client] of materials) {
  test(`TLS: ${title}`, async () => {
    const failure = await outcome(tlsServer(pair("server")), "https", { ca, ...client });
    assert.partialDeepStrictEqual(failure, { kind: "unreachable", code: "tls", tls: "ownMaterial" });
  });
}
