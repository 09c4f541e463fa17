import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { MetricFacts } from "../../../../src/catalog/metricFacts.ts";
import { parsePromqlFile } from "../../../../src/promql/file.ts";
import type { QueryConnection } from "../../../../src/query/destination.ts";
import { AppError } from "../../../../src/shared/errors.ts";
import type { EndpointOffer, OptionalEndpoint } from "../../../../src/shared/model/capabilities.ts";
import type { MetricsSource } from "../../../../src/shared/model/source.ts";
import { MetricQuestions } from "../../../../src/ui/language/metricQuestions.ts";
import { neverAborted } from "../../../support/sources.ts";

const counter = { type: "counter", help: "Requests.", unit: "" };

/** Questions to a server, the connections that were looked for, and what the server was asked. */
function questions(answer: () => Promise<unknown>, offer?: EndpointOffer["offer"]) {
  const asked: string[] = [];
  const looked: (string | undefined)[] = [];
  // Any other method of it would throw: nothing but metadata is asked for.
  const source = {
    metadata: async ({ metric }: { readonly metric: string }) => {
      asked.push(metric);
      await answer();
      return new Map([[metric, [counter]]]);
    },
  } as unknown as MetricsSource;
  const offers = new Map<OptionalEndpoint, EndpointOffer>();
  if (offer !== undefined) offers.set("metadata", { offer, status: 404, learntAt: 0 });
  const connection: QueryConnection = {
    target: { connectionId: "a", name: "A", origin: "http://a", color: undefined, isUnverified: false },
    revision: 0,
    minStepMs: 0,
    maxSeries: undefined,
    isProtected: false,
    source: async () => source,
    offers: () => offers,
    queries: () => "unknown",
    dialect: () => "promql",
  };
  const connectionFor = (name: string | undefined) => {
    looked.push(name);
    return name === "gone" ? undefined : connection;
  };
  const all = new MetricQuestions({ facts: new MetricFacts({ now: () => 0 }), connectionFor });
  const ask = (text: string, signal = neverAborted(), metric = "x") => {
    const file = parsePromqlFile(text);
    const block = file.blocks.at(-1);
    assert.ok(block !== undefined);
    return all.ask(file, block, metric, signal);
  };
  return { ask, asked, looked };
}

beforeEach(() => mock.timers.reset());

test("the server that the block's queries go to is asked, once", async () => {
  const { ask, asked, looked } = questions(async () => undefined);
  const text = "# @connection a\n\n# %%\n# @connection b\nx";
  assert.deepEqual(await ask(text), { state: "said", server: "A", metadata: counter });
  await ask("# @connection a\n\n# %%\nx");
  await ask("x");
  assert.deepEqual(looked, ["b", "a", undefined]);
  assert.deepEqual(asked, ["x"]);
});

test("a connection that is not set up is no reason to ask another", async () => {
  const { ask, asked } = questions(async () => undefined);
  assert.deepEqual(await ask("# @connection gone\nx"), { state: "notAsked" });
  assert.deepEqual(asked, []);
});

for (const offer of ["notOffered", "refused"] as const) {
  test(`a server whose metadata is ${offer} is not asked`, async () => {
    const { ask, asked } = questions(async () => undefined, offer);
    assert.deepEqual(await ask("x"), { state: "notAsked" });
    assert.deepEqual(asked, []);
  });
}

test("a name that no metric can have is not asked for", async () => {
  const { ask, asked } = questions(async () => undefined);
  assert.deepEqual(await ask("x", neverAborted(), "x".repeat(501)), { state: "notAsked" });
  assert.deepEqual(asked, []);
});

test("a failure is said, without its words", async () => {
  const { ask } = questions(() => Promise.reject(new AppError({ kind: "cancelled" })));
  assert.deepEqual(await ask("x"), { state: "failed", server: "A" });
});

test("a slow server is waited for two seconds, and what it says later is there the next time", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { ask, asked } = questions(() => held);
  const first = ask("x");
  await new Promise((resolve) => setImmediate(resolve));
  mock.timers.tick(2000);
  assert.deepEqual(await first, { state: "late", server: "A" });
  release();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await ask("x"), { state: "said", server: "A", metadata: counter });
  assert.deepEqual(asked, ["x"]);
});

test("who leaves is not kept waiting", async () => {
  const { ask } = questions(() => new Promise(() => {}));
  const controller = new AbortController();
  const asking = ask("x", controller.signal);
  controller.abort();
  assert.deepEqual(await asking, { state: "failed", server: "A" });
});
