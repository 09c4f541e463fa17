import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureSystemPackages, findChromium, findProgram } from "../servers/binaries.ts";
import { ensureNpmProgram, type NpmProgram, npmFolder } from "../servers/npmPackages.ts";
import { freePort, type RunningProgram, startProgram, waitForHttp } from "../servers/processes.ts";

/** VS Code's own server and workbench as an npm package; this release carries VS Code 1.139.1. */
const program = {
  name: "code-server",
  version: "4.139.1",
  file: "out/node/entry.js",
  node: process.execPath,
  notice: "Installing VS Code for the browser into .vscode-test (once, about two minutes) ...",
} satisfies NpmProgram;

/** Settings of a quiet host: no welcome page, no telemetry, no look-ups, nothing that pops up. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "window.menuBarVisibility": "compact",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** Installs code-server into the ignored cache once (about 100 s, 620 MB), built against this Node. */
function ensureCodeServer(): string {
  if (existsSync(npmFolder(program))) return ensureNpmProgram(program);
  ensureSystemPackages([
    { package: "g++", isThere: () => findProgram("g++") !== undefined },
    { package: "make", isThere: () => findProgram("make") !== undefined },
    { package: "python3", isThere: () => findProgram("python3") !== undefined },
    { package: "libkrb5-dev", isThere: hasKerberosHeaders },
  ]);
  if (Number(process.versions.node.split(".")[0]) !== 24) {
    throw new Error(`VS Code in a browser needs Node 24 exactly; this is ${process.version}.`);
  }
  return ensureNpmProgram(program);
}

function hasKerberosHeaders(): boolean {
  return ["/usr/include/gssapi/gssapi.h", "/usr/include/gssapi.h", "/usr/local/include/gssapi/gssapi.h"].some(
    existsSync,
  );
}

/** The browser that shows VS Code here; installed as root where it is missing. */
export function ensureChromium(): string {
  ensureSystemPackages([{ package: "chromium", isThere: () => findChromium() !== undefined }]);
  const found = findChromium();
  if (found === undefined) throw new Error("Chromium is needed: apt-get install chromium");
  return found;
}

/** Arguments of a Chromium that talks to nobody but us. */
export const chromiumArguments: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface CodeServerOptions {
  readonly userDataDir: string;
  readonly extensionsDir: string;
  /** Restricted Mode can be tested only with trust switched on. */
  readonly workspaceTrust?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** A fixed port; a free one if absent. */
  readonly port?: number;
}

/** VS Code in a server on loopback; open `url` in a browser. */
export interface CodeServer {
  /** `http://localhost:PORT`; the name must be `localhost`, since it is also the remote authority. */
  readonly url: string;
  readonly authority: string;
  readonly program: RunningProgram;
  stop(): Promise<void>;
}

/** Writes `User/settings.json` unless there is one already. */
export function writeUserSettings(userDataDir: string, settings: Readonly<Record<string, unknown>> = {}): void {
  const path = join(userDataDir, "User", "settings.json");
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ ...quietSettings, ...settings }, null, 2)}\n`);
}

/** Starts VS Code's server with its own user-data and extensions folders. */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const script = ensureCodeServer();
  const port = options.port ?? (await freePort());
  mkdirSync(options.extensionsDir, { recursive: true });
  writeUserSettings(options.userDataDir);
  const program = startProgram(
    process.execPath,
    [
      script,
      ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check"],
      ...(options.workspaceTrust === true ? [] : ["--disable-workspace-trust"]),
      ...["--config", join(options.userDataDir, "code-server.yaml"), "--ignore-last-opened"],
      ...["--user-data-dir", options.userDataDir, "--extensions-dir", options.extensionsDir],
      ...["--vscode-option", "enable-smoke-test-driver"],
    ],
    { logFile: join(options.userDataDir, "code-server.log"), env: { ...process.env, ...options.env } },
  );
  const authority = `localhost:${port}`;
  await waitForHttp(`http://127.0.0.1:${port}/healthz`, program);
  return { url: `http://${authority}`, authority, program, stop: () => program.stop() };
}

/** Installs a VSIX into an extensions folder, as a user would. */
export function installExtension(
  vsix: string,
  options: { readonly userDataDir: string; readonly extensionsDir: string },
): void {
  const script = ensureCodeServer();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      script,
      ...["--config", join(options.userDataDir, "code-server.yaml")],
      ...[
        "--user-data-dir",
        options.userDataDir,
        "--extensions-dir",
        options.extensionsDir,
        "--install-extension",
        vsix,
      ],
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`Installing ${vsix} failed: ${stdout}${stderr}`);
  if (readdirSync(options.extensionsDir).length === 0)
    throw new Error(`${vsix} left nothing in ${options.extensionsDir}`);
}

/** The address of a workbench with `folder` open and, if given, an extension under development and its tests. */
export function workbenchUrl(
  server: CodeServer,
  params: {
    readonly folder: string;
    readonly extensionDevelopmentPath?: string;
    readonly extensionTestsPath?: string;
    readonly openFile?: string;
  },
): string {
  const remote = (path: string) => `vscode-remote://${server.authority}${path}`;
  const payload: [string, string][] = [["skipWelcome", "true"]];
  if (params.extensionDevelopmentPath !== undefined) {
    payload.push(["extensionDevelopmentPath", remote(params.extensionDevelopmentPath)]);
  }
  if (params.extensionTestsPath !== undefined) payload.push(["extensionTestsPath", remote(params.extensionTestsPath)]);
  if (params.openFile !== undefined) payload.push(["openFile", remote(params.openFile)]);
  const query = new URLSearchParams({ folder: params.folder, payload: JSON.stringify(payload) });
  return `${server.url}/?${query}`;
}
