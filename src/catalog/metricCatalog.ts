import { failureOf, isCancelled } from "../shared/errors.ts";
import { blockLength, isPacked, NamePacker, type Names, PackedNames } from "../shared/model/names.ts";
import type { MetricMetadata, MetricsSource, RequestOptions } from "../shared/model/source.ts";
import { isNotOffered } from "../shared/notOffered.ts";
import { recentScope } from "./recentScope.ts";

/** Names that are asked for at most; a longer list is said to be cut, and the filter then asks the server. */
export const maxNames = 200_000;

/** The metric names of a server, with what it knows of their families. */
export interface MetricCatalog {
  /** Ascending by UTF-16 code units. */
  readonly names: PackedNames;
  /** True if the server has more than these. */
  readonly isTruncated: boolean;
  /** By family name; empty where the server tells none. */
  readonly metadata: ReadonlyMap<string, readonly MetricMetadata[]>;
  /** Whether types are the server's: `none`, it has none to give; `failed`, they could not be read this time. */
  readonly metadataState: "read" | "none" | "failed";
}

export interface ReadCatalogOptions extends RequestOptions {
  readonly now: number;
  readonly pause: () => Promise<void>;
}

/** Reads names and metadata, one request each. Throws if the names cannot be read; metadata may be absent. */
export async function readMetricCatalog(
  source: MetricsSource,
  { now, pause, ...options }: ReadCatalogOptions,
): Promise<MetricCatalog> {
  const nothing: ReadonlyMap<string, readonly MetricMetadata[]> = new Map();
  const [list, metadata] = await Promise.all([
    source.metricNames(recentScope(now, maxNames), options),
    source.metadata({}, options).catch((error: unknown) => {
      if (isCancelled(error)) throw error;
      return isNotOffered(failureOf(error)) ? nothing : undefined;
    }),
  ]);
  const names = await ascending(list.names, pause);
  const metadataState = metadata === undefined ? "failed" : metadata.size > 0 ? "read" : "none";
  return { names, isTruncated: list.truncated, metadata: metadata ?? nothing, metadataState };
}

/** The list packed and sorted by UTF-16 code units, as servers mostly send it. Gives way to other work. */
export async function ascending(names: Names, pause: () => Promise<void>): Promise<PackedNames> {
  const packed = isPacked(names) ? names : PackedNames.of(names);
  if (packed.isAscending) return packed;
  const runs: PackedNames[] = [];
  for (let from = 0; from < packed.length; from += blockLength) {
    const count = Math.min(blockLength, packed.length - from);
    runs.push(PackedNames.of(Array.from({ length: count }, (_, i) => packed.at(from + i) ?? "").sort()));
    await pause();
  }
  return merged(runs, pause);
}

/** Sorted lists as one. */
async function merged(lists: readonly PackedNames[], pause: () => Promise<void>): Promise<PackedNames> {
  const packer = new NamePacker();
  /** Where each list stands, the one with the least name last. */
  const heads = lists.map((list) => ({ name: list.at(0) ?? "", list, next: 1 }));
  heads.sort((a, b) => (a.name < b.name ? 1 : a.name > b.name ? -1 : 0));
  for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
    packer.add(head.name);
    const { list } = head;
    const name = list.at(head.next);
    if (name !== undefined) {
      let [low, high] = [0, heads.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((heads[middle]?.name ?? "") > name) low = middle + 1;
        else high = middle;
      }
      heads.splice(low, 0, { name, list, next: head.next + 1 });
    }
    if (packer.length % blockLength === 0) await pause();
  }
  return packer.end();
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
