import type { Clock, KeyValueStore, Logger } from "../platform/ports.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { Emitter } from "../shared/event.ts";
import type { UnixMs } from "../shared/model/answer.ts";
import type { BuildInfo } from "../shared/model/source.ts";
import { type Backend, backendOf } from "./backend.ts";
import type { Profile } from "./profile.ts";
import { isRecord } from "./strictObject.ts";

const key = "promqlWorkbench.backends.v1";

/** Connections that are remembered; those learnt of longest ago give way. */
const maxKnown = 200;

/** Characters of a server's name or version that are kept. */
const longestText = 100;

/** Which program a connection's server is, and when it said so. */
export interface KnownBackend extends Backend {
  readonly learntAt: UnixMs;
}

/** What is stored of a connection, by its id; it counts only as long as the connection has this address. */
interface Stored extends KnownBackend {
  readonly baseUrl: string;
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
  readonly #deps: KnownBackendsDeps;
  readonly #changed = this.register(new Emitter<void>());

  readonly onDidChange = this.#changed.event;

  constructor(deps: KnownBackendsDeps) {
    super();
    this.#deps = deps;
  }

  /** `undefined`: nothing was learnt of the server that the connection leads to now. */
  of({ id, baseUrl }: Pick<Profile, "id" | "baseUrl">): KnownBackend | undefined {
    const stored = this.#read().get(id);
    return stored?.baseUrl === baseUrl ? stored : undefined;
  }

  /** Remembers what a server has just said of itself. */
  note({ id, baseUrl }: Pick<Profile, "id" | "baseUrl">, build: BuildInfo): void {
    const { name, version } = backendOf(build);
    const others = [...this.#read()].filter(([one]) => one !== id);
    const learntAt = this.#deps.clock.now();
    const stored: Stored = {
      baseUrl,
      name: name?.slice(0, longestText),
      version: version?.slice(0, longestText),
      learntAt,
    };
    this.#write([...others, [id, stored] as const].slice(-maxKnown));
  }

  /** Forgets a connection that is gone. */
  forget(id: string): void {
    const known = this.#read();
    if (known.delete(id)) this.#write([...known]);
  }

  #read(): Map<string, Stored> {
    const value = this.#deps.memory.get(key);
    const pairs: readonly unknown[] = Array.isArray(value) ? value : [];
    return new Map(pairs.filter(isStored));
  }

  /** Pairs, since an id may be called `__proto__`, and in the order in which they were learnt. */
  #write(known: readonly (readonly [id: string, stored: Stored])[]): void {
    // A memory that cannot be written must not fail what it was learnt from.
    this.#deps.memory
      .set(key, known)
      .catch((error: unknown) => this.#deps.log.warn("connections", `A backend was not remembered: ${String(error)}`));
    this.#changed.fire();
  }
}

function isStored(pair: unknown): pair is readonly [string, Stored] {
  if (!Array.isArray(pair)) return false;
  const [id, stored] = pair as readonly unknown[];
  if (typeof id !== "string" || !isRecord(stored)) return false;
  const { baseUrl, name, version, learntAt } = stored;
  const isText = (value: unknown) => value === undefined || typeof value === "string";
  return typeof baseUrl === "string" && typeof learntAt === "number" && isText(name) && isText(version);
}
