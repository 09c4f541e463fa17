import type { Disposable } from "../shared/disposable.ts";
import { Emitter } from "../shared/event.ts";

/** What opened rows read: each once, however often it is drawn, until it is forgotten. */
export class RowReadings<T> implements Disposable {
  readonly #changed = new Emitter<void>();
  readonly #read = new Map<string, Promise<T>>();
  readonly #underWay = new Set<Promise<T>>();
  #controller = new AbortController();

  /** Fires when `isReading` may be another. */
  readonly onDidChange = this.#changed.event;

  get isReading(): boolean {
    return this.#underWay.size > 0;
  }

  /** What was read under this key, or `read` begun for it. One that failed is read again next time. */
  once(key: string, read: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const reading = read(this.#controller.signal);
    this.#read.set(key, reading);
    this.#underWay.add(reading);
    const end = (isRead: boolean) => {
      // By now another one may stand under the key.
      if (!isRead && this.#read.get(key) === reading) this.#read.delete(key);
      this.#underWay.delete(reading);
      this.#changed.fire();
    };
    reading.then(
      () => end(true),
      () => end(false),
    );
    this.#changed.fire();
    return reading;
  }

  /** Gives what is under way up; what was read stays. */
  cancel(): void {
    for (const [key, reading] of this.#read) if (this.#underWay.has(reading)) this.#read.delete(key);
    this.#controller.abort();
    this.#controller = new AbortController();
  }

  /** Gives what is under way up, and reads everything anew when it is asked for. */
  forget(): void {
    this.cancel();
    this.#read.clear();
  }

  dispose(): void {
    this.forget();
    this.#changed.dispose();
  }
}
