import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverBinary } from "./binaries.ts";
import { freePort, startProgram, temporaryFolder, waitForHttp } from "./processes.ts";
import type { RunningServer } from "./prometheus.ts";
import { allScraped } from "./victoriaMetrics.ts";

/** Debian's vmagent on a free loopback port, sending what it scrapes to `remoteWrite`. Waits until `active` targets were scraped. */
export async function startVmagent({
  remoteWrite,
  scrapeConfigs,
  active,
}: {
  readonly remoteWrite: string;
  readonly scrapeConfigs: readonly unknown[];
  readonly active: number;
}): Promise<RunningServer> {
  const port = await freePort();
  const folder = temporaryFolder("vmagent");
  // JSON is YAML, which spares us a writer.
  const config = { global: { scrape_interval: "1s" }, scrape_configs: scrapeConfigs };
  writeFileSync(join(folder, "scrape.yml"), JSON.stringify(config));
  const program = startProgram(
    serverBinary("vmagent"),
    [
      `-promscrape.config=${join(folder, "scrape.yml")}`,
      `-remoteWrite.url=${remoteWrite}`,
      `-remoteWrite.tmpDataPath=${join(folder, "queue")}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      "-loggerLevel=ERROR",
    ],
    { logFile: join(folder, "log.txt"), cwd: folder },
  );
  const url = `http://127.0.0.1:${port}`;
  await waitForHttp(`${url}/health`, program);
  await allScraped(url, active);
  return { url, port, stop: () => program.stop() };
}
