import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ResultsModel } from "../../../src/query/resultsModel.ts";
import type { Run, RunPart } from "../../../src/query/run.ts";
import { failureOf } from "../../../src/shared/errors.ts";
import { anAnswer, aRequest, aRun, aSeries, done, testNow } from "../../support/runs.ts";

const describeFailure = () => ({ title: "failed", detail: "", next: "" });
const model = () =>
  new ResultsModel({
    describe: describeFailure,
    timeZone: () => "utc",
    uri: () => "file:///a.promql",
    refreshes: () => [],
    isQuiet: () => false,
    pause: () => Promise.resolve(),
  });
const series = [aSeries([["job", "a"]], [1, 2]), aSeries([["job", "b"]], [3, 4])];
const answered = (changes: Parameters<typeof anAnswer>[1] = {}) => anAnswer({ type: "matrix", series }, changes);
const answeredPart = done(answered());
const failed: RunPart = { state: "failed", failure: { kind: "cancelled" }, finishedAt: testNow };
const running: RunPart = { state: "running", startedAt: testNow };

function snapshotOf(...runs: readonly Run[]) {
  const one = model();
  for (const run of runs) one.update("f", [run]);
  return one.snapshot().runs[0];
}

describe("whether the server has more", () => {
  const truncated = ["results truncated due to limit"];
  const cases: readonly {
    readonly title: string;
    readonly warnings: readonly string[];
    readonly limitSent: number | undefined;
    readonly expected: string;
  }[] = [
    { title: "it says so at our limit", warnings: truncated, limitSent: 2, expected: "yes" },
    {
      title: "it says so below our limit: it has one of its own",
      warnings: truncated,
      limitSent: 1000,
      expected: "yes",
    },
    { title: "it says so where all were asked for", warnings: truncated, limitSent: undefined, expected: "yes" },
    { title: "it sent exactly what was asked for", warnings: [], limitSent: 2, expected: "maybe" },
    { title: "it sent fewer", warnings: [], limitSent: 3, expected: "no" },
  ];
  for (const { title, warnings, limitSent, expected } of cases) {
    test(title, () => {
      const snapshot = snapshotOf(aRun({ range: done(answered({ warnings }), limitSent) }));
      assert.equal(snapshot?.range?.result?.serverHasMore, expected);
      assert.deepEqual(snapshot?.range?.result?.warnings, []);
    });
  }
});

test("the answer as JSON says that there may be more, as its banner does", () => {
  const run = aRun({ range: done(answered(), 2) });
  const one = model();
  one.update("f", [run]);
  const id = one.snapshot().runs[0]?.range?.result?.id ?? assert.fail();
  const { text } = one.json({ key: run.request.key, part: "range", id });
  const { remarks }: { readonly remarks?: unknown } = JSON.parse(text);
  assert.deepEqual(remarks, ["The server was asked for 2 series at most and sent as many: it may have more."]);
});

describe("what can be done about a failure", () => {
  const refused: RunPart = {
    state: "failed",
    failure: { kind: "unauthorized", status: 401, detail: "" },
    finishedAt: testNow,
  };
  const offering = () =>
    new ResultsModel({
      describe: ({ kind }) => ({
        ...describeFailure(),
        actions: kind === "cancelled" ? [] : [{ kind: "widerStep" }, { kind: "useHttps", origin: "https://a" }],
      }),
      timeZone: () => "utc",
      uri: () => "file:///a.promql",
      refreshes: () => [],
      isQuiet: () => false,
      pause: () => Promise.resolve(),
    });
  const { key } = aRequest();

  test("is offered by kind and title, and carried out for the run's own connection", () => {
    const one = offering();
    one.update("f", [aRun({ range: refused, instant: answeredPart })]);
    assert.deepEqual(one.snapshot().runs[0]?.range?.error?.actions, [
      { kind: "widerStep", title: "Wider Step" },
      { kind: "useHttps", title: "Use https" },
    ]);
    assert.deepEqual(one.remedy(key, "useHttps"), {
      connectionId: "prod",
      action: { kind: "useHttps", origin: "https://a" },
    });
  });

  test("is nothing that no failure proposes", () => {
    const one = offering();
    one.update("f", [aRun({ range: refused })]);
    const isGone = (error: unknown) => failureOf(error).kind === "misconfigured";
    assert.throws(() => one.remedy(key, "useMethodGet"), isGone);
    assert.throws(() => one.remedy("other", "useHttps"), isGone);
    one.update("f", [aRun({ range: answeredPart })]);
    assert.throws(() => one.remedy(key, "useHttps"), isGone);
  });

  test("is no wider step for an instant query", () => {
    const one = offering();
    one.update("f", [aRun({ instant: refused }, { choices: { ...aRequest().choices, mode: "instant" } })]);
    const actions = one.snapshot().runs[0]?.instant?.error?.actions ?? [];
    assert.deepEqual(
      actions.map(({ kind }) => kind),
      ["useHttps"],
    );
  });
});

