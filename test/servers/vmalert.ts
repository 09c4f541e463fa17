import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { serverBinary } from "./binaries.ts";
import { startProgram, temporaryFolder, waitForHttp } from "./processes.ts";
import type { RunningServer } from "./prometheus.ts";

/**
 * Debian's vmalert on `port` (its datasource's proxy has to know it first), evaluating groups of rules every second. It notifies
 * nobody. Waits until each rule was evaluated once.
 */
export async function startVmalert({
  datasource,
  groups,
  port,
}: {
  readonly datasource: string;
  readonly groups: readonly unknown[];
  readonly port: number;
}): Promise<RunningServer> {
  const folder = temporaryFolder("vmalert");
  // JSON is YAML, which spares us a writer.
  writeFileSync(join(folder, "rules.yml"), JSON.stringify({ groups }));
  const program = startProgram(
    serverBinary("vmalert"),
    [
      `-rule=${join(folder, "rules.yml")}`,
      `-datasource.url=${datasource}`,
      `-remoteWrite.url=${datasource}`,
      // It wants one, and says in its log only that nobody is there.
      "-notifier.url=http://127.0.0.1:1",
      "-evaluationInterval=1s",
      `-httpListenAddr=127.0.0.1:${port}`,
      "-loggerLevel=ERROR",
    ],
    { logFile: join(folder, "log.txt"), cwd: folder },
  );
  const url = `http://127.0.0.1:${port}`;
  await waitForHttp(`${url}/health`, program);
  await allEvaluated(url);
  return { url, port, stop: () => program.stop() };
}

async function allEvaluated(url: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const response = await fetch(`${url}/api/v1/rules`);
    const { data } = (await response.json()) as { data: { groups: { rules: { lastEvaluation: string }[] }[] } };
    const rules = data.groups.flatMap((group) => group.rules);
    if (rules.every(({ lastEvaluation }) => Date.parse(lastEvaluation) > 0)) return;
    if (Date.now() > deadline) throw new Error(`${url} does not evaluate its rules`);
    await pause(100);
  }
}
