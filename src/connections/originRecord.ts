import type { KeyValueStore } from "../platform/ports.ts";
import { isRecord } from "./strictObject.ts";

/** One origin for each connection, remembered for the user under a key. What cannot be read counts as nothing. */
export class OriginRecord {
  readonly #memory: KeyValueStore;
  readonly #key: string;

  constructor(memory: KeyValueStore, key: string) {
    this.#memory = memory;
    this.#key = key;
  }

  of(id: string): string | undefined {
    const all = this.#all();
    const origin = Object.hasOwn(all, id) ? all[id] : undefined;
    return typeof origin === "string" ? origin : undefined;
  }

  /** Remembers an origin; `undefined`: none any more. */
  async set(id: string, origin: string | undefined): Promise<void> {
    const { [id]: _before, ...others } = this.#all();
    await this.#memory.set(this.#key, origin === undefined ? others : { ...others, [id]: origin });
  }

  #all(): Readonly<Record<string, unknown>> {
    const value = this.#memory.get(this.#key);
    return isRecord(value) ? value : {};
  }
}