describe("an earlier answer", () => {
  const before = aRun({ range: done(answered()), instant: done(answered()) }, { query: "before" });

  test("stays while a newer one is under way, with the query and the window that it answers", () => {
    const window = { start: 0, end: 1000, stepMs: 10, stepIsAutomatic: false };
    const after: Run = { ...aRun({}, { query: "after" }), range: { sent: window, part: failed } };
    const result = snapshotOf(before, after)?.range?.result;
    assert.equal(result?.query, "before");
    assert.deepEqual(result.sent, before.range?.sent);
  });

  test("is the one to export as long as it is looked at; a newer one never stands in for it", () => {
    const one = model();
    const newest = done(answered());
    one.update("f", [before]);
    const first = {
      key: before.request.key,
      part: "range",
      id: one.snapshot().runs[0]?.range?.result?.id ?? null,
    } as const;
    one.update("f", [{ ...aRun({ range: running }, { query: "after" }) }]);
    assert.equal(one.answer(first).run, before);
    assert.equal(one.answer(first).part, before.range?.part);
    one.update("f", [aRun({ range: newest }, { query: "after" })]);
    const replaced = { kind: "misconfigured", what: "answerReplaced", detail: "" };
    assert.throws(
      () => one.answer(first),
      (error) => assert.deepEqual(failureOf(error), replaced) === undefined,
    );
    const second = { ...first, id: one.snapshot().runs[0]?.range?.result?.id ?? null };
    assert.equal(one.answer(second).part, newest);
    const none = { kind: "misconfigured", what: "noAnswer", detail: "" };
    assert.throws(
      () => one.answer({ ...first, id: null }),
      (error) => assert.deepEqual(failureOf(error), none) === undefined,
    );
  });

  test("that a range answer was compared with is named where that one is exported, and nowhere else", () => {
    const one = model();
    const request = { key: before.request.key };
    const idOf = (part: "range" | "instant" | "before") => one.snapshot().runs[0]?.[part]?.result?.id ?? null;
    const compared = (part: "range" | "instant" | "before") =>
      one.answer({ ...request, part, id: idOf(part) }).comparedWith;
    const range = done(answered());
    const run = aRun({ range, instant: done(answered()), before: running });
    one.update("f", [run]);
    assert.equal(compared("range"), undefined);
    const both = aRun({ range, instant: done(answered()), before: done(answered()) });
    one.update("f", [both]);
    assert.deepEqual(compared("range"), both.before?.sent);
    assert.equal(compared("instant"), undefined);
    assert.equal(compared("before"), undefined);
    // Of a newer run only the earlier answer is here so far: the two were never asked for together.
    one.update("f", [{ ...aRun({ range: running, before: done(answered()) }), startedAt: testNow + 1 }]);
    assert.equal(compared("range"), undefined);
  });

  test("of another server is gone at once", () => {
    const target = { ...aRequest().target, connectionId: "dev", origin: "http://dev" };
    const snapshot = snapshotOf(before, aRun({ range: running, instant: running }, { target }));
    assert.equal(snapshot?.range?.result, undefined);
    assert.equal(snapshot?.instant?.result, undefined);
  });

  test("of a kind that was not asked for since does not come back", () => {
    const snapshot = snapshotOf(before, aRun({ range: running }), aRun({ range: running, instant: running }));
    assert.equal(snapshot?.instant?.result, undefined);
    assert.notEqual(snapshot?.range?.result, undefined);
  });
});

test("a request that is sent again says when and why, in words, as long as it is under way", () => {
  const failure = { kind: "notPrometheus", status: 429, content: "text", detail: "", retryAfterSeconds: 2 } as const;
  const waiting: RunPart = { ...running, retry: { attempt: 2, waitMs: 2034, failure } };
  const shown = snapshotOf(aRun({ range: waiting, instant: running }));
  assert.deepEqual(shown?.range?.retry, { attempt: 2, waitMs: 2034, title: "failed" });
  assert.equal(shown?.instant?.retry, undefined);
  assert.equal(snapshotOf(aRun({ range: waiting }), aRun({ range: done(answered()) }))?.range?.retry, undefined);
});

test("only what was started comes to the front, each time anew", () => {
  const one = model();
  const run = aRun({ range: running });
  one.update("f", [run], run.request.key);
  one.update("f", [aRun({ range: done(answered()) })]);
  assert.deepEqual(one.snapshot().front, { key: run.request.key, number: 1 });
  one.update("f", [run], run.request.key);
  assert.deepEqual(one.snapshot().front, { key: run.request.key, number: 2 });
});

