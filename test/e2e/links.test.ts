import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildAll } from "../../esbuild.js";
import { type CodeServer, startCodeServer, writeUserSettings } from "../host/codeServer.ts";
import { cacheFolder } from "../servers/binaries.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { startHostileServer } from "../support/hostileServer.ts";
import { Workbench } from "./workbench.ts";

/*
 * What only keys can show: a pasted link (in a browser VS Code asks for paste edits at a real paste alone), and the address that
 * VS Code really opens.
 */
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

describe("links in VS Code", { timeout: 300_000 }, () => {
  let code: CodeServer;
  let workbench: Workbench;
  let workspace: string;
  let server: Awaited<ReturnType<typeof startHostileServer>>;
  const asked: string[] = [];

  before(async () => {
    await buildAll();
    server = await startHostileServer(({ request, answer }) => {
      asked.push(request.path);
      answer(200, JSON.stringify({ status: "success", data: { version: "2.24.0" } }));
    });
    const folder = temporaryFolder("links");
    workspace = join(folder, "workspace");
    mkdirSync(workspace, { recursive: true });
    writeFileSync(join(workspace, "paste.promql"), "# %% A\nup\n");
    writeFileSync(join(workspace, "comment.promql"), "# see \nup\n");
    writeFileSync(join(workspace, "query.promql"), "a\n\n+ b\n");
    writeFileSync(join(workspace, "open.promql"), '# @connection vm\nx{a="b&c=d+e"}\n');
    const userDataDir = join(folder, "user-data");
    writeUserSettings(userDataDir, {
      "files.autoSave": "off",
      "promqlWorkbench.connections": [
        { version: 1, id: "vm", name: "VM", url: `${server.origin}/prometheus`, auth: { type: "none" } },
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
    await workbench?.picture("links-end");
    await workbench?.close();
    await code?.stop();
    await server?.[Symbol.asyncDispose]();
  });

  /** Pastes into a line (1-based) of a file, saves it, and answers what is in it then. */
  async function pasted(file: string, line: number, text: string): Promise<string> {
    await workbench.openFile(file);
    // Its lens: the extension is there.
    await workbench.page.locator(".codelens-decoration:visible").first().waitFor();
    await workbench.goToLine(line);
    await workbench.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    const before = readFileSync(join(workspace, file), "utf8");
    await workbench.page.keyboard.press("Control+v");
    await workbench.page.waitForTimeout(1500);
    await workbench.picture(`links-${file}`);
    await workbench.page.locator(".tab.active.dirty").waitFor();
    await workbench.page.keyboard.press("Control+s");
    await workbench.page.locator(".tab.active:not(.dirty)").waitFor();
    const after = readFileSync(join(workspace, file), "utf8");
    assert.notEqual(after, before);
    return after;
  }

  const strange = "https://elsewhere.example/graph?g0.expr=up&g0.range_input=30m";

  test("a pasted link becomes blocks that name its connection, with plain text as the other choice", async () => {
    const link = `${server.origin}/vmui/#/?g0.expr=sum(up)&g0.range_input=2h&g0.relative_time=last_2_hours&g1.expr=up%20%23%20%40step%205s&g1.tab=1`;
    assert.equal(
      await pasted("paste.promql", 3, link),
      "# %% A\nup\n\n# %%\n# @connection vm\n# @range 2h\nsum(up)\n\n# %%\n# @connection vm\n# @mode instant\nup\n",
    );
    await workbench.page.keyboard.press("Control+z");
    assert.deepEqual(asked, [], "nothing is sent by pasting");
  });

  test("in a comment and between the lines of a query a link stays text", async () => {
    assert.equal(await pasted("comment.promql", 1, strange), `# see ${strange}\nup\n`);
    assert.equal(await pasted("query.promql", 2, strange), `a\n${strange}\n+ b\n`);
  });

  test("a query opens in its server's own page, every sign of it kept", async () => {
    await workbench.openFile("open.promql");
    await workbench.goToLine(2);
    // Addresses of this machine are opened unasked.
    const opened = workbench.page.context().waitForEvent("page");
    await workbench.command("PromQL: Open Query in Server's UI");
    const page = await opened;
    await page.waitForURL(/vmui/);
    await workbench.picture("links-open");
    // Its port is forwarded, as in any remote window.
    assert.ok(
      page.url().includes(`${new URL(server.origin).port}/vmui/#/?g0.expr=x%7Ba%3D%22b%26c%3Dd%2Be%22%7D&`),
      page.url(),
    );
    assert.deepEqual(asked.slice(0, 2), ["/prometheus/api/v1/status/buildinfo", "/vmui/"]);
    await page.close();
  });
});
