import assert from "node:assert/strict";
import { test } from "node:test";
import { CompletionNames } from "../../../src/catalog/completionNames.ts";
import type { WantedNames } from "../../../src/catalog/wantedNames.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { HandClock } from "../../support/handClock.ts";
import { FakeNamesServer } from "../../support/namesServer.ts";
import { recordingLogger } from "../../support/sources.ts";

const metrics: WantedNames = { kind: "metrics" };
const labelsOf = (metric: string): WantedNames => ({ kind: "labels", scopes: [{ metric, matchers: [] }] });
const valuesOf = (label: string): WantedNames => ({
  ...{ kind: "values", label, part: "" },
  scope: { metric: "up", matchers: [{ label: "job", operator: "=", value: "api" }] },
});

function setUp() {
  const clock = new HandClock();
  const log = recordingLogger();
  return { clock, log, server: new FakeNamesServer(), names: new CompletionNames({ clock, log }) };
}

const known = (names: CompletionNames, server: FakeNamesServer, wanted: WantedNames) => {
  const list = names.peek(server, wanted)?.known;
  return list === undefined ? undefined : [...list.names];
};

test("nothing is known at first, the server is asked once for all who want it, and then all know it", async () => {
  const { names, server } = setUp();
  const readings = [names.read(server, metrics), names.read(server, metrics), names.read(server, metrics)];
  assert.deepEqual(
    readings.map((reading) => reading.known),
    [undefined, undefined, undefined],
  );
  (await server.request(1)).answer(["b", "a"]);
  await Promise.all(readings.map(({ pending }) => pending));
  assert.deepEqual(known(names, server, metrics), ["a", "b"]);
  assert.deepEqual(names.read(server, metrics).pending, undefined);
  assert.deepEqual(server.paths, ["metrics"]);
});

test("labels and values are asked for of the series at hand, of the last hour, with a limit", async () => {
  const { names, server, clock } = setUp();
  clock.forward(10_000_000);
  const bounds = { start: 6_400_000, end: 10_000_000, limit: 2000 };
  const { pending } = names.read(server, labelsOf("up"));
  const labels = await server.request(1);
  assert.deepEqual(labels.scope, { ...bounds, matchers: ['{__name__="up"}'] });
  labels.answer(["job"]);
  await pending;
  names.read(server, valuesOf("instance"));
  const values = await server.request(2);
  assert.deepEqual(
    [values.path, values.scope],
    ["values of instance", { ...bounds, matchers: ['{__name__="up",job="api"}'] }],
  );
  names.dispose();
});

test("a list that is no longer wanted is given up, and one is asked for at a time", async () => {
  const { names, server } = setUp();
  const first = names.read(server, labelsOf("a"));
  const request = await server.request(1);
  const second = names.read(server, labelsOf("b"));
  const third = names.read(server, labelsOf("c"));
  assert.ok(request.signal.aborted);
  await Promise.all([first.pending, second.pending]);
  (await server.request(2)).answer(["x"]);
  await third.pending;
  assert.deepEqual([server.requests.length, server.mostOpen], [2, 1]);
  assert.deepEqual(known(names, server, labelsOf("c")), ["x"]);
  assert.equal(known(names, server, labelsOf("a")), undefined);
});

test("the list of all metrics is read to its end, and keeps nobody waiting who wants another one", async () => {
  const { names, server } = setUp();
  const all = names.read(server, metrics);
  const request = await server.request(1);
  const labels = names.read(server, labelsOf("a"));
  const second = await server.request(2);
  names.giveUp();
  await labels.pending;
  assert.deepEqual([request.signal.aborted, second.signal.aborted], [false, true]);
  const again = names.read(server, labelsOf("b"));
  (await server.request(3)).answer(["job"]);
  await again.pending;
  assert.deepEqual([known(names, server, metrics), known(names, server, labelsOf("b"))], [undefined, ["job"]]);
  request.answer(["a"]);
  await all.pending;
  assert.deepEqual(known(names, server, metrics), ["a"]);
  assert.equal(server.mostOpen, 2);
});

test("two connections do not wait for each other", async () => {
  const { names, server } = setUp();
  const other = new FakeNamesServer("other");
  names.read(server, labelsOf("a"));
  names.read(other, labelsOf("a"));
  const [one, two] = [await server.request(1), await other.request(1)];
  assert.deepEqual([one.signal.aborted, two.signal.aborted], [false, false]);
  names.dispose();
  assert.deepEqual([one.signal.aborted, two.signal.aborted], [true, true]);
});

