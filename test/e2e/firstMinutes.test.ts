import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type CodeServer, startCodeServer, writeUserSettings } from "../host/codeServer.ts";
import { packageExtension } from "../package.ts";
import { cacheFolder } from "../servers/binaries.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { startNodeExporter, startPrometheus, waitForSeries } from "../servers/prometheus.ts";
import { startRecordingProxy } from "../servers/recordingProxy.ts";
import { Workbench } from "./workbench.ts";

/*
 * The first five minutes: installing the package inside VS Code, the welcome, the walkthrough and the sample runbook.
 * Nothing opens and nothing is sent before the person asks for it.
 */
const root = fileURLToPath(new URL("../..", import.meta.url));
const theme = { "workbench.colorTheme": "Dark Modern" };
const stepTitles = [
  "Connect to a server",
  "Browse its metrics",
  "Run a query",
  "Read the results",
  "Keep queries with your code",
];

describe("a person's first minutes", { timeout: 400_000 }, () => {
  let server: CodeServer;
  let workbench: Workbench;
  let proxy: Awaited<ReturnType<typeof startRecordingProxy>>;
  let exporter: Awaited<ReturnType<typeof startNodeExporter>>;
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
  let vsix: string;
  let workspace: string;

  const tabs = () => workbench.page.locator(".tabs-container .tab");
  const step = (title: string) => workbench.page.locator("button.getting-started-step", { hasText: title });
  const isDone = (title: string) => step(title).locator(".codicon.complete");
  const openWalkthrough = async () => {
    await workbench.command("Help: PromQL Workbench: Get Started");
    await step("Connect to a server").waitFor();
  };
  const openView = (name: string) => workbench.page.locator(`.activitybar [aria-label^="${name}"]`).first().click();

  /** Types a path into VS Code's own file dialog, which puts its first folder in when it has read it, typing or not. */
  const chooseFile = async (path: string, button: string) => {
    const input = workbench.quickInput.locator("input").first();
    await workbench.quickInput.getByRole("button", { name: button }).waitFor();
    for (let attempt = 0; attempt < 10; attempt++) {
      await input.fill(path);
      await workbench.page.waitForTimeout(700);
      if ((await input.inputValue()) !== path) continue;
      await workbench.page.keyboard.press("Enter");
      // On a busy machine it takes Enter for its own completion of the path, and is still there.
      const isTaken = await workbench.quickInput.waitFor({ state: "hidden", timeout: 4000 }).then(
        () => true,
        () => false,
      );
      if (isTaken) return;
    }
    throw new Error(`the dialog does not take ${path}`);
  };

  before(async () => {
    vsix = await packageExtension();
    exporter = await startNodeExporter();
    prometheus = await startPrometheus({ jobs: { node: [`127.0.0.1:${exporter.port}`] } });
    proxy = await startRecordingProxy(prometheus.url);
    await waitForSeries(prometheus, 'rate(node_cpu_seconds_total{mode="idle"}[1m])');
    const folder = temporaryFolder("first-minutes");
    workspace = join(folder, "workspace");
    mkdirSync(workspace);
    writeFileSync(join(workspace, "notes.txt"), "Nothing of ours is here.\n");
    const userDataDir = join(folder, "user-data");
    writeUserSettings(userDataDir, theme);
    server = await startCodeServer({ userDataDir, extensionsDir: join(folder, "extensions") });
    workbench = await Workbench.open(server, { folder: workspace, pictures: join(cacheFolder, "pictures") });
  });

  after(async () => {
    await workbench?.picture("first-end");
    await workbench?.close();
    await Promise.all([server, proxy, prometheus, exporter].map((one) => one?.stop()));
  });

  test("installs it inside VS Code, and nothing opens by itself", async () => {
    // Whoever has looked at VS Code's own welcome has what would open ours.
    await workbench.command("Help: Welcome");
    await tabs().first().waitFor();
    await workbench.command("View: Close All Editors");
    await workbench.command("Extensions: Install from VSIX");
    await chooseFile(vsix, "Install");
    await workbench.page.locator('.activitybar [aria-label^="PromQL"]').first().waitFor({ timeout: 60_000 });
    // VS Code opens the walkthrough of an extension a moment after it was installed, if the extension lets it.
    await workbench.page.waitForTimeout(4000);
    assert.equal(await tabs().count(), 0);
    const messages = await workbench.page.locator(".notification-list-item-message").allTextContents();
    // The one of VS Code, about what the person just did.
    assert.deepEqual(
      messages.filter((text) => !/completed installing/i.test(text)),
      [],
    );
    await workbench.command("Notifications: Clear All Notifications");
  });

  test("opens the side bar: one thing to do first, and two ways to learn", async () => {
    await openView("PromQL");
    const welcome = workbench.page.locator(".sidebar .welcome-view-content");
    await welcome.getByRole("button", { name: "Add Connection" }).waitFor();
    assert.equal(await workbench.page.locator(".sidebar .welcome-view-content .monaco-button").count(), 1);
    await workbench.picture("first-1-welcome");
    await welcome.locator("a", { hasText: "Get started" }).click();
    await step("Connect to a server").waitFor();
    await workbench.page.waitForTimeout(1500);
    await workbench.picture("walkthrough");
    assert.equal(await tabs().count(), 1);
  });

  test("reads the five steps, none of which is done yet", async () => {
    for (const [index, title] of stepTitles.entries()) {
      await step(title).click();
      await workbench.page.waitForTimeout(1200);
      await workbench.picture(`walkthrough-${index + 1}`);
      assert.equal(await isDone(title).count(), 0, title);
    }
    assert.equal(await workbench.page.locator("button.getting-started-step").count(), stepTitles.length);
  });

  test("adds a connection and opens the runbook, each by the button of its step; nothing is sent but the test", async () => {
    await openView("Explorer");
    await workbench.command("View: Close All Editors");
    await openWalkthrough();
    await step("Connect to a server").click();
    await workbench.page.getByRole("button", { name: "Add Connection" }).click();
    await workbench.asked("1/5");
    await workbench.answer(proxy.url);
    await workbench.asked("2/5");
    await workbench.answer("Local");
    await workbench.pick("The server asks for nothing");
    await workbench.pick("Test, without further headers");
    await workbench.asked("Save");
    await workbench.pick("Save");
    await isDone("Connect to a server").waitFor();
    // Behind the test it is found out what the server offers.
    const probed = () => proxy.requests.filter(({ path }) => /status\/tsdb|\/federate/.test(path)).length;
    for (const deadline = Date.now() + 10_000; probed() < 2; await workbench.page.waitForTimeout(100)) {
      assert.ok(Date.now() < deadline, "the server was not asked what it offers");
    }
    const sent = proxy.requests.length;
    await step("Run a query").click();
    await workbench.page.getByRole("button", { name: "Open Sample Runbook" }).click();
    await workbench.page.locator(".codelens-decoration", { hasText: "Local" }).first().waitFor();
    await workbench.page.waitForTimeout(2000);
    await workbench.picture("first-2-runbook");
    const tab = workbench.page.locator(".tab.active");
    assert.match((await tab.getAttribute("aria-label")) ?? "", /Untitled|On-call runbook/);
    assert.deepEqual(
      proxy.requests.slice(sent).map(({ path }) => path),
      [],
    );
  });

  test("runs a block, looks at the result, saves the runbook, and the steps are done", async () => {
    const text = readFileSync(join(root, "media/samples/runbook.promql"), "utf8");
    const line = text.split("\n").findIndex((one) => one.startsWith("1 - avg by (instance)")) + 1;
    await workbench.goToLine(line);
    await workbench.page.keyboard.press("Control+Enter");
    const { webview } = workbench;
    await webview.locator(".plot canvas").waitFor();
    await workbench.page.waitForTimeout(1000);
    await workbench.picture("first-3-result");
    await webview.locator("#tab-table").click();
    await workbench.page.locator(".editor-group-container.active .tab", { hasText: "Results" }).waitFor();
    await workbench.page.waitForTimeout(500);
    await workbench.page
      .locator(".tab", { hasText: /On-call|Untitled/ })
      .first()
      .click();
    await workbench.page.waitForTimeout(500);
    await workbench.page.keyboard.press("Control+s");
    await chooseFile(join(workspace, "runbook.promql"), "OK");
    await workbench.page.locator(".tab", { hasText: "runbook.promql" }).waitFor();
    assert.equal(readFileSync(join(workspace, "runbook.promql"), "utf8"), text);
    await openWalkthrough();
    await step("Browse its metrics").click();
    await workbench.page.getByRole("button", { name: "Show Metrics" }).click();
    await workbench.page.locator(".pane-body .monaco-list-row", { hasText: "node_" }).first().waitFor();
    await workbench.page.waitForTimeout(1000);
    await workbench.picture("first-4-done");
    for (const title of stepTitles) await isDone(title).waitFor({ timeout: 5000 });
  });

  test("finds the documentation, with its pictures, and the way to report an issue", async () => {
    await workbench.command("Help: PromQL Workbench: Documentation");
    await workbench.page.locator(".tab.active", { hasText: /preview readme/i }).waitFor();
    const page = workbench.page.frameLocator("iframe.webview.ready").last().frameLocator("#active-frame");
    await page.locator("h1", { hasText: "PromQL Workbench" }).waitFor();
    await workbench.page.waitForTimeout(1000);
    await workbench.picture("first-5-documentation");
    const widths = await page
      .locator("img")
      .evaluateAll((images) => images.map((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0)));
    assert.ok(widths.length > 6 && widths.every((width) => width > 0), widths.join());
    await workbench.command("Help: PromQL Workbench: Report Issue");
    await workbench.page.waitForTimeout(2000);
    await workbench.command("Notifications: Show Notifications");
    await workbench.page.waitForTimeout(1000);
    await workbench.picture("first-6-report");
  });
});
