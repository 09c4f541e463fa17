import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Locator } from "playwright-core";
import { buildAll } from "../../esbuild.js";
import { type CodeServer, startCodeServer, writeUserSettings } from "../host/codeServer.ts";
import { cacheFolder } from "../servers/binaries.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { seriousFaults } from "../support/axe.ts";
import { type HostileMetrics, startHostileMetrics } from "../support/hostileMetrics.ts";
import { Workbench } from "./workbench.ts";

/* The views of the side bar on a server every word of which is meant to do harm, and in the eyes of axe. */
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
const views = ["Connections", "Metrics", "Labels", "Targets", "Alerts and Rules", "Server", "History"];

/** What would be more than text. */
const markup = ":is(a, img, svg, script, iframe, object, input, style, .codicon)";

/** Runs in the page: what the rows that are drawn say, and what in them is more than text. */
function inspectRows(more: string): { readonly texts: readonly string[]; readonly faults: readonly string[] } {
  const unsafe = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
  const texts: string[] = [];
  const faults: string[] = [];
  for (const row of document.querySelectorAll(".pane-body .monaco-list-row")) {
    const text = row.querySelector(".monaco-icon-label-container")?.textContent ?? "";
    texts.push(text);
    for (const found of row.querySelectorAll(`.monaco-icon-label-container ${more}`)) {
      // The name of a row is a link of VS Code's own, without a destination.
      if (!found.matches("a.label-name:not([href])")) faults.push(`${found.outerHTML} in ${text}`);
    }
    for (const said of [text, row.getAttribute("aria-label") ?? ""]) {
      if (unsafe.test(said)) faults.push(`${JSON.stringify(said)} is not neutralised`);
    }
  }
  for (const found of document.querySelectorAll(`.pane-body .message ${more}`)) faults.push(found.outerHTML);
  return { texts, faults };
}

/**
 * How the tree is built is VS Code's: a name and a description without anything between them (what is spoken has a comma
 * there), and rows that stick to the top beside the others.
 */
const rowsOfVSCode = {
  within: ".part.sidebar .pane-body",
  off: ["label-content-name-mismatch", "aria-required-children"],
};

