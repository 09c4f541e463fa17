import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverBinary } from "./binaries.ts";
import { freePort, startProgram, temporaryFolder, waitForHttp } from "./processes.ts";
import type { RunningServer } from "./prometheus.ts";

/** A gateway in front of a Prometheus: basic auth at `/basic/`, a bearer token at `/bearer/`, POST refused at `/get-only/`. */
export interface Gateway extends RunningServer {
  readonly username: string;
  readonly password: string;
  readonly token: string;
}

/** nginx on a free loopback port in front of `upstream`. */
export async function startGateway(upstream: string): Promise<Gateway> {
  const port = await freePort();
  const folder = temporaryFolder("gateway");
  const credentials = { username: "sre", password: "correct horse: battery", token: "cqm_0123456789abcdef" };
  const hash = createHash("sha1").update(credentials.password).digest("base64");
  writeFileSync(join(folder, "users"), `${credentials.username}:{SHA}${hash}\n`);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${name}_temp;`,
  );
  writeFileSync(
    join(folder, "nginx.conf"),
    `${process.getuid?.() === 0 ? "user root;" : ""} daemon off; master_process off; pid nginx.pid; error_log stderr warn; worker_processes 1;
    events { worker_connections 64; }
    http {
      access_log off; ${temporary.join(" ")}
      map $http_authorization $token { default 0; "~^Bearer ${credentials.token}$" 1; }
      server {
        listen 127.0.0.1:${port};
        location = / { return 200 "gateway"; }
        location /basic/ { auth_basic "Metrics"; auth_basic_user_file ${join(folder, "users")}; proxy_pass ${upstream}/; }
        location /bearer/ { if ($token = 0) { return 401 "Unauthorized"; } proxy_pass ${upstream}/; }
        location /get-only/ { if ($request_method = POST) { return 405; } proxy_pass ${upstream}/; }
      }
    }`,
  );
  const program = startProgram(
    serverBinary("nginx"),
    ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", "stderr"],
    {
      logFile: join(folder, "log.txt"),
    },
  );
  const url = `http://127.0.0.1:${port}`;
  await waitForHttp(`${url}/`, program);
  return { url, port, ...credentials, stop: () => program.stop() };
}
