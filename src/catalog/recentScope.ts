import type { MetadataScope } from "../shared/model/source.ts";

/** How far back names are asked for, so that a server need not read its whole history, in milliseconds. */
const recentMs = 3_600_000;

/** The bounds in which the side bar asks for names and values: the last hour, and at most `limit` of them. */
export function recentScope(now: number, limit: number, matchers: readonly string[] = []): MetadataScope {
  return { start: now - recentMs, end: now, limit, ...(matchers.length === 0 ? {} : { matchers }) };
}
