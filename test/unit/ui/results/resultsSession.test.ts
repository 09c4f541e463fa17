import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunChoices } from "../../../../src/query/run.ts";
import type { Snapshot } from "../../../../src/shared/protocol/results.ts";
import type { Envelope } from "../../../../src/shared/protocol/rpc.ts";
import type { ResultsSession } from "../../../../src/ui/results/resultsSession.ts";
import { anAnswer, aRun, aSeries, done, testNow } from "../../../support/runs.ts";
import { aSession, settled } from "../../../support/sessions.ts";

const key = "title:1:Requests";
const answered = aRun({
  instant: done(anAnswer({ type: "vector", series: [aSeries([["job", "api"]], [1])] })),
});

/** A page that writes down what comes to it. */
function aPage(session: ResultsSession) {
  const got: Envelope[] = [];
  const connection = session.connect((message) => void got.push(message));
  const ask = (id: number, method: string, params: unknown) =>
    connection.receive({ kind: "request", id, method, params });
  return { got, ask, close: () => connection.dispose() };
}

/** The one message that came, which is of this kind. */
function only<K extends Envelope["kind"]>(got: readonly Envelope[], kind: K): Extract<Envelope, { kind: K }> {
  assert.deepEqual(
    got.map((message) => message.kind),
    [kind],
  );
  return got[0] as Extract<Envelope, { kind: K }>;
}

test("each of two pages gets the answers to its own requests, whatever their numbers", async () => {
  const { session } = aSession();
  session.update("test.promql", [answered], undefined);
  await settled();
  const [one, other] = [aPage(session), aPage(session)];
  await Promise.all([one.ask(1, "results/ready", {}), other.ask(1, "results/json", { key, part: "instant", id: 1 })]);
  assert.equal((only(one.got, "reply").result as Snapshot).runs[0]?.key, key);
  assert.ok("text" in (only(other.got, "reply").result as object));
});

test("every page is told of a change, once for all changes of one moment", async () => {
  const { session } = aSession();
  const [one, other] = [aPage(session), aPage(session)];
  session.update("test.promql", [answered], key);
  session.move("file:///moved.promql", "moved.promql");
  session.refresh();
  await settled();
  for (const { got } of [one, other]) {
    const { params } = only(got, "event");
    const { file, uri, front } = params as Snapshot;
    assert.deepEqual(
      { file, uri, front },
      { file: "moved.promql", uri: "file:///moved.promql", front: { key, number: 1 } },
    );
  }
});

test("a page that was closed is told nothing more, nor what it still waits for, and the other goes on", async () => {
  const { session } = aSession();
  const [one, other] = [aPage(session), aPage(session)];
  const asked = one.ask(1, "results/ready", {});
  one.close();
  await asked;
  session.update("test.promql", [answered], undefined);
  await settled();
  assert.deepEqual(one.got, []);
  assert.equal(other.got.length, 1);
});

test("nothing crosses once the session is over", async () => {
  const { session } = aSession();
  const page = aPage(session);
  session.update("test.promql", [answered], undefined);
  session.dispose();
  await settled();
  await page.ask(1, "results/ready", {});
  assert.deepEqual(page.got, []);
});

test("keeping is for those who offer it", async () => {
  const act = { key, part: "instant", id: 1, zone: "UTC", action: "keep" };
  const kept = aSession({ keep: () => "Kept." });
  kept.session.update("test.promql", [answered], undefined);
  await settled();
  const page = aPage(kept.session);
  await page.ask(1, "results/act", act);
  assert.deepEqual(only(page.got, "reply").result, { said: "Kept." });

  const other = aSession();
  other.session.update("test.promql", [answered], undefined);
  await settled();
  const refused = aPage(other.session);
  await refused.ask(1, "results/act", act);
  assert.equal(only(refused.got, "failure").failure.kind, "bug");
});

test("a query is not refreshed once it asks for a time that does not move on, which is said", async () => {
  const { session } = aSession();
  session.update("test.promql", [answered], undefined);
  const page = aPage(session);
  await page.ask(1, "results/refresh", { key, everyMs: 10_000 });
  const { choices } = answered.request;
  const told = async (choices: RunChoices) => {
    session.update("test.promql", [{ ...answered, request: { ...answered.request, choices } }], undefined);
    await settled();
    const last = page.got.findLast((message) => message.kind === "event");
    assert.ok(last !== undefined);
    const { runs, refreshes } = last.params as Snapshot;
    return [runs[0]?.isFixed, refreshes[0]?.state];
  };
  const at = { kind: "at", time: testNow } as const;
  const isFixed = [
    { title: "a range to now", choices: { ...choices, start: at }, expected: [false, "on"] },
    { title: "a range to some moment", choices: { ...choices, end: at }, expected: [true, "fixed"] },
    { title: "now", choices: { ...choices, mode: "instant" }, expected: [false, undefined] },
    { title: "some moment", choices: { ...choices, mode: "instant", time: at }, expected: [true, undefined] },
  ] as const;
  for (const { title, choices, expected } of isFixed) assert.deepEqual(await told(choices), expected, title);
});

test("a command is about what was looked at last, on whichever page", async () => {
  const { session, world } = aSession();
  session.update("test.promql", [answered], undefined);
  await assert.rejects(session.actions.act("copyCurl"), {
    failure: { kind: "misconfigured", what: "noAnswer", detail: "" },
  });
  const [one, other] = [aPage(session), aPage(session)];
  await one.ask(1, "results/looking", { key: "gone", part: "range", id: null, zone: "UTC" });
  await other.ask(1, "results/looking", { key, part: "instant", id: 1, zone: "UTC" });
  await session.actions.act("copyCurl");
  await session.actions.export({ format: undefined, target: undefined });
  assert.deepEqual(world.log, ["curl", "file csv"]);
});
