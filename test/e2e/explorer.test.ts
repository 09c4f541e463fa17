import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildAll } from "../../esbuild.js";
import { type CodeServer, startCodeServer, writeUserSettings } from "../host/codeServer.ts";
import { cacheFolder } from "../servers/binaries.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { startNodeExporter, startPrometheus, waitForSeries } from "../servers/prometheus.ts";
import { startRecordingProxy } from "../servers/recordingProxy.ts";
import { sampleRules } from "../support/sampleRules.ts";
import { Workbench } from "./workbench.ts";

/* The side bar as a person uses it, on a real Prometheus; a proxy in front of it tells which requests were sent. */
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

describe("a person browses the side bar", { timeout: 300_000 }, () => {
  let code: CodeServer;
  let workbench: Workbench;
  let proxy: Awaited<ReturnType<typeof startRecordingProxy>>;
  let exporter: Awaited<ReturnType<typeof startNodeExporter>>;
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>;

  const row = (text: string | RegExp) => workbench.page.locator(".pane-body .monaco-list-row", { hasText: text });
  const header = (name: string) => workbench.page.locator(".pane-header", { hasText: name }).first();
  /** Opens or closes a view; a click while its head is being drawn anew is lost. */
  const set = async (name: string, isOpen: boolean) => {
    for (let attempt = 0; attempt < 5; attempt++) {
      if ((await header(name).getAttribute("aria-expanded")) === String(isOpen)) return;
      await header(name).click();
      await workbench.page.waitForTimeout(300);
    }
    throw new Error(`${name} stays as it is`);
  };
  const expand = (name: string) => set(name, true);
  const collapse = (name: string) => set(name, false);
  /** Old rows stay until new ones are there, so that only the requests tell what was read. */
  const proxyHas = async (isTrue: () => boolean) => {
    for (const deadline = Date.now() + 10_000; !isTrue(); await workbench.page.waitForTimeout(100)) {
      assert.ok(Date.now() < deadline, "the request was not sent");
    }
  };
  /** Without the question whether the server has exemplars, which follows the first run. */
  const queries = () =>
    proxy.requests.filter(({ path, body }) => /\/api\/v1\/query/.test(path) && !body.startsWith("query=_&"));

  before(async () => {
    await buildAll();
    exporter = await startNodeExporter();
    prometheus = await startPrometheus({
      jobs: { node: [`127.0.0.1:${exporter.port}`, "drop-me:9100"], dead: ["127.0.0.1:1"] },
      relabel: [{ source_labels: ["__address__"], regex: "drop-.*", action: "drop" }],
      rules: sampleRules,
    });
    proxy = await startRecordingProxy(prometheus.url);
    await waitForSeries(prometheus, "up", 3);
    await waitForSeries(prometheus, "ALERTS", 2);
    const folder = temporaryFolder("explorer");
    const workspace = join(folder, "workspace");
    mkdirSync(join(workspace, "runbooks"), { recursive: true });
    const userDataDir = join(folder, "user-data");
    writeUserSettings(userDataDir, {
      "promqlWorkbench.connections": [
        { version: 1, id: "local", name: "Local", url: proxy.url, auth: { type: "none" } },
      ],
      "promqlWorkbench.query.defaultRange": "5m",
    });
    code = await startCodeServer({ userDataDir, extensionsDir: join(folder, "extensions") });
    workbench = await Workbench.open(code, {
      folder: workspace,
      pictures: join(cacheFolder, "pictures"),
      extensionDevelopmentPath: root,
    });
    await workbench.theme("Dark Modern");
  });

  after(async () => {
    await workbench?.picture("explorer-end");
    await workbench?.close();
    await Promise.all([code, proxy, prometheus, exporter].map((one) => one?.stop()));
  });

  test("sees the metrics in groups, one list request, no query", async () => {
    await workbench.page.locator('.activitybar [aria-label^="PromQL"]').first().click();
    await row("node_").first().waitFor();
    await workbench.picture("explorer-1-metrics");
    const lists = proxy.requests.filter(({ path }) => path.includes("__name__/values"));
    assert.equal(lists.length, 1);
    assert.deepEqual(queries(), []);
    await collapse("Connections");
    await row(/^node_\d/)
      .first()
      .click();
    await row("node_cpu_").first().waitFor();
    await workbench.picture("explorer-2-group");
    await workbench.sideBarPicture("sidebar-group");
  });

  test("filters by parts of a name", async () => {
    await workbench.command("PromQL: Filter Metrics");
    await workbench.quickInput.locator("input").first().fill("http request total");
    await row("prometheus_http_requests_total").waitFor();
    await workbench.picture("explorer-3-filter");
    await workbench.page.keyboard.press("Enter");
    assert.equal(await row("node_").count(), 0);
    assert.deepEqual(queries(), []);
  });

  test("runs a visible query with a click, and the next click takes its place", async () => {
    await row("prometheus_http_requests_total").click();
    await workbench.webview.locator(".query", { hasText: "sum(rate(prometheus_http_requests_total" }).waitFor();
    await workbench.webview.locator(".plot canvas").waitFor();
    await workbench.page.waitForTimeout(800);
    await workbench.picture("explorer-4-run");
    // This server keeps no exemplars; it is asked for them by the switch and not before.
    const exemplars = () => queries().filter(({ path }) => path.includes("query_exemplars")).length;
    assert.equal(exemplars(), 0);
    await workbench.webview.getByRole("checkbox", { name: "Exemplars" }).check();
    await workbench.webview.getByText("The server has no exemplars of these series").waitFor();
    assert.equal(exemplars(), 1);
    await workbench.picture("explorer-4-exemplars");
    await workbench.command("PromQL: Clear Filter of Metrics");
    await row(/^go_/).first().waitFor();
  });

  test("picks values of labels, which make a selector", async () => {
    await workbench.command("View: Show PromQL");
    await collapse("Connections");
    await collapse("Metrics");
    await expand("Labels");
    await row(/^alertstate$/).click();
    await row(/^firing$/).waitFor();
    const before = queries().length;
    await row(/^firing$/)
      .locator(".monaco-custom-toggle, .custom-view-tree-node-item-checkbox")
      .first()
      .click();
    await row(/^pending$/)
      .locator(".monaco-custom-toggle, .custom-view-tree-node-item-checkbox")
      .first()
      .click();
    await workbench.page.locator(".pane-body .message", { hasText: '{alertstate=~"firing|pending"}' }).waitFor();
    await workbench.picture("explorer-9-labels");
    await workbench.sideBarPicture("sidebar-labels");
    assert.equal(queries().length, before);
    await workbench.command("PromQL: Count Series of Picked Label Values");
    await workbench.webview
      .locator(".query", { hasText: 'count by (__name__) ({alertstate=~"firing|pending"})' })
      .waitFor();
    await workbench.command("PromQL: Clear Picked Label Values");
    await collapse("Labels");
  });

  test("sees which targets are down, and why", async () => {
    await workbench.command("View: Show PromQL");
    await collapse("Connections");
    await collapse("Metrics");
    await expand("Targets");
    await row("dead").first().waitFor();
    await row("connection refused").first().waitFor();
    await workbench.page.waitForTimeout(500);
    await workbench.picture("explorer-5-targets");
    await workbench.sideBarPicture("sidebar-targets");
    const rows = await workbench.page.locator(".pane-body .monaco-list-row").allTextContents();
    const pools = rows.filter((text) => text.includes(" up"));
    assert.match(pools[0] ?? "", /dead.*0 of 1 up/);
    await workbench.command("PromQL: Show Only Unhealthy Targets");
    await row(/^node/).waitFor({ state: "detached" });
    await workbench.picture("explorer-6-unhealthy");
    await workbench.command("PromQL: Show All Targets");
  });

  test("opens the dropped targets, which are read only then", async () => {
    const reads = () => proxy.requests.filter(({ path }) => path.includes("state=dropped")).length;
    assert.equal(reads(), 0);
    await row("Dropped targets").click();
    await row(/Dropped targets…1 · as of/).waitFor();
    // The rows are drawn once more with that.
    await workbench.page.waitForTimeout(500);
    await row(/^node1 dropped/).click();
    const target = workbench.page.getByRole("treeitem", { name: "drop-me:9100, dropped" });
    await target.click();
    await row("__metrics_path__").waitFor();
    assert.equal(reads(), 1);
    await workbench.page.waitForTimeout(500);
    await workbench.picture("explorer-13-dropped");
    await workbench.command("PromQL: Refresh Targets");
    await target.waitFor();
    await proxyHas(() => reads() === 2);
    await row("Dropped targets").hover();
    await row("Dropped targets").getByRole("button", { name: "Read Dropped Targets Again" }).click();
    await proxyHas(() => reads() === 3);
    await target.waitFor();
    await workbench.picture("explorer-14-dropped-again");
  });

  test("sees what fires, and runs a rule's expression", async () => {
    await collapse("Targets");
    await expand("Alerts and Rules");
    await row("Active alerts").waitFor();
    await row("TargetDown").first().click();
    await workbench.page.waitForTimeout(500);
    await workbench.picture("explorer-7-rules");
    await workbench.sideBarPicture("sidebar-rules");
    const before = queries().length;
    await row(/TargetDownfiring/)
      .first()
      .hover();
    await row(/TargetDownfiring/)
      .first()
      .getByRole("button", { name: "Run Expression of Rule" })
      .click();
    await workbench.webview.locator(".query", { hasText: "up == 0" }).waitFor();
    assert.ok(queries().length > before);
    await workbench.page.waitForTimeout(500);
    await workbench.picture("explorer-8-rule-run");
  });

  test("sees what the server says of itself, and which metrics have most series", async () => {
    await collapse("Alerts and Rules");
    await expand("Server");
    await row(/^Version/).waitFor();
    await workbench.picture("explorer-11-server");
    await row("Series by metric").click();
    await row("node_").first().waitFor();
    await workbench.page.waitForTimeout(500);
    await workbench.picture("explorer-11-server");
    await workbench.sideBarPicture("sidebar-server");
    await collapse("Server");
    // What the server said of its program is now known of its connection.
    await expand("Connections");
    await row(/^Localactive · 127\.0\.0\.1:\d+ · Prometheus \d/).waitFor();
    await workbench.picture("explorer-15-program");
    await collapse("Connections");
  });

  test("finds its runs in the history, also after the window was opened again, and runs one again", async () => {
    await expand("History");
    await row("up == 0").first().waitFor();
    await workbench.picture("explorer-10-history");
    await workbench.sideBarPicture("sidebar-history");
    const before = queries().length;
    await workbench.page.reload();
    await workbench.page.locator(".monaco-workbench").waitFor();
    await row("up == 0").first().waitFor();
    await workbench.page.waitForTimeout(2000);
    assert.equal(queries().length, before, "a window that opens sends no query");
    await row("count by (__name__)").first().click();
    await workbench.webview.locator(".query", { hasText: "count by (__name__)" }).waitFor();
    assert.ok(queries().length > before);
    const said = await workbench.page.locator(".pane-body .monaco-list-row", { hasText: "count by" }).count();
    assert.equal(said, 2);
    await expand("Metrics");
    await workbench.theme("Light Modern");
    await workbench.page.waitForTimeout(1000);
    await workbench.picture("explorer-12-light");
    assert.deepEqual(workbench.complaints, []);
  });
});
