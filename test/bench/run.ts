import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { constants, createGzip } from "node:zlib";
import type { Logger } from "../../src/platform/ports.ts";
import { createHttpSource } from "../../src/prometheus/httpSource.ts";
import { benchCatalog } from "./catalog.ts";
import { benchExports } from "./exports.ts";
import { benchHeatmap } from "./heatmap.ts";
import { benchLanguage } from "./language.ts";
import {
  type MetadataCase,
  type MetadataMeasured,
  measureMetadata,
  metadataCases,
  reportMetadata,
  serveMetadata,
} from "./metadata.ts";
import { benchNotebook } from "./notebook.ts";

/*
 * `npm run bench`: our client and decoder against the plain way (body to text, `JSON.parse`, loop into columns), over
 * loopback, each in a process of its own so that memory and stalls are its own. It prints; it does not judge.
 */
interface Case {
  readonly title: string;
  readonly series: number;
  readonly points: number;
  readonly digits: "three decimals" | "17 digits";
  readonly gzip: boolean;
  /** The ratio to hold; without one the figures are for reading. */
  readonly wanted: number | undefined;
}

const cases: readonly Case[] = [
  {
    title: "1,000 x 11,000, three decimals",
    series: 1000,
    points: 11_000,
    digits: "three decimals",
    gzip: false,
    wanted: 5,
  },
  { title: "1,000 x 11,000, 17 digits", series: 1000, points: 11_000, digits: "17 digits", gzip: false, wanted: 2.5 },
  {
    title: "1,000 x 11,000, three decimals, gzip",
    series: 1000,
    points: 11_000,
    digits: "three decimals",
    gzip: true,
    wanted: undefined,
  },
  {
    title: "10,000 x 100, 17 digits",
    series: 10_000,
    points: 100,
    digits: "17 digits",
    gzip: false,
    wanted: undefined,
  },
];

interface Measured {
  readonly ms: number;
  readonly bytes: number;
  readonly samples: number;
  readonly stallMs: number;
  /** Peak resident memory above what was used before the request, columns not counted. */
  readonly extraMb: number;
}

const ways = ["ours", "JSON.parse"] as const;

