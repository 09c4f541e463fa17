import { basicUser, startNginx } from "./nginx.ts";
import { freePort } from "./processes.ts";
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
  const credentials = { username: "sre", password: "correct horse: battery", token: "cqm_0123456789abcdef" };
  const url = `http://127.0.0.1:${port}`;
  const nginx = await startNginx({
    http: `
      map $http_authorization $token { default 0; "~^Bearer ${credentials.token}$" 1; }
      server {
        listen 127.0.0.1:${port};
        location = / { return 200 "gateway"; }
        location /basic/ { auth_basic "Metrics"; auth_basic_user_file users; proxy_pass ${upstream}/; }
        location /bearer/ { if ($token = 0) { return 401 "Unauthorized"; } proxy_pass ${upstream}/; }
        location /get-only/ { if ($request_method = POST) { return 405; } proxy_pass ${upstream}/; }
      }`,
    files: { users: basicUser(credentials.username, credentials.password) },
    firstUrl: `${url}/`,
  });
  return { url, port, ...credentials, stop: nginx.stop };
}
