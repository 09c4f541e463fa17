import type { Clock, KeyValueStore, Logger } from "../platform/ports.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { Emitter } from "../shared/event.ts";
import type { UnixMs } from "../shared/model/answer.ts";
import type { BuildInfo } from "../shared/model/source.ts";
import { type Backend, backendOf } from "./backend.ts";
import { ConnectionNotes, type NotedServer } from "./connectionNotes.ts";

/** Characters of a server's name or version that are kept. */
const longestText = 100;

/** Which program a connection's server is, and when it said so. */
export interface KnownBackend extends Backend {
  readonly learntAt: UnixMs;
}

export interface KnownBackendsDeps {
  readonly memory: KeyValueStore;
  readonly clock: Pick<Clock, "now">;
  readonly log: Logger;
}

/**
 * Which programs the servers are, as far as they said it when a person tested them or looked at them. Asks nobody;
 * survives restarts. What cannot be read is passed over.
 */
export class KnownBackends extends DisposableStore {
  readonly #clock: Pick<Clock, "now">;
  readonly #notes: ConnectionNotes<KnownBackend>;
  readonly #changed = this.register(new Emitter<void>());

  readonly onDidChange = this.#changed.event;

  constructor({ memory, clock, log }: KnownBackendsDeps) {
    super();
    this.#clock = clock;
    this.#notes = new ConnectionNotes({ memory, log, key: "promqlWorkbench.backends.v1", read: readBackend });
  }

  /** `undefined`: nothing was learnt of the server that the connection leads to now. */
  of(server: NotedServer): KnownBackend | undefined {
    return this.#notes.of(server);
  }

  /** Remembers what a server has just said of itself. */
  note(server: NotedServer, build: BuildInfo): void {
    const { name, version } = backendOf(build);
    const learntAt = this.#clock.now();
    this.#notes.set(server, {
      name: name?.slice(0, longestText),
      version: version?.slice(0, longestText),
      learntAt,
    });
    this.#changed.fire();
  }

  /** Forgets a connection that is gone. */
  forget(id: string): void {
    if (this.#notes.forget(id)) this.#changed.fire();
  }
}

function readBackend({ name, version, learntAt }: Readonly<Record<string, unknown>>): KnownBackend | undefined {
  return isText(name) && isText(version) && typeof learntAt === "number" ? { name, version, learntAt } : undefined;
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}