test("values are fresh for a minute, names for five; older ones serve until newer are there", async () => {
  const { names, server, clock } = setUp();
  for (const [i, wanted] of [metrics, valuesOf("x")].entries()) {
    const { pending } = names.read(server, wanted);
    (await server.request(i + 1)).answer(["old"]);
    await pending;
  }
  clock.forward(59_000);
  assert.equal(names.read(server, valuesOf("x")).pending, undefined);
  clock.forward(2000);
  const stale = names.read(server, valuesOf("x"));
  assert.deepEqual([...(stale.known?.names ?? [])], ["old"]);
  (await server.request(3)).answer(["new"]);
  await stale.pending;
  assert.deepEqual(known(names, server, valuesOf("x")), ["new"]);
  assert.equal(names.read(server, metrics).pending, undefined);
  clock.forward(4 * 60_000);
  assert.notEqual(names.read(server, metrics).pending, undefined);
  names.dispose();
});

test("a failure is no empty list, is said once in the log, and lets the server rest", async () => {
  const { names, server, clock, log } = setUp();
  const refused = new AppError({ kind: "unreachable", code: "refused", detail: "" });
  const first = names.read(server, labelsOf("a"));
  (await server.request(1)).fail(refused);
  await first.pending;
  assert.equal(names.peek(server, labelsOf("a")), undefined);
  assert.deepEqual(names.read(server, labelsOf("b")), { known: undefined, pending: undefined });
  clock.forward(15_001);
  const second = names.read(server, labelsOf("b"));
  (await server.request(2)).fail(refused);
  await second.pending;
  assert.equal(log.lines.length, 1);
  assert.match(log.lines[0] ?? "", /refused/);
});

test("a failure leaves what was known before", async () => {
  const { names, server, clock } = setUp();
  const first = names.read(server, metrics);
  (await server.request(1)).answer(["a"]);
  await first.pending;
  clock.forward(5 * 60_000 + 1);
  const again = names.read(server, metrics);
  (await server.request(2)).fail(new AppError({ kind: "timedOut", by: "server", afterMs: 1, detail: "" }));
  await again.pending;
  assert.deepEqual(known(names, server, metrics), ["a"]);
});

test("a selector that the server refuses does not keep others from being asked", async () => {
  const { names, server } = setUp();
  const first = names.read(server, labelsOf("a"));
  const failure = { kind: "rejected", status: 400, errorType: "bad_data", message: "" } as const;
  (await server.request(1)).fail(new AppError(failure));
  await first.pending;
  assert.equal(names.read(server, labelsOf("a")).pending, undefined);
  assert.notEqual(names.read(server, labelsOf("b")).pending, undefined);
  names.dispose();
});

test("a list that takes too long is given up as a failure", async () => {
  const { names, server, clock, log } = setUp();
  const reading = names.read(server, labelsOf("a"));
  const request = await server.request(1);
  clock.forward(10_001);
  await reading.pending;
  assert.ok(request.signal.aborted);
  assert.match(log.lines.join(), /timedOut/);
});

test("another revision of a connection has names of its own", async () => {
  const { names, server } = setUp();
  const first = names.read(server, metrics);
  (await server.request(1)).answer(["tenant_a"]);
  await first.pending;
  server.revision = 1;
  const second = names.read(server, metrics);
  assert.equal(second.known, undefined);
  (await server.request(2)).answer(["tenant_b"]);
  await second.pending;
  assert.deepEqual(known(names, server, metrics), ["tenant_b"]);
  server.revision = 0;
  assert.equal(names.peek(server, metrics), undefined);
});

test("fifty lists are remembered, those that were used last", async () => {
  const { names, server } = setUp();
  for (let i = 0; i < 51; i++) {
    const { pending } = names.read(server, labelsOf(`m${i}`));
    (await server.request(i + 1)).answer(["job"]);
    await pending;
    if (i > 0) assert.equal(names.read(server, labelsOf("m0")).pending, undefined);
  }
  assert.equal(names.peek(server, labelsOf("m1")), undefined);
  assert.deepEqual([known(names, server, labelsOf("m0")), known(names, server, labelsOf("m50"))], [["job"], ["job"]]);
});

test("what is disposed of asks nobody", () => {
  const { names, server } = setUp();
  names.dispose();
  assert.equal(names.read(server, metrics).pending, undefined);
});
