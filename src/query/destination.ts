import type { Target } from "../connections/targetResolution.ts";
import type { Dialect } from "../promql/expressionProblems.ts";
import type { Event } from "../shared/event.ts";
import type { EndpointOffer, OptionalEndpoint, QueryState } from "../shared/model/capabilities.ts";
import type { MetricsSource } from "../shared/model/source.ts";
import type { RunTarget } from "./run.ts";

/** A connection that a query can be sent to. */
export interface QueryConnection {
  readonly target: RunTarget;
  /** Another number after each change of the connection's settings or secrets: what was read before may be another tenant's. */
  readonly revision: number;
  /** Scrape interval as far as the connection says it; 0: nothing is known. */
  readonly minStepMs: number;
  /** Bound of series that the connection sets; `undefined`: none. */
  readonly maxSeries: number | undefined;
  /** Asks once for each file before its first run. */
  readonly isProtected: boolean;
  source(): Promise<MetricsSource>;
  /** What is known of endpoints without asking. */
  offers(): ReadonlyMap<OptionalEndpoint, EndpointOffer>;
  /** What its server understands; PromQL where nothing else is known without asking. */
  dialect(): Dialect;
  /** Whether its server answers queries, as far as is known without asking. */
  queries(): QueryState;
}

/** Where a block goes, with the way there. A name that is not set up here leads nowhere, never to another server. */
export type Destination =
  | Exclude<Target, { kind: "ready" }>
  | { readonly kind: "ready"; readonly connection: QueryConnection };

/** What running queries needs of connections. */
export interface QueryConnections {
  /** Fires when a connection, a suggestion, or the choice of the active one changed. */
  readonly onDidChange: Event<void>;
  /** `name`: id or name from a directive; `undefined`: the active connection. */
  destinationOf(name: string | undefined): Destination;
  list(): readonly QueryConnection[];
  /** What this workspace suggests under a name that is not set up: where its queries would go. */
  suggestionFor(name: string): { readonly name: string; readonly origin: string } | undefined;
  /** Consents that have to be given before a secret may travel (plain http, changed origin); false: the user declined. */
  confirmSending(connectionId: string): Promise<boolean>;
}
