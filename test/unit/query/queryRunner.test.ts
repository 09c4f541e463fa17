import assert from "node:assert/strict";
import { test } from "node:test";
import { type RunPlan, runQuery } from "../../../src/query/queryRunner.ts";
import type { Run, RunChoices } from "../../../src/query/run.ts";
import { AppError } from "../../../src/shared/errors.ts";
import type { QueryAnswer } from "../../../src/shared/model/answer.ts";
import type { InstantQuery, MetricsSource, RangeQuery, RequestOptions } from "../../../src/shared/model/source.ts";

const now = 1_700_000_000_000;

const scalar: QueryAnswer = {
  data: { type: "scalar", time: now, value: 2 },
  warnings: [],
  infos: [],
  isPartial: undefined,
  cut: undefined,
  stats: undefined,
  sampleCount: 1,
  receivedBytes: 10,
  decodedBytes: 10,
  durationMs: 1,
  serverClock: undefined,
};

const choices: RunChoices = {
  mode: "both",
  start: { kind: "now", offsetMs: -3_600_000 },
  end: { kind: "now", offsetMs: 0 },
  time: { kind: "now", offsetMs: -60_000 },
  stepMs: undefined,
  maxSeries: 1000,
  compareMs: undefined,
};

interface Asked {
  readonly ranges: RangeQuery[];
  readonly instants: InstantQuery[];
}

function setUp(
  changes: Partial<RunChoices>,
  answers: {
    range?: (options: RequestOptions) => Promise<QueryAnswer>;
    instant?: (options: RequestOptions) => Promise<QueryAnswer>;
    stepFor?: RunPlan["stepFor"];
  } = {},
) {
  const asked: Asked = { ranges: [], instants: [] };
  const unplanned = () => assert.fail("not asked for");
  const source: MetricsSource = {
    async query(params, options) {
      asked.instants.push(params);
      return (answers.instant ?? (async () => scalar))(options);
    },
    async queryRange(params, options) {
      asked.ranges.push(params);
      return (answers.range ?? (async () => scalar))(options);
    },
    metricNames: unplanned,
    labelNames: unplanned,
    labelValues: unplanned,
    series: unplanned,
    metadata: unplanned,
    targets: unplanned,
    rules: unplanned,
    alerts: unplanned,
    buildInfo: unplanned,
    droppedTargets: unplanned,
    exemplars: unplanned,
    runtimeInfo: unplanned,
    flags: unplanned,
    features: unplanned,
    tsdbStatus: unplanned,
    probe: unplanned,
    dispose: unplanned,
  };
  const plan: RunPlan = {
    request: {
      key: "a",
      title: "A",
      text: "rate(x[$__interval])",
      target: { connectionId: "c", name: "C", origin: "http://c", color: undefined },
      choices: { ...choices, ...changes },
      legend: undefined,
      unit: undefined,
      view: undefined,
    },
    queryFor: ({ stepMs }) => `rate(x[${stepMs}ms])`,
    locate: () => undefined,
    stepFor: answers.stepFor ?? ((_range, { stepMs }) => stepMs ?? 15_000),
    source: async () => source,
  };
  const states: Run[] = [];
  const controller = new AbortController();
  const done = () => runQuery({ plan, now: () => now, onChange: (run) => states.push(run), signal: controller.signal });
  return { asked, states, done, controller };
}

test("both: a range request and an instant one at its end, with the same query and limit", async () => {
  const { asked, states, done } = setUp({});
  const run = await done();
  const query = "rate(x[15000ms])";
  assert.deepEqual(asked.ranges, [{ query, start: now - 3_600_000, end: now, stepMs: 15_000, limit: 1000 }]);
  assert.deepEqual(asked.instants, [{ query, time: now, limit: 1000 }]);
  assert.equal(run.request.query, query);
  assert.deepEqual([run.range?.part.state, run.instant?.part.state], ["done", "done"]);
  assert.deepEqual(
    states.map(({ range, instant }) => [range?.part.state, instant?.part.state]),
    [
      ["running", "running"],
      ["done", "running"],
      ["done", "done"],
    ],
  );
});

