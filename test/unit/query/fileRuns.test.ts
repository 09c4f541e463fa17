import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FileRuns, type PlannedRun, planned } from "../../../src/query/fileRuns.ts";
import type { PlanInput } from "../../../src/query/planRun.ts";
import type { Run } from "../../../src/query/run.ts";
import type { QueryAnswer } from "../../../src/shared/model/answer.ts";
import type { MetricsSource } from "../../../src/shared/model/source.ts";
import { anAnswer, testNow } from "../../support/runs.ts";

const noDirectives = {
  connection: undefined,
  mode: "instant",
  rangeMs: undefined,
  start: undefined,
  end: undefined,
  time: undefined,
  stepMs: undefined,
  title: undefined,
  legend: undefined,
  unit: undefined,
  view: undefined,
  maxSeries: undefined,
  vars: new Map<string, string>(),
  sources: new Map(),
} as PlanInput["directives"];

/** A server whose answers are given by hand, in whatever order; a cancelled request is refused only when told to. */
function setUp() {
  const waiting: { readonly query: string; resolve(): void; refuse(): void }[] = [];
  const source = {
    query: ({ query }: { readonly query: string }) =>
      new Promise<QueryAnswer>((resolve, reject) => {
        waiting.push({
          query,
          resolve: () => resolve(anAnswer({ type: "scalar", time: testNow, value: 1 })),
          refuse: () => reject(new DOMException("aborted", "AbortError")),
        });
      }),
  } as unknown as MetricsSource;
  const plan = (key: string, text = key, more: Partial<PlanInput> = {}): PlannedRun =>
    planned({
      key,
      text,
      directives: noDirectives,
      target: { connectionId: "c", name: "C", origin: "http://c", color: undefined },
      variables: new Map(),
      minStepMs: 15_000,
      maxPoints: 1000,
      maxSeries: undefined,
      defaults: { rangeMs: 3_600_000, maxSeries: 1000 },
      source: async () => source,
      ...more,
    });
  const started: (string | undefined)[] = [];
  const runs = new FileRuns({ now: () => testNow, onChange: (key) => started.push(key) });
  const sent = async (count: number) => {
    while (waiting.length < count) await new Promise((resolve) => setImmediate(resolve));
    return waiting.map(({ query }) => query);
  };
  return { runs, plan, waiting, sent, started };
}

const stateOf = (run: Run | undefined) =>
  run?.instant?.part.state === "failed" ? run.instant.part.failure.kind : run?.instant?.part.state;

describe("the runs of one file", () => {
  test("what is forgotten is cancelled and neither listed nor told of any more", async () => {
    const { runs, plan, waiting, sent, started } = setUp();
    const kept = runs.start(plan("kept"));
    const gone = runs.start(plan("gone"));
    await sent(2);
    runs.forget("gone");
    assert.deepEqual(
      runs.runs.map(({ request }) => request.key),
      ["kept"],
    );
    const told = started.length;
    waiting[1]?.refuse();
    await gone;
    assert.equal(started.length, told);
    waiting[0]?.resolve();
    await kept;
    assert.equal(runs.find("gone"), undefined);
    assert.equal(stateOf(runs.find("kept")?.run), "done");
  });

  test("each start is told once by its key, whatever happens to it", async () => {
    const { runs, plan, waiting, sent, started } = setUp();
    const ended = runs.start(plan("a"));
    await sent(1);
    assert.deepEqual([stateOf(runs.find("a")?.run), runs.isRunning("a"), runs.isRunning()], ["running", true, true]);
    waiting[0]?.resolve();
    await ended;
    assert.deepEqual([stateOf(runs.find("a")?.run), runs.isRunning()], ["done", false]);
    await runs.start(
      plan("b", "up", { directives: { ...noDirectives, mode: "range", rangeMs: 86_400_000, stepMs: 1 } }),
    );
    const refused = runs.find("b")?.run;
    assert.equal(refused?.range?.part.state, "failed");
    assert.equal(refused.range.sent, undefined);
    assert.deepEqual(
      started.filter((key) => key !== undefined),
      ["a", "b"],
    );
  });

  test("a run that another has replaced has nothing more to say, not even that it was cancelled", async () => {
    const { runs, plan, waiting, sent } = setUp();
    const first = runs.start(plan("a", "slow"));
    await sent(1);
    const second = runs.start(plan("a", "fast"));
    await sent(2);
    waiting[1]?.resolve();
    const ended = await second;
    waiting[0]?.refuse();
    const old = await first;
    assert.equal(runs.find("a")?.run.request.text, "fast");
    assert.equal(stateOf(runs.find("a")?.run), "done");
    assert.deepEqual([runs.isLatest(ended), runs.isLatest(old)], [true, false]);
  });

  test("a cancelled run says so", async () => {
    const { runs, plan, waiting, sent } = setUp();
    const ended = runs.start(plan("a"));
    await sent(1);
    runs.cancel("a");
    waiting[0]?.refuse();
    await ended;
    assert.equal(stateOf(runs.find("a")?.run), "cancelled");
  });

  test("cancelling ends a run that still waits for the way to its server", async () => {
    const { runs, plan } = setUp();
    const ended = runs.start(plan("a", "a", { source: () => new Promise<MetricsSource>(() => undefined) }));
    await new Promise((resolve) => setImmediate(resolve));
    runs.cancel("a");
    await ended;
    assert.deepEqual([stateOf(runs.find("a")?.run), runs.isRunning()], ["cancelled", false]);
  });

  test("a batch runs one after the other, and ends with the block that is cancelled", async () => {
    const { runs, plan, waiting, sent } = setUp();
    const seen: string[] = [];
    const ended = runs.startAll([plan("a"), plan("b"), plan("c")], ({ run }) => seen.push(run.request.key));
    assert.deepEqual(await sent(1), ["a"]);
    waiting[0]?.resolve();
    assert.deepEqual(await sent(2), ["a", "b"]);
    runs.cancel("b");
    waiting[1]?.refuse();
    await ended;
    assert.deepEqual(seen, ["a", "b"]);
    assert.equal(waiting.length, 2);
    assert.equal(runs.isRunning(), false);
  });

  test("cancelling a block that a batch has passed leaves the batch alone", async () => {
    const { runs, plan, waiting, sent } = setUp();
    const ended = runs.startAll([plan("a"), plan("b")], () => undefined);
    await sent(1);
    waiting[0]?.resolve();
    await sent(2);
    runs.cancel("a");
    waiting[1]?.resolve();
    await ended;
    assert.deepEqual(
      ["a", "b"].map((key) => stateOf(runs.find(key)?.run)),
      ["done", "done"],
    );
  });
});

test("a step or range that an instant query does not use does not refuse it", async () => {
  const { runs, plan, waiting, sent } = setUp();
  const directives = { ...noDirectives, rangeMs: 86_400_000, stepMs: 1000 };
  const ended = runs.start(plan("a", "rate(x[$__interval])", { directives }));
  assert.deepEqual(await sent(1), ["rate(x[1s])"]);
  waiting[0]?.resolve();
  await ended;
});

test("a block's bound of series beats the connection's, which beats the settings'", () => {
  const { plan } = setUp();
  const bound = (more: Partial<PlanInput>) => plan("a", "a", more).plan.request.choices.maxSeries;
  assert.equal(bound({}), 1000);
  assert.equal(bound({ maxSeries: 100 }), 100);
  assert.equal(bound({ maxSeries: 100, directives: { ...noDirectives, maxSeries: 7 } }), 7);
});
