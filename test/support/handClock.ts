import type { Clock } from "../../src/platform/ports.ts";

/** A clock that is put forward by hand, from the time 0. */
export class HandClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): { dispose(): void } {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return { dispose: () => void this.#timers.delete(timer) };
  }

  /** How many wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  forward(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}
