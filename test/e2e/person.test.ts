import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type CodeServer, installExtension, startCodeServer, writeUserSettings } from "../host/codeServer.ts";
import { packageExtension } from "../package.ts";
import { cacheFolder } from "../servers/binaries.ts";
import { startGateway } from "../servers/gateway.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { startNodeExporter, startPrometheus, waitForSeries } from "../servers/prometheus.ts";
import { startRecordingProxy } from "../servers/recordingProxy.ts";
import { Workbench } from "./workbench.ts";

/*
 * A person's first quarter of an hour: the packaged extension, installed in a clean VS Code, against a real Prometheus
 * behind a real gateway with a password. Pictures of every step stand in the ignored folder `.vscode-test/pictures`.
 */
const root = fileURLToPath(new URL("../..", import.meta.url));
const pictures = join(cacheFolder, "pictures");

async function until(isTrue: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("a person with a clean VS Code", { timeout: 480_000 }, () => {
  let server: CodeServer;
  let userDataDir: string;
  let workbench: Workbench;
  let gateway: Awaited<ReturnType<typeof startGateway>>;
  let proxy: Awaited<ReturnType<typeof startRecordingProxy>>;
  let exporter: Awaited<ReturnType<typeof startNodeExporter>>;
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>;

  before(async () => {
    const vsix = await packageExtension();
    exporter = await startNodeExporter();
    prometheus = await startPrometheus({ jobs: { node: [`127.0.0.1:${exporter.port}`] } });
    proxy = await startRecordingProxy(prometheus.url);
    gateway = await startGateway(proxy.url);
    await waitForSeries(prometheus, "up", 2);
    const folder = temporaryFolder("e2e");
    const workspace = join(folder, "workspace");
    mkdirSync(workspace);
    cpSync(join(root, "media/samples"), workspace, { recursive: true });
    mkdirSync(join(workspace, ".vscode"));
    writeFileSync(
      join(workspace, ".vscode", "settings.json"),
      JSON.stringify({ "promqlWorkbench.suggestedConnections": [{ name: "team", url: proxy.url, color: "purple" }] }),
    );
    writeFileSync(join(workspace, "team.promql"), "# @connection team\n\n# %% Answer\n40 + 2\n");
    writeFileSync(
      join(workspace, "person.promql"),
      [
        "# %% Start",
        'process_start_time_seconds{job="prometheus"}',
        "",
        "# %% Requests",
        "rate(prometheus_http_requests_total[30s])",
        "",
        "# %% Slow",
        'count({__name__=~".+", slow=""})',
        "",
        "# %% Wrong",
        "sum(rate(üü_total[5m]) by (job)",
        "",
      ].join("\n"),
    );
    userDataDir = join(folder, "user-data");
    const extensionsDir = join(folder, "extensions");
    writeUserSettings(userDataDir);
    installExtension(vsix, { userDataDir, extensionsDir });
    server = await startCodeServer({ userDataDir, extensionsDir });
    workbench = await Workbench.open(server, { folder: workspace, pictures });
  });

  after(async () => {
    await workbench?.picture("99-end");
    await workbench?.close();
    await Promise.all([server, gateway, proxy, prometheus, exporter].map((one) => one?.stop()));
  });

  test("adds a connection with a password, which is tested before it is saved", async () => {
    await workbench.command("PromQL: Add Connection");
    await workbench.asked("1/5");
    await workbench.answer(`${gateway.url}/basic/api/v1`);
    await workbench.asked("2/5");
    await workbench.answer("Behind the gateway");
    await workbench.asked("The server asks for nothing");
    await workbench.picture("01-sign-in");
    await workbench.pick("Basic");
    await workbench.asked("User name");
    await workbench.answer(gateway.username);
    await workbench.asked("Password");
    await workbench.answer("not the password");
    await workbench.pick("Test, without further headers");
    await workbench.asked("Correct It");
    await workbench.picture("02-wrong-password");
    await workbench.pick("Correct It");
    await workbench.asked("Password");
    await workbench.answer(gateway.password);
    await workbench.pick("Test, without further headers");
    await workbench.asked("Save");
    await workbench.picture("03-answers");
    await workbench.pick("Save");
    await workbench.page.waitForTimeout(1500);
    await workbench.picture("04-saved");
    await workbench.quickInput.waitFor({ state: "hidden" });
    assert.ok(proxy.requests.some(({ body, path }) => `${path}${body}`.includes("1%2B1")));
    await workbench.page.locator('.activitybar [aria-label^="PromQL"]').first().click();
    await workbench.page.locator(".pane-body .monaco-list-row", { hasText: "Behind the gateway" }).waitFor();
    await workbench.picture("05-connections");
  });

  test("opens a file, runs a block and reads what the server says", async () => {
    await workbench.openFile("person.promql");
    await workbench.theme("Dark Modern");
    await workbench.goToLine(2);
    await workbench.page.keyboard.press("Control+Enter");
    const { webview } = workbench;
    await webview.locator("#tab-table").click();
    const shown = webview.locator(".rows-body .row .cell-number").first();
    await shown.waitFor();
    const query = encodeURIComponent('process_start_time_seconds{job="prometheus"}');
    const response = await fetch(`${prometheus.url}/api/v1/query?query=${query}`);
    const body = (await response.json()) as { data: { result: [{ value: [number, string] }] } };
    assert.equal(await shown.textContent(), body.data.result[0].value[1]);
    assert.match((await webview.locator(".server").textContent()) ?? "", /Behind the gateway/);
    await workbench.picture("05-value");
  });

  test("sees rates as a chart, zooms, and sorts the table", async () => {
    await workbench.page.locator(".tab", { hasText: "person.promql" }).first().click();
    await workbench.goToLine(5);
    await workbench.page.keyboard.press("Shift+Enter");
    const { webview } = workbench;
    await webview.locator(".query", { hasText: "rate(prometheus_http_requests_total" }).waitFor();
    await webview.locator("#tab-chart").click();
    await webview.locator(".plot canvas").waitFor();
    await webview.locator(".legend .rows-body .row").first().waitFor();
    await webview.locator("select[aria-label=Range]").selectOption("5m");
    await webview.locator(".facts", { hasText: "range: " }).waitFor();
    const asked = () => proxy.requests.filter(({ path }) => path.includes("query_range")).length;
    const askedBefore = asked();
    await webview.getByRole("button", { name: "Run", exact: true }).click();
    await until(() => asked() > askedBefore, "the Run button's request");
    await webview.getByLabel("From").fill("now-7m");
    await webview.getByLabel("From").press("Enter");
    await until(() => asked() > askedBefore + 1, "the request of Enter in From");
    // The run that this started brings its own choices back into the controls.
    await workbench.page.waitForTimeout(1000);
    await webview.getByLabel("From").fill("yesterday");
    await webview.getByLabel("From").press("Enter");
    await webview.getByText("From: write now, now-6h").waitFor();
    await webview.locator("select[aria-label=Range]").selectOption("5m");
    await workbench.page.waitForTimeout(1500);
    await workbench.picture("06-chart-dark");
    const over = await webview.locator(".u-over").boundingBox();
    assert.ok(over !== null);
    await workbench.page.mouse.move(over.x + over.width * 0.5, over.y + 50);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(over.x + over.width * 0.9, over.y + 60, { steps: 5 });
    await workbench.page.mouse.up();
    await webview.getByText("Query this range").waitFor();
    await workbench.picture("07-zoomed");
    await webview.getByText("Reset zoom").click();
    await webview.getByText("Reset zoom").waitFor({ state: "hidden" });
    await webview.locator("#tab-table").click();
    await webview.getByRole("button", { name: "Value", exact: true }).click();
    await webview.locator("[role=columnheader][aria-sort=descending]", { hasText: "Value" }).waitFor();
    await webview.locator(".table-view .rows-body .cell-number").first().waitFor();
    await workbench.page.waitForTimeout(500);
    const values = (await webview.locator(".table-view .rows-body .cell-number").allTextContents()).map(Number);
    assert.ok(values.length > 3);
    assert.deepEqual(
      values,
      [...values].sort((a, b) => b - a),
    );
  });

  test("exports the whole answer from the panel's menu, to where VS Code's dialog says", async () => {
    const { webview, page } = workbench;
    await webview.getByRole("button", { name: "More …" }).click();
    await workbench.picture("07b-menu");
    await webview.getByRole("menuitem", { name: "Copy as Markdown" }).click();
    await webview.getByText(/^Copied \d+ series as Markdown\.$/).waitFor();
    await webview.getByRole("button", { name: "More …" }).click();
    await webview.getByRole("menuitem", { name: "Export CSV" }).click();
    await workbench.asked("Export as CSV");
    await workbench.picture("07c-dialog");
    await page.keyboard.press("Enter");
    await page.locator(".statusbar-item .codicon-bell-dot").waitFor();
    await workbench.command("Notifications: Show Notifications");
    const said = page.locator(".notifications-center .notification-list-item", {
      hasText: /Exported \d+ series to Requests-.*\.csv/,
    });
    await said.waitFor();
    await workbench.picture("07d-exported");
    await said.hover();
    await said.getByRole("button", { name: "Open" }).click();
    await page.locator(".view-line", { hasText: "# query,rate(prometheus_http_requests_total[30s])" }).waitFor();
    await workbench.picture("07e-file");
    await workbench.command("View: Close Editor");
  });

  test("cancels a slow query, and the server is let go", async () => {
    await workbench.page.locator(".tab", { hasText: "person.promql" }).first().click();
    await workbench.goToLine(8);
    await workbench.page.keyboard.press("Control+Enter");
    const { webview } = workbench;
    await webview.getByRole("button", { name: "Cancel" }).waitFor();
    await workbench.picture("08-running");
    await webview.getByRole("button", { name: "Cancel" }).click();
    await webview.getByText("Cancelled.").waitFor();
    await workbench.page.waitForTimeout(500);
    const slow = proxy.requests.filter(({ path, body }) => `${path}${body}`.includes("slow"));
    assert.equal(slow.length, 2);
    assert.ok(slow.every(({ abandoned }) => abandoned));
  });

  test("sees an error in the panel and at its place in the text", async () => {
    await workbench.page.locator(".tab", { hasText: "person.promql" }).first().click();
    await workbench.goToLine(11);
    await workbench.page.keyboard.press("Control+Enter");
    const { webview } = workbench;
    await webview.locator(".banner-error", { hasText: "parse error" }).first().waitFor();
    await workbench.page.locator(".squiggly-error").first().waitFor();
    // The lenses follow each run, from the first look at a text on.
    await workbench.page.locator(".codelens-decoration", { hasText: "Cancelled" }).waitFor();
    await workbench.page.locator(".codelens-decoration", { hasText: "1 series" }).waitFor();
    await workbench.picture("09-error");
    assert.equal(await webview.locator(".banner-error").count(), 1);
  });

  test("adopts the connection that the workspace suggests, and sees where the first run goes", async () => {
    // Some editors begin a file with a byte order mark; adopting a connection edits it and keeps it.
    const settings = join(userDataDir, "User", "settings.json");
    writeFileSync(settings, `\ufeff${readFileSync(settings, "utf8")}`);
    await workbench.openFile("team.promql");
    await workbench.page.locator(".codelens-decoration", { hasText: "team is not set up here" }).waitFor();
    const before = proxy.requests.length;
    await workbench.page.locator(".codelens-decoration a", { hasText: "team is not set up here" }).click();
    await workbench.quickInput.locator(".monaco-list-row", { hasText: "Adopt team" }).waitFor();
    await workbench.picture("13-suggested");
    await workbench.pick("Adopt team");
    const dialog = workbench.page.locator(".monaco-dialog-box");
    await dialog.filter({ hasText: proxy.url }).waitFor();
    await workbench.picture("14-adopt");
    assert.equal(proxy.requests.length, before);
    await dialog.getByRole("button", { name: "Add Connection" }).click();
    await workbench.page.locator(".codelens-decoration", { hasText: "not set up" }).waitFor({ state: "detached" });
    await workbench.goToLine(4);
    await workbench.page.keyboard.press("Control+Enter");
    await workbench.page
      .locator(".statusbar", { hasText: `First run of team.promql here: it goes to team, ${proxy.url}` })
      .waitFor();
    await workbench.webview.locator(".server", { hasText: "team" }).waitFor();
    const text = readFileSync(join(userDataDir, "User", "settings.json"), "utf8");
    assert.match(text, /^\ufeff\{/);
    assert.match(text, /"id": "team"/);
    // The connection that was active without having been chosen stays so.
    await workbench.page.locator(".statusbar", { hasText: "Behind the gateway" }).waitFor();
    await workbench.picture("15-first-run");
  });

  test("likes it in a light and in a high-contrast theme", async () => {
    await workbench.openFile("getting-started.promql");
    await workbench.page.waitForTimeout(1000);
    await workbench.command("PromQL: Run All Queries in File");
    const { webview } = workbench;
    await webview.locator(".picker option").nth(4).waitFor({ state: "attached" });
    await webview.locator(".controls .primary", { hasText: "Run" }).waitFor();
    await webview.locator("#tab-chart").click();
    await webview.locator(".plot canvas").waitFor();
    await workbench.page.waitForTimeout(1500);
    await workbench.picture("10-all-dark");
    await workbench.theme("Light Modern");
    await workbench.page.waitForTimeout(1500);
    await workbench.picture("11-all-light");
    await workbench.theme("Dark High Contrast");
    await workbench.page.waitForTimeout(1500);
    await workbench.picture("12-all-contrast");
    assert.deepEqual(workbench.complaints, []);
  });
});
