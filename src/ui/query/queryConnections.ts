import type { RunTarget } from "../../query/run.ts";
import type { Event } from "../../shared/event.ts";
import type { MetricsSource } from "../../shared/model/source.ts";

/** A connection that a query can be sent to. */
export interface QueryConnection {
  readonly target: RunTarget;
  readonly minStepMs: number;
  /** Asks once for each file before its first run. */
  readonly isProtected: boolean;
  source(): Promise<MetricsSource>;
}

/** Where a block goes. A name that is not set up here leads nowhere, never to another server. */
export type Destination =
  | { readonly kind: "ready"; readonly connection: QueryConnection }
  | { readonly kind: "unknown"; readonly name: string }
  | { readonly kind: "disabled"; readonly name: string; readonly reasons: readonly string[] }
  | { readonly kind: "none" };

/** What running queries needs of connections. */
export interface QueryConnections {
  /** Fires when a connection, or the choice of the active one, changed. */
  readonly onDidChange: Event<void>;
  /** `name`: id or name from a directive; `undefined`: the active connection. */
  destinationOf(name: string | undefined): Destination;
  list(): readonly QueryConnection[];
  /** Consents that have to be given before a secret may travel (plain http, changed origin); false: the user declined. */
  confirmSending(connectionId: string): Promise<boolean>;
}
