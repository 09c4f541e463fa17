import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startSecureServer, tlsFixture } from "../../support/certificates.ts";

const sources = new URL("../../support/sources.ts", import.meta.url).href;
/** Holds folders alone, no certificate. */
const fixtures = fileURLToPath(new URL("../../fixtures", import.meta.url));

/** Runs in a process of its own, for the machine's authorities are read once a process. */
const probe = `
  const { testSource, failureFrom, neverAborted } = await import(${JSON.stringify(sources)});
  const tls = await import("node:tls");
  const before = tls.getCACertificates("default").length;
  using source = testSource(process.argv[1]);
  const work = source.query({ query: "up" }, { signal: neverAborted() }).then(() => "answered", (error) => JSON.stringify(error.failure));
  console.log(await work);
  console.log(tls.getCACertificates("default").length === before);
`;

/** What the machine trusts is the file that OpenSSL's variable names; Windows and macOS have stores of their own. */
const canBeReplaced = process.platform === "linux";

for (const [title, file, expected] of [
  ["what this machine trusts is trusted, and nobody else's defaults are changed", "ca.pem", /^answered\ntrue$/],
  ["what it does not trust is not", "otherCa.pem", /"code":"tls".*\ntrue$/],
] as const) {
  test(title, { skip: canBeReplaced ? false : "the store cannot be replaced here" }, async () => {
    await using server = await startSecureServer("server");
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", probe, server.origin],
      {
        cwd: fileURLToPath(new URL("../../..", import.meta.url)),
        env: { ...process.env, SSL_CERT_FILE: tlsFixture(file), SSL_CERT_DIR: fixtures },
      },
    );
    assert.match(stdout.trim(), expected);
  });
}
