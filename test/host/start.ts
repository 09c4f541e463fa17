import { spawn } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAll } from "../../esbuild.js";
import { cacheFolder } from "../servers/binaries.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { startNodeExporter, startPrometheus } from "../servers/prometheus.ts";
import { startCodeServer, workbenchUrl, writeUserSettings } from "./codeServer.ts";
import { findVSCode } from "./vscode.ts";

/**
 * `npm start`: VS Code with the extension on sample files, connected to a local Prometheus that scrapes itself and a
 * node-exporter. Ctrl+C, or closing desktop VS Code, ends everything it started.
 */
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
await buildAll();
const exporter = await startNodeExporter();
const prometheus = await startPrometheus({ jobs: { node: [`127.0.0.1:${exporter.port}`] } });
const folder = temporaryFolder("start");
const workspace = join(folder, "samples");
cpSync(join(root, "media/samples"), workspace, { recursive: true });
const userDataDir = join(folder, "user-data");
const extensionsDir = join(cacheFolder, "start-extensions");
writeUserSettings(userDataDir, {
  // The server is a few seconds old: an hour would be an almost empty chart.
  "promqlWorkbench.query.defaultRange": "5m",
  "promqlWorkbench.connections": [
    {
      version: 1,
      id: "sample",
      name: "Sample Prometheus",
      url: prometheus.url,
      auth: { type: "none" },
      color: "green",
    },
  ],
});
const firstFile = join(workspace, "getting-started.promql");
const code = await findVSCode();
console.log(`\nPrometheus answers at ${prometheus.url}, node-exporter at ${exporter.url}.`);
if (code.kind === "desktop") {
  const options = [`--user-data-dir=${userDataDir}`, `--extensions-dir=${extensionsDir}`, "--new-window", "--wait"];
  const window = spawn(code.executable, [workspace, firstFile, ...options, `--extensionDevelopmentPath=${root}`], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  console.log("VS Code is open on the sample files. Ctrl+C ends everything.");
  window.once("exit", (status) => process.exit(status ?? 0));
} else {
  const port = process.env["PORT"];
  const server = await startCodeServer({
    userDataDir,
    extensionsDir,
    ...(port === undefined ? {} : { port: Number(port) }),
  });
  const url = workbenchUrl(server, { folder: workspace, extensionDevelopmentPath: root, openFile: firstFile });
  console.log(`\nVS Code is ready in the browser. Open\n\n  ${url}\n\nCtrl+C ends everything.`);
  openInBrowser(url);
}

/** Shows the address in the person's browser where a desktop is there to do so; the printed line is enough elsewhere. */
function openInBrowser(url: string): void {
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  if (
    process.platform === "linux" &&
    process.env["DISPLAY"] === undefined &&
    process.env["WAYLAND_DISPLAY"] === undefined
  )
    return;
  const child = spawn(opener, [url], { stdio: "ignore", detached: true });
  child.once("error", () => undefined);
  child.unref();
}
