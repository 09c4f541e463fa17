import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { startAlertmanager } from "../servers/alertmanager.ts";
import { cacheFolder } from "../servers/binaries.ts";
import { startGateway } from "../servers/gateway.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { startNodeExporter, startPrometheus, waitForSeries } from "../servers/prometheus.ts";
import { startVictoriaMetrics } from "../servers/victoriaMetrics.ts";
import { startManyNames } from "../support/manyNames.ts";
import { sampleRules } from "../support/sampleRules.ts";
import { searchFolder } from "../support/searchFolder.ts";
import { awkwardToken, plantSecret } from "../support/secretSearch.ts";
import { writeUserSettings } from "./codeServer.ts";
import { plantedVariable, writeEnvironment } from "./environment.ts";
import { findVSCode } from "./vscode.ts";

/** Runs `test/host/*.host.ts`, or the files that the first argument names, inside real VS Code against real servers; needs a build in `dist/`. */
const root = fileURLToPath(new URL("../..", import.meta.url));
const pattern = process.argv[2] ?? "test/host/*.host.ts";
const suiteFolder = join(cacheFolder, "suite");
rmSync(suiteFolder, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ["test/host/suite.ts", ...globSync(pattern, { cwd: root })],
  outdir: suiteFolder,
  entryNames: "[name]",
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node22.19",
  external: ["vscode", "mocha"],
  sourcemap: "inline",
  logLevel: "warning",
});

const exporter = await startNodeExporter();
const jobs = { node: [`127.0.0.1:${exporter.port}`], dead: ["127.0.0.1:1"] };
const [alertmanager, victoriaMetrics] = await Promise.all([startAlertmanager(), startVictoriaMetrics({ jobs })]);
const prometheus = await startPrometheus({
  jobs: { ...jobs, shed: ["drop-a:9100"] },
  rules: sampleRules,
  alertmanager,
  relabel: [{ source_labels: ["__address__"], regex: "drop-.*", action: "drop" }],
});
const gateway = await startGateway(prometheus.url);
const manyNames = await startManyNames();
await waitForSeries(prometheus, "up", 3);
await waitForSeries(prometheus, "ALERTS", 2);

const profile = temporaryFolder("host");
const workspace = join(profile, "workspace");
mkdirSync(workspace, { recursive: true });
cpSync(join(root, "media/samples"), workspace, { recursive: true });
const userDataDir = join(profile, "user-data");
writeUserSettings(userDataDir);
const reportFile = join(profile, "report.txt");
const plantedRun = `r${process.pid}`;
const environment = writeEnvironment({
  suiteFolder,
  profile,
  plantedRun,
  reportFile,
  prometheus: prometheus.url,
  victoriaMetrics: victoriaMetrics.url,
  alertmanager: alertmanager.url,
  manyNames: manyNames.url,
  exporter: `127.0.0.1:${exporter.port}`,
  gateway: { url: gateway.url, username: gateway.username, password: gateway.password, token: gateway.token },
});
Object.assign(environment, { [plantedVariable]: plantSecret("env", plantedRun, awkwardToken).value });
Object.assign(process.env, environment);
const { executable, kind } = await findVSCode();
console.log(`Host tests in ${kind} VS Code`);
let code = 1;
try {
  code = await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: root.replace(/[\\/]$/, ""),
    extensionTestsPath: join(suiteFolder, "suite.cjs"),
    extensionTestsEnv: environment,
    launchArgs: [workspace, `--user-data-dir=${userDataDir}`, `--extensions-dir=${join(profile, "extensions")}`],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
}
// VS Code has written everything by now, its databases included. Whichever secret it is begins like this.
const anySecret = { name: "a planted secret", value: "", marks: [`m4rkA${plantedRun}`, `m4rkB${plantedRun}`] };
const { found, files } = await searchFolder(profile, [anySecret]);
console.log(`Planted secrets: ${files} files searched, ${found.length} hits`);
for (const { where, form } of found) console.error(`${where}: ${form}`);
if (found.length > 0) code = 1;
console.log(existsSync(reportFile) ? readFileSync(reportFile, "utf8") : "The suites did not start.");
process.exit(code);
