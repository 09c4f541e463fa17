import assert from "node:assert/strict";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildAll } from "../../esbuild.js";
import { type CodeServer, startCodeServer, writeUserSettings } from "../host/codeServer.ts";
import { cacheFolder } from "../servers/binaries.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { startPrometheus, waitForSeries } from "../servers/prometheus.ts";
import { startRecordingProxy } from "../servers/recordingProxy.ts";
import { sampleRules } from "../support/sampleRules.ts";
import { Workbench } from "./workbench.ts";

/*
 * A minute in which a person does everything but run a query. The proxy in front of the server must see no query at all, and
 * every list at most once for each view that is shown, refreshed or restored.
 */
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** What each view asks for when it is first shown. */
const views: Readonly<Record<string, readonly string[]>> = {
  Metrics: ["label/__name__/values", "metadata"],
  Labels: ["labels"],
  Targets: ["targets"],
  "Alerts and Rules": ["rules"],
  Server: ["status/buildinfo", "status/runtimeinfo", "status/tsdb", "status/flags"],
  History: [],
};

describe("a minute without a run", { timeout: 240_000 }, () => {
  let code: CodeServer;
  let workbench: Workbench;
  let proxy: Awaited<ReturnType<typeof startRecordingProxy>>;
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
  /** When the minute began, in ms. */
  let began = 0;

  const asked = (): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const { path } of proxy.requests) {
      const endpoint = new URL(path, "http://proxy").pathname.replace("/api/v1/", "");
      counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1);
    }
    return counts;
  };
  const queries = () => proxy.requests.filter(({ path }) => /\/api\/v1\/query/.test(path)).map(({ path }) => path);
  const header = (name: string) => workbench.page.locator(".pane-header", { hasText: name }).first();
  const rows = () => workbench.page.locator(".pane-body .monaco-list-row");
  const showSideBar = () => workbench.command("View: Show PromQL");
  const set = async (name: string, isOpen: boolean) => {
    for (let attempt = 0; attempt < 5; attempt++) {
      if ((await header(name).getAttribute("aria-expanded")) === String(isOpen)) return;
      await header(name).click();
      await workbench.page.waitForTimeout(300);
    }
    throw new Error(`${name} stays as it is`);
  };
  /** Moves over the words of the text that is open, slowly enough for every hover to come. */
  const hoverText = async () => {
    const words = workbench.page.locator(".editor-group-container .view-line span span");
    for (const at of [0, 2, 4, 6]) {
      if (at < (await words.count()))
        await words
          .nth(at)
          .hover({ timeout: 2000 })
          .catch(() => undefined);
      await workbench.page.waitForTimeout(600);
    }
  };

  before(async () => {
    await buildAll();
    prometheus = await startPrometheus({ jobs: { dead: ["127.0.0.1:1"] }, rules: sampleRules });
    proxy = await startRecordingProxy(prometheus.url);
    await waitForSeries(prometheus, "up", 2);
    const folder = temporaryFolder("quiet");
    const workspace = join(folder, "workspace");
    mkdirSync(workspace);
    cpSync(join(root, "media/samples"), workspace, { recursive: true });
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
    began = Date.now();
  });

  after(async () => {
    await workbench?.picture("quiet-end");
    await workbench?.close();
    await Promise.all([code, proxy, prometheus].map((one) => one?.stop()));
  });

  test("opening a file, typing, hovering and switching tabs sends nothing at all", async () => {
    await workbench.openFile("getting-started.promql");
    await workbench.page.locator(".codelens-decoration", { hasText: "Local" }).first().waitFor();
    await hoverText();
    await workbench.command("PromQL: New Query");
    await workbench.page.keyboard.type("sum(rate(prometheus_http_requests_total[5m])) by (handler", { delay: 15 });
    await workbench.page.keyboard.press("Enter");
    await workbench.page.keyboard.type("# @range 1h", { delay: 15 });
    await hoverText();
    for (const tab of ["getting-started.promql", "Untitled", "getting-started.promql"]) {
      await workbench.page.locator(".tabs-container .tab", { hasText: tab }).first().click();
      await workbench.page.waitForTimeout(200);
    }
    assert.deepEqual(queries(), []);
    // Completion may ask for names, labels and values; whatever else is asked for belongs to a view.
    const others = [...asked().keys()].filter((endpoint) => !/^(?:labels|label\/.*|metadata)$/.test(endpoint));
    assert.deepEqual(others, []);
  });

  test("each view asks once for what it shows", async () => {
    await showSideBar();
    for (const [view, endpoints] of Object.entries(views)) {
      const before = asked();
      await set(view, true);
      const isThere = () => endpoints.every((endpoint) => (asked().get(endpoint) ?? 0) > 0);
      for (let waited = 0; !isThere() && waited < 100; waited++) await workbench.page.waitForTimeout(100);
      await rows().first().hover();
      await workbench.page.waitForTimeout(700);
      await set(view, false);
      // Shown a second time, it is as it was.
      await set(view, true);
      await workbench.page.waitForTimeout(300);
      for (const endpoint of endpoints) {
        const count = asked().get(endpoint) ?? 0;
        assert.ok(count >= 1 && count <= (before.get(endpoint) ?? 0) + 1, `${endpoint}: ${count}`);
      }
      if (view !== "Metrics") await set(view, false);
    }
    assert.deepEqual(queries(), []);
  });

  test("a refresh asks once more, and for nothing else", async () => {
    const before = asked();
    await workbench.command("PromQL: Refresh Metrics");
    await workbench.page.waitForTimeout(1500);
    const after = asked();
    for (const [endpoint, count] of after) {
      const isOfMetrics = views["Metrics"]?.includes(endpoint) === true;
      assert.equal(count, (before.get(endpoint) ?? 0) + (isOfMetrics ? 1 : 0), endpoint);
    }
  });

  test("a window that is opened again asks once for what it shows, and runs nothing", async () => {
    const before = asked();
    await workbench.page.reload();
    await workbench.page.locator(".monaco-workbench").waitFor();
    await rows().nth(3).waitFor();
    await workbench.page.waitForTimeout(3000);
    for (const [endpoint, count] of asked()) {
      assert.ok(count <= (before.get(endpoint) ?? 0) + 1, `${endpoint}: ${count} after ${before.get(endpoint)}`);
    }
    await hoverText();
    // The rest of the minute passes with a mouse that moves.
    for (let i = 0; Date.now() - began < 60_000; i++) {
      await rows()
        .nth(i % 4)
        .hover({ timeout: 2000 })
        .catch(() => undefined);
      await workbench.page.waitForTimeout(900);
    }
    assert.deepEqual(queries(), []);
    const told = [...asked()].map(([endpoint, count]) => `${endpoint}: ${count}`);
    console.log(`Asked for in ${Math.round((Date.now() - began) / 1000)} s: ${told.sort().join(", ")}`);
  });
});
