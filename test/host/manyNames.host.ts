import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { after, afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { TreeNode } from "../../src/catalog/treeNode.ts";
import { manyName } from "../support/manyNames.ts";
import { readEnvironment } from "./environment.ts";
import { extensionApi, filterMetrics, forgetConnections, rowsOf, setConnections, until } from "./insideVSCode.ts";

/* Servers with more metrics than anybody scrolls through, in VS Code: levels stay short, each list is asked for once. */
const { manyNames, reportFile } = readEnvironment();
const connections = ["10", "99000", "1000000", "all/1000000"].map((path) => ({
  ...{ version: 1, id: path.replace("/", "-"), name: path, url: `${manyNames}/${path}`, auth: { type: "none" } },
}));

/** Milliseconds that the processor spent on this thread. */
function busy(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/**
 * Does something, and prints how long it took, how long the extension host was blocked at most, and how much of such a
 * time it worked at most: in the rest the machine was with other programs, of which these tests start several.
 */
async function measured<T>(title: string, act: () => Promise<T>): Promise<T> {
  // What came before is not measured.
  await new Promise((resolve) => setTimeout(resolve, 50));
  let stall = 0;
  let work = 0;
  const start = performance.now();
  let last = { at: start, busy: busy() };
  const ticks = setInterval(() => {
    const now = { at: performance.now(), busy: busy() };
    stall = Math.max(stall, now.at - last.at);
    work = Math.max(work, now.busy - last.busy);
    last = now;
  }, 1);
  const result = await act();
  const ms = performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, 20));
  clearInterval(ticks);
  const [all, blocked, worked] = [ms, stall, work].map((one) => one.toFixed(0));
  appendFileSync(reportFile, `      ${title}: ${all} ms, longest stall ${blocked} ms, longest work ${worked} ms\n`);
  return result;
}

/** A person opens one level, and then the next. */
const nextLevel = () => new Promise((resolve) => setImmediate(resolve));

/** How often the list of names was asked for since this was asked last. */
async function lists(): Promise<number> {
  const counts = (await (await fetch(`${manyNames}/requests`)).json()) as Readonly<Record<string, number>>;
  assert.ok(!Object.keys(counts).some((path) => /\/query/.test(path)));
  return Object.entries(counts).reduce((sum, [path, count]) => sum + (path.endsWith("/values") ? count : 0), 0);
}

/** Shows another server's metrics. */
async function show(id: string): Promise<readonly TreeNode[]> {
  const { view } = (await extensionApi()).explorer.metrics;
  await until(`the connection ${id}`, async () => {
    await vscode.commands.executeCommand("promqlWorkbench.connection.select", id);
    const rows = await rowsOf("metrics");
    return (view.description ?? "").startsWith(`${id.replace("-", "/")} · as of`) && rows.length > 0;
  });
  return rowsOf("metrics");
}

const message = async () => (await extensionApi()).explorer.metrics.view.message;

/** Every name below these rows; no level is longer than 500. */
async function leaves(rows: readonly TreeNode[]): Promise<readonly string[]> {
  assert.ok(rows.length <= 500, `${rows.length} rows`);
  const names: string[] = [];
  for (const row of rows) {
    if (row.children === undefined) names.push(row.label);
    else {
      await nextLevel();
      names.push(...(await leaves(await row.children())));
    }
  }
  return names;
}

/** Goes down the first, the middle and the last row of each level. */
async function look(rows: readonly TreeNode[], depth = 0): Promise<void> {
  assert.ok(rows.length > 0 && rows.length <= 500, `${rows.length} rows`);
  for (const row of [rows[0], rows[rows.length >> 1], rows.at(-1)]) {
    if (row?.children === undefined || depth === 5) continue;
    await nextLevel();
    await look(await row.children(), depth + 1);
  }
}

describe("very many metrics", () => {
  before(async () => {
    await setConnections(connections);
    await vscode.commands.executeCommand("promqlWorkbench.metrics.focus");
    await measured("the first ten names of all, the client read from disk", () => show("10"));
    await lists();
  });

  afterEach(async () => {
    await vscode.commands.executeCommand("promqlWorkbench.metrics.clearFilter");
  });

  after(async () => {
    await forgetConnections("all-1000000");
  });

  it("shows 99,000 of them, each once", async () => {
    const rows = await measured("99,000 names read and shown", () => show("99000"));
    assert.equal(await lists(), 1);
    const names = await measured("every level opened", () => leaves(rows));
    assert.equal(names.length, 99_000);
    assert.equal(new Set(names).size, 99_000);
    await measured("read again", async () => {
      await vscode.commands.executeCommand("promqlWorkbench.metrics.refresh");
      await rowsOf("metrics");
    });
    assert.equal(await lists(), 1);
  });

  it("filters 99,000 without asking the server", async () => {
    await show("99000");
    await lists();
    await measured("typed and filtered", () => filterMetrics("redis TOTAL"));
    const wanted = Array.from({ length: 99_000 }, (_, i) => manyName(i)).filter((name) => /redis.*total/.test(name));
    const found = await leaves(await rowsOf("metrics"));
    assert.deepEqual([...found].sort(), wanted.sort());
    assert.equal(await message(), `"redis TOTAL": ${wanted.length.toLocaleString("en-US")} of 99,000`);
    assert.equal(await lists(), 0);
  });

  it("shows the first 100,000 of 1,000,000, says so, and searches the rest at the server", async () => {
    const rows = await measured("100,000 of 1,000,000 names read and shown", () => show("1000000"));
    assert.equal(await lists(), 1);
    assert.equal(await message(), "The first 100,000 metrics; the server has more. Filter to search there.");
    await look(rows);
    await measured("searched at the server", () => filterMetrics("redis total"));
    assert.equal(await message(), '"redis total": first 1,000, the server has more');
    assert.equal((await leaves(await rowsOf("metrics"))).length, 1000);
    assert.ok((await lists()) >= 1);
    const last = manyName(999_999);
    await filterMetrics(`^${last}`);
    assert.deepEqual(await leaves(await rowsOf("metrics")), [last]);
    assert.equal(await message(), `"^${last}": 1 searched at the server`);
    await lists();
    await vscode.commands.executeCommand("promqlWorkbench.metrics.clearFilter");
    await vscode.commands.executeCommand("promqlWorkbench.metrics.refresh");
    assert.equal(await lists(), 1);
  });

  it("takes 1,000,000 names of a server that knows no limit", async () => {
    const rows = await measured("1,000,000 names read and shown", () => show("all-1000000"));
    assert.equal(await lists(), 1);
    await measured("some levels opened", () => look(rows));
    await measured("typed and filtered", () => filterMetrics("redis TOTAL"));
    assert.match((await message()) ?? "", /^"redis TOTAL": [\d,]+ of 1,000,000$/);
    await look(await rowsOf("metrics"));
    await measured("read again with a filter", async () => {
      await vscode.commands.executeCommand("promqlWorkbench.metrics.refresh");
      await rowsOf("metrics");
    });
    assert.equal(await lists(), 1);
  });
});
