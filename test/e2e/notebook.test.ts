import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { buildAll } from "../../esbuild.js";
import { type CodeServer, startCodeServer, writeUserSettings } from "../host/codeServer.ts";
import { cacheFolder } from "../servers/binaries.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { startPrometheus, waitForSeries } from "../servers/prometheus.ts";
import { Workbench } from "./workbench.ts";

/* A runbook as a notebook in VS Code, on a real Prometheus. */
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

const file = `# Is Prometheus itself all right?
# @connection local
# @range 3m

# %% [markdown]
# ## First what it does
# Requests, and how long they take.

# %% Requests per second, by handler
# @legend {{handler}}  @unit reqps
sum by (handler) (rate(prometheus_http_requests_total[30s]))

# %% Targets
# @mode instant  @view table
up

# %% Everything it counts
# @mode instant  @view table
{__name__=~"prometheus_.+"}

# %% Wrong on purpose
sum(up) by
`;

describe("a person works with a notebook", { timeout: 300_000 }, () => {
  let code: CodeServer;
  let workbench: Workbench;
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
  let path: string;
  let outputs: FrameLocator;

  before(async () => {
    await buildAll();
    prometheus = await startPrometheus();
    await waitForSeries(prometheus, "rate(prometheus_http_requests_total[30s])", 1);
    const folder = temporaryFolder("notebook");
    const workspace = join(folder, "workspace");
    mkdirSync(workspace);
    path = join(workspace, "runbook.promql");
    writeFileSync(path, file);
    const userDataDir = join(folder, "user-data");
    writeUserSettings(userDataDir, {
      "promqlWorkbench.connections": [
        { version: 1, id: "local", name: "Local", url: prometheus.url, auth: { type: "none" } },
      ],
      "notebook.globalToolbarShowLabel": "always",
    });
    code = await startCodeServer({ userDataDir, extensionsDir: join(folder, "extensions") });
    workbench = await Workbench.open(code, {
      folder: workspace,
      pictures: join(cacheFolder, "pictures"),
      extensionDevelopmentPath: root,
    });
    outputs = workbench.page.frameLocator("iframe.webview >> nth=0").frameLocator("iframe#active-frame");
    await workbench.theme("Dark Modern");
  });

  after(async () => {
    await workbench?.picture("notebook-end");
    await workbench?.close();
    await Promise.all([code, prometheus].map((one) => one?.stop()));
  });

  test("opens a text as a notebook, and runs all of it", async () => {
    const { page } = workbench;
    await workbench.openFile("runbook.promql");
    await page.getByRole("button", { name: "Open as Notebook" }).click();
    await page.locator(".notebookOverlay .cell-statusbar-container").first().waitFor();
    await workbench.picture("notebook-dark-0-opened");
    await page.getByRole("button", { name: "Run All" }).click();
    await outputs.locator(".legend .rows-body .row").first().waitFor();
    await workbench.picture("notebook-dark-1-run");
  });

  test("sees the table of the next cell, and what is wrong with the last one", async () => {
    const table = outputs.getByText('up{instance="', { exact: false }).first();
    await workbench.command("Notebook: Focus Last Cell");
    await table.scrollIntoViewIfNeeded();
    await workbench.picture("notebook-dark-2-table");
    await outputs.getByText("cannot read this query").first().scrollIntoViewIfNeeded();
    await workbench.picture("notebook-dark-3-error");
  });

  test("goes with the keys from a cell into its answer, and from view to view", async () => {
    const { page } = workbench;
    await workbench.command("Notebook: Focus First Cell");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await workbench.command("Notebook: Focus In Active Cell Output");
    const chart = outputs.getByRole("tab", { name: "Chart", exact: true }).first();
    for (let i = 0; i < 12 && !(await isFocused(chart)); i++) await page.keyboard.press("Tab");
    assert.ok(await isFocused(chart), "Tab leads to the views");
    await page.keyboard.press("ArrowRight");
    await outputs.locator('[role=tab][aria-selected=true]:text-is("Table")').first().waitFor();
    await page.keyboard.press("ArrowLeft");
    await outputs.locator('[role=tab][aria-selected=true]:text-is("Chart")').first().waitFor();
    await workbench.picture("notebook-dark-4-keys");
  });

  test("turns the wheel over a long answer, which scrolls it and not the notebook", async () => {
    const { page } = workbench;
    await workbench.command("Notebook: Focus Last Cell");
    const rows = outputs.locator(".table-view .rows-body").filter({ hasText: "prometheus_" }).first();
    await rows.scrollIntoViewIfNeeded();
    const place = async () => (await rows.boundingBox()) ?? { x: 0, y: 0, height: 0 };
    const before = await place();
    await page.mouse.move(before.x + 60, before.y + before.height / 2);
    await page.mouse.wheel(0, 60);
    const scrolled = () => rows.evaluate((element) => element.scrollTop);
    for (let i = 0; i < 50 && (await scrolled()) === 0; i++) await page.waitForTimeout(100);
    assert.ok((await scrolled()) > 0);
    assert.equal((await place()).y, before.y);
    await workbench.command("Notebook: Focus First Cell");
  });

  test("asks for another time below a cell, and sees the same in a second editor", async () => {
    const { page } = workbench;
    await outputs.getByText("Time, step, comparison and refresh").first().click();
    await outputs.getByLabel("Range", { exact: true }).first().selectOption("15m");
    await workbench.command("View: Split Editor Right");
    const second = page.frameLocator("iframe.webview >> nth=1").frameLocator("iframe#active-frame");
    await second.locator(".legend .rows-body .row").first().waitFor();
    await second.getByText("Time, step, comparison and refresh").first().click();
    assert.equal(await second.getByLabel("Range", { exact: true }).first().inputValue(), "15m");
    await workbench.picture("notebook-dark-5-two");
    // What is looked at in one is the business of that one.
    await second.getByRole("tab", { name: "Table", exact: true }).first().click();
    await second.getByLabel("Find series").first().waitFor();
    const chart = outputs.getByRole("tab", { name: "Chart", exact: true }).first();
    assert.equal(await chart.getAttribute("aria-selected"), "true");
    await workbench.command("View: Close Editor");
  });

  test("looks at it in a light theme", async () => {
    const { page } = workbench;
    await workbench.theme("Light Modern");
    await workbench.command("Notebook: Focus First Cell");
    await page.getByText("Defaults of this notebook").waitFor();
    await workbench.picture("notebook-light-1-run");
  });

  test("changes where a cell looks from below it, which is an edit of its text", async () => {
    const { page } = workbench;
    await page.locator(".cell-statusbar-container").getByText("last 3m").first().click();
    await workbench.pick("Last 5m");
    await page.locator(".cell-statusbar-container").getByText("last 5m").first().waitFor();
    await page.keyboard.press("Control+s");
    const saved = file.replace(
      "# @legend {{handler}}  @unit reqps\n",
      "# @legend {{handler}}  @unit reqps\n# @range 5m\n",
    );
    const deadline = Date.now() + 10_000;
    while (readFileSync(path, "utf8") !== saved && Date.now() < deadline) await page.waitForTimeout(100);
    assert.equal(readFileSync(path, "utf8"), saved);
    await page.keyboard.press("Control+z");
    await page.locator(".cell-statusbar-container").getByText("last 3m").first().waitFor();
  });

  test("saves a new notebook, and keeps its answer", async () => {
    const { page } = workbench;
    await workbench.command("PromQL: New Notebook");
    await page.locator(".tab.active", { hasText: "Untitled-1" }).waitFor();
    await page.locator(".notebookOverlay[inert]").waitFor({ state: "attached" });
    // It can be written into at once: the focus comes when the palette has gone.
    await page.locator(".notebookOverlay:not([inert]) :is(.native-edit-context, textarea):focus").waitFor();
    await page.keyboard.type("count(up)");
    await page.keyboard.press("Control+Enter");
    await shown(page, 'section[aria-label="Result of count(up)"] .legend .rows-body .row');
    await page.keyboard.press("Control+s");
    await workbench.quickInput.locator("input").first().waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".explorer-folders-view").getByText("Untitled-1.promqlnb").waitFor();
    await page.locator(".tab.active.dirty").waitFor({ state: "detached" });
    await shown(page, 'section[aria-label="Result of count(up)"] .legend .rows-body .row');
    await workbench.picture("notebook-light-2-saved");
    const saved = join(path, "..", "Untitled-1.promqlnb");
    for (let i = 0; i < 50 && !existsSync(saved); i++) await page.waitForTimeout(100);
    assert.equal(readFileSync(saved, "utf8"), "# %%\ncount(up)\n");
  });
});

async function isFocused(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => {
    const { activeElement } = element.getRootNode() as ShadowRoot;
    return element.ownerDocument.hasFocus() && activeElement === element;
  });
}

/** Waits until something is to be seen in the outputs of any of the open notebooks. */
async function shown(page: Page, what: string): Promise<void> {
  for (let i = 0; i < 100; i++) {
    for (const frame of page.frames()) {
      const first = frame.locator(what).first();
      if (await first.isVisible().catch(() => false)) return;
    }
    await page.waitForTimeout(100);
  }
  assert.fail(`there is no ${what}`);
}
