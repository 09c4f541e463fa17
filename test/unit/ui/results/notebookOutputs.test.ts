import assert from "node:assert/strict";
import { test } from "node:test";
import { Emitter } from "../../../../src/shared/event.ts";
import type { RendererPacket } from "../../../../src/shared/protocol/rendererPacket.ts";
import type { Frame, Snapshot } from "../../../../src/shared/protocol/results.ts";
import { NotebookOutputs } from "../../../../src/ui/results/notebookOutputs.ts";
import { ResultsSession } from "../../../../src/ui/results/resultsSession.ts";
import { HandClock } from "../../../support/handClock.ts";
import { anAnswer, aRun, aSeries, done } from "../../../support/runs.ts";
import { sessionDeps, settled } from "../../../support/sessions.ts";

interface Editor {
  readonly uri: string;
  readonly name: string;
}

const [a, b] = ["file:///a.promqlnb", "file:///b.promqlnb"];
const [left, right, other]: readonly [Editor, Editor, Editor] = [
  { uri: a, name: "left" },
  { uri: a, name: "right" },
  { uri: b, name: "other" },
];
const run = (key: string) =>
  aRun({ range: done(anAnswer({ type: "matrix", series: [aSeries([["job", "api"]], [1, 2, 3])] })) }, { key });

function setUp() {
  const sent: { readonly to: string; readonly packet: RendererPacket }[] = [];
  const opened: string[] = [];
  const closed: string[] = [];
  const settings = new Emitter<unknown>();
  const clock = new HandClock();
  const zone = { is: "utc" };
  const { deps, world } = sessionDeps({ clock, timeZone: () => zone.is });
  const outputs = new NotebookOutputs<Editor>({
    // VS Code sends JSON.
    post: (packet, { name }) => void sent.push({ to: name, packet: JSON.parse(JSON.stringify(packet)) }),
    uriOf: ({ uri }) => uri,
    createSession: (uri) => {
      opened.push(uri);
      const session = new ResultsSession({ ...deps, uri });
      session.register({ dispose: () => void closed.push(uri) });
      return session;
    },
    onDidChangeVisibility: new Emitter<unknown>().event,
    onDidChangeSettings: settings.event,
  });
  const ask = (editor: Editor, page: string, method = "results/changes", params: unknown = { isWhole: true }, id = 1) =>
    outputs.receive(editor, { page, message: { kind: "request", id, method, params } });
  /** What was sent since the last time, in short. */
  const taken = () => sent.splice(0).map(({ to, packet: { page, message } }) => `${to} ${page} ${message.kind}`);
  return { outputs, ask, taken, sent, opened, closed, settings, world, zone };
}

test("two editors of a notebook have its one session, and each page its own answers", async () => {
  const { outputs, ask, taken, opened } = setUp();
  outputs.show(a, "a", [run("1")], "1");
  outputs.show(a, "a", [run("1"), run("2")], "2");
  outputs.show(b, "b", [run("1")], "1");
  await settled();
  await ask(left, "p1");
  await ask(right, "p2");
  assert.deepEqual(taken(), ["left p1 reply", "right p2 reply"]);
  outputs.show(a, "a", [run("1")], undefined);
  await settled();
  assert.deepEqual(taken(), ["left p1 event", "right p2 event"]);
  assert.deepEqual(opened, [a, b]);
});

test("a page is sent its notebook's runs and no others, where it was heard from last", async () => {
  const { outputs, ask, sent } = setUp();
  outputs.show(a, "a", [run("of a")], undefined);
  outputs.show(b, "b", [run("of b")], undefined);
  await ask(left, "p1");
  await ask(right, "p1");
  await ask(other, "p1");
  await settled();
  const got = sent.map(({ to, packet: { message } }) => {
    const snapshot = (
      message.kind === "reply" ? message.result : "params" in message ? message.params : {}
    ) as Snapshot;
    return `${to} ${message.kind} ${snapshot.runs.map(({ key }) => key)}`;
  });
  assert.deepEqual(got.slice(0, 3), ["left reply of a", "right reply of a", "other reply of b"]);
  assert.ok(!got.slice(3).some((one) => one.startsWith("left")));
});

