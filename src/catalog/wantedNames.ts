import type { SelectorScope } from "../promql/completion/selectorScope.ts";
import { failureOf } from "../shared/errors.ts";
import { PackedNames } from "../shared/model/names.ts";
import { escapeRe2 } from "../shared/model/re2.ts";
import type { MetadataScope, MetricMetadata, MetricsSource, NameList, RequestOptions } from "../shared/model/source.ts";
import { isNotOffered } from "../shared/notOffered.ts";
import { maxNames } from "./metricCatalog.ts";
import { parseNamePattern, selectorOf } from "./nameFilter.ts";
import { ascending } from "./nameOrder.ts";
import { recentScope } from "./recentScope.ts";
import { scopeSelector } from "./scopeSelector.ts";

/**
 * A list that completion may want. `part`: where the server has more than it sent, what was typed is looked for there. The scopes
 * are those of the series whose labels are meant; none: of all.
 */
export type WantedNames =
  | { readonly kind: "metrics" }
  /** What the server knows of all metrics, which has no names of its own. */
  | { readonly kind: "metadata" }
  | { readonly kind: "metricsLike"; readonly part: string }
  | { readonly kind: "labels"; readonly scopes: readonly SelectorScope[] }
  | { readonly kind: "values"; readonly label: string; readonly scope: SelectorScope; readonly part: string };

/** What of a source is asked: names alone, never a query. */
export type WantedSource = Pick<MetricsSource, "metricNames" | "metadata" | "labelNames" | "labelValues">;

/** A list as it was read. */
export interface KnownNames {
  /** Ascending by UTF-8 bytes. */
  readonly names: PackedNames;
  /** The server has more. */
  readonly isTruncated: boolean;
  /** By family; of `metadata` alone. */
  readonly metadata: ReadonlyMap<string, readonly MetricMetadata[]>;
}

/** Labels, values and found metrics that are asked for at most. */
const mostNames = 2000;

const noNames = PackedNames.of([]);

const noMetadata: ReadonlyMap<string, readonly MetricMetadata[]> = new Map();

/** Reads a list by one request. Throws what the source throws. */
export async function readWantedNames(
  source: WantedSource,
  wanted: WantedNames,
  { now, signal }: Pick<RequestOptions, "signal"> & { readonly now: number },
): Promise<KnownNames> {
  const options = { signal };
  switch (wanted.kind) {
    case "metrics":
      return known(await source.metricNames(recentScope(now, maxNames), options), maxNames, signal);
    case "metadata":
      return { names: noNames, isTruncated: false, metadata: await readMetadata(source, options) };
    case "metricsLike": {
      const scope = recentScope(now, mostNames, [selectorOf(parseNamePattern(wanted.part))]);
      return known(await source.metricNames({ ...scope, containing: wanted.part }, options), mostNames, signal);
    }
    case "labels": {
      const selectors = wanted.scopes.flatMap((scope) => scopeSelector(scope) ?? []);
      // One part that cannot be told the server may be any: then all are.
      const matchers = selectors.length < wanted.scopes.length ? [] : selectors;
      return known(await source.labelNames(recentScope(now, mostNames, matchers), options), mostNames, signal);
    }
    case "values":
      return known(await source.labelValues(wanted.label, valuesScope(wanted, now), options), mostNames, signal);
  }
}

/** A server that offers none knows nothing of any metric, which is no failure. */
async function readMetadata(source: WantedSource, options: RequestOptions) {
  try {
    return await source.metadata({}, options);
  } catch (error) {
    if (isNotOffered(failureOf(error))) return noMetadata;
    throw error;
  }
}

function valuesScope({ label, scope, part }: Extract<WantedNames, { kind: "values" }>, now: number): MetadataScope {
  const more = part === "" ? [] : [{ label, operator: "=~", value: `(?i).*${escapeRe2(part)}.*` } as const];
  const selector = scopeSelector(scope, more);
  const recent = recentScope(now, mostNames, selector === undefined ? [] : [selector]);
  return part === "" ? recent : { ...recent, containing: part };
}

/** No more than were asked for: servers that know no limit may send millions. */
async function known({ names, truncated }: NameList, most: number, signal: AbortSignal): Promise<KnownNames> {
  const isTooLong = names.length > most;
  const kept = isTooLong ? PackedNames.of(Array.from({ length: most }, (_, i) => names.at(i) ?? "")) : names;
  return { names: await ascending(kept, signal), isTruncated: truncated || isTooLong, metadata: noMetadata };
}
