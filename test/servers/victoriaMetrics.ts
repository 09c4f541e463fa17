import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { serverBinary } from "./binaries.ts";
import { freePort, startProgram, temporaryFolder, waitForHttp } from "./processes.ts";
import { basicHeaders, type RunningServer } from "./prometheus.ts";

export interface VictoriaMetricsOptions {
  /** `job_name` to addresses; VictoriaMetrics itself is always scraped as `victoria-metrics`. */
  readonly jobs?: Readonly<Record<string, readonly string[]>>;
  /** Lines of `/api/v1/import`, stored before the start is over. */
  readonly imported?: string;
  /** What it asks everybody for, by `-httpAuth`. */
  readonly basicAuth?: { readonly username: string; readonly password: string };
  readonly args?: readonly string[];
}

/** Debian's VictoriaMetrics (single node) on a free loopback port, scraping every second, its storage in a temporary folder. */
export async function startVictoriaMetrics(options: VictoriaMetricsOptions = {}): Promise<RunningServer> {
  const port = await freePort();
  const folder = temporaryFolder("victoria-metrics");
  const jobs = Object.entries({ "victoria-metrics": [`127.0.0.1:${port}`], ...options.jobs });
  const { basicAuth, imported } = options;
  // JSON is YAML, which spares us a writer.
  writeFileSync(
    join(folder, "scrape.yml"),
    JSON.stringify({
      global: { scrape_interval: "1s" },
      scrape_configs: jobs.map(([job, targets]) => ({
        job_name: job,
        static_configs: [{ targets }],
        ...(basicAuth === undefined ? {} : { basic_auth: basicAuth }),
      })),
    }),
  );
  const program = startProgram(
    serverBinary("victoria-metrics"),
    [
      `-storageDataPath=${join(folder, "data")}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      `-promscrape.config=${join(folder, "scrape.yml")}`,
      "-retentionPeriod=1",
      // By default the newest 30 s are held back from queries, for which no test has the time.
      "-search.latencyOffset=1s",
      "-loggerLevel=WARN",
      ...(basicAuth === undefined
        ? []
        : [`-httpAuth.username=${basicAuth.username}`, `-httpAuth.password=${basicAuth.password}`]),
      ...(options.args ?? []),
    ],
    { logFile: join(folder, "log.txt"), cwd: folder },
  );
  const url = `http://127.0.0.1:${port}`;
  await waitForHttp(`${url}/health`, program);
  const headers = basicHeaders(basicAuth);
  if (imported !== undefined) await fetch(`${url}/api/v1/import`, { method: "POST", headers, body: imported });
  await allScraped(url, jobs.flatMap(([, targets]) => targets).length, headers);
  await flush(url, headers);
  return { url, port, stop: () => program.stop() };
}

/**
 * What was stored until now can be found: by itself that takes a second or more, and who asks sooner is told for ten seconds,
 * from a cache, that there are no such series.
 */
export async function flush(url: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const response = await fetch(`${url}/internal/force_flush`, { headers });
  if (!response.ok) throw new Error(`${url} does not flush: ${response.status}`);
}

/** Waits until every target of a VictoriaMetrics or a vmagent was scraped. */
export async function allScraped(
  url: string,
  count: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const response = await fetch(`${url}/api/v1/targets?state=active`, { headers });
    const { data } = (await response.json()) as { data: { activeTargets: { lastScrape: string }[] } };
    if (data.activeTargets.filter(({ lastScrape }) => Date.parse(lastScrape) > 0).length >= count) break;
    if (Date.now() > deadline) throw new Error(`${url} does not scrape`);
    await pause(100);
  }
}
