import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverBinary } from "./binaries.ts";
import { freePort, startProgram, temporaryFolder, waitForHttp } from "./processes.ts";
import type { RunningServer } from "./prometheus.ts";
import { credentials } from "./systemGateways.ts";

/** Debian's vmauth on a free loopback port in front of `upstream`; it lets in a user and a token. */
export async function startVmauth(upstream: string): Promise<RunningServer> {
  const port = await freePort();
  const folder = temporaryFolder("vmauth");
  const { username, password, token } = credentials.vmauth;
  const users = [
    { username, password, url_prefix: upstream },
    { bearer_token: token, url_prefix: upstream },
  ];
  // JSON is YAML, which spares us a writer.
  writeFileSync(join(folder, "auth.yml"), JSON.stringify({ users }));
  const program = startProgram(
    serverBinary("vmauth"),
    [`-auth.config=${join(folder, "auth.yml")}`, `-httpListenAddr=127.0.0.1:${port}`, "-loggerLevel=WARN"],
    { logFile: join(folder, "log.txt") },
  );
  const url = `http://127.0.0.1:${port}`;
  await waitForHttp(`${url}/health`, program);
  return { url, port, stop: () => program.stop() };
}
