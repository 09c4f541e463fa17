import assert from "node:assert/strict";
import { test } from "node:test";
import { maxNames, metadataOf, readMetricCatalog } from "../../../src/catalog/metricCatalog.ts";
import { metricNodes } from "../../../src/catalog/metricNodes.ts";
import { AppError, failureOf } from "../../../src/shared/errors.ts";
import { PackedNames } from "../../../src/shared/model/names.ts";
import type { MetricMetadata, MetricsSource } from "../../../src/shared/model/source.ts";
import { startHostileServer } from "../../support/hostileServer.ts";
import { testSource } from "../../support/sources.ts";

const signal = new AbortController().signal;
const gauge: MetricMetadata = { type: "gauge", help: "Free.", unit: "bytes" };

function source(methods: Partial<MetricsSource>): MetricsSource {
  return methods as MetricsSource;
}

test("names of the last hour are asked for once, with a limit, and come sorted", async () => {
  const scopes: unknown[] = [];
  const catalog = await readMetricCatalog(
    source({
      async metricNames(scope) {
        scopes.push(scope);
        return { names: ["b", "a"], warnings: [], truncated: true };
      },
      metadata: async () => new Map([["a", [gauge]]]),
    }),
    { signal, now: 10_000_000 },
  );
  assert.deepEqual(scopes, [{ limit: maxNames, start: 6_400_000, end: 10_000_000 }]);
  assert.deepEqual([...catalog.names], ["a", "b"]);
  assert.deepEqual([catalog.isTruncated, catalog.metadataState], [true, "read"]);
});

test("a list that VictoriaMetrics cut without a word is not whole", async () => {
  const mostOfServer = 100_000;
  await using server = await startHostileServer(({ request, answer }) => {
    const { pathname, searchParams } = new URL(request.path, "http://server");
    const length = Math.min(Number(searchParams.get("limit")), mostOfServer);
    const names = Array.from({ length }, (_, i) => `m_${i}`);
    answer(200, JSON.stringify({ status: "success", data: pathname.endsWith("/metadata") ? {} : names }));
  });
  using http = testSource(server.origin);
  const catalog = await readMetricCatalog(http, { signal, now: 0 });
  assert.deepEqual([catalog.names.length, catalog.isTruncated], [mostOfServer, true]);
});

test("a server without metadata has names all the same; one without names has failed", async () => {
  const refused = new AppError({ kind: "notPrometheus", status: 404, content: "text", detail: "" });
  const names = async () => ({ names: ["a"], warnings: [], truncated: false });
  const options = { signal, now: 0 };
  const catalog = await readMetricCatalog(
    source({ metricNames: names, metadata: () => Promise.reject(refused) }),
    options,
  );
  assert.deepEqual([[...catalog.names], catalog.metadataState], [["a"], "none"]);
  const unreadable = await readMetricCatalog(
    source({
      metricNames: names,
      metadata: () => Promise.reject(new AppError({ kind: "malformed", offset: 0, expected: "JSON" })),
    }),
    options,
  );
  assert.equal(unreadable.metadataState, "failed");
  const failed = readMetricCatalog(
    source({ metricNames: () => Promise.reject(refused), metadata: async () => new Map() }),
    options,
  );
  await assert.rejects(failed, (error) => failureOf(error).kind === "notPrometheus");
});

test("a metric is described by its own name or by its family's", () => {
  const histogram: MetricMetadata = { type: "histogram", help: "Duration.", unit: "" };
  const metadata = new Map([
    ["a_seconds", [histogram]],
    ["b_total", [gauge]],
  ]);
  for (const suffix of ["", "_bucket", "_sum", "_count", "_created"])
    assert.equal(metadataOf(`a_seconds${suffix}`, metadata), histogram);
  assert.equal(metadataOf("b_total", metadata), gauge);
  assert.equal(metadataOf("c_total", metadata), undefined);
});

test("a metric's row has its type, help and unit as text, and says what was guessed", () => {
  const catalog = {
    names: PackedNames.of(["free_bytes", "x_total"]),
    isTruncated: false,
    metadataState: "read" as const,
    metadata: new Map([["free_bytes", [gauge]]]),
  };
  const [known, guessed] = metricNodes(catalog);
  assert.equal(known?.tooltip, "free_bytes\ngauge\nFree.\nUnit: bytes");
  assert.equal(guessed?.tooltip, "x_total\ncounter (by its name)");
  assert.deepEqual(known?.subject, { kind: "metric", name: "free_bytes" });
});
