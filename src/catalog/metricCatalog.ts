import { failureOf, isCancelled } from "../shared/errors.ts";
import type { MetricMetadata, MetricsSource } from "../shared/model/source.ts";
import { isNotOffered } from "../shared/notOffered.ts";
import { recentScope } from "./recentScope.ts";

/** Names that are asked for at most; a longer list is said to be cut, and the filter then asks the server. */
export const maxNames = 200_000;

/** The metric names of a server, with what it knows of their families. */
export interface MetricCatalog {
  /** Ascending by UTF-16 code units. */
  readonly names: readonly string[];
  /** True if the server has more than these. */
  readonly isTruncated: boolean;
  /** By family name; empty where the server tells none. */
  readonly metadata: ReadonlyMap<string, readonly MetricMetadata[]>;
  /** Whether types are the server's: `none`, it has none to give; `failed`, they could not be read this time. */
  readonly metadataState: "read" | "none" | "failed";
}

export interface ReadCatalogOptions {
  readonly signal: AbortSignal;
  readonly now: number;
  readonly pause: () => Promise<void>;
}

/** Reads names and metadata, one request each. Throws if the names cannot be read; metadata may be absent. */
export async function readMetricCatalog(
  source: MetricsSource,
  { signal, now, pause }: ReadCatalogOptions,
): Promise<MetricCatalog> {
  const nothing: ReadonlyMap<string, readonly MetricMetadata[]> = new Map();
  const [list, metadata] = await Promise.all([
    source.metricNames(recentScope(now, maxNames), { signal }),
    source.metadata({}, { signal }).catch((error: unknown) => {
      if (isCancelled(error)) throw error;
      return isNotOffered(failureOf(error)) ? nothing : undefined;
    }),
  ]);
  const names = await ascending(list.names, pause);
  const metadataState = metadata === undefined ? "failed" : metadata.size > 0 ? "read" : "none";
  return { names, isTruncated: list.truncated, metadata: metadata ?? nothing, metadataState };
}

/** The list sorted by UTF-16 code units; as it is if it already is, which servers mostly see to. Gives way to other work. */
export async function ascending(names: readonly string[], pause: () => Promise<void>): Promise<readonly string[]> {
  const run = 16_384;
  let isSorted = true;
  for (let i = 1; i < names.length && isSorted; i++) {
    isSorted = (names[i - 1] ?? "") <= (names[i] ?? "");
    if (i % (run * 8) === 0) await pause();
  }
  if (isSorted) return names;
  let runs: (readonly string[])[] = [];
  for (let from = 0; from < names.length; from += run) {
    runs.push(names.slice(from, from + run).sort(byCodeUnits));
    await pause();
  }
  while (runs.length > 1) {
    const merged: (readonly string[])[] = [];
    for (let i = 0; i < runs.length; i += 2) merged.push(await merge(runs[i] ?? [], runs[i + 1] ?? [], pause));
    runs = merged;
  }
  return runs[0] ?? [];
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function merge(
  left: readonly string[],
  right: readonly string[],
  pause: () => Promise<void>,
): Promise<readonly string[]> {
  const merged: string[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    const [a, b] = [left[l], right[r]];
    if (b === undefined || (a !== undefined && a <= b)) {
      if (a !== undefined) merged.push(a);
      l++;
    } else {
      merged.push(b);
      r++;
    }
    if (merged.length % 65_536 === 0) await pause();
  }
  return merged;
}

const familySuffix = /_(?:count|sum|bucket|total|created)$/;

/**
 * What the server knows of a metric: of the name itself, else of the family that its suffix belongs to (`_bucket`, `_sum`,
 * `_count`, `_total`, `_created`), as Prometheus looks it up since 3.6.
 */
export function metadataOf(
  name: string,
  metadata: ReadonlyMap<string, readonly MetricMetadata[]>,
): MetricMetadata | undefined {
  const [own] = metadata.get(name) ?? [];
  if (own !== undefined) return own;
  const family = name.replace(familySuffix, "");
  if (family === name) return undefined;
  const [described] = metadata.get(family) ?? [];
  return described;
}
