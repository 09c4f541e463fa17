import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { maxRows, type NameRow, nameRows } from "../../../src/catalog/nameTree.ts";

function rowsOfAll(names: readonly string[]): readonly NameRow[] {
  return nameRows(names, { from: 0, to: names.length });
}

function text(names: readonly string[], row: NameRow): string {
  if (row.kind === "name") return names[row.index] ?? "";
  return row.kind === "prefix" ? `${row.prefix}* ${row.to - row.from}` : `${row.first} … ${row.last}`;
}

/** Every name below a row, with the greatest length of a level on the way. */
function walk(names: readonly string[], rows: readonly NameRow[], seen: number[]): number {
  let longest = rows.length;
  for (const row of rows) {
    if (row.kind === "name") seen.push(row.index);
    else longest = Math.max(longest, walk(names, nameRows(names, row, row.prefix), seen));
  }
  return longest;
}

function assertWhole(names: readonly string[]): void {
  const seen: number[] = [];
  const longest = walk(names, rowsOfAll(names), seen);
  assert.ok(longest <= maxRows, `a level of ${longest} rows`);
  assert.deepEqual(
    seen,
    names.map((_, i) => i),
    "every name once, in order",
  );
}

describe("names as levels of a tree", () => {
  test("a short list has no groups", () => {
    assert.deepEqual(
      rowsOfAll(["go_gc", "go_info", "up"]).map(({ kind }) => kind),
      ["name", "name", "name"],
    );
  });

  test("names that share their first part are grouped, a lone one stays itself", () => {
    const names = [...Array.from({ length: 70 }, (_, i) => `node_${String(i).padStart(2, "0")}_total`), "up"].sort();
    assert.deepEqual(
      rowsOfAll(names).map((row) => text(names, row)),
      ["node_* 70", "up"],
    );
  });

  test("a name that is the beginning of others is no group of theirs", () => {
    const names = ["up", ...Array.from({ length: 70 }, (_, i) => `up_${String(i).padStart(2, "0")}`)];
    assert.deepEqual(
      rowsOfAll(names).map((row) => text(names, row)),
      ["up", "up_* 70"],
    );
  });

  test("parts that all names share are one step", () => {
    const names = Array.from(
      { length: 100 },
      (_, i) => `a_b_c${String.fromCharCode(97 + (i % 2))}_${String(i).padStart(3, "0")}`,
    );
    names.sort();
    assert.deepEqual(
      rowsOfAll(names).map((row) => text(names, row)),
      ["a_b_ca_* 50", "a_b_cb_* 50"],
    );
  });

  test("very many parts are cut into stretches that say what is in them", () => {
    const names = Array.from({ length: 2000 }, (_, i) => `m_${String(i).padStart(4, "0")}`);
    const rows = rowsOfAll(names);
    assert.equal(rows.length, 8);
    assert.equal(text(names, rows[0] ?? assert.fail()), "m_0000 … m_0249");
  });

  for (const [title, names] of [
    ["100,000 names of one part", Array.from({ length: 100_000 }, (_, i) => `x${i.toString(36)}`)],
    ["a million names of two parts", Array.from({ length: 1_000_000 }, (_, i) => `metric_${i.toString(36)}`)],
    [
      "a great group behind many small ones",
      [
        ...Array.from({ length: 501 }, (_, i) => `a${String(i).padStart(3, "0")}`),
        ...Array.from({ length: 300_000 }, (_, i) => `b_${i}`),
      ],
    ],
    [
      "a great group before many small ones",
      [
        ...Array.from({ length: 300_000 }, (_, i) => `a_${i}`),
        ...Array.from({ length: 501 }, (_, i) => `b${String(i).padStart(3, "0")}`),
      ],
    ],
  ] as const) {
    test(title, () => assertWhole([...names].sort()));
  }

  test("any names", () => {
    const part = fc.stringMatching(/^[ab_:.é]{1,3}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("_")),
          { maxLength: 400 },
        ),
        (names) => assertWhole([...names].sort()),
      ),
    );
  });
});