describe("a server's hostile words in the views of the side bar", { timeout: 300_000 }, () => {
  let code: CodeServer;
  let workbench: Workbench;
  let server: HostileMetrics;

  const rows = () => workbench.page.locator(".pane-body .monaco-list-row");

  /** Opens one view and closes the others. */
  async function only(view: string): Promise<void> {
    // Opened first: VS Code keeps one view open.
    for (const name of [view, ...views.filter((other) => other !== view)]) {
      const header = workbench.page.locator(".pane-header", { hasText: name }).first();
      for (let i = 0; i < 5; i++) {
        if ((await header.getAttribute("aria-expanded")) === String(name === view)) break;
        await header.click();
        await workbench.page.waitForTimeout(300);
      }
    }
    await rows().first().waitFor();
    await workbench.page.waitForTimeout(700);
  }

  /** Looks at every page of the view that is open, and answers what its rows say. */
  async function readPages(): Promise<ReadonlySet<string>> {
    const seen = new Set<string>();
    await workbench.page.locator(".pane-body .monaco-list:visible").first().hover();
    await workbench.page.mouse.wheel(0, -1_000_000);
    for (let still = 0; still < 3; ) {
      await workbench.page.waitForTimeout(80);
      const before = seen.size;
      const found = await workbench.page.evaluate(inspectRows, markup);
      assert.deepEqual(found.faults, []);
      for (const text of found.texts) seen.add(text);
      still = seen.size === before ? still + 1 : 0;
      await workbench.page.mouse.wheel(0, 550);
    }
    await workbench.page.mouse.wheel(0, -1_000_000);
    return seen;
  }

  before(async () => {
    await buildAll();
    server = await startHostileMetrics();
    const folder = temporaryFolder("hostile-views");
    const workspace = join(folder, "workspace");
    mkdirSync(join(workspace, "empty"), { recursive: true });
    const userDataDir = join(folder, "user-data");
    writeUserSettings(userDataDir, {
      "promqlWorkbench.connections": [{ version: 1, id: "odd", name: "Odd", url: server.url, auth: { type: "none" } }],
    });
    code = await startCodeServer({ userDataDir, extensionsDir: join(folder, "extensions") });
    workbench = await Workbench.open(code, {
      folder: workspace,
      pictures: join(cacheFolder, "pictures"),
      extensionDevelopmentPath: root,
    });
    await workbench.page.locator('.activitybar [aria-label^="PromQL"]').first().click();
  });

  after(async () => {
    await workbench?.picture("hostile-views-end");
    await workbench?.close();
    await Promise.all([code, server].map((one) => one?.stop()));
  });

  /** The row in this place of the view, counted from 0; it has to be in sight. */
  const rowAt = (index: number) => workbench.page.locator(`.pane-body .monaco-list-row[data-index="${index}"]`);

  /** Rests on a row until its tooltip is there, which has to be text and to say `expected`. */
  async function readTooltip(picture: string, row: Locator, expected: string): Promise<void> {
    await row.hover({ position: { x: 60, y: 10 } });
    const hover = workbench.page.locator(".monaco-hover:visible").first();
    await hover.waitFor();
    const found = await hover.locator(markup).evaluateAll((all) => all.map(({ outerHTML }) => outerHTML));
    assert.deepEqual(found, []);
    const said = (await hover.textContent()) ?? "";
    assert.ok(said.includes(expected), said);
    assert.doesNotMatch(said.replaceAll("\n", ""), /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
    await workbench.picture(`hostile-${picture}`);
    // The tooltip stays while the mouse is on it.
    await workbench.page.mouse.move(1395, 895);
    await hover.waitFor({ state: "hidden" });
  }

  /** Opens a row that is in sight. */
  async function open(label: string): Promise<void> {
    await rows()
      .filter({ has: workbench.page.getByText(label, { exact: true }) })
      .first()
      .click();
    await workbench.page.waitForTimeout(700);
  }

  const link = "https://example.invalid/bare";
  /** Every answer comes with a warning: what it says stands open below this row, before all others. */
  const partial = "Partial: the server warns that this may not be all.";
  const firstRow = 2;

  test("a connection, with what its server is and offers", async () => {
    await workbench.command("PromQL: Detect What the Server Offers");
    await workbench.pick("Odd");
    await workbench.command("Notifications: Show Notifications");
    const message = workbench.page.locator(".notifications-center .notification-list-item-message");
    await message.filter({ hasText: "offers" }).filter({ hasNotText: "Detecting" }).first().waitFor();
    assert.equal(await message.locator("a, img, .codicon").count(), 0);
    await workbench.command("Notifications: Clear All Notifications");
    await only("Connections");
    await readPages();
    await readTooltip("connection", rowAt(0), "(detected ");
  });

  test("metrics, and what is said of them", async () => {
    await only("Metrics");
    await readTooltip("warning", rowAt(1), link);
    assert.ok((await readPages()).size > 50);
    await workbench.command("PromQL: Filter Metrics");
    await workbench.answer("^https://example");
    await readTooltip("metrics", rowAt(firstRow), "[click](command:workbench.action.closeWindow)");
  });

  test("labels with their values, each in its place", async () => {
    await only("Labels");
    await readTooltip("labels", rowAt(firstRow + 2), link);
    await open("a");
    await open("a b");
    const first = await Promise.all(Array.from({ length: 15 }, (_, i) => rowAt(i).textContent()));
    const below = "Metrics with this label";
    const ours = first.filter((_, i) => first[i - 1] !== partial);
    const ofA = [below, partial, "b c", "twice", "twice"];
    assert.deepEqual(ours, [partial, "a", ...ofA, "a b", below, partial, "c", link]);
    assert.ok((await readPages()).size > 60);
  });

  test("targets with their errors", async () => {
    await only("Targets");
    await readTooltip("targets", rowAt(firstRow + 1), link);
    assert.ok((await readPages()).size > 60);
  });

  test("alerts and rules with their annotations", async () => {
    await only("Alerts and Rules");
    await readTooltip("rules", rowAt(firstRow + 1), "[click](command:workbench.action.closeWindow)");
    assert.ok((await readPages()).size > 120);
  });

  test("what the server says of itself", async () => {
    await only("Server");
    await readTooltip("server", rowAt(firstRow + 1), link);
    await open("Flags");
    await open("Series by metric");
    assert.ok((await readPages()).size > 120);
  });

  test("queries that were run", async () => {
    await only("Metrics");
    await rowAt(firstRow).click();
    await workbench.page.locator(".tab", { hasText: "Untitled" }).first().waitFor();
    await only("History");
    await readTooltip("history", rowAt(0), link);
    await readPages();
  });

  for (const theme of ["Dark Modern", "Light Modern"]) {
    test(`nothing serious against our rows in the eyes of axe: ${theme}`, async () => {
      await workbench.theme(theme);
      for (const view of views) {
        await only(view);
        assert.deepEqual(await seriousFaults(workbench.page, rowsOfVSCode), [], view);
      }
    });
  }

  test("nothing of it has run, and nothing was complained of", () => {
    assert.deepEqual(workbench.executed, []);
    assert.deepEqual(workbench.complaints, []);
  });
});
