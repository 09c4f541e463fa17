import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProbeFindings } from "../../../src/connections/capabilityProbe.ts";
import { KnownCapabilities } from "../../../src/connections/knownCapabilities.ts";
import { MemoryValues, silentLog } from "../../support/connectionDoubles.ts";

const key = "promqlWorkbench.capabilities.v1";
const a = { id: "a", baseUrl: "https://a.example" };
const findings: ProbeFindings = {
  offers: new Map([
    ["targets", { offer: "notOffered", status: 404, learntAt: 1 }],
    ["rules", { offer: "offered", status: 200, learntAt: 1 }],
    ["alerts", { offer: "unknown", status: undefined, learntAt: 1 }],
  ]),
  isAgent: false,
};

function setUp(memory = new MemoryValues()) {
  let now = 10;
  const known = new KnownCapabilities({ memory, clock: { now: () => ++now }, log: silentLog });
  let changes = 0;
  known.onDidChange(() => changes++);
  return { known, memory, changes: () => changes };
}

/** The memory as VS Code has it after a restart: JSON. */
function restarted(memory: MemoryValues): MemoryValues {
  const again = new MemoryValues();
  again.values.set(key, JSON.parse(JSON.stringify(memory.get(key))));
  return again;
}

test("a probe's findings are there after a restart, for this address of this connection", () => {
  const { known, memory, changes } = setUp();
  known.noteProbe(a, findings);
  assert.equal(changes(), 1);
  const { known: later } = setUp(restarted(memory));
  assert.deepEqual(later.of(a), { ...findings, probedAt: 11, marksPartial: undefined });
  assert.equal(later.of({ ...a, baseUrl: "https://b.example" }), undefined);
  assert.equal(later.of({ ...a, id: "b" }), undefined);
  later.forget("a");
  assert.equal(later.of(a), undefined);
});

test("the form of version 1 is read; what is not of it is passed over", () => {
  const stored = {
    baseUrl: a.baseUrl,
    offers: [
      ["targets", { offer: "notOffered", status: 404, learntAt: 5 }],
      ["stores", { offer: "offered", status: 200, learntAt: 5 }],
      ["teleport", { offer: "offered", status: 200, learntAt: 5 }],
      ["rules", { offer: "perhaps", learntAt: 5 }],
      ["alerts", { offer: "offered", status: "200", learntAt: 5 }],
      ["flags", null],
      "x",
    ],
    probedAt: 5,
    isAgent: true,
    marksPartial: false,
  };
  const memory = new MemoryValues();
  memory.values.set(key, [["a", stored], ["b", { ...stored, offers: {} }], ["c", { ...stored, isAgent: "no" }], 7]);
  const { known } = setUp(memory);
  const read = known.of(a);
  assert.deepEqual([...(read?.offers.keys() ?? [])], ["targets", "stores"]);
  assert.partialDeepStrictEqual(read, { probedAt: 5, isAgent: true, marksPartial: false });
  for (const id of ["b", "c"]) assert.equal(known.of({ ...a, id }), undefined);
});

test("use corrects what was known, and writes nothing that was known or says nothing", () => {
  const { known, changes } = setUp();
  known.noteUse(a, "targets", "unknown", 503);
  assert.equal(known.of(a), undefined);
  known.noteProbe(a, findings);
  known.noteUse(a, "targets", "notOffered", 404);
  known.noteUse(a, "rules", "unknown", 503);
  assert.equal(changes(), 1);
  known.noteUse(a, "targets", "offered", 200);
  assert.equal(changes(), 2);
  const read = known.of(a);
  assert.deepEqual(read?.offers.get("targets"), { offer: "offered", status: 200, learntAt: 12 });
  assert.deepEqual([read?.offers.get("rules")?.offer, read?.probedAt], ["offered", 11]);
});

test("what use finds missing or refused is known in this window alone", () => {
  const { known, memory, changes } = setUp();
  known.noteProbe(a, findings);
  known.noteUse(a, "rules", "notOffered", 404);
  known.noteUse(a, "metadata", "refused", 403);
  assert.equal(changes(), 3);
  known.notePartialMark(a, true);
  const here = known.of(a);
  assert.deepEqual(here?.offers.get("rules"), { offer: "notOffered", status: 404, learntAt: 12 });
  assert.deepEqual([here?.offers.get("metadata")?.offer, here?.probedAt], ["refused", 11]);
  assert.equal(known.of({ ...a, baseUrl: "https://b.example" }), undefined);
  const { known: later } = setUp(restarted(memory));
  assert.deepEqual(later.of(a), { ...findings, probedAt: 11, marksPartial: true });
});

test("an answer, a probe and another way to ask end what use has found missing", () => {
  const { known, memory } = setUp();
  const rules = () => known.of(a)?.offers.get("rules")?.offer;
  known.noteUse(a, "rules", "notOffered", 404);
  assert.equal(rules(), "notOffered");
  known.noteUse(a, "rules", "offered", 200);
  assert.equal(rules(), "offered");
  assert.equal(setUp(restarted(memory)).known.of(a)?.offers.get("rules")?.offer, "offered");
  known.noteUse(a, "rules", "notOffered", 404);
  known.noteProbe(a, findings);
  assert.equal(rules(), "offered");
  known.noteUse(a, "rules", "notOffered", 404);
  known.forget("a");
  assert.equal(rules(), undefined);
});

test("what was only used is no probe; marks of partial answers outlive one", () => {
  const { known, changes } = setUp();
  known.noteUse(a, "rules", "offered", 200);
  assert.equal(known.of(a)?.probedAt, undefined);
  known.notePartialMark(a, true);
  known.notePartialMark(a, true);
  assert.equal(changes(), 2);
  known.noteProbe(a, { ...findings, isAgent: true });
  assert.partialDeepStrictEqual(known.of(a), { isAgent: true, marksPartial: true });
});
