import type { Names } from "../shared/model/names.ts";

/** No level of a tree has more rows. */
export const maxRows = 500;

/** Fewer names than this stand side by side without groups. */
const flatBelow = 60;

/** A run of names in a sorted list: `from` included, `to` not. */
export interface NameRange {
  readonly from: number;
  readonly to: number;
}

/** A row of a level: one name, all names that begin alike, or a stretch of a level that would be too long. */
export type NameRow =
  | { readonly kind: "name"; readonly index: number }
  | ({ readonly kind: "prefix"; readonly prefix: string } & NameRange)
  | ({ readonly kind: "stretch"; readonly first: string; readonly last: string; readonly prefix: string } & NameRange);

/**
 * The rows of one level of `names` (ascending by UTF-8 bytes), at most 500: names that share their next part
 * (`node_` of `node_cpu_seconds_total`) are grouped where they are many, and a level of very many parts is cut into
 * stretches. `prefix` is what all names of the range share by now. Touches a few names of a range, not all of them.
 */
export function nameRows(names: Names, range: NameRange, prefix = ""): readonly NameRow[] {
  if (range.to - range.from <= flatBelow) return named(range);
  const groups = partsOf(names, range, prefix.length);
  if (groups === undefined) return stretches(names, range, prefix);
  const [only] = groups;
  // A level of one group would be a click for nothing.
  if (only !== undefined && groups.length === 1 && only.prefix.length > prefix.length) {
    return nameRows(names, range, only.prefix);
  }
  return groups.flatMap(({ from, to, prefix: own }): readonly NameRow[] =>
    to - from === 1 ? named({ from, to }) : [{ kind: "prefix", prefix: own, from, to }],
  );
}

function named({ from, to }: NameRange): readonly NameRow[] {
  return Array.from({ length: to - from }, (_, i) => ({ kind: "name", index: from + i }));
}

type Group = NameRange & { readonly prefix: string };

/** Runs of names with the same next part; `undefined` as soon as there are more than rows of a level. */
function partsOf(names: Names, { from, to }: NameRange, at: number): readonly Group[] | undefined {
  const groups: Group[] = [];
  for (let i = from; i < to; ) {
    if (groups.length === maxRows) return undefined;
    const group = groupAt(names, i, { from: i, to }, at);
    groups.push(group);
    i = group.to;
  }
  return groups;
}

/** The group that the name at `index` belongs to: names of the range with the same part from `at` on, separators included. */
function groupAt(names: Names, index: number, { from, to }: NameRange, at: number): Group {
  const name = names.at(index) ?? "";
  const prefix = name.slice(0, partEnd(name, at));
  // A name that ends here sorts before those that go on, which share its text but are a group of their own.
  const first = search(from, index, (i) => (names.at(i) ?? "").startsWith(prefix));
  const last = search(index + 1, to, (i) => !(names.at(i) ?? "").startsWith(prefix));
  return prefix.length === name.length && !endsInSeparator(prefix)
    ? { prefix, from: index, to: index + 1 }
    : { prefix, from: first, to: last };
}

/** The first index of an ascending run `from`..`to` for which `holds` is true, at most `to`; gallops, since groups are small. */
function search(from: number, to: number, holds: (index: number) => boolean): number {
  let low = from;
  let step = 1;
  while (low + step < to && !holds(low + step)) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, to);
  if (low < to && holds(low)) return low;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Index behind the separators that end the part which begins at `at`; the name's length if it is the last part. */
function partEnd(name: string, at: number): number {
  let i = at;
  while (i < name.length && isSeparator(name.charCodeAt(i))) i++;
  while (i < name.length && !isSeparator(name.charCodeAt(i))) i++;
  while (i < name.length && isSeparator(name.charCodeAt(i))) i++;
  return i;
}

function endsInSeparator(text: string): boolean {
  return text.length > 0 && isSeparator(text.charCodeAt(text.length - 1));
}

function isSeparator(code: number): boolean {
  const isDigit = code >= 48 && code <= 57;
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code > 127;
  return !isDigit && !isLetter;
}

/** About equal stretches of a range with too many groups, cut between groups. */
function stretches(names: Names, range: NameRange, prefix: string): readonly NameRow[] {
  const count = range.to - range.from;
  const size = Math.ceil(count / Math.min(maxRows, Math.ceil(count / (maxRows / 2))));
  const rows: NameRow[] = [];
  for (let from = range.from; from < range.to; ) {
    let to = Math.min(from + size, range.to);
    if (to < range.to) {
      const group = groupAt(names, to, range, prefix.length);
      to = group.from > from ? group.from : group.to;
    }
    rows.push({ kind: "stretch", first: names.at(from) ?? "", last: names.at(to - 1) ?? "", prefix, from, to });
    from = to;
  }
  return rows;
}
