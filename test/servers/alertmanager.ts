import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { serverBinary } from "./binaries.ts";
import { freePort, startProgram, temporaryFolder, waitForHttp } from "./processes.ts";
import type { RunningServer } from "./prometheus.ts";

/** Where Debian's program looks for its templates, whatever it is told. */
const templates = "/usr/share/prometheus/alertmanager";

/** Debian's Alertmanager on a free loopback port; it sends to nobody. */
export async function startAlertmanager(): Promise<RunningServer> {
  const port = await freePort();
  const folder = temporaryFolder("alertmanager");
  writeFileSync(
    join(folder, "alertmanager.yml"),
    JSON.stringify({ route: { receiver: "nobody" }, receivers: [{ name: "nobody" }] }),
  );
  const { command, cwd } = relocated(serverBinary("prometheus-alertmanager"), folder);
  const program = startProgram(
    command,
    [
      `--config.file=${join(folder, "alertmanager.yml")}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      // Empty: no gossip with other ones, and no second port.
      "--cluster.listen-address=",
      "--log.level=warn",
    ],
    { logFile: join(folder, "log.txt"), cwd },
  );
  const url = `http://127.0.0.1:${port}`;
  await waitForHttp(`${url}/-/ready`, program);
  return { url, port, stop: () => program.stop() };
}

/** A package that is unpacked and not installed has its templates elsewhere: a copy of the program looks where it is started. */
function relocated(binary: string, folder: string): { readonly command: string; readonly cwd: string } {
  const unpacked = join(dirname(dirname(binary)), templates.replace("/usr", ""));
  if (existsSync(templates) || !existsSync(unpacked)) return { command: binary, cwd: folder };
  const here = "./".repeat(templates.length / 2);
  const program = readFileSync(binary);
  for (let at = program.indexOf(templates); at >= 0; at = program.indexOf(templates, at)) program.write(here, at);
  const command = join(folder, "alertmanager");
  writeFileSync(command, program, { mode: 0o755 });
  return { command, cwd: unpacked };
}
