import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Section } from "../../../src/catalog/section.ts";
import { AppError } from "../../../src/shared/errors.ts";
import type { RequestOptions } from "../../../src/shared/model/source.ts";

/** A section whose readings end by hand. */
function setUp() {
  const readings: (RequestOptions & { resolve(value: string): void; reject(error: unknown): void })[] = [];
  let now = 0;
  const section = new Section<string>({
    load: (options) => new Promise((resolve, reject) => readings.push({ ...options, resolve, reject })),
    now: () => ++now,
  });
  const kinds: string[] = [];
  section.onDidChange(() => kinds.push(section.state.kind));
  return { section, readings, kinds };
}

const refused = new AppError({ kind: "notPrometheus", status: 404, content: "text", detail: "" });

describe("a part of what a server has", () => {
  test("is read once, however many ask", async () => {
    const { section, readings, kinds } = setUp();
    const asked = [section.ensure(), section.ensure()];
    readings[0]?.resolve("a");
    for (const state of await Promise.all(asked))
      assert.deepEqual(state, { kind: "ready", loaded: { value: "a", doubts: [], asOf: 1 } });
    await section.ensure();
    assert.equal(readings.length, 1);
    assert.deepEqual(kinds, ["loading", "ready"]);
  });

  test("keeps what it had while it is read again and after that failed", async () => {
    const { section, readings } = setUp();
    const first = section.ensure();
    readings[0]?.resolve("a");
    await first;
    const second = section.refresh();
    assert.equal(section.state.kind, "loading");
    assert.equal(section.state.loaded?.value, "a");
    readings[1]?.reject(refused);
    await second;
    assert.deepEqual(section.state, {
      kind: "failed",
      failure: refused.failure,
      loaded: { value: "a", doubts: [], asOf: 1 },
    });
  });

  test("keeps what the server remarked, each once, but not on the limit; a failed refresh does not take it away", async () => {
    const { section, readings } = setUp();
    const first = section.ensure();
    readings[0]?.onWarnings?.(["store a is down", "results truncated due to limit"]);
    readings[0]?.onWarnings?.(["store a is down", "store b is down"]);
    readings[0]?.resolve("a");
    await first;
    assert.deepEqual(section.state.loaded?.doubts, ["store a is down", "store b is down"]);
    const second = section.refresh();
    readings[1]?.reject(refused);
    await second;
    assert.equal(section.state.loaded?.doubts.length, 2);
    const third = section.refresh();
    readings[2]?.resolve("whole again");
    await third;
    assert.deepEqual(section.state.loaded?.doubts, []);
  });

  test("does not read again by itself after a failure", async () => {
    const { section, readings } = setUp();
    const asked = section.ensure();
    readings[0]?.reject(refused);
    assert.equal((await asked).kind, "failed");
    assert.equal((await section.ensure()).kind, "failed");
    assert.equal(readings.length, 1);
  });

  test("takes the newest of two readings", async () => {
    const { section, readings } = setUp();
    void section.refresh();
    const second = section.refresh();
    assert.equal(readings[0]?.signal.aborted, true);
    readings[1]?.resolve("new");
    readings[0]?.resolve("old");
    await second;
    assert.equal(section.state.loaded?.value, "new");
  });

  test("says that it is asked for again, without another change of state, until that has ended", async () => {
    const { section, readings, kinds } = setUp();
    const note = { attempt: 2, waitMs: 2000, failure: refused.failure };
    let told = 0;
    section.onDidRetry(() => told++);
    const reading = section.refresh();
    readings[0]?.onRetry?.(note);
    assert.deepEqual([section.retry, section.state.kind, told], [note, "loading", 1]);
    readings[0]?.resolve("a");
    await reading;
    assert.deepEqual([section.retry, kinds], [undefined, ["loading", "ready"]]);
    // What an overtaken reading still says is nobody's.
    void section.refresh();
    void section.refresh();
    readings[1]?.onRetry?.(note);
    assert.deepEqual([section.retry, told], [undefined, 1]);
  });

  test("a reading that is given up leaves what there was, or says so", async () => {
    const { section, readings } = setUp();
    void section.refresh();
    section.cancel();
    assert.equal(readings[0]?.signal.aborted, true);
    assert.deepEqual(section.state, { kind: "failed", failure: { kind: "cancelled" }, loaded: undefined });
    const again = section.refresh();
    readings[1]?.resolve("a");
    await again;
    void section.refresh();
    section.cancel();
    assert.deepEqual(section.state, { kind: "ready", loaded: { value: "a", doubts: [], asOf: 1 } });
  });

  test("forgets everything with its server, and a late answer of the former one is nobody's", async () => {
    const { section, readings } = setUp();
    const reading = section.refresh();
    section.reset();
    readings[0]?.resolve("of the old server");
    await reading;
    assert.deepEqual(section.state, { kind: "idle", loaded: undefined });
  });
});
