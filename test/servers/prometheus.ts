import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverBinary } from "./binaries.ts";
import { freePort, startProgram, temporaryFolder, waitForHttp } from "./processes.ts";

/** A server of ours on loopback. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Debian's node-exporter on a free loopback port. */
export async function startNodeExporter(): Promise<RunningServer> {
  const port = await freePort();
  const folder = temporaryFolder("node-exporter");
  const program = startProgram(serverBinary("prometheus-node-exporter"), [`--web.listen-address=127.0.0.1:${port}`], {
    logFile: join(folder, "log.txt"),
  });
  const url = `http://127.0.0.1:${port}`;
  await waitForHttp(`${url}/metrics`, program);
  return { url, port, stop: () => program.stop() };
}

export interface PrometheusOptions {
  /** `job_name` to addresses; Prometheus itself is always scraped as `prometheus`. */
  readonly jobs?: Readonly<Record<string, readonly string[]>>;
  /** `relabel_configs` of every job but Prometheus' own, as in YAML. */
  readonly relabel?: readonly unknown[];
  /** OpenMetrics text put into storage before the start, for range queries with a known answer. */
  readonly backfill?: string;
  /** Groups of a rule file, as in YAML. */
  readonly rules?: readonly unknown[];
  /** Alerts that fire are sent there. */
  readonly alertmanager?: RunningServer;
  /** Whom alone it lets in: `--web.config.file` with the password and its bcrypt hash. */
  readonly user?: { readonly username: string; readonly password: string; readonly bcrypt: string };
  readonly args?: readonly string[];
}

/** Debian's Prometheus on a free loopback port, scraping every second, its storage in a temporary folder. */
export async function startPrometheus(options: PrometheusOptions = {}): Promise<RunningServer> {
  const port = await freePort();
  const folder = temporaryFolder("prometheus");
  const jobs = Object.entries({ prometheus: [`127.0.0.1:${port}`], ...options.jobs });
  const { user } = options;
  // JSON is YAML, which spares us a writer.
  writeFileSync(
    join(folder, "prometheus.yml"),
    JSON.stringify({
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      ...(options.rules === undefined ? {} : { rule_files: ["rules.yml"] }),
      ...(options.alertmanager === undefined ? {} : { alerting: alertingTo(options.alertmanager) }),
      scrape_configs: jobs.map(([job, targets]) => ({
        job_name: job,
        static_configs: [{ targets }],
        ...(options.relabel === undefined || job === "prometheus" ? {} : { relabel_configs: options.relabel }),
        ...(user === undefined ? {} : { basic_auth: { username: user.username, password: user.password } }),
      })),
    }),
  );
  if (options.rules !== undefined) {
    writeFileSync(join(folder, "rules.yml"), JSON.stringify({ groups: options.rules }));
  }
  if (user !== undefined) {
    writeFileSync(join(folder, "web.yml"), JSON.stringify({ basic_auth_users: { [user.username]: user.bcrypt } }));
  }
  if (options.backfill !== undefined) {
    writeFileSync(join(folder, "backfill.om"), options.backfill);
    execFileSync(
      serverBinary("promtool"),
      ["tsdb", "create-blocks-from", "openmetrics", join(folder, "backfill.om"), join(folder, "data")],
      { stdio: "ignore" },
    );
  }
  const program = startProgram(
    serverBinary("prometheus"),
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      "--storage.tsdb.retention.time=10y",
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=warn",
      ...(user === undefined ? [] : [`--web.config.file=${join(folder, "web.yml")}`]),
      ...(options.args ?? []),
    ],
    { logFile: join(folder, "log.txt"), cwd: folder },
  );
  const url = `http://127.0.0.1:${port}`;
  await waitForHttp(`${url}/-/ready`, program, { headers: basicHeaders(user) });
  return { url, port, stop: () => program.stop() };
}

/** What a request to a server of ours carries that lets in only one user. */
export function basicHeaders(
  user: { readonly username: string; readonly password: string } | undefined,
): Readonly<Record<string, string>> {
  return user === undefined ? {} : { authorization: `Basic ${btoa(`${user.username}:${user.password}`)}` };
}

function alertingTo({ port }: RunningServer): unknown {
  return { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${port}`] }] }] };
}

/** Waits until `query` has an answer with at least `count` series; Prometheus begins to scrape some seconds after its start. */
export async function waitForSeries(
  server: RunningServer,
  query: string,
  count = 1,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const response = await fetch(`${server.url}/api/v1/query?query=${encodeURIComponent(query)}`, { headers });
    const body = (await response.json()) as { readonly data?: { readonly result?: readonly unknown[] } };
    if ((body.data?.result?.length ?? 0) >= count) return;
    if (Date.now() > deadline) throw new Error(`${server.url} has no ${count} series for ${query}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
