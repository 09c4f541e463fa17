import { AppError } from "../shared/errors.ts";

interface Waiter {
  start(): void;
}

/** How a piece of work waits; `isUrgent`: a person waits for it. */
export interface SlotOptions {
  readonly signal: AbortSignal;
  readonly isUrgent: boolean;
}

/**
 * At most `size` pieces of work at a time. Urgent ones are served before all others, of which one less may go on where there
 * is more than one slot: an urgent one need not wait for a slow list. Among equals the first come is the first served.
 */
export class Slots {
  readonly #urgent: Waiter[] = [];
  readonly #others: Waiter[] = [];
  readonly #mostOthers: number;
  #free: number;
  #othersRunning = 0;

  constructor(size: number) {
    this.#free = size;
    this.#mostOthers = Math.max(1, size - 1);
  }

  /** Runs `work` when a slot is free; rejects with `cancelled` at once if `signal` is aborted while it waits. */
  async run<T>(work: () => Promise<T>, { signal, isUrgent }: SlotOptions): Promise<T> {
    await this.#enter(isUrgent ? this.#urgent : this.#others, signal);
    try {
      return await work();
    } finally {
      this.#free++;
      if (!isUrgent) this.#othersRunning--;
      this.#serve();
    }
  }

  #enter(queue: Waiter[], signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(new AppError({ kind: "cancelled" }));
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        queue.splice(queue.indexOf(waiter), 1);
        reject(new AppError({ kind: "cancelled" }));
      };
      const waiter: Waiter = {
        start() {
          signal.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      queue.push(waiter);
      this.#serve();
    });
  }

  /** Starts as many of those that wait as there is room for. */
  #serve(): void {
    while (this.#free > 0) {
      const next = this.#urgent.shift() ?? this.#nextOther();
      if (next === undefined) return;
      this.#free--;
      next.start();
    }
  }

  #nextOther(): Waiter | undefined {
    if (this.#othersRunning >= this.#mostOthers) return undefined;
    const next = this.#others.shift();
    if (next !== undefined) this.#othersRunning++;
    return next;
  }
}
