import { fork } from "node:child_process";
import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { exportChunks } from "../../src/query/export/exportChunks.ts";
import { type ExportFormatId, exportFormatIds, exportFormats } from "../../src/query/export/exportFormats.ts";
import type { Series } from "../../src/shared/model/answer.ts";
import { valueText } from "../../src/shared/model/numberText.ts";
import { timeZoneOf } from "../../src/shared/model/zonedTime.ts";
import { aSubject } from "../support/exports.ts";
import { testNow } from "../support/runs.ts";

const seriesCount = 1000;
const points = 11_000;

/** Series that share their times, as a range answer's do. */
function range(): readonly Series[] {
  const times = Float64Array.from({ length: points }, (_, i) => testNow - (points - i) * 15_000);
  return Array.from({ length: seriesCount }, (_, k) => ({
    labels: [
      ["__name__", "http_requests_total"],
      ["instance", `10.0.0.${k}:9090`],
      ["job", "api"],
    ],
    times,
    values: Float64Array.from({ length: points }, (_v, i) => Number((Math.sin(i * 0.37 + k) * 100).toFixed(3))),
    histograms: [],
  }));
}

interface Measured {
  readonly ms: number;
  readonly bytes: number;
  readonly stallMs: number;
  /** Peak resident memory above the answer's. */
  readonly extraMb: number;
}

/** What the plain way does: the answer as objects of the API's shape, then one text of all of it. */
function plain(series: readonly Series[]): number {
  const result = series.map(({ labels, times, values }) => ({
    metric: Object.fromEntries(labels),
    values: Array.from(times, (time, i) => [time / 1000, valueText(values[i] ?? 0)]),
  }));
  return Buffer.byteLength(JSON.stringify({ status: "success", data: { resultType: "matrix", result } }));
}

async function measure(way: ExportFormatId | "JSON.stringify"): Promise<Measured> {
  const series = range();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // The first tick is where delays are counted from.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = process.memoryUsage.rss();
  const start = performance.now();
  let bytes = 0;
  if (way === "JSON.stringify") bytes = plain(series);
  else {
    const subject = aSubject({ type: "matrix", series }, { zone: timeZoneOf("Europe/Berlin") });
    const { signal } = new AbortController();
    const chunks = exportChunks(exportFormats[way].write, subject, { onProgress: () => undefined, signal });
    for await (const chunk of chunks) bytes += Buffer.byteLength(chunk);
  }
  const ms = performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, 20));
  const peak = process.resourceUsage().maxRSS * 1024;
  return { ms, bytes, stallMs: delay.max / 1e6, extraMb: (peak - before) / 2 ** 20 };
}

/** Prints how fast answers are exported, each way in a process of its own. */
export async function benchExports(): Promise<void> {
  console.log(`\nExport of ${seriesCount} x ${points}, three decimals, Node ${process.version}`);
  for (const way of ["JSON.stringify", ...exportFormatIds]) {
    const child = fork(fileURLToPath(import.meta.url), [way], { execArgv: ["--max-old-space-size=8192"] });
    const [measured] = (await once(child, "message")) as [Measured];
    child.kill();
    const { ms, bytes, stallMs, extraMb } = measured;
    const speed = bytes / 1e6 / (ms / 1000);
    console.log(
      `  ${way.padEnd(14)} ${ms.toFixed(0).padStart(6)} ms  ${(bytes / 1e6).toFixed(0).padStart(5)} MB  ${speed.toFixed(0).padStart(4)} MB/s   longest stall ${stallMs.toFixed(0).padStart(5)} ms   memory ${extraMb.toFixed(0).padStart(5)} MB`,
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [way] = process.argv.slice(2);
  if (way === undefined) await benchExports();
  else process.send?.(await measure(way as ExportFormatId));
}
