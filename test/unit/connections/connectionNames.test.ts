import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { idFromName } from "../../../src/connections/connectionNames.ts";
import { isProfileId } from "../../../src/connections/profile.ts";

test("ids are made of names", () => {
  const cases: readonly [name: string, id: string][] = [
    ["Production EU", "production-eu"],
    ["  Zürich (test)  ", "zurich-test"],
    ["localhost:9090", "localhost-9090"],
    ["prometheus.example.com", "prometheus.example.com"],
    ["日本", "connection"],
    ["-._", "connection"],
  ];
  for (const [name, id] of cases) assert.equal(idFromName(name, new Set()), id);
  assert.equal(idFromName("A", new Set(["a", "a-2"])), "a-3");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.string()), (name, others) => {
      const taken = new Set([...others, idFromName(name, new Set())]);
      const id = idFromName(name, taken);
      assert.ok(isProfileId(id), id);
      assert.ok(!taken.has(id));
    }),
  );
});
