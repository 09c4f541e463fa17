import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { foundNodes, foundText } from "../../../src/catalog/foundNodes.ts";
import type { MetricCatalog } from "../../../src/catalog/metricCatalog.ts";
import { type FoundNames, MetricSearch } from "../../../src/catalog/metricSearch.ts";
import { AppError, type Failure } from "../../../src/shared/errors.ts";
import { PackedNames } from "../../../src/shared/model/names.ts";
import type { MetadataScope, NameList } from "../../../src/shared/model/source.ts";

const hour = 3_600_000;
const now = 100 * hour;

interface Asked {
  readonly scope: MetadataScope;
  readonly signal: AbortSignal;
  answer(names: readonly string[], more?: Partial<NameList>): void;
  fail(error: unknown): void;
}

/** A search in these names; a server answers by hand, and not at all once its caller has gone. */
function setUp(names: readonly string[], isTruncated = false) {
  const catalog: MetricCatalog = {
    names: PackedNames.of(names),
    isTruncated,
    metadata: new Map(),
    metadataState: "none",
  };
  const asked: Asked[] = [];
  const search = new MetricSearch({
    catalog: async () => catalog,
    source: async () => ({
      metricNames: (scope, { signal }) =>
        new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => reject(new AppError({ kind: "cancelled" })));
          const answer = (found: readonly string[], more = {}) =>
            resolve({ names: found, warnings: [], truncated: false, ...more });
          asked.push({ scope, signal, answer, fail: reject });
        }),
    }),
    now: () => now,
  });
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const found = () => {
    const { result } = search;
    assert.equal(result?.kind, "found");
    return result as FoundNames;
  };
  const rows = () => foundNodes(found(), catalog).map(({ label }) => label);
  return { search, asked, settled, found, rows };
}

const refused: Failure = { kind: "unreachable", code: "refused", detail: "" };

describe("the filter of metrics", () => {
  test("asks no server where the list is whole", async () => {
    const { search, found, rows } = setUp(["go_gc", "http_total", "up"]);
    await search.find("TOTAL http");
    assert.deepEqual(rows(), ["http_total"]);
    assert.equal(foundText(found(), 3), "1 of 3");
    await search.find("  ");
    assert.equal(search.result, undefined);
  });

  test("looks in the last day, at the server, for what the last hour has not", async () => {
    const { search, asked, settled, found, rows } = setUp(["up"]);
    await search.find("nightly");
    assert.deepEqual(rows(), ["No metric of the last hour has such a name.", "Look in the last 24 hours"]);
    const command = foundNodes(found(), {} as MetricCatalog)[1]?.command;
    assert.equal(command, "promqlWorkbench.metrics.lookFurtherBack");
    const looking = search.lookFurtherBack();
    await settled();
    const { scope } = asked[0] ?? assert.fail();
    assert.deepEqual([scope.start, scope.end, scope.containing], [now - 24 * hour, now, "nightly"]);
    asked[0]?.answer(["nightly_backup"]);
    await looking;
    assert.deepEqual(rows(), ["nightly_backup"]);
    assert.equal(foundText(found(), 1), "1 searched at the server in the last 24 hours");
    // A newer list does not narrow what was asked for.
    const again = search.repeat();
    await settled();
    assert.equal(asked[1]?.scope.start, now - 24 * hour);
    asked[1]?.answer([]);
    await again;
    assert.deepEqual(rows(), ["No metric of the last 24 hours has such a name."]);
  });

  test("counts every word, also those that the server was not asked for", async () => {
    const { search, asked, settled, found, rows } = setUp([], true);
    const looking = search.find("node cpu seconds total");
    await settled();
    const [matcher] = asked[0]?.scope.matchers ?? [];
    assert.match(matcher ?? "", /seconds\.\*total\.\*node/);
    const warnings = ["store a is down"];
    asked[0]?.answer(["node_cpu_seconds_total", "node_disk_seconds_total"], { truncated: true, warnings });
    await looking;
    assert.deepEqual(rows(), ["Partial: the server warns that this may not be all.", "node_cpu_seconds_total"]);
    assert.equal(foundText(found(), 0), "first 1, the server has more");
    const none = search.find("node cpu seconds total");
    await settled();
    asked[1]?.answer(["node_disk_seconds_total"], { truncated: true });
    await none;
    assert.deepEqual(rows(), ["The server has too many similar names: use fewer or longer words."]);
  });

  test("is given up, and what it would have found is not shown afterwards", async () => {
    const { search, asked, settled, found } = setUp([], true);
    const first = search.find("up");
    await settled();
    asked[0]?.answer(["up"]);
    await first;
    const before = search.result;
    const told: boolean[] = [];
    search.onDidAsk(() => told.push(search.isAsking));
    const second = search.find("down");
    await settled();
    assert.deepEqual(told, [true]);
    search.goBackTo(before);
    assert.equal(asked[1]?.signal.aborted, true);
    await second;
    assert.equal(found().text, "up");
    assert.deepEqual(told, [true, false]);
    const third = search.find("left");
    const fourth = search.find("right");
    await settled();
    asked.at(-1)?.answer(["right"]);
    await Promise.all([third, fourth]);
    assert.equal(found().text, "right");
  });

  test("says a failure to who asked, or in place of the names, and never throws", async () => {
    const { search, asked, settled, rows } = setUp([], true);
    const failures: Failure[] = [];
    const typed = search.find("up", { onFailure: (failure) => failures.push(failure) });
    await settled();
    asked[0]?.fail(new AppError(refused));
    await typed;
    assert.deepEqual([failures, search.result], [[refused], undefined]);
    const accepted = search.find("up");
    await settled();
    asked[1]?.fail(new AppError(refused));
    await accepted;
    assert.deepEqual(search.result, { kind: "failed", text: "up", span: "hour", failure: refused });
    const again = search.repeat();
    await settled();
    asked[2]?.answer(["up"]);
    await again;
    assert.deepEqual(rows(), ["up"]);
  });
});
