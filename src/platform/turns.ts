import { throwIfCancelled } from "../shared/abort.ts";

/** How long one turn may hold the event loop, in milliseconds. */
const turnMs = 8;

/** Shares the event loop: long work asks `isOver` between small pieces and then lets others have their turn. */
export class Turns {
  readonly #signal: AbortSignal;
  #ends = performance.now() + turnMs;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get isOver(): boolean {
    return performance.now() > this.#ends;
  }

  /** Lets everything else run that waits; throws `cancelled` if the signal was aborted before or meanwhile. */
  async next(): Promise<void> {
    throwIfCancelled(this.#signal);
    await new Promise((resolve) => setImmediate(resolve));
    throwIfCancelled(this.#signal);
    this.#ends = performance.now() + turnMs;
  }

  /** Runs `work`, which yields between small pieces, to its end; throws what it throws, and `cancelled`. */
  async run<T>(work: Generator<void, T>): Promise<T> {
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
      if (this.isOver) await this.next();
    }
  }
}