async function serve(): Promise<void> {
  const server = createServer((request, response) => {
    if (serveMetadata(request, response)) return;
    const { series, points, digits, gzip } = JSON.parse(
      new URL(request.url ?? "", "http://x").searchParams.get("case") ?? "",
    ) as Case;
    response.writeHead(200, { "content-type": "application/json", ...(gzip ? { "content-encoding": "gzip" } : {}) });
    const out = gzip ? createGzip({ level: constants.Z_BEST_SPEED }) : response;
    if (gzip) out.pipe(response);
    // A few different bodies of one series each, made once: the server must not be what is measured.
    const bodies = Array.from({ length: 16 }, (_, k) => {
      const values = Array.from({ length: points }, (_v, i) => {
        const value = Math.abs(Math.sin(i * 0.37 + k)) * 100 + k / 7;
        return `[${1_700_000_000 + i * 15},"${digits === "17 digits" ? value / 3 : value.toFixed(3)}"]`;
      });
      return `"values":[${values.join(",")}]}`;
    });
    const write = async () => {
      out.write('{"status":"success","data":{"resultType":"matrix","result":[');
      for (let i = 0; i < series; i++) {
        const head = `${i === 0 ? "" : ","}{"metric":{"__name__":"http_requests_total","instance":"10.0.0.${i}:9090","job":"api"},`;
        if (!out.write(head + bodies[i % bodies.length])) await once(out, "drain");
      }
      out.end("]}}");
    };
    void write();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  process.send?.((server.address() as AddressInfo).port);
}

const silent: Logger = { trace: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

async function measure(way: string, port: number, one: Case): Promise<Measured> {
  const query = `case=${encodeURIComponent(JSON.stringify(one))}`;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 5);
  const before = process.memoryUsage.rss();
  delay.enable();
  const start = performance.now();
  let bytes = 0;
  let samples = 0;
  if (way === "ours") {
    const source = createHttpSource(
      {
        baseUrl: `http://127.0.0.1:${port}`,
        method: "GET",
        timeoutMs: 600_000,
        credentials: async () => ({ headers: {}, queryParams: { case: JSON.stringify(one) }, secrets: [] }),
        maxSamples: 20_000_000,
        maxBytes: 2 ** 30,
      },
      { userAgent: "bench", log: silent },
    );
    const answer = await source.queryRange(
      { query: "x", start: 0, end: 1000, stepMs: 1000 },
      { signal: new AbortController().signal },
    );
    bytes = answer.decodedBytes;
    samples = answer.sampleCount;
    source.dispose();
  } else {
    const response = await fetch(`http://127.0.0.1:${port}/?${query}`);
    const text = await response.text();
    bytes = text.length;
    const body = JSON.parse(text) as { data: { result: { values: [number, string][] }[] } };
    const columns = body.data.result.map(({ values }) => {
      const times = new Float64Array(values.length);
      const numbers = new Float64Array(values.length);
      for (const [i, [time, value]] of values.entries()) {
        times[i] = time * 1000;
        numbers[i] = Number(value);
      }
      return { times, numbers };
    });
    samples = columns.reduce((sum, { times }) => sum + times.length, 0);
  }
  const ms = performance.now() - start;
  peak = Math.max(peak, process.memoryUsage.rss(), process.resourceUsage().maxRSS * 1024);
  clearInterval(watch);
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { ms, bytes, samples, stallMs: delay.max / 1e6, extraMb: (peak - before - samples * 8) / 2 ** 20 };
}

async function inProcess<T>(...args: string[]): Promise<{ readonly answer: T; stop(): void }> {
  const child = fork(fileURLToPath(import.meta.url), args, { execArgv: ["--expose-gc"] });
  const [answer] = (await once(child, "message")) as [T];
  return { answer, stop: () => child.kill() };
}

async function main(): Promise<void> {
  const { answer: port, stop } = await inProcess<number>("serve");
  console.log(`Answers of query_range to columns, Node ${process.version}`);
  for (const one of cases) {
    const results: Measured[] = [];
    for (const way of ways) {
      const { answer, stop: end } = await inProcess<Measured>("measure", way, String(port), JSON.stringify(one));
      end();
      results.push(answer);
    }
    const [ours, theirs] = results;
    if (ours === undefined || theirs === undefined) continue;
    const ratio = theirs.ms / ours.ms;
    console.log(`\n${one.title}: ${(ours.bytes / 1e6).toFixed(0)} MB, ${ours.samples.toLocaleString("en-US")} samples`);
    for (const [i, way] of ways.entries()) {
      const { ms, stallMs, extraMb } = results[i] ?? ours;
      console.log(
        `  ${way.padEnd(10)} ${ms.toFixed(0).padStart(6)} ms   longest stall ${stallMs.toFixed(0).padStart(5)} ms   memory beyond columns ${extraMb.toFixed(0).padStart(5)} MB`,
      );
    }
    console.log(
      `  ratio ${ratio.toFixed(1)} ${one.wanted === undefined ? "" : `(wanted: ${one.wanted})`}, stall ${ours.stallMs <= 50 ? "within" : "over"} 50 ms, memory ${ours.extraMb <= 150 ? "within" : "over"} 150 MB`,
    );
  }
  console.log(`\nAnswers read as a whole, Node ${process.version}`);
  for (const title of metadataCases) {
    const results: MetadataMeasured[] = [];
    for (const way of ways) {
      const { answer, stop: end } = await inProcess<MetadataMeasured>("measureMetadata", way, String(port), title);
      end();
      results.push(answer);
    }
    const [ours, plain] = results;
    if (ours !== undefined && plain !== undefined) console.log(reportMetadata(title, ours, plain).join("\n"));
  }
  stop();
  await benchCatalog();
  benchNotebook();
  benchLanguage();
  await benchHeatmap();
  await benchExports();
}

const [role, ...rest] = process.argv.slice(2);
if (role === "serve") await serve();
else if (role === "measure")
  process.send?.(await measure(rest[0] ?? "", Number(rest[1]), JSON.parse(rest[2] ?? "{}") as Case));
else if (role === "measureMetadata")
  process.send?.(await measureMetadata(rest[0] ?? "", Number(rest[1]), rest[2] as MetadataCase));
else await main();
