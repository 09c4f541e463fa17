import assert from "node:assert/strict";
import { test } from "node:test";
import { NotebookPage } from "../../../media/renderer/notebookPage.ts";
import type { RendererPacket } from "../../../src/shared/protocol/rendererPacket.ts";
import type { RunSnapshot, SnapshotChange } from "../../../src/shared/protocol/results.ts";
import type { Envelope } from "../../../src/shared/protocol/rpc.ts";

const run = (key: string, text = "up") => ({ key, text }) as RunSnapshot;
const all = Array.from({ length: 500 }, (_, i) => run(`${i}`));
const change = (number: number, since: number, runs: readonly RunSnapshot[], more: Partial<SnapshotChange> = {}) => ({
  file: "test",
  timeZone: "utc",
  uri: "file:///test.promqlnb",
  refreshes: [],
  keptAt: undefined,
  front: undefined,
  ...{ number, since, runs, gone: [] },
  ...more,
});
const output = (key: string, since = 1) => ({ key, since });
const noAnswer = { kind: "misconfigured", what: "noAnswer", detail: "" } as const;

function setUp() {
  const asked: { readonly id: number; readonly params: unknown }[] = [];
  let pageId = "";
  let deliver = (_: unknown): void => undefined;
  const page = new NotebookPage({
    getState: () => undefined,
    setState: () => undefined,
    postMessage: (message) => {
      const packet = message as RendererPacket;
      pageId = packet.page;
      assert.ok(packet.message.kind === "request" && packet.message.method === "results/changes");
      asked.push(packet.message);
    },
    onDidReceiveMessage: (listener) => {
      deliver = listener;
      return { dispose: () => undefined };
    },
  });
  let changes = 0;
  page.onChange(() => changes++);
  const receive = async (message: Envelope) => {
    // As it comes: nothing in it is what was there before.
    deliver(JSON.parse(JSON.stringify({ page: pageId, message })));
    await new Promise((resolve) => setImmediate(resolve));
  };
  const last = () => asked.at(-1)?.id ?? 0;
  return {
    page,
    /** What was asked for since the last time. */
    asks: () => asked.splice(0).map(({ params }) => params),
    answer: (result: SnapshotChange, id = last()) => receive({ kind: "reply", id, result }),
    refuse: (id = last()) => receive({ kind: "failure", id, failure: noAnswer }),
    tell: (params: SnapshotChange) => receive({ kind: "event", method: "results/someChanged", params }),
    changes: () => changes,
  };
}

test("500 outputs that come together ask once", async () => {
  const { page, asks, answer, changes } = setUp();
  for (const { key } of all) page.lookFor(output(key));
  await answer(change(1, 0, all));
  for (const { key } of all) page.lookFor(output(key));
  assert.deepEqual([asks(), changes(), page.asking], [[{ isWhole: true }], 1, "read"]);
  assert.equal(page.run("499")?.key, "499");
});

test("an output that nothing is known of asks for what has changed alone", async () => {
  const { page, asks, answer } = setUp();
  page.lookFor(output("0"));
  await answer(change(1, 0, all));
  page.lookFor(output("new"));
  page.lookFor(output("newer"));
  await answer(change(2, 1, [run("new")]));
  assert.deepEqual(asks(), [{ isWhole: true }, { isWhole: false }]);
  assert.deepEqual([page.run("new")?.key, page.run("0")?.key], ["new", "0"]);
});

test("what did not change stays the object that it was", async () => {
  const { page, answer, tell } = setUp();
  page.lookFor(output("0"));
  await answer(change(1, 0, all));
  const before = { first: page.run("0"), second: page.run("1"), rest: page.rest };
  await tell(change(2, 1, [run("1", "down")], { front: { key: "1", number: 2 } }));
  assert.equal(page.run("0"), before.first);
  assert.equal(page.rest, before.rest);
  assert.equal(page.run("1")?.text, "down");
  await tell(change(3, 0, all));
  assert.equal(page.run("0"), before.first);
  assert.notEqual(page.run("1"), before.second);
  await tell(change(4, 3, [], { timeZone: "local" }));
  assert.equal(page.rest?.timeZone, "local");
});

test("runs that are no more are dropped, by name or by all that there are", async () => {
  const { page, answer, tell } = setUp();
  page.lookFor(output("0"));
  await answer(change(1, 0, all));
  await tell(change(2, 1, [], { gone: ["0"] }));
  assert.deepEqual([page.run("0"), page.run("1")?.key], [undefined, "1"]);
  await tell(change(3, 0, [run("2")]));
  assert.deepEqual([page.run("1"), page.run("2")?.key], [undefined, "2"]);
});

test("a change that follows on one that was lost is not taken, and all is asked for, once", async () => {
  const { page, asks, answer, tell } = setUp();
  page.lookFor(output("0"));
  await answer(change(1, 0, all));
  asks();
  await tell(change(3, 2, [run("1", "down")]));
  await tell(change(4, 3, [run("2", "down")]));
  assert.equal(page.run("1")?.text, "up");
  const params = { isWhole: true };
  await answer(change(5, 0, [run("1", "down"), run("2", "down")]));
  assert.deepEqual(asks(), [params]);
  assert.deepEqual([page.run("1")?.text, page.run("2")?.text, page.run("0")], ["down", "down", undefined]);
});

test("what comes by itself and what was asked for are both taken, in their order", async () => {
  const { page, answer, tell } = setUp();
  page.lookFor(output("0"));
  await answer(change(1, 0, all));
  page.lookFor(output("new"));
  await tell(change(2, 1, [run("1", "down")]));
  await answer(change(3, 2, [run("new")]));
  assert.deepEqual([page.run("1")?.text, page.run("new")?.key, page.asking], ["down", "new", "read"]);
});

test("an output that came while the host knew nothing yet asks again, once", async () => {
  const { page, asks, refuse, answer } = setUp();
  page.lookFor(output("0"));
  page.lookFor(output("1"));
  await refuse();
  assert.equal(page.asking, "asking");
  await refuse();
  assert.deepEqual([asks().length, page.asking], [2, "gone"]);
  page.lookFor(output("2"));
  await answer(change(1, 0, all));
  assert.deepEqual([asks().length, page.asking, page.run("2")?.key], [1, "read", "2"]);
});

test("an output of a host that was started anew: what the former one said is given up, and all is asked for", async () => {
  const { page, asks, answer } = setUp();
  page.lookFor(output("0"));
  page.lookFor(output("1"));
  await answer(change(7, 0, [run("0", "old"), run("1", "old")]));
  asks();
  page.lookFor(output("0", 2));
  assert.deepEqual([page.run("0"), page.run("1"), page.asking], [undefined, undefined, "asking"]);
  await answer(change(1, 0, [run("0", "new")]));
  assert.deepEqual([asks(), page.run("0")?.text], [[{ isWhole: true }], "new"]);
  // An output of before that comes into view has nothing to say to the new one.
  page.lookFor(output("0", 1));
  assert.deepEqual(asks(), []);
});
