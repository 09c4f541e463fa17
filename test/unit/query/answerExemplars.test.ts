import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AnswerExemplars, type AnswerWindow } from "../../../src/query/answerExemplars.ts";
import type { Run, RunPart } from "../../../src/query/run.ts";
import { AppError, type Failure } from "../../../src/shared/errors.ts";
import type { ExemplarList } from "../../../src/shared/model/source.ts";
import { anAnswer, aRun, aSeries, done, testNow } from "../../support/runs.ts";
import { failureFrom } from "../../support/sources.ts";

const running: RunPart = { state: "running", startedAt: testNow };
const answered = done(anAnswer({ type: "matrix", series: [aSeries([], [1, 2])] }));
const run = aRun({ range: answered, instant: answered });
const { key } = run.request;
const whole: AnswerWindow = { start: 0, end: 1000 };
const params = { key, part: "range", id: 1, from: null, to: null, width: 500 } as const;

const list: ExemplarList = {
  series: [
    {
      seriesLabels: [["job", "a"]],
      exemplars: [
        { time: 100, value: Number.NaN, labels: [] },
        { time: 900, value: 2, labels: [["trace_id", "t"]] },
        { time: 5000, value: 3, labels: [] },
      ],
    },
  ],
  warnings: ["w"],
  total: 40,
  truncated: true,
};

/** Exemplars whose readings end by hand. */
function setUp() {
  const readings: {
    readonly run: Run;
    readonly window: AnswerWindow;
    readonly signal: AbortSignal;
    resolve(list: ExemplarList | undefined): void;
    reject(error: unknown): void;
  }[] = [];
  const exemplars = new AnswerExemplars({
    read: (run, window, signal) =>
      new Promise((resolve, reject) => readings.push({ run, window, signal, resolve, reject })),
    error: ({ kind }, { name }) => ({
      title: `${name}: ${kind}`,
      detail: "",
      next: "",
      position: undefined,
      isCancelled: false,
      actions: [],
    }),
  });
  return { exemplars, readings };
}

test("the server is asked once for an answer, with its run and window; other windows are cut from that", async () => {
  const { exemplars, readings } = setUp();
  const first = exemplars.answer(params, run, whole);
  const second = exemplars.answer({ ...params, from: 800, to: 1000 }, run, whole);
  assert.equal(readings.length, 1);
  assert.deepEqual([readings[0]?.run, readings[0]?.window], [run, whole]);
  readings[0]?.resolve(list);
  const seriesLabels = [["job", "a"]] as const;
  const nan = { time: 100, value: "NaN", labels: [], seriesLabels, traceId: null };
  const traced = { time: 900, value: "2", labels: [["trace_id", "t"]], seriesLabels, traceId: "t" };
  assert.deepEqual(await first, {
    kind: "read",
    points: [nan, traced],
    inWindow: 2,
    kept: 3,
    total: 40,
    warnings: ["w"],
  });
  assert.partialDeepStrictEqual(await second, { points: [traced], inWindow: 1 });
  await exemplars.answer(params, run, whole);
  assert.equal(readings.length, 1);
});

const refused: Failure = { kind: "unreachable", code: "refused", detail: "" };
const absent: Failure = { kind: "notPrometheus", status: 404, content: "text", detail: "" };

describe("what came to nothing is said and remembered, and asked again once it was given up", () => {
  const cases: readonly { readonly title: string; readonly failure: Failure | undefined; readonly expected: object }[] =
    [
      {
        title: "a failure",
        failure: refused,
        expected: { kind: "failed", error: { title: "Production EU: unreachable" } },
      },
      { title: "a server without exemplars", failure: absent, expected: { kind: "notOffered" } },
      { title: "a person who declined", failure: undefined, expected: { kind: "declined" } },
    ];
  for (const { title, failure, expected } of cases) {
    test(title, async () => {
      const { exemplars, readings } = setUp();
      const answer = exemplars.answer(params, run, whole);
      if (failure === undefined) readings[0]?.resolve(undefined);
      else readings[0]?.reject(new AppError(failure));
      assert.partialDeepStrictEqual(await answer, expected);
      for (const width of [550, 600, 650]) {
        assert.partialDeepStrictEqual(await exemplars.answer({ ...params, from: 100, width }, run, whole), expected);
      }
      assert.equal(readings.length, 1);
      exemplars.release(params);
      const again = exemplars.answer(params, run, whole);
      assert.equal(readings.length, 2);
      readings[1]?.resolve(list);
      assert.equal((await again).kind, "read");
      exemplars.dispose();
    });
  }
});

describe("a reading is given up", () => {
  const ends: readonly { readonly title: string; readonly end: (exemplars: AnswerExemplars) => void }[] = [
    { title: "with the panel", end: (exemplars) => exemplars.dispose() },
    { title: "when they are switched off", end: (exemplars) => exemplars.release(params) },
    {
      title: "when another run of the block begins",
      end: (exemplars) => exemplars.update([aRun({ range: running, instant: running })]),
    },
    { title: "when the block is gone", end: (exemplars) => exemplars.update([]) },
    {
      title: "when a newer answer is asked about",
      end: (exemplars) => void exemplars.answer({ ...params, id: 2 }, run, whole).catch(() => undefined),
    },
  ];
  for (const { title, end } of ends) {
    test(title, async () => {
      const { exemplars, readings } = setUp();
      const reading = failureFrom(exemplars.answer(params, run, whole));
      end(exemplars);
      assert.equal(readings[0]?.signal.aborted, true);
      assert.deepEqual(await reading, { kind: "cancelled" });
      exemplars.dispose();
    });
  }

  test("but not because of another block, another answer, or a part that is still under way", async () => {
    const { exemplars, readings } = setUp();
    const reading = exemplars.answer(params, run, whole);
    const other = aRun({ range: running }, { key: "other" });
    exemplars.update([other, aRun({ range: answered, instant: running })]);
    exemplars.release({ ...params, id: 7 });
    exemplars.release({ ...params, part: "instant" });
    assert.equal(readings[0]?.signal.aborted, false);
    readings[0]?.resolve(list);
    assert.equal((await reading).kind, "read");
  });
});
