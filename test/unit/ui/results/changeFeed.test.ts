import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run } from "../../../../src/query/run.ts";
import type { SnapshotChange } from "../../../../src/shared/protocol/results.ts";
import type { Envelope } from "../../../../src/shared/protocol/rpc.ts";
import { HandClock } from "../../../support/handClock.ts";
import { anAnswer, aRun, aSeries, done } from "../../../support/runs.ts";
import { aSession, settled } from "../../../support/sessions.ts";

const run = (key: string) =>
  aRun({ instant: done(anAnswer({ type: "vector", series: [aSeries([["job", "api"]], [1])] })) }, { key });
const all = Array.from({ length: 500 }, (_, i) => run(`${i}`));
const withAnother = (at: number) => all.map((one, i) => (i === at ? run(`${i}`) : one));

function setUp() {
  const clock = new HandClock();
  const zone = { is: "utc" };
  const { session } = aSession({ clock, timeZone: () => zone.is });
  const aPage = () => {
    const got: Envelope[] = [];
    const connection = session.connect((message) => void got.push(message), "changes");
    /** What it was told since the last time. */
    const told = () =>
      got.splice(0).map((message) => {
        assert.ok(message.kind === "reply" || message.kind === "event");
        return (message.kind === "reply" ? message.result : message.params) as SnapshotChange;
      });
    const ask = (isWhole: boolean) =>
      connection.receive({ kind: "request", id: 1, method: "results/changes", params: { isWhole } });
    return { told, ask, close: () => connection.dispose() };
  };
  const show = async (runs: readonly Run[]) => {
    session.update("test.promqlnb", runs, undefined);
    await settled();
  };
  return { session, clock, zone, aPage, show };
}

const keys = ({ runs }: SnapshotChange) => runs.map(({ key }) => key);
const sizes = (changes: readonly SnapshotChange[]) => changes.map(({ runs }) => runs.length);

test("of 500 runs, the one that changed crosses", async () => {
  const { aPage, show, clock } = setUp();
  const page = aPage();
  await show(all);
  const short = () => page.told().map(({ runs, since, number }) => [runs.length, since, number]);
  assert.deepEqual(short(), [[500, 0, 1]]);
  clock.forward(50);
  await show(withAnother(7));
  const [change, ...more] = page.told();
  assert.deepEqual(change && [keys(change), change.since, change.number, change.gone], [["7"], 1, 2, []]);
  assert.deepEqual(more, []);
});

test("changes while the page rests cross as one, none of them lost", async () => {
  const { aPage, show, clock } = setUp();
  const page = aPage();
  await show(all);
  page.told();
  let runs: readonly Run[] = all;
  for (const at of [3, 4, 3]) {
    runs = runs.map((one, i) => (i === at ? run(`${i}`) : one));
    await show(runs);
    clock.forward(10);
  }
  assert.deepEqual(page.told(), []);
  clock.forward(20);
  assert.deepEqual(page.told().map(keys), [["3", "4"]]);
  clock.forward(50);
  assert.deepEqual([page.told(), clock.waiting], [[], 0]);
  await show(withAnother(5));
  assert.deepEqual(sizes(page.told()), [3]);
});

test("running all of 500 cells crosses a handful of times, and each change of a run at most once", async () => {
  const { aPage, show, clock } = setUp();
  const page = aPage();
  const shown: Run[] = [];
  for (let i = 0; i < 2500; i++) {
    const key = `${Math.floor(i / 5)}`;
    shown[Math.floor(i / 5)] = run(key);
    await show([...shown]);
    clock.forward(1);
  }
  clock.forward(50);
  const told = page.told();
  assert.ok(told.length <= 51, `${told.length} messages`);
  const crossed = sizes(told).reduce((a, b) => a + b, 0);
  assert.ok(crossed <= 600, `${crossed} runs`);
  assert.equal(new Set(told.flatMap(keys)).size, 500);
});

