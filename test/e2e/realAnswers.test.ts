import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildAll } from "../../esbuild.js";
import { type CodeServer, startCodeServer, writeUserSettings } from "../host/codeServer.ts";
import { cacheFolder } from "../servers/binaries.ts";
import { protobufContentType } from "../servers/nativeHistograms.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { type RunningServer, startPrometheus, waitForSeries } from "../servers/prometheus.ts";
import { startScrapeTarget } from "../servers/scrapeTarget.ts";
import { startVictoriaMetrics } from "../servers/victoriaMetrics.ts";
import { exposeClassic, exposeNative } from "../support/shopMetrics.ts";
import { Workbench } from "./workbench.ts";

/* Answers that only some servers give, of real ones: exemplars and native histograms of Prometheus, `vmrange` of VictoriaMetrics. */
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

const file = `# %% Slow requests
# @connection Local
histogram_quantile(0.9, sum by (le) (rate(shop_request_duration_seconds_bucket[1m])))

# %% Latency
# @connection Local @view heatmap
rate(shop_latency_seconds[1m])

# %% Reads
# @connection Victoria @range 1m @step 1s @view heatmap
sum by (vmrange) (increase(vmselect_request_duration_seconds_bucket[5s]))
`;

/** A cell of a heatmap: what was counted between two bounds in seconds, and its part of all that was counted at that time. */
interface Cell {
  readonly count: number;
  readonly lower: number;
  readonly upper: number;
  readonly share: number;
}

/** `35.1ms`, `2s` as a number. */
function seconds(text: string): number {
  const factor = { ns: 1e-9, µs: 1e-6, ms: 1e-3, s: 1 }[/[nµm]?s$/.exec(text)?.[0] ?? ""];
  return Number.parseFloat(text) * (factor ?? Number.NaN);
}

