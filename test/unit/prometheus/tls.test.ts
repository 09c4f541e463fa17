import assert from "node:assert/strict";
import type { ServerOptions } from "node:https";
import { describe, test } from "node:test";
import { type NetworkPathSecrets, networkPathOf } from "../../../src/connections/networkPath.ts";
import type { TlsOptions } from "../../../src/connections/profile.ts";
import { NodeFileReader } from "../../../src/host/nodeFileReader.ts";
import { defaultTransportOptions } from "../../../src/prometheus/transport.ts";
import type { Failure } from "../../../src/shared/errors.ts";
import { fixturePassphrase, pem, startSecureServer, tlsFixture } from "../../support/certificates.ts";
import { bareNetwork } from "../../support/connectionDoubles.ts";
import { aProfile } from "../../support/profiles.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

const noTls: TlsOptions = { caFile: "", certFile: "", keyFile: "", serverName: "", insecureSkipVerify: false };

/** A source as a profile with these options has it; the machine's own authorities are `system`. */
function sourceWith(
  origin: string,
  tls: Partial<TlsOptions>,
  {
    system = async () => [],
    ...secrets
  }: NetworkPathSecrets & { readonly system?: () => Promise<readonly string[]> } = {},
) {
  const profile = aProfile(origin, { tls: { ...noTls, ...tls } });
  const { secrets: _, ...path } = networkPathOf(profile, { ...bareNetwork, files: new NodeFileReader() }, secrets);
  return testSource(origin, path, { transport: { ...defaultTransportOptions, systemCertificates: system } });
}

const ask = (source: ReturnType<typeof sourceWith>) => source.query({ query: "up" }, { signal: neverAborted() });

const ca = tlsFixture("ca.pem");
const wantsClient: ServerOptions = { requestCert: true, rejectUnauthorized: true, ca: pem("ca.pem") };
const ownCertificate = { certFile: tlsFixture("client.pem"), keyFile: tlsFixture("client.key.pem") };

/** What a case has to end in: the certificate that the server saw, or a failure. */
type Outcome = { readonly client: string | undefined } | { readonly failure: Partial<Failure> };

const refused: Outcome = { failure: { kind: "unreachable", code: "tls" } };
/** Node's server does not say what it has against a certificate; `mutualTls.test.ts` asks one that does. */
const closed: Outcome = { failure: { kind: "unreachable", code: "reset" } };

const cases: readonly {
  readonly title: string;
  readonly server?: string;
  readonly options?: ServerOptions;
  readonly tls: Partial<TlsOptions>;
  readonly secrets?: NetworkPathSecrets;
  readonly expected: Outcome;
}[] = [
  { title: "nobody vouches for the server", tls: {}, expected: refused },
  { title: "the CA file does", tls: { caFile: ca }, expected: { client: undefined } },
  { title: "the CA file is of another authority", tls: { caFile: tlsFixture("otherCa.pem") }, expected: refused },
  { title: "any certificate is accepted", tls: { insecureSkipVerify: true }, expected: { client: undefined } },
  { title: "an expired certificate", server: "expired", tls: { caFile: ca }, expected: refused },
  {
    title: "an expired certificate where any is accepted",
    server: "expired",
    tls: { caFile: ca, insecureSkipVerify: true },
    expected: { client: undefined },
  },
  { title: "a certificate for another name", server: "named", tls: { caFile: ca }, expected: refused },
  {
    title: "a certificate for the name that is expected",
    server: "named",
    tls: { caFile: ca, serverName: "prometheus.internal" },
    expected: { client: undefined },
  },
  {
    title: "a certificate without the name that is expected",
    tls: { caFile: ca, serverName: "prometheus.internal" },
    expected: refused,
  },
  {
    title: "an address is expected",
    tls: { caFile: ca, serverName: "127.0.0.1" },
    expected: { client: undefined },
  },
  { title: "another address is expected", tls: { caFile: ca, serverName: "127.0.0.2" }, expected: refused },
  {
    title: "the server's own certificate is believed",
    tls: { caFile: tlsFixture("server.pem") },
    expected: { client: undefined },
  },
  {
    title: "the server wants a certificate and there is none",
    options: wantsClient,
    tls: { caFile: ca },
    expected: refused,
  },
  {
    title: "the server wants a certificate and gets it",
    options: wantsClient,
    tls: { caFile: ca, ...ownCertificate },
    expected: { client: "Client" },
  },
  {
    title: "the server wants a certificate and gets one of another authority",
    options: wantsClient,
    tls: { caFile: ca, certFile: tlsFixture("strangeClient.pem"), keyFile: tlsFixture("strangeClient.key.pem") },
    expected: closed,
  },
  {
    title: "over TLS 1.2 the server wants a certificate and there is none",
    options: { ...wantsClient, maxVersion: "TLSv1.2" },
    tls: { caFile: ca },
    expected: refused,
  },
  {
    title: "the key is encrypted",
    options: wantsClient,
    tls: { caFile: ca, ...ownCertificate, keyFile: tlsFixture("client.encrypted.pem") },
    secrets: { keyPassphrase: async () => fixturePassphrase },
    expected: { client: "Client" },
  },
  {
    title: "the key is encrypted and the passphrase wrong",
    options: wantsClient,
    tls: { caFile: ca, ...ownCertificate, keyFile: tlsFixture("client.encrypted.pem") },
    secrets: { keyPassphrase: async () => "wrong" },
    expected: { failure: { kind: "pemFile", role: "keyFile", problem: "passphraseWrong" } },
  },
  {
    title: "a file is missing",
    tls: { caFile: "/nowhere/ca.pem" },
    expected: { failure: { kind: "pemFile", role: "caFile", problem: "notFound", file: "/nowhere/ca.pem" } },
  },
];