test("a late page is told everything, and what it asked for is not told again", async () => {
  const { aPage, show, clock } = setUp();
  const early = aPage();
  await show(all);
  early.told();
  clock.forward(50);
  const late = aPage();
  await late.ask(true);
  assert.deepEqual(sizes(late.told()), [500]);
  await show(withAnother(1));
  assert.deepEqual([early.told().map(keys), late.told().map(keys)], [[["1"]], [["1"]]]);
  // Within the rest: it asks before it would be told.
  await show(withAnother(2));
  await late.ask(false);
  assert.deepEqual(late.told().map(keys), [["1", "2"]]);
  clock.forward(50);
  assert.deepEqual([early.told().map(keys), late.told()], [[["1", "2"]], []]);
});

test("a page that has missed something is told everything again, and one that says it knows but does not", async () => {
  const { aPage, show } = setUp();
  const page = aPage();
  await show(all);
  page.told();
  await page.ask(true);
  assert.deepEqual(
    page.told().map(({ runs, since, number }) => [runs.length, since, number]),
    [[500, 0, 2]],
  );
  const other = aPage();
  await other.ask(false);
  assert.deepEqual(
    other.told().map(({ runs, since }) => [runs.length, since]),
    [[500, 0]],
  );
});

test("a run that is no more is gone from the page, and its answers from the host", async () => {
  const { aPage, show, clock, session } = setUp();
  const page = aPage();
  const [first, second] = [run("first"), run("second")];
  await show([first, second]);
  const looking = { key: "first", part: "instant", id: 1, zone: "UTC" } as const;
  page.told();
  clock.forward(50);
  await show([second]);
  assert.deepEqual(
    page.told().map(({ runs, gone }) => [runs.length, gone]),
    [[0, ["first"]]],
  );
  const got: Envelope[] = [];
  const connection = session.connect((message) => void got.push(message));
  await connection.receive({ kind: "request", id: 1, method: "results/json", params: looking });
  assert.deepEqual(
    got.map((message) => message.kind === "failure" && message.failure.kind),
    ["cancelled"],
  );
  // Should it come back, it is another answer.
  clock.forward(50);
  await show([second, first]);
  const [back] = page.told();
  assert.deepEqual(back && [keys(back), back.gone, back.runs[0]?.instant?.result?.id], [["first"], [], 3]);
});

test("what is true of all runs crosses without them; what changed nothing does not cross", async () => {
  const { aPage, show, clock, session } = setUp();
  const page = aPage();
  await show(all);
  page.told();
  clock.forward(50);
  session.move("file:///moved.promqlnb", "moved.promqlnb");
  await settled();
  assert.deepEqual(
    page.told().map(({ runs, uri }) => [runs.length, uri]),
    [[0, "file:///moved.promqlnb"]],
  );
  clock.forward(50);
  await show(all.slice());
  assert.deepEqual(sizes(page.told()), [0]);
  clock.forward(50);
  await show(all.slice());
  assert.deepEqual(page.told(), []);
});

test("a setting may change what every run says", async () => {
  const { aPage, show, clock, session, zone } = setUp();
  const page = aPage();
  await show(all);
  page.told();
  clock.forward(50);
  zone.is = "local";
  session.refresh();
  await settled();
  assert.deepEqual(
    page.told().map(({ runs, timeZone }) => [runs.length, timeZone]),
    [[500, "local"]],
  );
});

test("a page that is closed while it rests is told nothing more, and no timer is left", async () => {
  const { aPage, show, clock, session } = setUp();
  const [page, other] = [aPage(), aPage()];
  await show(all);
  for (const one of [page, other]) one.told();
  await show(withAnother(1));
  page.close();
  assert.equal(clock.waiting, 1);
  session.dispose();
  assert.equal(clock.waiting, 0);
  clock.forward(50);
  assert.deepEqual([page.told(), other.told()], [[], []]);
});

test("a query that is asked again and again is not once it is no more", async () => {
  const { session, show, clock } = setUp();
  const connection = session.connect(() => undefined);
  await show(all);
  const params = { key: "7", everyMs: 10_000 };
  await connection.receive({ kind: "request", id: 1, method: "results/refresh", params });
  assert.equal(clock.waiting, 1);
  await show(all.filter(({ request }) => request.key !== "7"));
  assert.equal(clock.waiting, 0);
});
