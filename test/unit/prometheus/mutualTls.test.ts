import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { defaultTlsMaterial } from "../../../src/prometheus/tlsConnector.ts";
import type { TlsMaterial } from "../../../src/shared/model/source.ts";
import { serverBinary } from "../../servers/binaries.ts";
import { freePort, type RunningProgram, startProgram, temporaryFolder } from "../../servers/processes.ts";
import { pem, tlsFixture } from "../../support/certificates.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

/*
 * A real Prometheus that wants client certificates. Unlike Node's server it says what it has against one, and as TLS 1.3
 * has it only after the handshake, when the request is on its way.
 */
let program: RunningProgram;
let origin = "";

const owned = (name: string) => ({ cert: pem(`${name}.pem`), key: pem(`${name}.key.pem`) });

function ask(changes: Partial<TlsMaterial>) {
  const tls = async () => ({ ...defaultTlsMaterial, ca: pem("ca.pem"), ...changes });
  const source = testSource(origin, { tls });
  return source.query({ query: "1+1" }, { signal: neverAborted() }).finally(() => source.dispose());
}

before(async () => {
  const folder = temporaryFolder("mutual-tls");
  const port = await freePort();
  const web = {
    tls_server_config: {
      cert_file: tlsFixture("server.pem"),
      key_file: tlsFixture("server.key.pem"),
      client_auth_type: "RequireAndVerifyClientCert",
      client_ca_file: tlsFixture("ca.pem"),
    },
  };
  // JSON is YAML.
  writeFileSync(join(folder, "web.yml"), JSON.stringify(web));
  writeFileSync(join(folder, "prometheus.yml"), "{}");
  program = startProgram(
    serverBinary("prometheus"),
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--web.config.file=${join(folder, "web.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { logFile: join(folder, "log.txt"), cwd: folder },
  );
  origin = `https://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const answered = await ask(owned("client")).then(
      () => true,
      () => false,
    );
    if (answered) return;
    assert.ok(tries < 200, "Prometheus does not start");
    await pause(100);
  }
});

after(() => program.stop());

test("a certificate of the authority that it wants is let in", async () => {
  const { data } = await ask(owned("client"));
  assert.equal(data.type, "scalar");
});

for (const [title, material] of [
  ["no certificate", {}],
  ["a certificate of another authority", owned("strangeClient")],
] as const) {
  test(`${title}: what it says of that is heard`, async () => {
    // It is a race between its word and the end of the connection.
    for (let i = 0; i < 5; i++) {
      const failure = await failureFrom(ask(material));
      assert.partialDeepStrictEqual(failure, { kind: "unreachable", code: "tls", tls: "clientCertificateWanted" });
      assert.match(failure.kind === "unreachable" ? failure.detail : "", /certificate/i);
    }
  });
}
