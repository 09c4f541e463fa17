import { type ComponentChild, h } from "preact";

/** What rows are ordered by. */
export interface Sort<Key extends string> {
  readonly key: Key;
  readonly descending: boolean;
}

/**
 * The head of a table whose columns sort: a click sorts by that column, numbers with the greatest first, a second click the
 * other way round, and a third one brings back the order that no column gives, if there is one. The first column holds names.
 */
export function sortHead<Key extends string>(
  columns: readonly (readonly [key: Key, title: string, ...rest: unknown[]])[],
  sort: Sort<Key>,
  onSort: (sort: Sort<Key>) => void,
  unsorted?: Key,
): ComponentChild {
  const cells = columns.map(([key, title], i) => {
    const isSorted = sort.key === key;
    const direction = sort.descending ? "descending" : "ascending";
    const isFirst = sort.descending === i > 0;
    const next =
      isSorted && !isFirst && unsorted !== undefined
        ? { key: unsorted, descending: false }
        : { key, descending: isSorted ? !sort.descending : i > 0 };
    const onClick = () => onSort(next);
    const arrow = isSorted ? (sort.descending ? " ↓" : " ↑") : "";
    return h(
      "div",
      {
        key,
        class: `cell ${i === 0 ? "cell-name" : "cell-number"}`,
        role: "columnheader",
        "aria-sort": isSorted ? direction : "none",
      },
      h("button", { type: "button", class: "sort", onClick }, title + arrow),
    );
  });
  return h("div", { class: "row head", role: "row", "aria-rowindex": 1 }, cells);
}
