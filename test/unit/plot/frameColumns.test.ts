import assert from "node:assert/strict";
import { test } from "node:test";
import { type Column, countNotPositive, stacked } from "../../../media/plot/frameColumns.ts";

const cases: readonly { readonly title: string; readonly columns: readonly Column[]; readonly expected: Column[] }[] = [
  { title: "nothing", columns: [], expected: [] },
  {
    title: "each line stands on those below",
    columns: [
      [1, 2],
      [10, 20],
      [100, 200],
    ],
    expected: [
      [1, 2],
      [11, 22],
      [111, 222],
    ],
  },
  {
    title: "a line without a sample adds nothing",
    columns: [
      [1, null, 3],
      [10, 20, 30],
    ],
    expected: [
      [1, 0, 3],
      [11, 20, 33],
    ],
  },
  {
    title: "where no line has a sample there is a gap",
    columns: [
      [1, null],
      [10, null],
    ],
    expected: [
      [1, null],
      [11, null],
    ],
  },
  {
    title: "a line that goes on adds its last value",
    columns: [
      [1, undefined, 3],
      [10, 20, undefined],
    ],
    expected: [
      [1, 1, 3],
      [11, 21, 23],
    ],
  },
  {
    title: "values below zero stand below zero",
    columns: [
      [1, -1],
      [2, 2],
      [-5, -5],
    ],
    expected: [
      [1, -1],
      [3, 2],
      [-5, -6],
    ],
  },
];
for (const { title, columns, expected } of cases) {
  test(`stacked: ${title}`, () => {
    assert.deepEqual(
      stacked(
        columns,
        columns.map(() => true),
      ),
      expected,
    );
  });
}

test("a line that is no part of the sum is neither added nor moved", () => {
  assert.deepEqual(
    stacked(
      [
        [10, 10],
        [7, null],
        [1, 2],
      ],
      [true, false, true],
    ),
    [
      [10, 10],
      [7, null],
      [11, 12],
    ],
  );
});

test("values that a logarithmic axis has no place for", () => {
  assert.equal(countNotPositive([[1, 0, -1, null, undefined], [0.001]]), 2);
});
