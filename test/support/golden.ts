import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The file of an expectation, given its path below `test/golden/`. */
export function goldenPath(name: string): string {
  return fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
}

/**
 * Holds `actual` against the stored expectation. `UPDATE_GOLDEN=1` writes it instead, to be read and committed; without it a
 * missing expectation fails.
 */
export function assertGolden(name: string, actual: string): void {
  const path = goldenPath(name);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  assert.ok(existsSync(path), `No expectation test/golden/${name}: write it with UPDATE_GOLDEN=1 and read it`);
  assert.equal(actual, readFileSync(path, "utf8"), `test/golden/${name}`);
}
