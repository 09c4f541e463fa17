import { spawnSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

/** The project's test command: `node test/run.ts TIER...`; each step's failure ends the run with its exit code. */
const root = fileURLToPath(new URL("..", import.meta.url));

function run(title: string, command: string, args: readonly string[]): void {
  const status = statusOf(title, command, args);
  if (status !== 0) fail(title, status);
}

/**
 * As `run`, for what drives a browser or a whole VS Code, whose focus and dialogs have a timing of their own: where `CI` is set it has
 * a second try, and the end of the run names what needed it.
 */
function drive(title: string, command: string, args: readonly string[]): void {
  let status = statusOf(title, command, args);
  if (status !== 0 && process.env["CI"] === "true") {
    console.error(`${title}: failed, once more`);
    status = statusOf(`${title}, once more`, command, args);
    if (status === 0) onlySecondTry.push(title);
  }
  if (status !== 0) fail(title, status);
}

const onlySecondTry: string[] = [];

function statusOf(title: string, command: string, args: readonly string[]): number {
  console.log(`\n== ${title}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (error !== undefined) throw error;
  return status ?? 1;
}

function fail(title: string, status: number): never {
  console.error(`${title}: failed`);
  process.exit(status);
}

function tool(path: string, ...args: string[]): [string, string[]] {
  return [process.execPath, [`node_modules/${path}`, ...args]];
}

const files = (pattern: string): string[] => globSync(pattern, { cwd: root }).sort();

/** Biome's program for this machine: installed where npm has it, else the one on PATH. */
function biome(): string {
  const name = process.platform === "win32" ? "biome.exe" : "biome";
  const installed = `${root}node_modules/@biomejs/cli-${process.platform}-${process.arch}/${name}`;
  return existsSync(installed) ? installed : name;
}

/** How many test files run at a time: they wait for timers, sockets and pages most of their time. */
const together = Math.max(2, availableParallelism());

const tiers: Record<string, () => void> = {
  check() {
    run("format and lint", biome(), ["check", "--config-path=.config", "."]);
    for (const project of ["src", "media", "test"])
      run(`types of ${project}/`, ...tool("typescript/bin/tsc", "-p", project));
  },
  format() {
    run("format", biome(), ["check", "--config-path=.config", "--write", "."]);
  },
  build() {
    run("build", process.execPath, ["esbuild.js", "--production"]);
  },
  unit() {
    run("unit and meta tests", process.execPath, [
      ...["--test", "--test-reporter=dot", `--test-concurrency=${together}`],
      ...files("test/unit/**/*.test.ts"),
      ...files("test/meta/**/*.test.ts"),
    ]);
  },
  webview() {
    drive("webview tests in Chromium", process.execPath, [
      ...["--test", `--test-concurrency=${together}`],
      ...files("test/webview/*.test.ts"),
    ]);
  },
  host() {
    tiers["build"]?.();
    drive("host tests in VS Code", process.execPath, ["test/host/runHost.ts"]);
  },
  package() {
    run("package", process.execPath, ["test/package.ts"]);
  },
  e2e() {
    for (const file of files("test/e2e/*.test.ts"))
      drive(`end to end in VS Code in a browser: ${file}`, process.execPath, ["--test", file]);
  },
  bench() {
    run("benchmarks", process.execPath, ["test/bench/run.ts"]);
    tiers["build"]?.();
    run("cold start", process.execPath, ["test/host/runHost.ts", "test/bench/*.host.ts"]);
  },
  all() {
    for (const name of ["check", "unit", "webview", "host", "e2e"]) tiers[name]?.();
    console.log("\nAll tests passed.");
    for (const title of onlySecondTry) console.log(`Only the second time: ${title}`);
  },
};

if (Number(process.versions.node.split(".")[0]) < 22) {
  console.error(`Node 24 is needed and comes with "npm ci" on Linux and Windows; this is ${process.version}.`);
  process.exit(1);
}

for (const name of process.argv.slice(2)) {
  const tier = tiers[name];
  if (tier === undefined) throw new Error(`Unknown tier ${name}; known: ${Object.keys(tiers).join(", ")}`);
  tier();
}
