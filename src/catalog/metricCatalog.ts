import { failureOf, isCancelled } from "../shared/errors.ts";
import type { PackedNames } from "../shared/model/names.ts";
import type { MetricMetadata, MetricsSource, RequestOptions } from "../shared/model/source.ts";
import { isNotOffered } from "../shared/notOffered.ts";
import { ascending } from "./nameOrder.ts";
import { recentScope } from "./recentScope.ts";

/**
 * Names that are asked for at most; a longer list is said to be cut, and the filter then asks the server. No more than what
 * VictoriaMetrics sends by default (`-search.maxTagValues`): it cuts a longer list without a word, which would pass for whole.
 */
export const maxNames = 100_000;

/** The metric names of a server, with what it knows of their families. */
export interface MetricCatalog {
  /** Ascending by UTF-8 bytes. */
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
}

/** Reads names and metadata, one request each. Throws if the names cannot be read; metadata may be absent. */
export async function readMetricCatalog(
  source: Pick<MetricsSource, "metricNames" | "metadata">,
  { now, ...options }: ReadCatalogOptions,
): Promise<MetricCatalog> {
  const nothing: ReadonlyMap<string, readonly MetricMetadata[]> = new Map();
  const [list, metadata] = await Promise.all([
    source.metricNames(recentScope(now, maxNames), options),
    source.metadata({}, options).catch((error: unknown) => {
      if (isCancelled(error)) throw error;
      return isNotOffered(failureOf(error)) ? nothing : undefined;
    }),
  ]);
  const names = await ascending(list.names, options.signal);
  const metadataState = metadata === undefined ? "failed" : metadata.size > 0 ? "read" : "none";
  return { names, isTruncated: list.truncated, metadata: metadata ?? nothing, metadataState };
}

const familySuffix = /_(?:count|sum|bucket|total|created)$/;

/** The family that a metric's suffix says it is a part of; `undefined` where it has none. */
export function familyOf(name: string): string | undefined {
  const family = name.replace(familySuffix, "");
  return family === name || family === "" ? undefined : family;
}

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
  const [described] = metadata.get(familyOf(name) ?? "") ?? [];
  return described;
}
