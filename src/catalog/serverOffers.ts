import type { CompletionContext } from "../promql/completion/completionContext.ts";
import {
  labelOffer,
  legendLabelOffer,
  listedLabelOffer,
  metricOffer,
  quotedMetricOffer,
  valueOffer,
} from "../promql/completion/nameOffers.ts";
import type { Offer } from "../promql/completion/offer.ts";
import type { MetricMetadata } from "../shared/model/source.ts";
import type { CompletionNames, NamesServer } from "./completionNames.ts";
import { metadataOf } from "./metricCatalog.ts";
import { lookUpNames } from "./nameLookup.ts";
import type { WantedNames } from "./wantedNames.ts";

/** Names offered at most. */
export const mostOffers = 300;

/**
 * Where there are more metrics, types and help of all of them are not asked for: that is megabytes, and everything else waits.
 * What is looked at is asked for by itself.
 */
export const mostDescribed = 10_000;

/** How long a list waits for its server, in ms. */
const waitMs = 50;

/** An offer with what its server says of it. */
export interface ServerOffer extends Offer {
  readonly metadata?: MetricMetadata | undefined;
}

/** What servers' names make of a context. */
export interface ServerOffers {
  readonly offers: readonly ServerOffer[];
  /** There are, or may be, more: with another letter typed it is worth asking again. */
  readonly isIncomplete: boolean;
  /** Nothing is known yet of a list that is under way; settles when it is worth asking again. */
  readonly pending: Promise<void> | undefined;
}

export interface ServerOffersOptions {
  readonly names: CompletionNames;
  readonly server: NamesServer;
  /** What is typed of the name so far, as the server would have it. */
  readonly typed: string;
  /** Metrics that stand in the file already. */
  readonly used: ReadonlySet<string>;
  /** Resolves after this many ms. */
  readonly wait: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A list that a context wants, and how a name of it is offered. */
interface Wish {
  readonly wanted: WantedNames;
  /** The same at the server, for what was typed. */
  readonly searched: ((part: string) => WantedNames) | undefined;
  readonly offer: (name: string, metadata: MetricMetadata | undefined) => Offer | undefined;
}

/** True for a context that names of a server belong in. */
export function wantsNames(context: CompletionContext): boolean {
  return wishesOf(context, new Set()).length > 0;
}

/** What the server's names make of a context, as far as they are there within a moment. Throws `cancelled` alone. */
export async function serverOffers(context: CompletionContext, options: ServerOffersOptions): Promise<ServerOffers> {
  const parts: ServerOffers[] = [];
  for (const wish of wishesOf(context, options.used)) parts.push(await offersOf(wish, options));
  const pending = parts.flatMap((part) => part.pending ?? []);
  return {
    offers: parts.flatMap(({ offers }) => offers),
    isIncomplete: parts.some(({ isIncomplete }) => isIncomplete),
    pending: pending.length === 0 ? undefined : Promise.race(pending),
  };
}

function wishesOf(context: CompletionContext, used: ReadonlySet<string>): readonly Wish[] {
  switch (context.kind) {
    case "operand":
      if (context.wants === "scalar" || context.wants === "string") return [];
      return [
        metricWish((name, metadata) => metricOffer({ name, type: metadata?.type, isUsed: used.has(name) }, context)),
      ];
    case "labelName": {
      const labels: Wish = {
        wanted: { kind: "labels", scopes: isAny(context.scope) ? [] : [context.scope] },
        searched: undefined,
        offer: (name) => labelOffer(name, context),
      };
      const isName = context.quote !== undefined && context.mayBeMetric && !context.isFollowedByOperator;
      if (!isName) return [labels];
      const metrics = metricWish((name, metadata) =>
        quotedMetricOffer({ name, type: metadata?.type, isUsed: used.has(name) }, context),
      );
      return [metrics, labels];
    }
    case "listedLabel":
      return [
        {
          wanted: { kind: "labels", scopes: context.scopes },
          searched: undefined,
          offer: (name) => (context.others.includes(name) ? undefined : listedLabelOffer(name, context)),
        },
      ];
    case "legendLabel":
      return [
        {
          wanted: { kind: "labels", scopes: context.scopes },
          searched: undefined,
          offer: (name) => legendLabelOffer(name, context),
        },
      ];
    case "labelValue": {
      const { label, scope } = context;
      if (label === "__name__") return [metricWish((name) => valueOffer(name, context))];
      const wanted = { kind: "values", label, scope, part: "" } as const;
      return [{ wanted, searched: (part) => ({ ...wanted, part }), offer: (name) => valueOffer(name, context) }];
    }
    default:
      return [];
  }
}

function metricWish(offer: Wish["offer"]): Wish {
  return { wanted: { kind: "metrics" }, searched: (part) => ({ kind: "metricsLike", part }), offer };
}

function isAny({ metric, matchers }: Extract<CompletionContext, { kind: "labelName" }>["scope"]): boolean {
  return metric === undefined && matchers.length === 0;
}

async function offersOf(wish: Wish, options: ServerOffersOptions): Promise<ServerOffers> {
  const { typed, signal } = options;
  const reading = await readSoon(wish.wanted, options);
  if (reading.known === undefined) {
    return { offers: [], isIncomplete: reading.pending !== undefined, pending: reading.pending };
  }
  const { known } = reading;
  const found = await lookUpNames(known.names, typed, { limit: mostOffers, signal });
  const names = new Set(found.names);
  let isIncomplete = found.isCut || known.isTruncated || reading.pending !== undefined;
  let pending: Promise<void> | undefined;
  // What the server holds back is looked for there.
  if (known.isTruncated && typed !== "" && wish.searched !== undefined && names.size < mostOffers) {
    const more = await readSoon(wish.searched(typed), options);
    if (more.known === undefined) pending = more.pending;
    else {
      const others = await lookUpNames(more.known.names, typed, { limit: mostOffers, signal });
      for (const name of others.names) if (names.size < mostOffers) names.add(name);
    }
    isIncomplete = true;
  }
  // Types and help may come later; names do not wait for them.
  const isFresh =
    wish.wanted.kind === "metrics" && reading.pending === undefined && known.names.length <= mostDescribed;
  const facts = isFresh ? options.names.read(options.server, { kind: "metadata" }).known : undefined;
  const offers = [...names].flatMap((name): readonly ServerOffer[] => {
    const metadata = facts === undefined ? undefined : metadataOf(name, facts.metadata);
    const offer = name === "" ? undefined : wish.offer(name, metadata);
    return offer === undefined ? [] : [{ ...offer, metadata }];
  });
  return { offers, isIncomplete, pending };
}

/** What is known of a list now or, of one that was never read, in a moment. */
async function readSoon(wanted: WantedNames, { names, server, wait }: ServerOffersOptions) {
  const reading = names.read(server, wanted);
  if (reading.known !== undefined || reading.pending === undefined) return reading;
  await Promise.race([reading.pending, wait(waitMs)]);
  return names.peek(server, wanted) ?? reading;
}
