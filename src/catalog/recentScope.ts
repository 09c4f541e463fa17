import type { MetadataScope } from "../shared/model/source.ts";

/** How far back names are looked for: far enough for what is there now, and for what has been silent for an hour. */
export type NameSpan = "hour" | "day";

/** So that a server need not read its whole history, in milliseconds. */
const spanMs: Readonly<Record<NameSpan, number>> = { hour: 3_600_000, day: 86_400_000 };

/** The bounds in which the side bar asks for names and values: the last hour, and at most `limit` of them. */
export function recentScope(
  now: number,
  limit: number,
  matchers: readonly string[] = [],
  span: NameSpan = "hour",
): MetadataScope {
  return { start: now - spanMs[span], end: now, limit, ...(matchers.length === 0 ? {} : { matchers }) };
}
