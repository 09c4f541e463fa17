/** A row of a heatmap: an interval of observed values. `boundaries` as in a native histogram's bucket. */
export interface HeatmapRow {
  readonly lower: number;
  readonly upper: number;
  readonly boundaries: number;
}

/** More empty rows than this are not put between two buckets: they are one. */
const mostBetween = 60;

const hasLower = ({ boundaries }: HeatmapRow) => boundaries === 1 || boundaries === 3;
const hasUpper = ({ boundaries }: HeatmapRow) => boundaries === 0 || boundaries === 3;

function boundariesOf(withLower: boolean, withUpper: boolean): number {
  return withLower ? (withUpper ? 3 : 1) : withUpper ? 0 : 2;
}

/** Rows one above another such that each interval lies in one: intervals that overlap, as after a change of resolution, share theirs. */
export function disjointRows(intervals: readonly HeatmapRow[]): HeatmapRow[] {
  const sorted = intervals.toSorted((a, b) => compare(a.lower, b.lower) || compare(a.upper, b.upper));
  const rows: HeatmapRow[] = [];
  for (const next of sorted) {
    const last = rows.at(-1);
    if (last !== undefined && (next.lower < last.upper || (next.lower === last.lower && next.upper === last.upper))) {
      rows[rows.length - 1] = union(last, next);
    } else rows.push(next);
  }
  return rows;
}

/**
 * The rows with those put in between that no bucket was sent for, since servers leave out empty ones: without them what is
 * far apart would look close. As many as the growth of the neighbours says, else a single one.
 */
export function withRowsBetween(rows: readonly HeatmapRow[]): HeatmapRow[] {
  return rows.flatMap((row, i) => {
    const next = rows[i + 1];
    if (next === undefined || !(next.lower > row.upper)) return [row];
    return [row, ...between(row, next)];
  });
}

function between(below: HeatmapRow, above: HeatmapRow): HeatmapRow[] {
  const { upper: from } = below;
  const { lower: to } = above;
  const isPositive = from > 0;
  const gap = { lower: from, upper: to, boundaries: boundariesOf(!hasUpper(below), !hasLower(above)) };
  if (!(isPositive || to < 0) || !Number.isFinite(to / from)) return [gap];
  // Buckets grow by one factor away from zero: the neighbour further out tells it, where it has two finite bounds.
  const [inner, outer] = isPositive ? [above.lower, above.upper] : [below.upper, below.lower];
  const [other, far] = isPositive ? [below.lower, below.upper] : [above.upper, above.lower];
  const growth = Number.isFinite(outer) ? outer / inner : far / other;
  const exact = Math.abs(Math.log(to / from)) / Math.log(growth);
  const count = Math.round(exact);
  if (!(growth > 1 && Number.isFinite(growth)) || count < 2 || count > mostBetween) return [gap];
  if (Math.abs(exact - count) > 0.05) return [gap];
  const bound = (k: number) => (k === 0 ? from : k === count ? to : from * (to / from) ** (k / count));
  const inside = isPositive ? 0 : 1;
  return Array.from({ length: count }, (_, k) => ({ lower: bound(k), upper: bound(k + 1), boundaries: inside }));
}

/** At most `most` rows: neighbours joined, but what lies above the last finite bound stays by itself. */
export function joinedRows(rows: readonly HeatmapRow[], most: number): HeatmapRow[] {
  if (rows.length <= most) return [...rows];
  const last = rows.at(-1);
  const open = last !== undefined && last.upper === Number.POSITIVE_INFINITY && most > 1 ? [last] : [];
  const others = rows.slice(0, rows.length - open.length);
  const size = Math.ceil(others.length / (most - open.length));
  const joined: HeatmapRow[] = [];
  for (let i = 0; i < others.length; i += size) joined.push(others.slice(i, i + size).reduce(union));
  return [...joined, ...open];
}

/** Index of the row in which an interval lies. */
export function rowOf(
  rows: readonly HeatmapRow[],
  { lower, upper }: { readonly lower: number; readonly upper: number },
): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.upper ?? Number.POSITIVE_INFINITY) < upper) low = middle + 1;
    else high = middle;
  }
  // A row without width, zero's, ends where the one below it does.
  const next = rows[low + 1];
  return next !== undefined && next.upper === upper && next.lower <= lower ? low + 1 : low;
}

function union(a: HeatmapRow, b: HeatmapRow): HeatmapRow {
  const low = a.lower === b.lower ? hasLower(a) || hasLower(b) : hasLower(a.lower < b.lower ? a : b);
  const high = a.upper === b.upper ? hasUpper(a) || hasUpper(b) : hasUpper(a.upper > b.upper ? a : b);
  return {
    lower: Math.min(a.lower, b.lower),
    upper: Math.max(a.upper, b.upper),
    boundaries: boundariesOf(low, high),
  };
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
