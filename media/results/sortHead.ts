import { type ComponentChild, h } from "preact";

/** What rows are ordered by. */
export interface Sort<Key extends string> {
  readonly key: Key;
  readonly descending: boolean;
}

/**
 * The head of a table whose columns sort: a click sorts by that column, numbers with the greatest first, and a second click
 * the other way round. The first column holds names.
 */
export function sortHead<Key extends string>(
  columns: readonly (readonly [key: Key, title: string, ...rest: unknown[]])[],
  sort: Sort<Key>,
  onSort: (sort: Sort<Key>) => void,
): ComponentChild {
  const cells = columns.map(([key, title], i) => {
    const isSorted = sort.key === key;
    const direction = sort.descending ? "descending" : "ascending";
    const onClick = () => onSort({ key, descending: isSorted ? !sort.descending : i > 0 });
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
