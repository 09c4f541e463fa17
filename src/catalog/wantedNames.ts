import type { SelectorScope } from "../promql/completion/selectorScope.ts";
import { PackedNames } from "../shared/model/names.ts";
import { escapeRe2 } from "../shared/model/re2.ts";
import type { MetadataScope, MetricMetadata, MetricsSource, NameList, RequestOptions } from "../shared/model/source.ts";
import { readMetricCatalog } from "./metricCatalog.ts";
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
  /** Of metrics, by family; empty for other lists. */
  readonly metadata: ReadonlyMap<string, readonly MetricMetadata[]>;
}

/** Labels, values and found metrics that are asked for at most. */
const mostNames = 2000;

const noMetadata: ReadonlyMap<string, readonly MetricMetadata[]> = new Map();

/** Reads a list: one request, and for the metrics a second one for their types. Throws what the source throws. */
export async function readWantedNames(
  source: WantedSource,
  wanted: WantedNames,
  { now, signal }: Pick<RequestOptions, "signal"> & { readonly now: number },
): Promise<KnownNames> {
  const options = { signal };
  switch (wanted.kind) {
    case "metrics":
      return readMetricCatalog(source, { now, signal });
    case "metricsLike": {
      const scope = recentScope(now, mostNames, [selectorOf(parseNamePattern(wanted.part))]);
      return known(await source.metricNames({ ...scope, containing: wanted.part }, options), signal);
    }
    case "labels": {
      const selectors = wanted.scopes.flatMap((scope) => scopeSelector(scope) ?? []);
      // One part that cannot be told the server may be any: then all are.
      const matchers = selectors.length < wanted.scopes.length ? [] : selectors;
      return known(await source.labelNames(recentScope(now, mostNames, matchers), options), signal);
    }
    case "values":
      return known(await source.labelValues(wanted.label, valuesScope(wanted, now), options), signal);
  }
}

function valuesScope({ label, scope, part }: Extract<WantedNames, { kind: "values" }>, now: number): MetadataScope {
  const more = part === "" ? [] : [{ label, operator: "=~", value: `(?i).*${escapeRe2(part)}.*` } as const];
  const selector = scopeSelector(scope, more);
  const recent = recentScope(now, mostNames, selector === undefined ? [] : [selector]);
  return part === "" ? recent : { ...recent, containing: part };
}

/** No more than were asked for: servers that know no limit may send millions. */
async function known({ names, truncated }: NameList, signal: AbortSignal): Promise<KnownNames> {
  const isTooLong = names.length > mostNames;
  const kept = isTooLong ? PackedNames.of(Array.from({ length: mostNames }, (_, i) => names.at(i) ?? "")) : names;
  return { names: await ascending(kept, signal), isTruncated: truncated || isTooLong, metadata: noMetadata };
}