test("a run that failed before a window was decided has none", () => {
  const run: Run = { ...aRun({}), window: undefined, range: { sent: undefined, part: failed }, instant: undefined };
  assert.equal(snapshotOf(run)?.sent, undefined);
});

test("the guessed unit is that of what is shown: of a native histogram the number of its observations", () => {
  const histograms = [{ time: testNow, count: 150, sum: 3000, buckets: [] }];
  const query = { query: "rate(size_bytes[5m])" };
  const none = { times: new Float64Array(), values: new Float64Array() };
  const native = done(anAnswer({ type: "matrix", series: [{ labels: [], ...none, histograms }] }));
  assert.equal(snapshotOf(aRun({ range: native }, query))?.guessedUnit, "cps");
  assert.equal(snapshotOf(aRun({}, query))?.guessedUnit, "binBps");
});

describe("a heatmap", () => {
  const buckets = ["1", "+Inf"].map((le, i) => aSeries([["le", le]], [1 + i, 2 + 3 * i]));
  const shown = (parts: Parameters<typeof aRun>[0]) => {
    const one = model();
    one.update("f", [aRun(parts, { query: "sum by (le) (rate(x_seconds_bucket[5m])) # total" })]);
    return one;
  };
  const ask = { key: "title:1:Requests", id: 1, group: 0, width: 1500, from: testNow - 30_000, to: null } as const;

  test("comes as one buffer: edges, lower and upper bounds, counts row by row", async () => {
    const answer = anAnswer({ type: "matrix", series: buckets });
    const { buffer, ...rest } = await shown({ range: done(answer) }).heatmap({ ...ask, part: "range" });
    assert.deepEqual(rest, {
      groups: ["{}"],
      groupsTotal: 1,
      group: 0,
      otherSeries: 0,
      // Of the bounds; the values of this query are rates of buckets.
      guessedUnit: "s",
      columns: 2,
      boundaries: [0, 0],
      stepsPerColumn: 1,
      remarks: [],
    });
    const edges = [testNow - 30_000, testNow - 15_000, testNow];
    const infinity = Number.POSITIVE_INFINITY;
    assert.deepEqual([...new Float64Array(buffer)], [...edges, -infinity, 1, 1, infinity, 1, 2, 1, 3]);
  });

  test("is only of a range, and only where there is one", async () => {
    const matrix = done(anAnswer({ type: "matrix", series: buckets }));
    const instant = shown({ instant: matrix });
    assert.equal(instant.snapshot().runs[0]?.instant?.result?.canHeatmap, undefined);
    await assert.rejects(instant.heatmap({ ...ask, part: "instant" }));
    const range = shown({ range: matrix });
    assert.equal(range.snapshot().runs[0]?.range?.result?.canHeatmap, "classic");
    assert.equal(range.snapshot().runs[0]?.range?.result?.isAllBuckets, true);
    await assert.rejects(range.heatmap({ ...ask, part: "range", group: 1 }));
  });
});

describe("a series in full", () => {
  const many = aSeries(
    [["job", "a"]],
    Array.from({ length: 1500 }, (_, i) => i),
    1000,
  );
  const ask = { key: aRequest().key, part: "range", id: 1, index: 1 } as const;
  const shown = () => {
    const one = model();
    one.update("f", [
      aRun({ range: done(anAnswer({ type: "matrix", series: [aSeries([["job", "b"]], [7]), many] })) }),
    ]);
    return one;
  };

  test("has its newest samples, the newest first", async () => {
    const detail = await shown().detail({ ...ask, name: '{job="a"}' });
    assert.equal(detail?.samples.length, 1000);
    assert.deepEqual(
      [detail.samples[0], detail.samples.at(-1)?.[1], detail.sampleCount],
      [[testNow, "1499"], "500", 1500],
    );
  });

  test("is found by its name where another one has its place", async () => {
    const detail = await shown().detail({ ...ask, name: '{job="b"}' });
    assert.deepEqual(detail?.samples, [[testNow, "7"]]);
  });

  test("is none where the answer has no series of its name", async () => {
    assert.equal(await shown().detail({ ...ask, name: '{job="c"}' }), null);
  });
});

