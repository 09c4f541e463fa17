import type { QueryConnections } from "../../query/destination.ts";
import { untilCancelled } from "../../shared/abort.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { AppError } from "../../shared/errors.ts";
import { Emitter } from "../../shared/event.ts";
import type { MetricsSource } from "../../shared/model/source.ts";

/** The connection that is chosen in this window, as the views of the side bar need it. */
export interface ServerIdentity {
  readonly id: string;
  readonly name: string;
  readonly origin: string;
}

/** Follows the active connection; tells only of a change of the server, not of its health. */
export class ActiveServer extends DisposableStore {
  readonly #connections: QueryConnections;
  readonly #changed = this.register(new Emitter<void>());
  #current: ServerIdentity | undefined;

  /** Fires when another server is the active one, or none. */
  readonly onDidChange = this.#changed.event;

  constructor(connections: QueryConnections) {
    super();
    this.#connections = connections;
    this.#current = this.#read();
    this.register(
      connections.onDidChange(() => {
        const before = this.#current;
        this.#current = this.#read();
        const now = this.#current;
        if (before?.id !== now?.id || before?.origin !== now?.origin || before?.name !== now?.name) {
          this.#changed.fire();
        }
      }),
    );
  }

  get current(): ServerIdentity | undefined {
    return this.#current;
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
    const { connectionId, name, origin } = destination.connection.target;
    return { id: connectionId, name, origin };
  }
}
