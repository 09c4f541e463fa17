import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { FrameLocator } from "playwright-core";
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
# @range 15m

# %% [markdown]
# ## First what it does
# Requests, and how long they take.

# %% Requests per second, by handler
# @legend {{handler}}  @unit reqps
sum by (handler) (rate(prometheus_http_requests_total[30s]))

# %% Targets
# @mode instant  @view table
up

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
    outputs = workbench.page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");
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
    await page.waitForTimeout(2000);
    await workbench.picture("notebook-dark-1-run");
  });
});
