import { AppError } from "../shared/errors.ts";

interface Waiter {
  start(): void;
}

/** At most `size` pieces of work at a time, first come first served. */
export class Slots {
  readonly #waiting: Waiter[] = [];
  #free: number;

  constructor(size: number) {
    this.#free = size;
  }

  /** Runs `work` when a slot is free; rejects with `cancelled` at once if `signal` is aborted while it waits. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#take(signal);
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  #take(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(new AppError({ kind: "cancelled" }));
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(new AppError({ kind: "cancelled" }));
      };
      const waiter: Waiter = {
        start() {
          signal.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(waiter);
    });
  }

  /** Hands the slot to the next one in the queue, or gives it back. */
  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next.start();
  }
}
