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

/* What the results panel does beyond showing an answer, on a real Prometheus; a proxy tells which requests were sent. */
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

describe("a person works with the results panel", { timeout: 300_000 }, () => {
  let code: CodeServer;
  let workbench: Workbench;
  let workspace: string;
  let proxy: Awaited<ReturnType<typeof startRecordingProxy>>;
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>;

  const ranges = () =>
    proxy.requests
      .filter(({ path }) => path.startsWith("/api/v1/query_range"))
      .map(({ path, body }) => new URLSearchParams(body === "" ? path.split("?")[1] : body));
  /** Without the question whether the server has exemplars, which follows the first run. */
  const queries = () =>
    proxy.requests.filter(({ path, body }) => path.startsWith("/api/v1/query") && !body.startsWith("query=_&"));
  const until = async (what: string, isTrue: () => boolean | Promise<boolean>, ms = 20_000) => {
    const deadline = Date.now() + ms;
    while (!(await isTrue())) {
      if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  /** Writes a path into VS Code's own file dialog, which puts its first folder in when it has read it, typing or not. */
  const answerDialog = async (path: string) => {
    const input = workbench.quickInput.locator("input").first();
    await until("the dialog to take the path", async () => {
      await input.fill(path);
      await workbench.page.waitForTimeout(700);
      return (await input.inputValue()) === path;
    });
    await workbench.page.keyboard.press("Enter");
  };
  const more = async (entry: string) => {
    await workbench.webview.getByRole("button", { name: "More …" }).click();
    await workbench.webview.getByRole("menuitem", { name: entry }).click();
  };

  before(async () => {
    await buildAll();
    prometheus = await startPrometheus();
    proxy = await startRecordingProxy(prometheus.url);
    await waitForSeries(prometheus, "rate(prometheus_http_requests_total[30s])", 1);
    const folder = temporaryFolder("panel");
    workspace = join(folder, "workspace");
    mkdirSync(workspace);
    writeFileSync(join(workspace, "panel.promql"), "# %% Memory\nprocess_resident_memory_bytes\n\n# %% Up\nup\n");
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
    await workbench.openFile("panel.promql");
    await workbench.goToLine(2);
    await workbench.page.keyboard.press("Control+Enter");
    await workbench.webview.locator(".legend .rows-body .row").first().waitFor();
  });

  after(async () => {
    await workbench?.picture("panel-end");
    await workbench?.close();
    await Promise.all([code, proxy, prometheus].map((one) => one?.stop()));
  });

  test("sees all times in another zone, which is a setting from then on", async () => {
    const { webview } = workbench;
    await webview.getByLabel("Time zone").selectOption("choose");
    await workbench.asked("Time Zone of Results");
    await workbench.answer("Asia/Kathmandu");
    await webview.locator(".facts", { hasText: "+05:45" }).waitFor();
    await workbench.picture("panel-zone");
    await webview.getByLabel("Time zone").selectOption("utc");
    await webview.locator(".facts", { hasText: "times in UTC" }).waitFor();
  });

  test("compares with an hour before: one more request, for just that much earlier", async () => {
    const { webview } = workbench;
    const before = ranges().length;
    await webview.getByLabel("Compare with").selectOption("1h");
    await until("both range requests", () => ranges().length === before + 2);
    const [one, other] = ranges().slice(-2);
    const starts = [Number(one?.get("start")), Number(other?.get("start"))].sort((a, b) => a - b);
    assert.equal((starts[1] ?? 0) - (starts[0] ?? 0), 3600);
    assert.equal(one?.get("step"), other?.get("step"));
    await webview.locator(".facts", { hasText: "1h earlier: 0 series" }).waitFor();
    await webview.getByLabel("Compare with").selectOption("");
    await webview.locator(".facts", { hasText: "1h earlier" }).waitFor({ state: "detached" });
  });

  test("saves a picture where it says", async () => {
    await more("Save Picture …");
    const target = join(workspace, "memory.png");
    await answerDialog(target);
    await workbench.webview.getByText("Saved memory.png.").waitFor();
    const png = readFileSync(target);
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    assert.ok(png.readUInt32BE(16) > 300 && png.readUInt32BE(20) > 350);
  });

  test("lets it refresh by itself, which is no history and steals nothing", async () => {
    const { webview } = workbench;
    const before = ranges().length;
    await webview.getByLabel("Refresh", { exact: true }).selectOption("10000");
    await workbench.page.locator(".tab", { hasText: "panel.promql" }).first().click();
    await until("the request of the refresh", () => ranges().length > before, 25_000);
    assert.equal(
      await workbench.page.locator(".editor-group-container.active .tab.active").textContent(),
      "panel.promql",
    );
    await webview.getByLabel("Refresh", { exact: true }).selectOption("0");
    await workbench.page.locator('.activitybar [aria-label^="PromQL"]').first().click();
    const history = workbench.page.locator(".pane-header", { hasText: "History" }).first();
    if ((await history.getAttribute("aria-expanded")) !== "true") await history.click();
    const rows = workbench.page.locator(".pane-body .monaco-list-row", { hasText: "Memory" });
    // The first run, and two for the comparison and its end; the list is drawn row by row.
    await until("three runs in the history", async () => (await rows.count()) >= 3);
    assert.equal(await rows.count(), 3);
  });

  test("keeps an answer: it stays, and the next run opens another panel", async () => {
    await more("Keep This Panel");
    await workbench.webview.getByText("new runs open another panel").waitFor();
    await workbench.page.locator(".tab", { hasText: "Kept: panel.promql" }).waitFor();
    await workbench.page.locator(".tab", { hasText: "panel.promql" }).first().click();
    await workbench.goToLine(5);
    await workbench.page.keyboard.press("Control+Enter");
    await workbench.page.locator(".tab", { hasText: "Results: panel.promql" }).waitFor();
    await workbench.webview.locator(".query", { hasText: /^up$/ }).waitFor();
    await workbench.page.locator(".tab", { hasText: "Kept: panel.promql" }).click();
    await workbench.webview.locator(".query", { hasText: "process_resident_memory_bytes" }).waitFor();
    await workbench.picture("panel-kept");
    await workbench.page.locator(".tab", { hasText: "Results: panel.promql" }).click();
    await workbench.webview.locator(".query", { hasText: /^up$/ }).waitFor();
  });

  test("runs a kept query as it was shown, whatever its text has become", async () => {
    const before = ranges().length;
    await workbench.page.locator(".tab", { hasText: "panel.promql" }).first().click();
    await workbench.goToLine(2);
    await workbench.page.keyboard.type(" * 2");
    await workbench.page.locator(".tab", { hasText: "Kept: panel.promql" }).click();
    await workbench.webview.getByRole("button", { name: "Run again" }).click();
    await until("the request of the kept query", () => ranges().length > before);
    assert.equal(ranges().at(-1)?.get("query"), "process_resident_memory_bytes");
    await workbench.page.locator(".tab", { hasText: "Results: panel.promql" }).click();
    await workbench.page.locator(".tab", { hasText: "panel.promql" }).first().click();
    await workbench.goToLine(5);
    await workbench.page.keyboard.press("Control+Enter");
    await workbench.webview.locator(".query", { hasText: /^up$/ }).waitFor();
  });

  test("opens the window again: query and picture are there, nothing is asked until Run", async () => {
    await workbench.webview.locator(".plot canvas").waitFor();
    // The page stores its picture once nothing has changed for 1.5 s; VS Code in a browser writes what it holds every 5 s.
    await workbench.page.waitForTimeout(8000);
    const before = queries().length;
    await workbench.page.reload();
    await workbench.page.locator(".tab", { hasText: "Results: panel.promql" }).waitFor();
    await workbench.webview.getByText("From before this window was opened again").waitFor();
    await workbench.webview.locator(".query", { hasText: /^up$/ }).waitFor();
    await workbench.webview.locator("img.stored-picture").waitFor();
    await workbench.page.waitForTimeout(1000);
    await workbench.picture("panel-restored");
    assert.equal(queries().length, before);
    await workbench.webview.getByRole("button", { name: "Run", exact: true }).click();
    await workbench.webview.locator(".legend .rows-body .row").first().waitFor();
    assert.ok(queries().length > before);
    // Of the kept answer there is nothing left but its text, and that has changed: nothing else runs in its place.
    await workbench.page.locator(".tab", { hasText: "Kept: panel.promql" }).click();
    await workbench.webview.getByText("From before this window was opened again").waitFor();
    const asked = queries().length;
    await workbench.webview.getByRole("button", { name: "Run", exact: true }).click();
    // The centre has it, whether or not its toast is still to be seen.
    await workbench.command("Notifications: Show Notifications");
    const message = workbench.page.locator(".notifications-center .notification-list-item-message");
    await message.filter({ hasText: "has changed since it was run" }).waitFor();
    assert.equal(queries().length, asked);
    assert.deepEqual(workbench.complaints, []);
  });

  test("saves a new text: its results go with it, under the file's name", async () => {
    const tab = (title: RegExp) => workbench.page.locator(".tab", { hasText: title });
    await tab(/^panel\.promql/).click();
    await workbench.command("PromQL: New Query");
    await tab(/^Untitled-1/).waitFor();
    await workbench.page.locator(".monaco-editor.focused").waitFor();
    await workbench.page.keyboard.type("vector(42)");
    await workbench.page.keyboard.press("Control+Enter");
    await tab(/Results: Untitled-1/).waitFor();
    await workbench.page.locator(".statusbar-item", { hasText: "First run of Untitled-1" }).waitFor();
    await workbench.command("File: Save As...");
    const path = join(workspace, "saved.promql");
    await answerDialog(path);
    await tab(/Results: saved\.promql/).waitFor();
    // Said of its first run, under a name that it has no more.
    const introduction = workbench.page.locator(".statusbar-item", { hasText: "First run of Untitled-1" });
    await introduction.waitFor({ state: "detached", timeout: 1000 });
    await workbench.picture("panel-saved");
    assert.equal(await tab(/Results: Untitled-1/).count(), 0);
    assert.match(readFileSync(path, "utf8"), /vector\(42\)/);
    const before = queries().length;
    await workbench.page.keyboard.press("Control+Enter");
    await until("the run of the saved file", () => queries().length > before);
    assert.equal(await tab(/Results: saved\.promql/).count(), 1);
  });
});
