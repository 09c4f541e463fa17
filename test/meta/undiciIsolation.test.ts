import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { isolatedUndici, lazyBundles } from "../../esbuild.js";
import { oldestHostNode } from "../servers/npmPackages.ts";

/*
 * Importing undici replaces the dispatcher that every extension in the host shares. Here the bundle that holds undici is
 * loaded in a process of its own, once before and once after that process used its own `fetch`.
 */

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

let folder = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "promql-isolation-"));
});

after(() => rm(folder, { recursive: true, force: true }));

async function bundle(plugins: readonly unknown[]): Promise<string> {
  const outfile = join(folder, plugins.length === 0 ? "open.cjs" : "isolated.cjs");
  await build({
    absWorkingDir: root,
    entryPoints: [lazyBundles.network],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22.19",
    logLevel: "silent",
    plugins: plugins as [],
  });
  return outfile;
}

interface Report {
  readonly node: string;
  /** Of the symbols `.1` and `.2`: the value has not changed from before the bundle was loaded. */
  readonly untouched: readonly boolean[];
  readonly fetchStatus: number;
  readonly fetchUserAgent: string;
  readonly clientUserAgent: string;
  readonly untouchedAtEnd: readonly boolean[];
}

/** Runs in the child; everything it needs is in its arguments, and its report is its only line of output. */
const probe = `
  const { createServer } = require("node:http");
  const [bundlePath, fetchFirst] = process.argv.slice(1);
  const symbols = [1, 2].map((n) => Symbol.for("undici.globalDispatcher." + n));
  const values = () => symbols.map((symbol) => globalThis[symbol]);
  const agents = [];
  const body = '{"status":"success","data":{"resultType":"vector","result":[]}}';
  const server = createServer((request, response) => {
    agents.push(request.headers["user-agent"]);
    request.resume();
    response.setHeader("Connection", "close");
    response.end(body);
  });
  server.listen(0, "127.0.0.1", async () => {
    const origin = "http://127.0.0.1:" + server.address().port;
    if (fetchFirst === "true") {
      await (await fetch(origin)).text();
      agents.length = 0;
    }
    const before = values();
    const same = () => values().map((value, i) => value === before[i]);
    const { createNetwork } = require(bundlePath);
    const untouched = same();
    const log = { trace() {}, info() {}, warn() {}, error() {} };
    const network = createNetwork({ userAgent: "promql-workbench/probe", log });
    const source = network.createSource(
      {
        baseUrl: origin, method: "auto", timeoutMs: 10000, maxSamples: 10, maxBytes: 10000,
        credentials: async () => ({ headers: {}, queryParams: {}, secrets: [] }),
      },
    );
    await source.query({ query: "up" }, { signal: new AbortController().signal });
    const untouchedByUse = same();
    const response = await fetch(origin);
    await response.text();
    source.dispose();
    server.close();
    console.log(JSON.stringify({
      node: process.version, untouched, fetchStatus: response.status, clientUserAgent: agents[0],
      fetchUserAgent: agents[1], untouchedAtEnd: untouchedByUse,
    }));
  });
`;

async function probeWith(node: string, path: string, fetchFirst: boolean): Promise<Report> {
  const { stdout } = await run(node, ["-e", probe, path, String(fetchFirst)], { timeout: 60_000 });
  return JSON.parse(stdout) as Report;
}

const nodes = [process.execPath, oldestHostNode()];

for (const node of nodes) {
  for (const fetchFirst of [false, true]) {
    test(`${node === process.execPath ? "this Node" : "the oldest host's Node"}, host fetch ${fetchFirst ? "used" : "not used"} before`, async () => {
      const report = await probeWith(node, await bundle([isolatedUndici]), fetchFirst);
      assert.deepEqual(report.untouched, [true, true]);
      assert.deepEqual(report.untouchedAtEnd, [true, true]);
      assert.equal(report.clientUserAgent, "promql-workbench/probe");
      assert.equal(report.fetchStatus, 200);
      assert.equal(report.fetchUserAgent, "node");
      if (node !== process.execPath) assert.equal(report.node, "v22.19.0");
    });
  }
}

test("without the isolation the dispatcher would be replaced, so this test can fail", async () => {
  const report = await probeWith(process.execPath, await bundle([]), false);
  assert.ok(report.untouched.includes(false));
});
