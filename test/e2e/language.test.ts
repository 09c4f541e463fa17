import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildAll } from "../../esbuild.js";
import { type CodeServer, startCodeServer, writeUserSettings } from "../host/codeServer.ts";
import { cacheFolder } from "../servers/binaries.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { startPrometheus, waitForSeries } from "../servers/prometheus.ts";
import { startRecordingProxy } from "../servers/recordingProxy.ts";
import { Workbench } from "./workbench.ts";

/* A person writes a query in VS Code, with the names of a real Prometheus, and runs none. */
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

const file = `# Requests of Prometheus itself
# @connection local

# %% Requests per second
# @var handler=/api/v1/query

`;

describe("a person writes PromQL", { timeout: 240_000 }, () => {
  let code: CodeServer;
  let workbench: Workbench;
  let proxy: Awaited<ReturnType<typeof startRecordingProxy>>;
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
  let path: string;

  const editor = () => workbench.page.locator(".editor-group-container .monaco-editor").first();
  const suggestions = () => workbench.page.locator(".suggest-widget.visible .monaco-list-row");
  const type = (text: string) => workbench.page.keyboard.type(text, { delay: 30 });
  /** Takes the suggestion with this label, by the keyboard. */
  const take = async (label: string) => {
    const row = suggestions().filter({ has: workbench.page.locator(".monaco-highlighted-label", { hasText: label }) });
    await row.first().waitFor();
    for (let i = 0; i < 30 && !(await row.first().getAttribute("class"))?.includes("focused"); i++) {
      await workbench.page.keyboard.press("ArrowDown");
    }
    await workbench.page.keyboard.press("Enter");
    // Another list may come up at once, that of a label's values.
    await row.first().waitFor({ state: "hidden" });
  };
  /** Saves, and waits until the file says what it should: VS Code empties it before it writes. */
  const saves = async (wanted: RegExp) => {
    await workbench.page.keyboard.press("Control+s");
    const deadline = Date.now() + 15_000;
    while (!wanted.test(readFileSync(path, "utf8")) && Date.now() < deadline) await workbench.page.waitForTimeout(50);
    assert.match(readFileSync(path, "utf8"), wanted);
  };
  /** Puts away what is shown over the text. */
  const putAway = async () => {
    for (let i = 0; i < 3; i++) await workbench.page.keyboard.press("Escape");
  };
  /** The place of a word of the text. */
  const word = (text: string) => editor().locator(".view-line span span", { hasText: text }).last();

  before(async () => {
    await buildAll();
    prometheus = await startPrometheus();
    proxy = await startRecordingProxy(prometheus.url);
    await waitForSeries(prometheus, "prometheus_http_requests_total", 1);
    const folder = temporaryFolder("language");
    const workspace = join(folder, "workspace");
    mkdirSync(workspace);
    path = join(workspace, "requests.promql");
    writeFileSync(path, file);
    const userDataDir = join(folder, "user-data");
    writeUserSettings(userDataDir, {
      "promqlWorkbench.connections": [
        { version: 1, id: "local", name: "Local", url: proxy.url, auth: { type: "none" } },
      ],
    });
    code = await startCodeServer({ userDataDir, extensionsDir: join(folder, "extensions") });
    workbench = await Workbench.open(code, {
      folder: workspace,
      pictures: join(cacheFolder, "pictures"),
      extensionDevelopmentPath: root,
    });
    await workbench.theme("Dark Modern");
    await workbench.openFile("requests.promql");
    // Nobody is asked for help before the extension is there.
    await workbench.page.locator(".statusbar-item", { hasText: "Local" }).first().waitFor();
    await workbench.goToLine(6);
  });

  after(async () => {
    await workbench?.picture("language-end");
    await workbench?.close();
    await Promise.all([code, proxy, prometheus].map((one) => one?.stop()));
  });

  test("is offered functions, metrics, labels and their values, and writes by them", async () => {
    await type("sum(rat");
    await suggestions().filter({ hasText: "rate" }).first().waitFor();
    await workbench.picture("language-functions");
    await take("rate");
    await type("http_requests_t");
    await suggestions().filter({ hasText: "prometheus_http_requests_total" }).first().waitFor();
    await workbench.picture("language-metrics");
    await workbench.editorPicture("writing-completion-dark");
    await take("prometheus_http_requests_total");
    await type("{han");
    // What follows a label is written with it.
    await take("handler");
    await suggestions().filter({ hasText: "/metrics" }).first().waitFor();
    await workbench.picture("language-values");
    await take("/metrics");
    await saves(/\nsum\(rate\(prometheus_http_requests_total\{handler="\/metrics"\}\)\)\n/);
  });

  test("sees what is wrong, and takes what is offered against it", async () => {
    await putAway();
    await editor().locator(".squiggly-error").first().waitFor();
    await workbench.page.keyboard.press("F8");
    await workbench.page.locator(".zone-widget", { hasText: "rate wants a range vector" }).waitFor();
    await workbench.picture("language-problem");
    await putAway();
    await workbench.theme("Light Modern");
    await workbench.page.keyboard.press("Control+.");
    const fix = workbench.page.locator(".action-widget .monaco-list-row", { hasText: "Add the range [5m]" });
    await fix.waitFor();
    await workbench.picture("language-fixes");
    await workbench.editorPicture("writing-fix-light");
    await fix.click();
    await editor().locator(".squiggly-error").first().waitFor({ state: "detached" });
    await saves(/\{handler="\/metrics"\}\[5m\]\)\)\n/);
  });

  test("reads what a metric and a function are", async () => {
    await word("prometheus_http_requests_total").hover();
    const hover = workbench.page.locator(".monaco-hover:visible", { hasText: "Counter of HTTP requests" });
    await hover.waitFor();
    await workbench.picture("language-hover");
    await workbench.theme("Dark Modern");
    await workbench.page.mouse.move(1395, 895);
    await hover.waitFor({ state: "hidden" });
    await workbench.goToLine(6);
    await type(" / histogram_quantile(");
    await workbench.page.locator(".parameter-hints-widget", { hasText: "histogram_quantile" }).waitFor();
    await workbench.picture("language-signature");
    await type("0.9, sum by (le) (rate(prometheus_http_request_duration_seconds_bucket[5m]");
  });

  test("has it laid out, in a light theme too", async () => {
    await putAway();
    await workbench.command("Format Document");
    await editor()
      .locator(".view-line", { hasText: /^\s*histogram_quantile/ })
      .first()
      .waitFor();
    await saves(/\n {2}sum\(rate\(.*\)\)\n\/\n {2}histogram_quantile\(/);
    await workbench.theme("Light Modern");
    await word("histogram_quantile").hover();
    await workbench.page.locator(".monaco-hover:visible", { hasText: "histogram_quantile" }).waitFor();
    await workbench.picture("language-light");
  });

  test("has sent no query", () => {
    const paths = proxy.requests.map(({ path: asked }) => asked);
    assert.ok(paths.length > 0, "names, labels and values were asked for");
    assert.deepEqual(
      paths.filter((asked) => /\/api\/v1\/query/.test(asked)),
      [],
    );
  });
});