describe("https", () => {
  for (const { title, server: name = "server", options = {}, tls, secrets, expected } of cases) {
    test(title, async () => {
      await using server = await startSecureServer(name, options);
      using source = sourceWith(server.origin, tls, secrets);
      if ("client" in expected) {
        await ask(source);
        assert.deepEqual(server.clients, [expected.client]);
        return;
      }
      const failure = await failureFrom(ask(source));
      assert.partialDeepStrictEqual(failure, expected.failure);
      assert.deepEqual(server.clients, []);
    });
  }

  test("a variable of the environment makes no certificate acceptable", async () => {
    await using server = await startSecureServer("server");
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      using source = testSource(server.origin);
      assert.partialDeepStrictEqual(await failureFrom(ask(source)), { kind: "unreachable", code: "tls" });
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    }
  });
});

describe("certificates that are replaced", () => {
  test("a new connection shows the new one and believes the new authority", async () => {
    await using server = await startSecureServer("server", { ...wantsClient, ca: [pem("ca.pem"), pem("otherCa.pem")] });
    let files = { "/ca": "ca.pem", "/cert": "client.pem", "/key": "client.key.pem" };
    const reader = {
      read: async (path: string) => Buffer.from(pem(files[path as keyof typeof files])),
    };
    const tls = { ...noTls, caFile: "/ca", certFile: "/cert", keyFile: "/key" };
    const { secrets: _, ...path } = networkPathOf(aProfile(server.origin, { tls }), { ...bareNetwork, files: reader });
    using source = testSource(server.origin, path);
    await ask(source);
    files = { ...files, "/cert": "strangeClient.pem", "/key": "strangeClient.key.pem" };
    await ask(source);
    files = { ...files, "/ca": "otherCa.pem" };
    assert.partialDeepStrictEqual(await failureFrom(ask(source)), { kind: "unreachable", code: "tls" });
    files = { ...files, "/ca": "ca.pem" };
    await ask(source);
    assert.deepEqual(server.clients, ["Client", "Strange client", "Strange client"]);
  });
});

describe("the machine's own authorities", () => {
  test("are read after a certificate of an unknown issuer, once, and tried once", async () => {
    await using server = await startSecureServer("server");
    let reads = 0;
    const system = async () => {
      reads++;
      return [pem("ca.pem")];
    };
    using source = sourceWith(server.origin, {}, { system });
    await ask(source);
    await ask(source);
    assert.equal(reads, 1);
    assert.deepEqual(server.clients, [undefined, undefined]);
  });

  test("are no way around a certificate that is wrong otherwise", async () => {
    await using server = await startSecureServer("expired");
    using source = sourceWith(server.origin, {}, { system: async () => [pem("ca.pem")] });
    const failure = await failureFrom(ask(source));
    assert.partialDeepStrictEqual(failure, { kind: "unreachable", code: "tls" });
    assert.match(failure.kind === "unreachable" ? failure.detail : "", /expired/);
  });

  test("are not asked where the connection names its authority", async () => {
    await using server = await startSecureServer("server");
    let reads = 0;
    const system = async () => [String(reads++)];
    using source = sourceWith(server.origin, { caFile: tlsFixture("otherCa.pem") }, { system });
    await failureFrom(ask(source));
    assert.equal(reads, 0);
  });

  test("do not keep a cancelled request", async () => {
    await using server = await startSecureServer("server");
    const controller = new AbortController();
    const system = () => {
      controller.abort();
      return new Promise<never>(() => {});
    };
    using source = sourceWith(server.origin, {}, { system });
    const failure = await failureFrom(source.query({ query: "up" }, { signal: controller.signal }));
    assert.deepEqual(failure, { kind: "cancelled" });
  });
});
