import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildAll } from "../../esbuild.js";
import { type CodeServer, startCodeServer, writeUserSettings } from "../host/codeServer.ts";
import { cacheFolder } from "../servers/binaries.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { startHostileServer } from "../support/hostileServer.ts";
import { hostileStrings } from "../support/hostileStrings.ts";
import { Workbench } from "./workbench.ts";

/*
 * What a server and a workspace may say to do harm, where VS Code itself draws it: the tree, its tooltips, pickers,
 * the status bar and notifications. VS Code's notifications turn `[text](command:id)` into a link that runs a command.
 */
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
const names = hostileStrings.filter(
  (text) => text.trim() !== "" && text.length <= 100 && !/[\p{Cc}\p{Cs}]/u.test(text),
);

/** Names of secret parameters: those that VS Code would make a link or an icon of, and some markup. */
const secretNames = names.filter((name) => /\]\(|\$\(|^<|^command:/.test(name)).slice(-6);

/** All hostile texts, four in an error, so that each is short enough to be shown whole. */
const short = hostileStrings.filter((text) => text.length < 200);
const errors = Array.from({ length: Math.ceil(short.length / 4) }, (_, i) => short.slice(4 * i, 4 * i + 4).join(" "));

describe("hostile text in VS Code's own surfaces", { timeout: 300_000 }, () => {
  let code: CodeServer;
  let workbench: Workbench;
  let server: Awaited<ReturnType<typeof startHostileServer>>;

  before(async () => {
    await buildAll();
    server = await startHostileServer(({ request, answer }) => {
      const index = Number(/^\/(\d+)\//.exec(request.path)?.[1] ?? 0);
      const error = errors[index % errors.length];
      answer(400, JSON.stringify({ status: "error", errorType: "bad_data", error }), {
        "content-type": "application/json",
      });
    });
    const folder = temporaryFolder("hostile");
    const workspace = join(folder, "workspace");
    mkdirSync(join(workspace, "empty"), { recursive: true });
    const userDataDir = join(folder, "user-data");
    writeUserSettings(userDataDir, {
      "promqlWorkbench.connections": [
        ...names.map((name, i) => ({
          ...{ version: 1, id: `hostile-${i}`, name, url: `${server.origin}/${i}`, auth: { type: "none" } },
        })),
        ...secretNames.map((name, i) => ({
          ...{ version: 1, id: `secret-${i}`, name, url: `${server.origin}/secret${i}`, auth: { type: "none" } },
          secretQueryParams: [name],
        })),
      ],
    });
    code = await startCodeServer({ userDataDir, extensionsDir: join(folder, "extensions") });
    workbench = await Workbench.open(code, {
      folder: workspace,
      pictures: join(cacheFolder, "pictures"),
      extensionDevelopmentPath: root,
    });
  });

  after(async () => {
    await workbench?.picture("hostile-end");
    await workbench?.close();
    await code?.stop();
    await server?.[Symbol.asyncDispose]();
  });

  test("the tree and the picker show it as text", async () => {
    await workbench.page.locator('.activitybar [aria-label^="PromQL"]').first().click();
    await workbench.page.locator(".pane-header", { hasText: "Metrics" }).first().click();
    const rows = workbench.page.locator(".pane-body .monaco-list-row");
    await rows.nth(10).waitFor();
    await rows.nth(1).hover();
    await workbench.page.locator(".monaco-hover:visible").waitFor();
    await workbench.picture("hostile-tree");
    // Icons of ours stand in their own element; text of a name must never become one.
    assert.equal(await rows.locator(".label-name .codicon, .label-name img, .label-name a").count(), 0);
    assert.equal(await workbench.page.locator(".monaco-hover [data-href^='command:'], .monaco-hover img").count(), 0);
    await workbench.command("PromQL: Test Connection");
    await workbench.quickInput.locator(".monaco-list-row").nth(3).waitFor();
    assert.equal(await workbench.quickInput.locator(".label-name img, .label-name a").count(), 0);
    await workbench.picture("hostile-picker");
    await workbench.page.keyboard.press("Escape");
  });

  test("a notification has neither links nor markup of the server", async () => {
    const center = workbench.page.locator(".notifications-center");
    const message = center.locator(".notification-list-item-message");
    for (const [index, error] of errors.entries()) {
      await workbench.command("PromQL: Test Connection");
      await workbench.quickInput.locator("input").first().fill(`${server.origin}/${index} `);
      await workbench.quickInput.locator(".monaco-list-row").first().waitFor();
      await workbench.page.keyboard.press("Enter");
      await workbench.command("Notifications: Show Notifications");
      await message
        .filter({ hasNotText: /^Testing / })
        .first()
        .waitFor();
      assert.equal(await message.locator("a, img, .codicon").count(), 0, error);
      if (index === 0) await workbench.picture("hostile-notification");
      await workbench.command("Notifications: Clear All Notifications");
      await message.first().waitFor({ state: "hidden" });
    }
    assert.ok(server.requests.length >= errors.length);
  });

  /** Markup that only a text which was taken for it would have made; icons of ours do not stand in the frame of an input. */
  const inFrame = ".quick-input-title, .quick-input-message, .quick-input-description";
  const madeOfText = ":is(a, img, svg, script, iframe, .codicon)";

  test("replacing a secret names what it is for as text", async () => {
    for (const [index, parameter] of secretNames.entries()) {
      await workbench.command("PromQL: Replace a Secret");
      await workbench.quickInput.locator("input").first().fill(`${server.origin}/secret${index} `);
      await workbench.quickInput.locator(".monaco-list-row").first().waitFor();
      await workbench.page.keyboard.press("Enter");
      await workbench.asked("It is tested before the old one is dropped");
      await workbench.asked("which goes to");
      const frame = workbench.quickInput.locator(inFrame);
      assert.equal(await frame.locator(madeOfText).count(), 0, parameter);
      if (index === 0) await workbench.picture("hostile-secret");
      await workbench.page.keyboard.press("Escape");
      await workbench.quickInput.waitFor({ state: "hidden" });
    }
    assert.ok(secretNames.length > 3);
  });

  test("an import shows names, addresses and what came of them as text", async () => {
    const few = names.filter((_, i) => i % 9 === 0 || i > names.length - 12);
    const datasources = few.map((name, i) => ({
      ...{ name, type: "prometheus", url: `${server.origin}/imported/${i}`, basicAuth: true, basicAuthUser: name },
      secureJsonData: { basicAuthPassword: name },
      jsonData: { customQueryParameters: name },
    }));
    const text = JSON.stringify({ apiVersion: 1, datasources });
    await workbench.page.evaluate((said) => navigator.clipboard.writeText(said), text);
    await workbench.command("PromQL: Import Connections");
    await workbench.pick("Clipboard");
    const rows = workbench.quickInput.locator(".monaco-list-row");
    await rows.nth(3).waitFor();
    assert.equal(
      await rows
        .locator(".quick-input-list-rows :is(a[href], img, svg, iframe), .quick-input-list-entry .label-name .codicon")
        .count(),
      0,
    );
    await workbench.picture("hostile-import");
    // One of them is enough to see the summary; the others are told of there too.
    await workbench.quickInput.locator("input[type=checkbox], [role=checkbox]").first().click();
    if (await workbench.quickInput.getByText(/^[1-9]\d* Selected/).isVisible())
      await workbench.quickInput.locator("input[type=checkbox], [role=checkbox]").first().click();
    await workbench.page.getByRole("button", { name: "OK" }).click();
    await workbench.page.locator(".view-line", { hasText: "0 imported." }).waitFor();
    await workbench.picture("hostile-summary");
    const shown = (await workbench.page.locator(".view-lines").first().textContent()) ?? "";
    assert.doesNotMatch(shown, /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    assert.equal(await workbench.page.locator(".view-lines :is(img, svg, iframe, a)").count(), 0);
    assert.equal(server.requests.filter(({ path }) => path.startsWith("/imported")).length, 0);
  });

  test("nothing of it has run", () => {
    assert.deepEqual(workbench.executed, []);
    assert.deepEqual(workbench.complaints, []);
  });
});
