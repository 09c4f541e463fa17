import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ActiveConnection } from "../../../src/connections/activeConnection.ts";
import { parseProfiles } from "../../../src/connections/profileStore.ts";
import { resolveTarget } from "../../../src/connections/targetResolution.ts";

const { profiles, disabled } = parseProfiles(
  [
    { id: "eu", name: "Production", url: "https://eu" },
    { id: "us", name: "Production US", url: "https://us" },
    { id: "broken", name: "Broken", url: "https://b", oops: 1 },
    { id: "x1", name: "Twice", url: "https://x1" },
    { id: "x2", name: "Twice", url: "https://x2" },
    { id: "Production", name: "Trap", url: "https://trap" },
  ],
  () => undefined,
);
const us = profiles.find(({ id }) => id === "us") ?? assert.fail();

describe("where a block goes", () => {
  const none: ActiveConnection = { kind: "none" };
  const ready: ActiveConnection = { kind: "ready", profile: us };
  const cases: readonly { title: string; name?: string; active: ActiveConnection; expected: string }[] = [
    { title: "no directive, nothing active", active: none, expected: "none" },
    { title: "no directive", active: ready, expected: "ready us" },
    { title: "the active one is gone", active: { kind: "unusable", id: "gone" }, expected: "unknown gone" },
    { title: "the active one is disabled", active: { kind: "unusable", id: "broken" }, expected: "disabled Broken" },
    { title: "by id", name: "eu", active: ready, expected: "ready eu" },
    { title: "by name", name: "Production US", active: none, expected: "ready us" },
    { title: "an id beats the same text as a name", name: "Production", active: none, expected: "ready Production" },
    { title: "unknown, whatever is active", name: "prod-eu", active: ready, expected: "unknown prod-eu" },
    { title: "upper and lower case differ", name: "EU", active: ready, expected: "unknown EU" },
    { title: "disabled by id", name: "broken", active: ready, expected: "disabled Broken" },
    { title: "disabled by name", name: "Broken", active: ready, expected: "disabled Broken" },
    { title: "a name of two connections", name: "Twice", active: ready, expected: "disabled Twice" },
  ];
  for (const { title, name, active, expected } of cases) {
    test(title, () => {
      const target = resolveTarget(name, { profiles, disabled, active });
      const who = target.kind === "ready" ? ` ${target.profile.id}` : "name" in target ? ` ${target.name}` : "";
      assert.equal(target.kind + who, expected);
      if (target.kind === "disabled") assert.ok(target.reasons.length > 0);
    });
  }
});
