import type { KeyValueStore, Logger } from "../platform/ports.ts";
import type { Profile } from "./profile.ts";
import { isRecord } from "./strictObject.ts";

/** Connections that are remembered; those noted longest ago give way. */
const maxNotes = 200;

/** What tells which server a note is about: it counts only as long as the connection has this address. */
export type NotedServer = Pick<Profile, "id" | "baseUrl">;

type Stored<T> = T & { readonly baseUrl: string };

export interface ConnectionNotesDeps<T> {
  readonly memory: KeyValueStore;
  readonly log: Logger;
  /** Carries the version of the form. */
  readonly key: string;
  /** What it says of a stored record; `undefined`: it is none of ours, and is passed over. */
  readonly read: (record: Readonly<Record<string, unknown>>) => T | undefined;
}

/** Small facts of connections that survive restarts. Each is JSON, and is of one address of one connection. */
export class ConnectionNotes<T extends object> {
  readonly #deps: ConnectionNotesDeps<T>;

  constructor(deps: ConnectionNotesDeps<T>) {
    this.#deps = deps;
  }

  /** `undefined`: nothing was noted of the server that the connection leads to now. */
  of({ id, baseUrl }: NotedServer): T | undefined {
    const stored = this.#read().get(id);
    return stored?.baseUrl === baseUrl ? stored : undefined;
  }

  set({ id, baseUrl }: NotedServer, note: T): void {
    const others = [...this.#read()].filter(([one]) => one !== id);
    this.#write([...others, [id, { ...note, baseUrl }] as const].slice(-maxNotes));
  }

  /** False: there was nothing to forget. */
  forget(id: string): boolean {
    const known = this.#read();
    if (!known.delete(id)) return false;
    this.#write([...known]);
    return true;
  }

  #read(): Map<string, Stored<T>> {
    const value = this.#deps.memory.get(this.#deps.key);
    const pairs: readonly unknown[] = Array.isArray(value) ? value : [];
    return new Map(pairs.flatMap((pair) => this.#readPair(pair)));
  }

  #readPair(pair: unknown): readonly (readonly [string, Stored<T>])[] {
    if (!Array.isArray(pair)) return [];
    const [id, stored] = pair as readonly unknown[];
    if (typeof id !== "string" || !isRecord(stored)) return [];
    const { baseUrl } = stored;
    const note = typeof baseUrl === "string" ? this.#deps.read(stored) : undefined;
    return note === undefined || typeof baseUrl !== "string" ? [] : [[id, { ...note, baseUrl }]];
  }

  /** Pairs, since an id may be called `__proto__`, and in the order in which they were noted. */
  #write(notes: readonly (readonly [id: string, stored: Stored<T>])[]): void {
    const { memory, key, log } = this.#deps;
    // A memory that cannot be written must not fail what the note was learnt from.
    memory
      .set(key, notes)
      .catch((error: unknown) => log.warn("connections", `What a server is was not remembered: ${String(error)}`));
  }
}
