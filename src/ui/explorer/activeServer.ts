import { isDeepStrictEqual } from "node:util";
import type { FailureContext } from "../../host/failureWords.ts";
import type { QueryConnections } from "../../query/destination.ts";
import { untilCancelled } from "../../shared/abort.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { AppError } from "../../shared/errors.ts";
import { Emitter } from "../../shared/event.ts";
import type { UnixMs } from "../../shared/model/answer.ts";
import {
  type EndpointOffer,
  type OptionalEndpoint,
  optionalEndpoints,
  type QueryState,
} from "../../shared/model/capabilities.ts";
import type { MetricsSource } from "../../shared/model/source.ts";

/** The connection that is chosen in this window, as the views of the side bar need it. */
export interface ServerIdentity {
  readonly id: string;
  readonly name: string;
  readonly origin: string;
  /** Another number where its settings or secrets are others: then it may have other data, or none of its former failures. */
  readonly revision: number;
}

/** The settings of a connection that advice about its failures depends on. */
export type AdviceSettings = (connectionId: string) => Omit<FailureContext, "server">;

/** Follows the active connection; tells of a change of the server and of what it is known to lack. */
export class ActiveServer extends DisposableStore {
  readonly #connections: QueryConnections;
  readonly #settingsOf: AdviceSettings;
  readonly #changed = this.register(new Emitter<void>());
  readonly #learnt = this.register(new Emitter<void>());
  #current: ServerIdentity | undefined;
  #missing: string;

  /** Fires when another server is the active one, or none, and when the connection to it was changed. */
  readonly onDidChange = this.#changed.event;

  /** Fires when more, or less, is known to be missing on the same server, queries among it. */
  readonly onDidLearn = this.#learnt.event;

  constructor(connections: QueryConnections, settingsOf: AdviceSettings) {
    super();
    this.#connections = connections;
    this.#settingsOf = settingsOf;
    this.#current = this.#read();
    this.#missing = this.#readMissing();
    this.register(
      connections.onDidChange(() => {
        const before = this.#current;
        this.#current = this.#read();
        const now = this.#current;
        const lacked = this.#missing;
        this.#missing = this.#readMissing();
        if (!isDeepStrictEqual(before, now)) this.#changed.fire();
        else if (lacked !== this.#missing) this.#learnt.fire();
      }),
    );
  }

  get current(): ServerIdentity | undefined {
    return this.#current;
  }

  /** What sentences about a failure of the active server are made with. */
  get context(): FailureContext {
    const { id, name } = this.#current ?? { name: "the server" };
    return { ...(id === undefined ? {} : this.#settingsOf(id)), server: name };
  }

  /** Whether the active server answers queries, as far as is known. */
  get queries(): QueryState {
    const destination = this.#connections.destinationOf(undefined);
    return destination.kind === "ready" ? destination.connection.queries() : "unknown";
  }

  /** When the active server was found to lack all of these; `undefined`: it has one of them, or that is not known. */
  missingSince(endpoints: readonly OptionalEndpoint[]): UnixMs | undefined {
    const offers = this.#offers();
    const times = endpoints.flatMap((endpoint) => {
      const known = offers.get(endpoint);
      return known?.offer === "notOffered" ? [known.learntAt] : [];
    });
    return times.length < endpoints.length ? undefined : Math.max(...times);
  }

  #offers(): ReadonlyMap<OptionalEndpoint, EndpointOffer> {
    const destination = this.#connections.destinationOf(undefined);
    return destination.kind === "ready" ? destination.connection.offers() : new Map();
  }

  #readMissing(): string {
    const offers = this.#offers();
    const lacked = optionalEndpoints.filter((endpoint) => offers.get(endpoint)?.offer === "notOffered");
    return [this.queries, ...lacked].join();
  }

  /** The way to the active server. Throws `misconfigured` without one. */
  async source(signal: AbortSignal): Promise<MetricsSource> {
    const destination = this.#connections.destinationOf(undefined);
    if (destination.kind !== "ready") {
      throw new AppError({ kind: "misconfigured", what: "connectionUnknown", detail: this.#current?.name ?? "" });
    }
    return untilCancelled(destination.connection.source(), signal);
  }

  #read(): ServerIdentity | undefined {
    const destination = this.#connections.destinationOf(undefined);
    if (destination.kind !== "ready") return undefined;
    const { target, revision } = destination.connection;
    const { connectionId, name, origin } = target;
    return { id: connectionId, name, origin, revision };
  }
}
