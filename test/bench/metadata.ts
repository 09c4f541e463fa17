import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Logger } from "../../src/platform/ports.ts";
import { createHttpSource } from "../../src/prometheus/httpSource.ts";

/** Answers that are read as a whole: what a large server has to say of its metrics. */
export const metadataCases = ["1,000,000 metric names", "100,000 metadata families"] as const;

export type MetadataCase = (typeof metadataCases)[number];

/** Figures of one reading; `parseMs` is `JSON.parse` alone, of the plain way only. */
export interface MetadataMeasured {
  readonly ms: number;
  readonly parseMs: number | undefined;
  readonly bytes: number;
  readonly count: number;
  readonly stallMs: number;
  /** Peak resident memory above what was used before the request, the result not counted. */
  readonly extraMb: number;
  readonly resultMb: number;
}

const paths: Readonly<Record<MetadataCase, string>> = {
  "1,000,000 metric names": "/api/v1/label/__name__/values",
  "100,000 metadata families": "/api/v1/metadata",
};

const parts = ["http", "node", "container", "kube", "go", "process", "grpc_server", "etcd_disk", "apiserver_admission"];

function* names(): Generator<string> {
  yield '{"status":"success","data":[';
  for (let i = 0; i < 1_000_000; i++) {
    yield `${i === 0 ? "" : ","}"${parts[i % parts.length]}_subsystem_requests_${i}_total"`;
  }
  yield "]}";
}

function* families(): Generator<string> {
  yield '{"status":"success","data":{';
  for (let i = 0; i < 100_000; i++) {
    const help = `Number of requests of the \\"${parts[i % parts.length]}\\" kind that took longer than ${i} seconds.`;
    yield `${i === 0 ? "" : ","}"${parts[i % parts.length]}_requests_${i}_total":[{"type":"counter","help":"${help}","unit":""}]`;
  }
  yield "}}";
}

/** Answers the requests of these cases; false: the request is of another one. */
export function serveMetadata(request: IncomingMessage, response: ServerResponse): boolean {
  const path = new URL(request.url ?? "", "http://x").pathname;
  if (!Object.values(paths).includes(path)) return false;
  response.writeHead(200, { "content-type": "application/json" });
  const write = async () => {
    let piece = "";
    for (const one of path.endsWith("metadata") ? families() : names()) {
      piece += one;
      if (piece.length < 64 * 1024) continue;
      if (!response.write(piece)) await once(response, "drain");
      piece = "";
    }
    response.end(piece);
  };
  void write();
  return true;
}

const silent: Logger = { trace: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const mb = (bytes: number) => bytes / 2 ** 20;

/** Bytes of strings and objects, and of arrays that lie beside the heap. */
function held(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Reads one case in one way; the process needs `--expose-gc` to tell the result from what was left behind. */
export async function measureMetadata(way: string, port: number, title: MetadataCase): Promise<MetadataMeasured> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 5);
  globalThis.gc?.();
  const heldBefore = held();
  const before = process.memoryUsage.rss();
  delay.enable();
  const start = performance.now();
  let bytes = 0;
  let parseMs: number | undefined;
  let count = 0;
  let result: unknown;
  if (way === "ours") {
    const source = createHttpSource(
      {
        baseUrl: `http://127.0.0.1:${port}`,
        method: "GET",
        timeoutMs: 600_000,
        credentials: async () => ({ headers: {}, queryParams: {}, secrets: [] }),
        maxSamples: 1,
        maxBytes: 1,
      },
      {
        userAgent: "bench",
        log: {
          ...silent,
          info(_area, line) {
            bytes = Number(/(\d+) B$/.exec(line)?.[1]);
          },
        },
      },
    );
    const options = { signal: new AbortController().signal };
    if (title === "1,000,000 metric names") {
      const { names: list } = await source.metricNames({}, options);
      count = list.length;
      result = list;
    } else {
      const map = await source.metadata({}, options);
      count = map.size;
      result = map;
    }
    source.dispose();
  } else {
    const response = await fetch(`http://127.0.0.1:${port}${paths[title]}`);
    const text = await response.text();
    bytes = text.length;
    const parseStart = performance.now();
    const { data } = JSON.parse(text) as { data: object };
    parseMs = performance.now() - parseStart;
    result = Array.isArray(data) ? data : new Map(Object.entries(data));
    count = Array.isArray(result) ? result.length : (result as Map<string, unknown>).size;
  }
  const ms = performance.now() - start;
  peak = Math.max(peak, process.memoryUsage.rss(), process.resourceUsage().maxRSS * 1024);
  clearInterval(watch);
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  globalThis.gc?.();
  const resultMb = mb(held() - heldBefore);
  // Asked for here so that the result is not collected before.
  if (result === undefined) throw new Error("no result");
  return { ms, parseMs, bytes, count, stallMs: delay.max / 1e6, extraMb: mb(peak - before) - resultMb, resultMb };
}

/** The lines printed for a case. */
export function reportMetadata(title: MetadataCase, ours: MetadataMeasured, plain: MetadataMeasured): string[] {
  const line = (way: string, { ms, stallMs, extraMb, resultMb }: MetadataMeasured) =>
    `  ${way.padEnd(10)} ${ms.toFixed(0).padStart(6)} ms   longest stall ${stallMs.toFixed(0).padStart(5)} ms   memory beyond result ${extraMb.toFixed(0).padStart(5)} MB (result ${resultMb.toFixed(0)} MB)`;
  return [
    `\n${title}: ${(ours.bytes / 1e6).toFixed(0)} MB, ${ours.count.toLocaleString("en-US")} read`,
    line("ours", ours),
    line("JSON.parse", plain),
    `  ours takes ${(ours.ms / plain.ms).toFixed(1)} times the plain way, ${(ours.ms / (plain.parseMs ?? plain.ms)).toFixed(1)} times JSON.parse alone (${(plain.parseMs ?? 0).toFixed(0)} ms); stall ${ours.stallMs <= 50 ? "within" : "over"} 50 ms`,
  ];
}
