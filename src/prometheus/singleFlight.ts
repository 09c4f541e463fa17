import { AppError } from "../shared/errors.ts";

interface Flight {
  readonly controller: AbortController;
  readonly result: Promise<unknown>;
  waiters: number;
}

/**
 * Lets identical reads that are under way at the same time share one request. A waiter that is cancelled leaves alone;
 * the request itself is cancelled when the last one has left, and that one is answered only after it has ended.
 */
export class SingleFlight {
  readonly #flights = new Map<string, Flight>();

  /** Equal keys must mean equal results; the result is shared and must not be changed. */
  run<T>(key: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    if (signal.aborted) return Promise.reject(new AppError({ kind: "cancelled" }));
    const flight = this.#flights.get(key) ?? this.#start(key, work);
    flight.waiters++;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        flight.waiters--;
        const cancelled = new AppError({ kind: "cancelled" });
        if (flight.waiters > 0) return reject(cancelled);
        // Nobody may join what is being cancelled.
        this.#forget(key, flight);
        flight.controller.abort(cancelled);
        flight.result.finally(() => reject(cancelled)).catch(() => {});
      };
      signal.addEventListener("abort", onAbort, { once: true });
      flight.result
        .finally(() => signal.removeEventListener("abort", onAbort))
        .then(
          (value) => (signal.aborted ? undefined : resolve(value as T)),
          (error) => (signal.aborted ? undefined : reject(error)),
        );
    });
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<unknown>): Flight {
    const controller = new AbortController();
    const flight: Flight = { controller, result: work(controller.signal), waiters: 0 };
    this.#flights.set(key, flight);
    flight.result.finally(() => this.#forget(key, flight)).catch(() => {});
    return flight;
  }

  #forget(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