test("each mode sends only what it asks for", async () => {
  const instant = setUp({ mode: "instant", maxSeries: undefined });
  assert.equal((await instant.done()).range, undefined);
  assert.deepEqual(instant.asked, { ranges: [], instants: [{ query: "rate(x[15000ms])", time: now - 60_000 }] });
  const range = setUp({ mode: "range", stepMs: 1000 });
  assert.equal((await range.done()).instant, undefined);
  assert.equal(range.asked.instants.length, 0);
  assert.deepEqual(range.asked.ranges[0]?.stepMs, 1000);
});

test("to be compared, the same query is asked again for the same window some time earlier, and may fail alone", async () => {
  const day = 86_400_000;
  let count = 0;
  const failure = { kind: "unreachable", code: "refused", detail: "" } as const;
  const { asked, done } = setUp(
    { compareMs: day },
    { range: () => (count++ === 0 ? Promise.resolve(scalar) : Promise.reject(new AppError(failure))) },
  );
  const run = await done();
  const [range, before] = asked.ranges;
  assert.deepEqual([range?.start, range?.end], [now - 3_600_000, now]);
  assert.deepEqual(before, { ...range, start: now - 3_600_000 - day, end: now - day });
  assert.deepEqual(run.before?.sent, { ...run.range?.sent, start: now - 3_600_000 - day, end: now - day });
  assert.deepEqual([run.range?.part.state, run.before?.part.state], ["done", "failed"]);
  assert.equal((await setUp({ mode: "instant", compareMs: day }).done()).before, undefined);
});

test("one request may fail alone", async () => {
  const failure = { kind: "rejected", status: 422, errorType: "execution", message: "no" } as const;
  const { done } = setUp({}, { range: () => Promise.reject(new AppError(failure)) });
  const run = await done();
  assert.deepEqual(run.range?.part, { state: "failed", failure, finishedAt: now });
  assert.equal(run.instant?.part.state, "done");
});

test("each request says that it is sent again until it ends, whatever becomes of the others", async () => {
  const retry = {
    attempt: 2,
    waitMs: 2000,
    failure: { kind: "unreachable", code: "reset", detail: "" },
  } as const;
  const { states, done } = setUp(
    { compareMs: 86_400_000 },
    {
      range: async ({ onRetry }) => {
        await Promise.resolve();
        onRetry?.(retry);
        return scalar;
      },
    },
  );
  const run = await done();
  const retries = states.map(({ range, instant, before }) =>
    [range, instant, before].map((one) => (one?.part.state === "running" ? one.part.retry : one?.part.state)),
  );
  assert.deepEqual(retries[0], [undefined, undefined, undefined]);
  assert.ok(retries.some(([range]) => range === retry));
  assert.ok(retries.some(([, , before]) => before === retry));
  assert.ok(retries.every(([, instant]) => instant !== retry));
  assert.deepEqual([run.range?.part.state, run.instant?.part.state, run.before?.part.state], ["done", "done", "done"]);
});

test("a step that cannot be sent fails the run and sends nothing", async () => {
  const failure = { kind: "misconfigured", what: "step", detail: "1ms" } as const;
  const { asked, done } = setUp(
    {},
    {
      stepFor: () => {
        throw new AppError(failure);
      },
    },
  );
  const run = await done();
  assert.deepEqual(run.range?.part, { state: "failed", failure, finishedAt: now });
  assert.deepEqual(run.instant?.part, { state: "failed", failure, finishedAt: now });
  assert.deepEqual(asked, { ranges: [], instants: [] });
});

test("a run cancelled before it is sent sends nothing and says so", async () => {
  const { asked, done, controller } = setUp({});
  controller.abort();
  const run = await done();
  assert.deepEqual(asked, { ranges: [], instants: [] });
  assert.deepEqual(run.range?.part, { state: "failed", failure: { kind: "cancelled" }, finishedAt: now });
});
