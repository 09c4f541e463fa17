import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { TlsOptions } from "../../../src/connections/profile.ts";
import { readTlsMaterial } from "../../../src/connections/tlsMaterial.ts";
import { describeFailure } from "../../../src/host/failureMessage.ts";
import { NodeFileReader } from "../../../src/host/nodeFileReader.ts";
import type { PemProblem, PemRole } from "../../../src/shared/errors.ts";
import { fixturePassphrase, pem, tlsFixture } from "../../support/certificates.ts";
import { failureFrom, neverAborted } from "../../support/sources.ts";

const none: TlsOptions = { caFile: "", certFile: "", keyFile: "", serverName: "", insecureSkipVerify: false };
let folder = "";

/** Without some of what is between its first and last line. */
const damaged = (name: string) => pem(name).replace(/\n[A-Za-z0-9+/]{8}/, "\n");

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "promql-pem-"));
  await writeFile(join(folder, "text.pem"), "not a certificate");
  await writeFile(join(folder, "empty.pem"), "");
  await writeFile(join(folder, "broken.pem"), damaged("ca.pem"));
  await writeFile(join(folder, "big.pem"), pem("ca.pem") + " ".repeat(1024 * 1024));
  await writeFile(join(folder, "bundle.pem"), `# two of them\n${pem("ca.pem")}\n${pem("otherCa.pem")}`);
  await writeFile(join(folder, "brokenBundle.pem"), pem("ca.pem") + damaged("otherCa.pem"));
});

after(() => rm(folder, { recursive: true, force: true }));

function read(tls: Partial<TlsOptions>, passphrase?: string) {
  let asked = 0;
  const keyPassphrase = async () => {
    asked++;
    return passphrase;
  };
  const work = readTlsMaterial(
    { ...none, ...tls },
    { files: new NodeFileReader(), keyPassphrase },
    { signal: neverAborted() },
  );
  return { work, asked: () => asked };
}

const inFolder = (name: string) => join(folder, name);
const client = { certFile: tlsFixture("client.pem"), keyFile: tlsFixture("client.key.pem") };

test("without files there is nothing to show, and nobody is asked", async () => {
  const { work, asked } = read({});
  assert.deepEqual(await work, {
    ca: undefined,
    cert: undefined,
    key: undefined,
    passphrase: undefined,
    serverName: undefined,
    rejectUnauthorized: true,
  });
  assert.equal(asked(), 0);
});

test("everything that is named is read", async () => {
  const { work, asked } = read(
    {
      caFile: inFolder("bundle.pem"),
      ...client,
      keyFile: tlsFixture("client.encrypted.pem"),
      serverName: "prometheus.internal",
      insecureSkipVerify: true,
    },
    fixturePassphrase,
  );
  assert.deepEqual(await work, {
    ca: `# two of them\n${pem("ca.pem")}\n${pem("otherCa.pem")}`,
    cert: pem("client.pem"),
    key: pem("client.encrypted.pem"),
    passphrase: fixturePassphrase,
    serverName: "prometheus.internal",
    rejectUnauthorized: false,
  });
  assert.equal(asked(), 1);
});

test("a passphrase is not asked for where the key needs none", async () => {
  const { work, asked } = read(client, "unused");
  assert.equal((await work).passphrase, undefined);
  assert.equal(asked(), 0);
});

describe("what is wrong is said with its file", () => {
  const cases: readonly {
    readonly title: string;
    readonly tls: () => Partial<TlsOptions>;
    readonly passphrase?: string;
    readonly role: PemRole;
    readonly problem: PemProblem;
  }[] = [
    { title: "no such file", tls: () => ({ caFile: inFolder("none.pem") }), role: "caFile", problem: "notFound" },
    { title: "a folder", tls: () => ({ caFile: folder }), role: "caFile", problem: "unreadable" },
    { title: "too large", tls: () => ({ caFile: inFolder("big.pem") }), role: "caFile", problem: "tooLarge" },
    { title: "plain text", tls: () => ({ caFile: inFolder("text.pem") }), role: "caFile", problem: "notPem" },
    { title: "empty", tls: () => ({ caFile: inFolder("empty.pem") }), role: "caFile", problem: "notPem" },
    {
      title: "a damaged certificate",
      tls: () => ({ caFile: inFolder("broken.pem") }),
      role: "caFile",
      problem: "notPem",
    },
    {
      title: "a damaged one among others",
      tls: () => ({ caFile: inFolder("brokenBundle.pem") }),
      role: "caFile",
      problem: "notPem",
    },
    {
      title: "a key in place of the certificate",
      tls: () => ({ ...client, certFile: client.keyFile }),
      role: "certFile",
      problem: "notPem",
    },
    {
      title: "a certificate in place of the key",
      tls: () => ({ ...client, keyFile: client.certFile }),
      role: "keyFile",
      problem: "notPem",
    },
    {
      title: "the key of another certificate",
      tls: () => ({ ...client, keyFile: tlsFixture("strangeClient.key.pem") }),
      role: "keyFile",
      problem: "keyMismatch",
    },
    {
      title: "no passphrase",
      tls: () => ({ ...client, keyFile: tlsFixture("client.encrypted.pem") }),
      role: "keyFile",
      problem: "passphraseMissing",
    },
    {
      title: "another passphrase",
      tls: () => ({ ...client, keyFile: tlsFixture("client.encrypted.pem") }),
      passphrase: "a-secret-guess",
      role: "keyFile",
      problem: "passphraseWrong",
    },
  ];
  for (const { title, tls, passphrase, role, problem } of cases) {
    test(title, async () => {
      const options = tls();
      const failure = await failureFrom(read(options, passphrase).work);
      assert.partialDeepStrictEqual(failure, { kind: "pemFile", role, problem, file: options[role] });
      const { title: said, detail, next } = describeFailure(failure, { server: "Production" });
      assert.match(said, new RegExp(`tls\\.${role}`));
      assert.ok(detail.includes(options[role] ?? "?"));
      assert.match(next, /\.$/);
      assert.doesNotMatch(JSON.stringify(failure), /a-secret-guess|BEGIN/);
    });
  }
});

test("cancelled while a file is read", async () => {
  const controller = new AbortController();
  controller.abort(new Error("cancelled by the test"));
  const files = new NodeFileReader();
  const work = readTlsMaterial(
    { ...none, caFile: tlsFixture("ca.pem") },
    { files, keyPassphrase: async () => undefined },
    {
      signal: controller.signal,
    },
  );
  await assert.rejects(work, /cancelled by the test/);
});
