import { readBound, readRange } from "./bucketBounds.ts";

const collator = new Intl.Collator("en", { numeric: true });

/** Where a name stands among others. */
export interface SeriesPlace {
  /** Up to the bound of a bucket; the whole name where it has none. */
  readonly before: string;
  readonly lower: number;
  readonly upper: number;
  readonly after: string;
}

/** The bound of a bucket in a selector as we write it. */
const bucket = /[{ ](?:le|vmrange)="([^"\\]*)"/;

/**
 * The place of a series by its name as shown: a selector, or what a legend made of its labels. The bounds of buckets are
 * numbers there: `0.05` stands before `0.1`, and `+Inf` is the last, which as text they would not.
 */
export function seriesPlace(name: string): SeriesPlace {
  const found = bucket.exec(name);
  const text = found?.[1] ?? name;
  const bound = readBound(text);
  const bounds = bound === undefined ? readRange(text) : { lower: bound, upper: bound };
  if (bounds === undefined) return { before: name, lower: 0, upper: 0, after: "" };
  const from = found === null ? 0 : found.index + found[0].length - text.length - 1;
  return { before: name.slice(0, from), ...bounds, after: name.slice(from + text.length) };
}

/** Names as people read them, with numbers in them by size; below zero if `a` comes first. */
export function comparePlaces(a: SeriesPlace, b: SeriesPlace): number {
  return (
    collator.compare(a.before, b.before) ||
    compareNumbers(a.lower, b.lower) ||
    compareNumbers(a.upper, b.upper) ||
    collator.compare(a.after, b.after)
  );
}

function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