test("an output of a notebook that nothing is known of is told so, and closing makes it one", async () => {
  const { outputs, ask, sent, opened, closed } = setUp();
  await ask(left, "p1");
  const noAnswer = { kind: "failure", id: 1, failure: { kind: "misconfigured", what: "noAnswer", detail: "" } };
  assert.deepEqual(sent.splice(0), [{ to: "left", packet: { page: "p1", message: noAnswer } }]);
  outputs.show(a, "a", [run("1")], "1");
  await ask(left, "p1");
  outputs.close(a);
  outputs.close(a);
  await settled();
  sent.splice(0);
  await ask(left, "p1", "results/json", { key: "1", part: "range", id: 1 });
  assert.deepEqual(
    sent.map(({ packet }) => packet.message),
    [noAnswer],
  );
  assert.deepEqual([opened, closed], [[a], [a]]);
});

test("no more than sixteen pages of a notebook are told of changes: those that were heard from last", async () => {
  const { outputs, ask, taken } = setUp();
  outputs.show(a, "a", [run("1")], undefined);
  for (let i = 1; i <= 16; i++) await ask(left, `p${i}`);
  await ask(left, "p1");
  await ask(left, "p17");
  await settled();
  taken();
  outputs.show(a, "a", [run("1")], undefined);
  await settled();
  const told = taken();
  assert.equal(told.length, 16);
  assert.ok(told.includes("left p1 event") && told.includes("left p17 event"));
  assert.ok(!told.includes("left p2 event"));
});

test("numbers of a chart go as text beside the answer, and come out as they were", async () => {
  const { outputs, ask, sent } = setUp();
  outputs.show(a, "a", [run("1")], undefined);
  const layers = [{ key: "1", part: "range", id: 1, shiftMs: 0, lines: [0] }];
  await ask(left, "p1", "results/frame", { width: 100, from: null, to: null, reduce: "extremes", layers });
  const reply = sent.find(({ packet }) => packet.message.kind === "reply")?.packet;
  assert.ok(reply?.message.kind === "reply" && reply.binary !== undefined);
  const { points } = reply.message.result as Frame;
  const bytes = new Uint8Array(Buffer.from(reply.binary.base64, "base64")).buffer;
  assert.deepEqual([...new Float64Array(bytes, points * 8, points)], [1, 2, 3]);
});

test("a picture comes as text beside the request", async () => {
  const { outputs, sent } = setUp();
  outputs.show(a, "a", [run("1")], undefined);
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
  const message = { kind: "request", id: 7, method: "results/savePicture", params: { key: "1" } };
  await outputs.receive(left, { page: "p", message, binary: { field: "bytes", base64: png.toString("base64") } });
  const reply = sent.find(({ packet }) => packet.message.kind === "reply")?.packet.message;
  assert.match(JSON.stringify(reply), /"said":"Saved .*\.png\."/);
});

const request = { kind: "request", id: 1, method: "results/changes", params: { isWhole: true } };
const odd: readonly { readonly title: string; readonly input: unknown }[] = [
  { title: "nothing", input: undefined },
  { title: "a text", input: "results/ready" },
  { title: "no page", input: { message: request } },
  { title: "a page that is no text", input: { page: 1, message: request } },
  { title: "a page of endless length", input: { page: "p".repeat(101), message: request } },
  { title: "no message", input: { page: "p" } },
  { title: "a reply", input: { page: "p", message: { kind: "reply", id: 1, result: {} } } },
  { title: "an id that is no number", input: { page: "p", message: { ...request, id: {} } } },
  { title: "another binary field", input: { page: "p", message: request, binary: { field: "__proto__", base64: "" } } },
];
for (const { title, input } of odd) {
  test(`what is no message of ours is not answered: ${title}`, async () => {
    const { outputs, sent } = setUp();
    outputs.show(a, "a", [run("1")], undefined);
    await settled();
    await outputs.receive(left, input);
    assert.deepEqual(sent, []);
  });
}

test("what no page of ours would ask is answered with a failure", async () => {
  const { outputs, ask, sent } = setUp();
  outputs.show(a, "a", [run("1")], undefined);
  await settled();
  await ask(left, "p", "results/page", { key: "1", part: "range", id: 1, from: -1, to: 1e9 });
  await ask(left, "p", "constructor", {});
  const kinds = sent.map(({ packet: { message } }) =>
    message.kind === "failure" ? message.failure.kind : message.kind,
  );
  assert.deepEqual(kinds, ["bug", "bug"]);
});

test("pages are told when a setting changes", async () => {
  const { outputs, ask, taken, settings, zone } = setUp();
  outputs.show(a, "a", [run("1")], undefined);
  await ask(left, "p");
  await settled();
  taken();
  zone.is = "local";
  settings.fire(undefined);
  await settled();
  assert.deepEqual(taken(), ["left p event"]);
});
