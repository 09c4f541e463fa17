import assert from "node:assert/strict";
import { test } from "node:test";
import { MetricFacts } from "../../../src/catalog/metricFacts.ts";
import { AppError } from "../../../src/shared/errors.ts";
import type { MetricMetadata, MetricsSource } from "../../../src/shared/model/source.ts";
import { failureFrom, neverAborted } from "../../support/sources.ts";

const counter: MetricMetadata = { type: "counter", help: "Requests.", unit: "" };

/** A server with this metadata, which answers when told to and notes what it is asked for. */
function server(
  metadata: Readonly<Record<string, MetricMetadata | readonly MetricMetadata[]>>,
  connectionId = "a",
  revision = 0,
) {
  const asked: string[] = [];
  const signals: AbortSignal[] = [];
  let fail: AppError | undefined;
  let gate: Promise<void> = Promise.resolve();
  let open = () => {};
  const source = {
    metadata: async ({ metric = "" }: { readonly metric?: string }, { signal }: { readonly signal: AbortSignal }) => {
      asked.push(metric);
      signals.push(signal);
      await gate;
      if (fail !== undefined) throw fail;
      const one = metadata[metric];
      return new Map(one === undefined ? [] : [[metric, [one].flat()]]);
    },
  } as unknown as MetricsSource;
  return {
    ...{ asked, signals, connectionId, revision, source: async () => source },
    hold: () => {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    release: () => open(),
    failWith: (error: AppError | undefined) => {
      fail = error;
    },
  };
}

function facts() {
  const clock = { now: 1_000_000 };
  return { clock, facts: new MetricFacts({ now: () => clock.now }) };
}

test("a metric is asked for once while its facts are fresh, and what nobody knows is remembered too", async () => {
  const { clock, facts: memory } = facts();
  const one = server({ a: counter });
  const options = { signal: neverAborted() };
  assert.equal(memory.known(one, "a"), undefined);
  assert.deepEqual(await memory.read(one, "a", options), counter);
  assert.deepEqual(await memory.read(one, "a", options), counter);
  assert.equal(await memory.read(one, "b", options), undefined);
  assert.equal(await memory.read(one, "b", options), undefined);
  assert.deepEqual(memory.known(one, "b"), { facts: undefined });
  assert.deepEqual(one.asked, ["a", "b"]);
  clock.now += 5 * 60_000;
  assert.equal(memory.known(one, "a"), undefined);
  await memory.read(one, "a", options);
  assert.deepEqual(one.asked, ["a", "b", "a"]);
});

test("another connection, and the same one with other settings, are other servers", async () => {
  const { facts: memory } = facts();
  const options = { signal: neverAborted() };
  await memory.read(server({ a: counter }), "a", options);
  assert.equal(await memory.read(server({}, "b"), "a", options), undefined);
  assert.equal(await memory.read(server({}, "a", 1), "a", options), undefined);
});

test("a part of a histogram is described by its family", async () => {
  const { facts: memory } = facts();
  const histogram = { type: "histogram", help: "Durations.", unit: "seconds" };
  const one = server({ d: histogram });
  assert.deepEqual(await memory.read(one, "d_bucket", { signal: neverAborted() }), histogram);
  assert.deepEqual(one.asked, ["d_bucket", "d"]);
  assert.equal(await memory.read(one, "_total", { signal: neverAborted() }), undefined);
  assert.deepEqual(one.asked, ["d_bucket", "d", "_total"]);
});

test("a gauge is no family, and targets that disagree are all heard", async () => {
  const { facts: memory } = facts();
  const gauge = { type: "gauge", help: "Length.", unit: "" };
  const one = server({ queue: gauge, both: [gauge, counter, gauge] });
  assert.equal(await memory.read(one, "queue_count", { signal: neverAborted() }), undefined);
  assert.deepEqual(await memory.read(one, "both", { signal: neverAborted() }), { ...gauge, type: "gauge or counter" });
});

test("what is known of all metrics is not asked for", async () => {
  const catalog = new Map([["a", [counter]]]);
  const memory = new MetricFacts({ now: () => 0, catalogOf: ({ revision }) => (revision === 0 ? catalog : undefined) });
  const one = server({ b: counter });
  const options = { signal: neverAborted() };
  assert.deepEqual(await memory.read(one, "a_total", options), counter);
  assert.deepEqual(one.asked, []);
  assert.deepEqual(await memory.read(one, "b", options), counter);
  assert.deepEqual(one.asked, ["b"]);
});

test("those who want it at the same time share one request, which ends when the last of them leaves", async () => {
  const { facts: memory } = facts();
  const one = server({ a: counter });
  one.hold();
  const first = new AbortController();
  const second = new AbortController();
  const reads = [first, second].map(({ signal }) => failureFrom(memory.read(one, "a", { signal })));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(one.asked, ["a"]);
  first.abort();
  assert.equal((await reads[0])?.kind, "cancelled");
  assert.equal(one.signals[0]?.aborted, false);
  second.abort();
  assert.equal((await reads[1])?.kind, "cancelled");
  assert.equal(one.signals[0]?.aborted, true);
  one.release();
  // What was left is no failure: the next one asks again.
  assert.deepEqual(await memory.read(one, "a", { signal: neverAborted() }), counter);
  assert.deepEqual(one.asked, ["a", "a"]);
});

test("a server that failed is left alone for a while, whatever is asked of it", async () => {
  const { clock, facts: memory } = facts();
  const one = server({ a: counter });
  one.failWith(new AppError({ kind: "misconfigured", what: "connectionUnknown", detail: "x" }));
  const options = { signal: neverAborted() };
  assert.equal((await failureFrom(memory.read(one, "a", options))).kind, "misconfigured");
  assert.equal((await failureFrom(memory.read(one, "b", options))).kind, "misconfigured");
  assert.deepEqual(one.asked, ["a"]);
  one.failWith(undefined);
  const repaired = { ...one, revision: 1 };
  assert.deepEqual(await memory.read(repaired, "a", options), counter);
  clock.now += 15_000;
  assert.deepEqual(await memory.read(one, "a", options), counter);
});

test("as many as are remembered are bounded", async () => {
  const { facts: memory } = facts();
  const one = server({});
  for (let i = 0; i <= 1000; i++) await memory.read(one, `m${i}`, { signal: neverAborted() });
  assert.equal(memory.known(one, "m0"), undefined);
  assert.ok(memory.known(one, "m1") !== undefined && memory.known(one, "m1000") !== undefined);
});
