import assert from "node:assert/strict";
import { test } from "node:test";
import { EmptyAnswers } from "../../../src/query/emptyAnswers.ts";
import { AppError } from "../../../src/shared/errors.ts";
import type { MetricsSource } from "../../../src/shared/model/source.ts";
import { aRun } from "../../support/runs.ts";
import { failureFrom } from "../../support/sources.ts";

const of = { key: "k", part: "range", id: 1 } as const;
const question = { query: "up", start: 0, end: 1000 };
const run = aRun({});

/** Askings whose way to the server is opened by hand. */
function setUp() {
  const signals: AbortSignal[] = [];
  const open: ((source: MetricsSource | undefined) => void)[] = [];
  const answers = new EmptyAnswers({
    sourceOf: (_run, signal) => {
      signals.push(signal);
      return new Promise((resolve) => open.push(resolve));
    },
    error: ({ kind }, { name }) => ({
      title: `${name}: ${kind}`,
      detail: "",
      next: "",
      position: undefined,
      isCancelled: false,
      actions: [],
    }),
  });
  return { answers, signals, open };
}

test("is given up when nobody waits for it, when it is asked again, and with the panel", async () => {
  const { answers, signals } = setUp();
  const first = failureFrom(answers.answer(of, run, question));
  answers.release({ ...of, id: 2 });
  assert.equal(signals[0]?.aborted, false);
  answers.release(of);
  assert.equal((await first).kind, "cancelled");
  const second = failureFrom(answers.answer(of, run, question));
  const third = failureFrom(answers.answer(of, run, question));
  assert.equal((await second).kind, "cancelled");
  answers.dispose();
  assert.equal((await third).kind, "cancelled");
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, true, true],
  );
});

test("says that the person declined, and how it failed", async () => {
  const { answers, open } = setUp();
  const declined = answers.answer(of, run, question);
  open[0]?.(undefined);
  assert.deepEqual(await declined, { kind: "declined" });
  const failed = answers.answer(of, run, question);
  const refused = () => Promise.reject(new AppError({ kind: "unreachable", code: "refused", detail: "" }));
  open[1]?.({ query: refused } as unknown as MetricsSource);
  const answer = await failed;
  assert.ok(answer.kind === "failed");
  assert.equal(answer.error.title, "Production EU: unreachable");
});
