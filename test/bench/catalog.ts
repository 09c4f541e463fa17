import { monitorEventLoopDelay } from "node:perf_hooks";
import { filterNames, parseNamePattern } from "../../src/catalog/nameFilter.ts";
import { ascending } from "../../src/catalog/nameOrder.ts";
import { maxRows, nameRows } from "../../src/catalog/nameTree.ts";
import { type Names, PackedNames } from "../../src/shared/model/names.ts";

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
const parts = ["http", "grpc", "node", "go", "kafka", "redis", "pg", "queue", "cache", "disk"];

/** Names as large installations have them: few first words, many last ones. Ascending. */
function namesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => {
    const [a, b] = [parts[i % 10], parts[(i >> 3) % 10]];
    return `${a}_${b}_${i.toString(36)}_${i % 3 === 0 ? "total" : "seconds"}`;
  }).sort();
}

/** Rows of the longest level that a person can open, going down the first, the middle and the last row of each. */
function longestLevel(names: Names): number {
  let longest = 0;
  const look = (from: number, to: number, prefix: string, depth: number): void => {
    const rows = nameRows(names, { from, to }, prefix);
    longest = Math.max(longest, rows.length);
    for (const row of [rows[0], rows[rows.length >> 1], rows.at(-1)]) {
      if (depth < 8 && row !== undefined && row.kind !== "name") look(row.from, row.to, row.prefix, depth + 1);
    }
  };
  look(0, names.length, "", 0);
  return longest;
}

/** Does something and tells how long it took and how long the event loop was blocked at most, in ms. */
async function timed<T>(act: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number; stallMs: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await pause();
  delay.reset();
  const start = performance.now();
  const result = await act();
  const ms = performance.now() - start;
  await pause();
  delay.disable();
  return { result, ms, stallMs: delay.max / 1e6 };
}

/** Prints how the names of the side bar are grouped and filtered, against `Array.prototype.filter` over all of them. */
export async function benchCatalog(): Promise<void> {
  console.log("\nMetrics of the side bar");
  for (const count of [100_000, 1_000_000]) {
    const plainNames = namesOf(count);
    const names = PackedNames.of(plainNames);
    const levelStart = performance.now();
    const rows = nameRows(names, { from: 0, to: count });
    const levelMs = performance.now() - levelStart;
    const { signal } = new AbortController();
    const filtered = await timed(() => filterNames(names, parseNamePattern("redis TOTAL"), signal));
    const shuffled = PackedNames.of(plainNames.map((_, i) => plainNames[(i * 7919) % count] ?? ""));
    const sorted = await timed(() => ascending(shuffled, signal));
    if ((await ascending(sorted.result, signal)) !== sorted.result) throw new Error("the names are not sorted");
    const plainStart = performance.now();
    const plain = plainNames.filter((name) => /redis/i.test(name) && /total/i.test(name));
    const plainMs = performance.now() - plainStart;
    if (plain.length !== filtered.result.length) throw new Error("the filter and the plain way differ");
    console.log(
      `  ${count.toLocaleString("en-US")} names: first level ${rows.length} rows in ${levelMs.toFixed(1)} ms, ` +
        `longest level ${longestLevel(names)} (at most ${maxRows}); filter ${filtered.ms.toFixed(0)} ms, ` +
        `${(plainMs / filtered.ms).toFixed(1)}x the plain way's speed, longest stall ${filtered.stallMs.toFixed(0)} ms; ` +
        `sorted, if they came in disorder, in ${sorted.ms.toFixed(0)} ms, longest stall ${sorted.stallMs.toFixed(0)} ms`,
    );
  }
}
