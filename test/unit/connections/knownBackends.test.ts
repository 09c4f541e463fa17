import assert from "node:assert/strict";
import { test } from "node:test";
import { KnownBackends } from "../../../src/connections/knownBackends.ts";
import type { BuildInfo } from "../../../src/shared/model/source.ts";
import { MemoryValues, silentLog } from "../../support/connectionDoubles.ts";

const key = "promqlWorkbench.backends.v1";
const mimir: BuildInfo = { application: "Grafana Mimir", version: "2.17.0", revision: "abc" };
const a = { id: "a", baseUrl: "https://a.example" };

function setUp(memory = new MemoryValues()) {
  let now = 0;
  const known = new KnownBackends({ memory, clock: { now: () => ++now }, log: silentLog });
  let changes = 0;
  known.onDidChange(() => changes++);
  return { known, memory, changes: () => changes };
}

test("what was learnt is there again after a restart, as far as it can be read", () => {
  const { known, memory, changes } = setUp();
  known.note(a, mimir);
  known.note(a, { ...mimir, version: "2.18.0" });
  known.note({ ...a, id: "__proto__" }, mimir);
  assert.equal(changes(), 3);
  const stored: unknown = JSON.parse(JSON.stringify(memory.get(key)));
  const restarted = new MemoryValues();
  restarted.values.set(key, [...(stored as unknown[]), ["b", { baseUrl: 7 }], null, "x"]);
  const again = setUp(restarted).known;
  assert.partialDeepStrictEqual(again.of(a), { name: "Grafana Mimir", version: "2.18.0", learntAt: 2 });
  assert.equal(again.of({ ...a, id: "__proto__" })?.learntAt, 3);
  assert.equal(again.of({ ...a, id: "b" }), undefined);
});

test("the form of version 1 is read", () => {
  const memory = new MemoryValues();
  memory.values.set(key, [["a", { baseUrl: a.baseUrl, name: "Thanos", version: "0.39.2", learntAt: 5 }]]);
  assert.partialDeepStrictEqual(setUp(memory).known.of(a), { name: "Thanos", version: "0.39.2", learntAt: 5 });
});

test("anything else that is stored there counts for nothing and is no obstacle", () => {
  for (const value of [undefined, null, "x", {}, [[]], [["a", null]]]) {
    const memory = new MemoryValues();
    memory.values.set(key, value);
    const { known } = setUp(memory);
    assert.equal(known.of(a), undefined);
    known.note(a, mimir);
    assert.equal(known.of(a)?.name, "Grafana Mimir");
  }
});

test("neither texts nor the number of connections grow without end; what was learnt longest ago gives way", () => {
  const { known } = setUp();
  known.note(a, { ...mimir, application: "x".repeat(10_000) });
  assert.equal(known.of(a)?.name?.length, 100);
  for (let i = 0; i < 200; i++) known.note({ ...a, id: `other-${i}` }, mimir);
  assert.equal(known.of(a), undefined);
  assert.notEqual(known.of({ ...a, id: "other-0" }), undefined);
});

test("a memory that cannot be written harms nobody", async () => {
  const said: string[] = [];
  const memory = { get: () => undefined, set: () => Promise.reject(new Error("full")) };
  const log = { ...silentLog, warn: (_area: string, message: string) => void said.push(message) };
  new KnownBackends({ memory, clock: { now: () => 1 }, log }).note(a, mimir);
  await new Promise((resolve) => setImmediate(resolve));
  assert.match(said[0] ?? "", /full/);
});