describe("a person looks at what only some servers answer", { timeout: 300_000 }, () => {
  let code: CodeServer;
  let workbench: Workbench;
  let victoria: RunningServer;
  let work: NodeJS.Timeout;
  const started: RunningServer[] = [];
  const running = async (one: Promise<RunningServer>) => {
    const server = await one;
    started.push(server);
    return server;
  };

  const run = async (line: number, query: string) => {
    await workbench.page.locator(".tab", { hasText: "real.promql" }).first().click();
    // A tooltip of the tab would stand over the editor.
    await workbench.page.mouse.move(0, 0);
    await workbench.goToLine(line);
    await workbench.page.keyboard.press("Control+Enter");
    await workbench.webview.locator(".query", { hasText: query }).waitFor();
    await workbench.webview.locator(".plot canvas").waitFor();
  };

  /** What the tooltip says down a column of the heatmap, at a part of its width; each cell once, in the numbers that it names. */
  const cellsDown = async (part: number): Promise<readonly Cell[]> => {
    const over = await workbench.webview.locator(".u-over").boundingBox();
    assert.ok(over !== null);
    const said = new Set<string>();
    for (let y = 2; y < over.height; y += 6) {
      await workbench.page.mouse.move(over.x + over.width * part, over.y + y);
      const parts = workbench.webview.locator(".tooltip").locator(".tooltip-value, .tooltip-name, .tooltip-more");
      said.add((await parts.allTextContents()).join(" "));
    }
    await workbench.page.mouse.move(over.x + over.width * part, over.y + over.height * 0.7);
    return [...said].flatMap((text) => {
      const found = /^([\d.e-]+) \((\S+), (\S+)\] ([\d.]+)% of what was counted then/.exec(text);
      if (found === null) return [];
      const [, count = "", lower = "", upper = "", share = ""] = found;
      return [{ count: Number(count), lower: seconds(lower), upper: seconds(upper), share: Number(share) / 100 }];
    });
  };

  before(async () => {
    const past = { pastMs: 600_000, stepMs: 15_000 };
    const openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    const [classic, native] = await Promise.all([
      running(startScrapeTarget(openMetrics, exposeClassic(), past)),
      running(startScrapeTarget(protobufContentType, exposeNative(), past)),
      buildAll(),
    ]);
    const [prometheus, other] = await Promise.all([
      running(
        startPrometheus({
          jobs: { classic: [`127.0.0.1:${classic.port}`], native: [`127.0.0.1:${native.port}`] },
          args: ["--enable-feature=exemplar-storage,native-histograms"],
        }),
      ),
      running(startVictoriaMetrics()),
    ]);
    victoria = other;
    // VictoriaMetrics counts its own work: here it gets some.
    work = setInterval(() => void fetch(`${victoria.url}/api/v1/series?match[]={__name__!=""}`).catch(() => 0), 100);
    const folder = temporaryFolder("real-answers");
    const workspace = join(folder, "workspace");
    mkdirSync(workspace);
    writeFileSync(join(workspace, "real.promql"), file);
    const userDataDir = join(folder, "user-data");
    const connection = { version: 1, auth: { type: "none" } };
    writeUserSettings(userDataDir, {
      "promqlWorkbench.connections": [
        { ...connection, id: "local", name: "Local", url: prometheus.url },
        { ...connection, id: "victoria", name: "Victoria", url: victoria.url },
      ],
      "promqlWorkbench.query.defaultRange": "10m",
    });
    code = await startCodeServer({ userDataDir, extensionsDir: join(folder, "extensions") });
    workbench = await Workbench.open(code, {
      folder: workspace,
      pictures: join(cacheFolder, "pictures"),
      extensionDevelopmentPath: root,
    });
    await waitForSeries(prometheus, "rate(shop_request_duration_seconds_bucket[1m])");
    await waitForSeries(prometheus, "shop_latency_seconds");
    await workbench.theme("Dark Modern");
    await workbench.openFile("real.promql");
  });

  after(async () => {
    clearInterval(work);
    await workbench?.picture("real-end");
    await workbench?.close();
    await code?.stop();
    await Promise.all(started.map((one) => one.stop()));
  });

  test("sees exemplars beside a line, and copies the trace id of one", async () => {
    await run(3, "histogram_quantile");
    const { page, webview } = workbench;
    await webview.getByRole("checkbox", { name: "Exemplars" }).check();
    const list = webview.getByRole("table", { name: "Exemplars" });
    await list.locator(".rows-body .row").first().waitFor();
    // The slowest requests lie beyond the axis of the quantile: their diamonds stand at its upper edge.
    const over = await webview.locator(".u-over").boundingBox();
    assert.ok(over !== null);
    const box = webview.locator(".exemplar-box");
    for (let x = over.width - 2; x > 0 && !(await box.isVisible()); x -= 6)
      await page.mouse.move(over.x + x, over.y + 2);
    const [title = "", , ...labels] = await box.locator("div").allTextContents();
    const [customer, trace = ""] = labels.toSorted();
    assert.equal(customer, "customer: Zoë");
    assert.match(trace, /^trace_id: 4bf92f3577b34da6[0-9a-f]{16}$/);
    const traceId = trace.slice("trace_id: ".length);
    await page.mouse.down();
    await page.mouse.up();
    const row = list.locator(".row-selected");
    await row.filter({ hasText: title.slice("Exemplar ".length) }).waitFor();
    assert.match((await row.textContent()) ?? "", new RegExp(`trace_id="${traceId}".*le=`));
    await workbench.picture("real-1-exemplars");
    await row.getByRole("button", { name: "Copy trace id" }).click();
    await webview.getByText("Copied.").waitFor();
    assert.equal(await page.evaluate("navigator.clipboard.readText()"), traceId);
  });

  test("sees native histograms as a heatmap", async () => {
    await run(7, "shop_latency_seconds");
    await workbench.webview.locator(".heat-legend").waitFor();
    const cells = (await cellsDown(0.6)).filter(({ share }) => share >= 0.01);
    await workbench.picture("real-2-native");
    assert.ok(cells.length >= 8, `${cells.length} cells`);
    for (const { count, lower, upper, share } of cells) {
      const text = JSON.stringify({ count, lower, upper, share });
      // Eight buckets to each power of two; a hundred requests, at times one more, in 15 s. Both as far as four digits tell.
      assert.ok(Math.abs(upper / lower / 2 ** (1 / 8) - 1) < 0.002, text);
      assert.ok(Math.abs(count / share / (100 / 15) - 1) < 0.07, text);
    }
  });

  test("sees the ranges of VictoriaMetrics as a heatmap", async () => {
    await run(11, "vmrange");
    await workbench.webview.locator(".heat-legend").waitFor();
    const cells = (await cellsDown(0.9)).filter(({ count }) => count > 0);
    await workbench.picture("real-3-vmrange");
    assert.ok(cells.length >= 2, `${cells.length} cells`);
    // VictoriaMetrics has 18 ranges to each power of ten.
    for (const { lower, upper } of cells) {
      assert.ok(Math.abs(upper / lower / 10 ** (1 / 18) - 1) < 0.002, `${lower} ${upper}`);
    }
    assert.deepEqual(workbench.complaints, []);
  });
});
