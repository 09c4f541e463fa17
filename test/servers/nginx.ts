import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverBinary } from "./binaries.ts";
import { startProgram, temporaryFolder, waitForHttp } from "./processes.ts";

export interface NginxOptions {
  /** The content of `http { }`; it may name files of the folder. */
  readonly http: string;
  /** Files that the configuration names, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Asked until it answers, with whatever status. */
  readonly firstUrl: string;
}

/** Debian's nginx with one configuration, all its files in a temporary folder. */
export async function startNginx({ http, files = {}, firstUrl }: NginxOptions): Promise<{ stop(): Promise<void> }> {
  const folder = temporaryFolder("nginx");
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${name}_temp;`,
  );
  const configuration = join(folder, "nginx.conf");
  writeFileSync(
    configuration,
    `${process.getuid?.() === 0 ? "user root;" : ""} daemon off; master_process off; pid nginx.pid; error_log stderr warn; worker_processes 1;
    events { worker_connections 256; }
    http { access_log off; ${temporary.join(" ")} ${http} }`,
  );
  const program = startProgram(serverBinary("nginx"), ["-p", folder, "-c", configuration, "-e", "stderr"], {
    logFile: join(folder, "log.txt"),
  });
  await waitForHttp(firstUrl, program, { anyStatus: true });
  return { stop: () => program.stop() };
}

/** The content of a file for `auth_basic_user_file`. */
export function basicUser(username: string, password: string): string {
  return `${username}:{SHA}${createHash("sha1").update(password).digest("base64")}\n`;
}
