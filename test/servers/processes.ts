import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A port on loopback that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  server.close();
  await once(server, "close");
  return address.port;
}

const running = new Set<ChildProcess>();
const folders = new Set<string>();

function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

process.on("exit", killAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => process.exit(signal === "SIGINT" ? 130 : 143));
}

/** A temporary folder, removed when this process ends. */
export function temporaryFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `promql-workbench-${purpose}-`));
  folders.add(folder);
  return folder;
}

/** A program under way, ended with this process at the latest. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly logFile: string;
  stop(): Promise<void>;
}

/** Starts a program with its output in `logFile`. */
export function startProgram(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly logFile: string },
): RunningProgram {
  const { logFile, ...spawnOptions } = options;
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...spawnOptions });
  running.add(child);
  const log = createWriteStream(logFile, { flags: "a" });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  }).then(() => {
    running.delete(child);
  });
  return {
    child,
    logFile,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Asks `url` until it answers with a status below 400 (or any, if `anyStatus`); fails if the program ends or time runs out. */
export async function waitForHttp(
  url: string,
  program: RunningProgram,
  {
    timeoutMs = 60_000,
    anyStatus = false,
    headers = {},
  }: {
    readonly timeoutMs?: number;
    readonly anyStatus?: boolean;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (program.child.exitCode !== null)
      throw new Error(`${program.child.spawnfile} ended early, see ${program.logFile}`);
    try {
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(2000) });
      await response.arrayBuffer();
      if (anyStatus || response.status < 400) return;
    } catch {
      // Not up yet.
    }
    if (Date.now() > deadline) throw new Error(`${url} did not answer within ${timeoutMs} ms, see ${program.logFile}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
