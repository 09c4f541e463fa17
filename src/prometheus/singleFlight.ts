import { AppError } from "../shared/errors.ts";
import type { RequestOptions, RetryNote } from "../shared/model/source.ts";

interface Flight {
  readonly controller: AbortController;
  readonly result: Promise<unknown>;
  /** A caller may wait twice with the same options. */
  readonly waiters: Set<{ readonly options: RequestOptions }>;
  /** What was told last of its being sent again, and until when that waits by the clock of `performance.now()`. */
  readonly retry: { last?: { readonly note: RetryNote; readonly until: number } };
}

/**
 * Lets identical reads that are under way at the same time share one request. A waiter that is cancelled leaves alone;
 * the request itself is cancelled when the last one has left, and that one is answered only after it has ended. All of
 * them hear when it is to be sent again, those too who join after that.
 */
export class SingleFlight {
  readonly #flights = new Map<string, Flight>();

  /** Equal keys must mean equal results; the result is shared and must not be changed. */
  run<T>(key: string, work: (options: RequestOptions) => Promise<T>, options: RequestOptions): Promise<T> {
    const { signal } = options;
    if (signal.aborted) return Promise.reject(new AppError({ kind: "cancelled" }));
    const flight = this.#flights.get(key) ?? this.#start(key, work);
    const waiter = { options };
    flight.waiters.add(waiter);
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        flight.waiters.delete(waiter);
        const cancelled = new AppError({ kind: "cancelled" });
        if (flight.waiters.size > 0) return reject(cancelled);
        // Nobody may join what is being cancelled.
        this.#forget(key, flight);
        flight.controller.abort(cancelled);
        flight.result.finally(() => reject(cancelled)).catch(() => {});
      };
      signal.addEventListener("abort", onAbort, { once: true });
      // The listener goes in the same turn in which this decides: between the two, a cancellation would reach nobody.
      const settle = (answer: () => void) => {
        signal.removeEventListener("abort", onAbort);
        if (!signal.aborted) answer();
      };
      flight.result.then(
        (value) => settle(() => resolve(value as T)),
        (error) => settle(() => reject(error)),
      );
      if (flight.retry.last === undefined) return;
      const { note, until } = flight.retry.last;
      options.onRetry?.({ ...note, waitMs: Math.max(0, Math.round(until - performance.now())) });
    });
  }

  #start(key: string, work: (options: RequestOptions) => Promise<unknown>): Flight {
    const controller = new AbortController();
    const waiters: Flight["waiters"] = new Set();
    const retry: Flight["retry"] = {};
    const onRetry = (note: RetryNote) => {
      retry.last = { note, until: performance.now() + note.waitMs };
      for (const { options } of waiters) options.onRetry?.(note);
    };
    const flight: Flight = { controller, result: work({ signal: controller.signal, onRetry }), waiters, retry };
    this.#flights.set(key, flight);
    flight.result.finally(() => this.#forget(key, flight)).catch(() => {});
    return flight;
  }

  #forget(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
