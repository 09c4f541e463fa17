import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

/*
 * Restricted Mode: a folder from a stranger is open. It may be read, written and looked at from the connection that the user
 * chose; it decides nothing, it runs nothing, and what it would have run is asked about first. Recording servers count.
 */
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

describe("a folder that is not trusted", { timeout: 300_000 }, () => {
  let code: CodeServer;
  let workbench: Workbench;
  let workspace: string;
  let marker: string;
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
  /** What the user chose; what only a program signs in to; what the folder would like to be asked. */
  let chosen: Awaited<ReturnType<typeof startRecordingProxy>>;
  let commanded: typeof chosen;
  let stranger: typeof chosen;

  const queries = () => chosen.requests.filter(({ path }) => path.startsWith("/api/v1/query"));
  const rows = (text: string | RegExp) => workbench.page.locator(".pane-body .monaco-list-row", { hasText: text });
  const lens = (text: string) => workbench.page.locator(".codelens-decoration", { hasText: text });
  const dialog = () => workbench.page.locator(".monaco-dialog-box");
  const settled = () => workbench.page.waitForTimeout(1000);
  const until = async (what: string, isTrue: () => boolean) => {
    const deadline = Date.now() + 20_000;
    while (!isTrue()) {
      if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  /** What the folder says about connections, proxies and certificates, for the next spelling to be said in. */
  const wishes = () => ({
    connections: [
      { version: 1, id: "chosen", name: "Chosen", url: stranger.url, auth: { type: "none" } },
      {
        ...{ version: 1, id: "planted", name: "Planted", url: stranger.url },
        auth: { type: "command", command: ["touch", marker] },
        tls: { caFile: join(workspace, "ca.pem") },
        proxy: stranger.url,
      },
    ],
    suggestedConnections: [{ name: "team", url: stranger.url }],
    query: { defaultRange: "5m", maxSeries: 1 },
    editor: { codeLens: false },
  });

  /** Lets the folder say all of it, with a setting of VS Code's own that shows when it has been read. */
  async function say(settings: Readonly<Record<string, unknown>>, lineNumbers: "on" | "off"): Promise<void> {
    const own = { "editor.lineNumbers": lineNumbers };
    writeFileSync(join(workspace, ".vscode", "settings.json"), JSON.stringify({ ...settings, ...own }));
    const numbers = workbench.page.locator(".editor-instance .line-numbers").first();
    await numbers.waitFor({ state: lineNumbers === "on" ? "visible" : "detached" });
    await settled();
  }

  const dotted = (): Readonly<Record<string, unknown>> => {
    const { query, editor, ...others } = wishes();
    return {
      ...Object.fromEntries(Object.entries(others).map(([key, value]) => [`promqlWorkbench.${key}`, value])),
      "promqlWorkbench.query.defaultRange": query.defaultRange,
      "promqlWorkbench.query.maxSeries": query.maxSeries,
      "promqlWorkbench.editor.codeLens": editor.codeLens,
      "http.proxy": stranger.url,
      "http.proxySupport": "override",
    };
  };
  const nested = () => ({ promqlWorkbench: wishes(), http: { proxy: stranger.url, proxySupport: "override" } });

  /** Runs a command of the palette on the connection of this name. */
  async function onConnection(command: string, name: string): Promise<void> {
    await workbench.command(command);
    await workbench.quickInput.locator("input").first().fill(name);
    await workbench.pick(name);
  }

  async function clearNotifications(): Promise<void> {
    await workbench.command("Notifications: Clear All Notifications");
  }

  async function notified(text: string | RegExp): Promise<void> {
    await workbench.command("Notifications: Show Notifications");
    const message = workbench.page.locator(".notifications-center .notification-list-item-message");
    await message.filter({ hasText: text }).first().waitFor();
  }

  before(async () => {
    await buildAll();
    prometheus = await startPrometheus();
    [chosen, commanded, stranger] = await Promise.all([
      startRecordingProxy(prometheus.url),
      startRecordingProxy(prometheus.url),
      startRecordingProxy(prometheus.url),
    ]);
    await waitForSeries(prometheus, "up", 1);
    const folder = temporaryFolder("restricted");
    workspace = join(folder, "workspace");
    marker = join(folder, "a program has run");
    mkdirSync(join(workspace, ".vscode"), { recursive: true });
    writeFileSync(join(workspace, "runbook.promql"), "# @connection team\n\n# %% Up\nup\n");
    const userDataDir = join(folder, "user-data");
    writeUserSettings(userDataDir, {
      "security.workspace.trust.banner": "never",
      "promqlWorkbench.connections": [
        { version: 1, id: "chosen", name: "Chosen", url: chosen.url, auth: { type: "none" } },
        {
          ...{ version: 1, id: "by-program", name: "By program", url: commanded.url },
          auth: { type: "command", command: ["sh", "-c", `echo ran >> '${marker}'; echo token-of-a-program`] },
        },
        // Not of this machine, so that a proxy of VS Code's settings would be asked for it.
        { version: 1, id: "far", name: "Far", url: "http://metrics.invalid", auth: { type: "none" } },
      ],
    });
    code = await startCodeServer({ userDataDir, extensionsDir: join(folder, "extensions"), workspaceTrust: true });
    workbench = await Workbench.open(code, {
      folder: workspace,
      pictures: join(cacheFolder, "pictures"),
      extensionDevelopmentPath: root,
    });
  });

  after(async () => {
    await workbench?.picture("restricted-end");
    await workbench?.close();
    await Promise.all([code, chosen, commanded, stranger, prometheus].map((one) => one?.stop()));
  });

  test("VS Code says so, and the extension is there", async () => {
    await workbench.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    await workbench.page.locator('.activitybar [aria-label^="PromQL"]').first().click();
    await rows("Chosen").waitFor();
    await onConnection("PromQL: Select Connection", "Chosen");
    await workbench.page.locator(".statusbar-item", { hasText: "Chosen" }).waitFor();
    await workbench.picture("restricted-started");
  });

  test("a text is read and written as ever, and its lenses name the connection that the user chose", async () => {
    await workbench.openFile("runbook.promql");
    await lens("Run").waitFor();
    // "team" stands in the file, which has no say here.
    await lens("Chosen").waitFor();
    assert.equal(await lens("team").count(), 0);
    await workbench.goToLine(4);
    await workbench.page.keyboard.type(" == 1");
    await workbench.command("File: Save");
    await until("the file to be written", () =>
      readFileSync(join(workspace, "runbook.promql"), "utf8").includes("up == 1"),
    );
    await workbench.picture("restricted-text");
  });

  test("browses the connection that the user chose", async () => {
    const header = workbench.page.locator(".pane-header", { hasText: "Metrics" }).first();
    if ((await header.getAttribute("aria-expanded")) !== "true") await header.click();
    await rows(/^up/).or(rows("prometheus")).first().waitFor();
    assert.ok(chosen.requests.some(({ path }) => path.startsWith("/api/v1/label/__name__/values")));
    assert.deepEqual(queries(), []);
    await workbench.picture("restricted-browsed");
  });

  for (const { title, press } of [
    { title: "Run from the keyboard", press: () => workbench.page.keyboard.press("Control+Enter") },
    { title: "the lens", press: () => lens("Run").locator("a", { hasText: "Run" }).first().click() },
    { title: "Run All", press: () => workbench.command("PromQL: Run All Queries in File") },
  ]) {
    test(`${title} asks for trust, and sends nothing`, async () => {
      await workbench.page.locator(".tab", { hasText: "runbook.promql" }).first().click();
      await workbench.goToLine(4);
      await press();
      await dialog().filter({ hasText: "Restricted Mode" }).waitFor();
      await workbench.picture("restricted-asked");
      await dialog().getByRole("button", { name: "Cancel" }).click();
      await settled();
      assert.deepEqual(queries(), []);
      assert.equal(await workbench.page.locator(".tab", { hasText: "Results" }).count(), 0);
    });
  }

  test("the same file opens as a notebook, and asks for trust before its cells are run", async () => {
    const { page } = workbench;
    await page.getByRole("button", { name: "Open as Notebook" }).click();
    const items = page.locator(".notebookOverlay .cell-statusbar-container");
    await items.filter({ hasText: "Chosen" }).first().waitFor();
    assert.equal(await items.filter({ hasText: "team" }).count(), 0);
    await page.getByRole("button", { name: "Run All" }).click();
    // VS Code's own dialog or ours.
    await dialog().filter({ hasText: /trust/i }).waitFor();
    await workbench.picture("restricted-notebook");
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await settled();
    assert.deepEqual(queries(), []);
    await workbench.command("PromQL: Open as Text");
    await lens("Run").waitFor();
  });

  test("a metric of the side bar is put into a text, and asks for trust before it is run", async () => {
    await workbench.command("PromQL: Filter Metrics");
    await workbench.answer("^up$");
    await rows(/^up/).first().click();
    await dialog().filter({ hasText: "Restricted Mode" }).waitFor();
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await workbench.page.locator(".tab", { hasText: "Untitled-1" }).waitFor();
    await settled();
    assert.deepEqual(queries(), []);
    await workbench.page.locator(".tab", { hasText: "runbook.promql" }).first().click();
  });

  test("a program that gives a token does not run, and its server hears nothing", async () => {
    await onConnection("PromQL: Test Connection", "By program");
    await notified(/Restricted Mode/);
    await workbench.picture("restricted-program");
    await clearNotifications();
    // The view of a connection that only a program signs in to says the same.
    await onConnection("PromQL: Select Connection", "By program");
    await rows("Manage Workspace Trust").first().waitFor();
    await workbench.picture("restricted-program-view");
    await onConnection("PromQL: Select Connection", "Chosen");
    await settled();
    assert.equal(existsSync(marker), false);
    assert.deepEqual(commanded.requests, []);
  });

  for (const { title, settings, lineNumbers } of [
    { title: "with dots", settings: dotted, lineNumbers: "off" },
    { title: "nested", settings: nested, lineNumbers: "on" },
  ] as const) {
    test(`settings of the folder, written ${title}, define nothing`, async () => {
      await workbench.page.locator(".tab", { hasText: "runbook.promql" }).first().click();
      await say(settings(), lineNumbers);
      assert.equal(await rows("Planted").count(), 0);
      assert.equal(await rows("suggested ·").count(), 0);
      assert.equal(await rows("Chosen").count(), 1);
      // Lenses are switched off by the folder, which has no say.
      await lens("Chosen").waitFor();
      const before = chosen.requests.length;
      await onConnection("PromQL: Test Connection", "Chosen");
      await notified("Chosen answers");
      assert.ok(chosen.requests.length > before);
      await clearNotifications();
      await onConnection("PromQL: Test Connection", "Far");
      await notified("metrics.invalid");
      await clearNotifications();
      await workbench.command("PromQL: Adopt Suggested Connection");
      await dialog().filter({ hasText: "not read in Restricted Mode" }).waitFor();
      await dialog().getByRole("button", { name: "Cancel" }).click();
      assert.equal(existsSync(marker), false);
      assert.deepEqual(stranger.requests, []);
    });
  }

  test("importing shows what a text would make us read, which is not ticked, and sends nothing", async () => {
    const asked = chosen.requests.length;
    const datasources = [
      { name: "plain", type: "prometheus", url: stranger.url },
      {
        ...{ name: "reaching", type: "prometheus", url: stranger.url, basicAuth: true, basicAuthUser: "u" },
        secureJsonData: { basicAuthPassword: "$__file{/etc/passwd}" },
      },
    ];
    await workbench.page.evaluate(
      (text) => navigator.clipboard.writeText(text),
      JSON.stringify({ apiVersion: 1, datasources }),
    );
    await workbench.command("PromQL: Import Connections");
    await workbench.pick("Clipboard");
    const row = (name: string) => workbench.quickInput.locator(".monaco-list-row", { hasText: name });
    await row("reaching").waitFor();
    await workbench.picture("restricted-import");
    assert.equal(await row("plain").locator("[role=checkbox], input").first().getAttribute("aria-checked"), "true");
    assert.equal(await row("reaching").locator("[role=checkbox], input").first().getAttribute("aria-checked"), "false");
    await workbench.page.keyboard.press("Escape");
    await settled();
    assert.equal(chosen.requests.length, asked);
    assert.deepEqual(stranger.requests, []);
  });

  test("once the folder is trusted, all of it works", async () => {
    // Testing a connection has asked for 1+1 and up.
    const before = queries().length;
    await workbench.page.locator(".tab", { hasText: "runbook.promql" }).first().click();
    await workbench.goToLine(4);
    await workbench.page.keyboard.press("Control+Enter");
    await dialog().getByRole("button", { name: "Manage Workspace Trust" }).click();
    await workbench.picture("restricted-trust");
    await workbench.page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
    await workbench.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor({ state: "detached" });
    await workbench.picture("restricted-granted");
    await workbench.page.locator(".monaco-modal-editor-block [aria-label^=Close]").first().click();
    await workbench.page.locator(".workspace-trust-editor").waitFor({ state: "hidden" });
    // Nothing that was declined before is done now by itself.
    await settled();
    assert.equal(queries().length, before);
    await rows("suggested ·").first().waitFor();
    assert.equal(await rows("Planted").count(), 0);
    // Now the file and the folder have their say: which connection, how far back.
    await workbench.page.locator(".tab", { hasText: "runbook.promql" }).first().click();
    await workbench.goToLine(4);
    await workbench.page.keyboard.press("Control+Enter");
    await workbench.asked("team");
    await workbench.pick("Chosen");
    await workbench.webview.locator(".query", { hasText: "up == 1" }).waitFor();
    const range = () =>
      queries()
        .slice(before)
        .find(({ path }) => path.startsWith("/api/v1/query_range"));
    await until("the query", () => range() !== undefined);
    const asked = new URLSearchParams(range()?.body);
    assert.equal(Number(asked.get("end")) - Number(asked.get("start")), 300);
    await onConnection("PromQL: Test Connection", "By program");
    await notified("By program answers");
    assert.equal(existsSync(marker), true);
    assert.ok(commanded.requests.every(({ headers }) => headers.authorization === "Bearer token-of-a-program"));
    assert.deepEqual(stranger.requests, []);
    await workbench.picture("restricted-trusted");
    assert.deepEqual(workbench.complaints, []);
  });
});
