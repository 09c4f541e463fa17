import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { allParts, systems } from "../support/systems.ts";
import { systemsTable } from "../support/systemsTable.ts";

const readme = fileURLToPath(new URL("../../README.md", import.meta.url));

/** The one table below the heading. */
const place = /(?<=\n## Systems\n(?:(?!\n#).)*?\n\n)\|.*?\|(?=\n\n)/s;

test("README's table of systems says what is tested; UPDATE_GOLDEN=1 writes it", () => {
  const text = readFileSync(readme, "utf8");
  const expected = systemsTable(systems);
  if (process.env["UPDATE_GOLDEN"] === "1")
    writeFileSync(
      readme,
      text.replace(place, () => expected),
    );
  else assert.equal(place.exec(text)?.[0], expected);
});

test("each system is tested whole: what is missing or empty is named once, mistakes have titles of their own", () => {
  assert.equal(new Set(systems.map(({ system }) => system)).size, systems.length);
  for (const { system, without, empty, mistakes } of systems) {
    const named = [...without, ...empty];
    assert.equal(new Set(named).size, named.length, system);
    assert.ok(named.length < allParts.length, system);
    assert.ok(mistakes.length > 0, `${system} has no wrong credential and no wrong address`);
    assert.equal(new Set(mistakes.map(({ title }) => title)).size, mistakes.length, system);
  }
});