test("a legend says when each series had its last point, be it a number or a histogram", async () => {
  const native = {
    ...aSeries([["job", "a"]], [1]),
    histograms: [{ time: testNow + 1, count: 1, sum: 1, buckets: [] }],
  };
  const one = model();
  const lines = [aSeries([["job", "b"]], []), aSeries([["job", "b"]], [1]), native];
  one.update("f", [aRun({ range: done(anAnswer({ type: "matrix", series: lines })) })]);
  const { rows } = await one.legend({ key: aRequest().key, part: "range", id: 1 });
  assert.deepEqual(
    rows.map(({ lastTime }) => lastTime),
    [null, testNow, testNow + 1],
  );
});

describe("a run that is not to be spoken of", () => {
  const quietly = () =>
    new ResultsModel({
      describe: describeFailure,
      timeZone: () => "utc",
      uri: () => "file:///a.promql",
      refreshes: () => [],
      isQuiet: ({ isAutomatic }) => isAutomatic,
      pause: () => Promise.resolve(),
    });
  const told = (one: ResultsModel, run: Run) => {
    one.update("f", [run]);
    return one.snapshot().runs[0];
  };
  const automatic = (parts: Parameters<typeof aRun>[0]): Run => ({
    ...aRun(parts),
    ...{ isAutomatic: true, startedAt: testNow + 10_000 },
  });

  test("leaves the answer as it was until its own is here, part by part", () => {
    const one = quietly();
    const first = told(one, aRun({ range: answeredPart, instant: answeredPart }));
    const begun = told(one, automatic({ range: running, instant: running }));
    assert.deepEqual([begun?.range, begun?.instant], [first?.range, first?.instant]);
    const half = told(one, automatic({ range: done(answered()), instant: running }));
    assert.deepEqual([half?.range?.state, half?.range?.isStale, half?.instant], ["done", false, first?.instant]);
    assert.notEqual(half?.range?.result?.id, first?.range?.result?.id);
  });

  test("leaves a failure as it was, with the earlier answer marked stale", () => {
    const one = quietly();
    told(one, aRun({ range: answeredPart }));
    const before = told(one, aRun({ range: failed }));
    assert.equal(before?.range?.isStale, true);
    assert.deepEqual(told(one, automatic({ range: running }))?.range, before.range);
  });

  test("is spoken of all the same where it failed and is sent again", () => {
    const one = quietly();
    told(one, aRun({ range: answeredPart }));
    const failure = { kind: "unreachable", code: "refused", detail: "" } as const;
    const part: RunPart = { ...running, retry: { attempt: 2, waitMs: 1000, failure } };
    assert.equal(told(one, automatic({ range: part }))?.range?.state, "running");
  });

  test("has an answer that continues the one before; a person's run begins anew", () => {
    const one = quietly();
    const continued = (run: Run) => {
      const { id, continues } = told(one, run)?.range?.result ?? assert.fail();
      return [id, continues];
    };
    assert.deepEqual(continued(aRun({ range: done(answered()) })), [1, 1]);
    assert.deepEqual(continued(automatic({ range: done(answered()) })), [2, 1]);
    assert.deepEqual(continued(automatic({ range: done(answered()) })), [3, 1]);
    assert.deepEqual(continued(aRun({ range: done(answered()) })), [4, 4]);
  });
});

describe("series beyond the bound that are here", () => {
  const choices = { ...aRequest().choices, maxSeries: 1 };
  const ask = (changes: Partial<typeof choices> = {}) =>
    aRun({ range: done(answered()), instant: done(answered()) }, { choices: { ...choices, ...changes } });
  const shownOf = (one: ResultsModel) => {
    const [run] = one.snapshot().runs;
    return [run?.range?.result?.seriesShown, run?.instant?.result?.seriesShown];
  };

  test("are shown on demand, in answers that continue those before", async () => {
    const one = model();
    const run = ask();
    one.update("f", [run]);
    assert.deepEqual(shownOf(one), [1, 1]);
    one.showAll(run.request.key);
    assert.deepEqual(shownOf(one), [2, 2]);
    const { id, continues } = one.snapshot().runs[0]?.range?.result ?? assert.fail();
    assert.deepEqual([id > continues, continues], [true, 1]);
    const { rows } = await one.legend({ key: run.request.key, part: "range", id });
    assert.equal(rows.length, 2);
    one.showAll(run.request.key);
    assert.equal(one.snapshot().runs[0]?.range?.result?.id, id);
  });

  test("stay shown in newer answers, until another bound or query is asked for", () => {
    const one = model();
    one.update("f", [ask()]);
    one.showAll(ask().request.key);
    one.update("f", [ask()]);
    assert.deepEqual(shownOf(one), [2, 2]);
    one.update("f", [ask({ maxSeries: 0 })]);
    assert.deepEqual(shownOf(one), [0, 0]);
    one.update("f", [ask()]);
    assert.deepEqual(shownOf(one), [1, 1]);
  });
});
