import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder } from "./binaries.ts";

/** A program from npm that tests need and the extension does not: it is no dependency, and is fetched once. */
export interface NpmProgram {
  readonly name: string;
  readonly version: string;
  /** The file of the package that is used; its presence says that the package is whole. */
  readonly file: string;
  /** The Node that install scripts run on and native modules are built for; absent: no script runs. */
  readonly node?: string;
  /** Said before the first installation, if it takes long. */
  readonly notice?: string;
}

/** The folder of a program in the ignored cache. */
export function npmFolder({ name, version }: Pick<NpmProgram, "name" | "version">): string {
  return join(cacheFolder, `${name}-${version}`);
}

/** Path of the program's file, installed into the ignored cache where it is missing. Throws with npm's own words. */
export function ensureNpmProgram({ name, version, file, node, notice }: NpmProgram): string {
  const folder = npmFolder({ name, version });
  const ready = join(folder, "node_modules", name, file);
  if (existsSync(ready)) return ready;
  if (notice !== undefined) console.log(notice);
  const partial = `${folder}.partial-${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  writeFileSync(join(partial, "package.json"), JSON.stringify({ private: true }));
  const { status, stdout, stderr } = spawnSync(
    "npm",
    [
      ...["install", "--no-audit", "--no-fund"],
      ...(node === undefined ? ["--ignore-scripts", "--force"] : []),
      `${name}@${version}`,
    ],
    { cwd: partial, encoding: "utf8", shell: process.platform === "win32", env: environmentFor(node) },
  );
  if (status !== 0)
    throw new Error(`npm install ${name}@${version} failed:\n${stdout.slice(-2000)}\n${stderr.slice(-4000)}`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
  return ready;
}

function environmentFor(node: string | undefined): NodeJS.ProcessEnv {
  const env = withoutOuterNpm(process.env);
  if (node === undefined) return env;
  const home = dirname(dirname(node));
  return {
    ...env,
    PATH: `${dirname(node)}:${process.env["PATH"]}`,
    // Native modules are built against these headers; npm 12 wants to be told that install scripts may run.
    ...(existsSync(join(home, "include", "node")) ? { npm_config_nodedir: home } : {}),
    npm_config_dangerously_allow_all_scripts: "true",
  };
}

/** The environment without what the npm that runs this script says of its own Node, which may be an older one. */
function withoutOuterNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { npm_config_user_agent, npm_node_execpath, npm_execpath, NODE, ...rest } = env;
  return rest;
}

/** The Node of the oldest VS Code that the extension supports, whatever Node runs the tests. */
export function oldestHostNode(): string {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const file = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  return ensureNpmProgram({ name: `node-${platform}-${process.arch}`, version: "22.19.0", file });
}
