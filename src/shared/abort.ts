import type { Disposable } from "./disposable.ts";
import { AppError } from "./errors.ts";

/** Throws our own cancellation if `signal` is already aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError({ kind: "cancelled" }, { cause: signal.reason });
}

/** The result of `work`, or our own cancellation as soon as `signal` is aborted, for work that cannot be stopped itself. */
export function untilCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new AppError({ kind: "cancelled" }, { cause: signal.reason }));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** One slot of work: starting a new run aborts the previous one of the same slot. */
export class LatestRun implements Disposable {
  #controller: AbortController | undefined;

  /** True while a run that nothing replaced or cancelled is going on. */
  get isRunning(): boolean {
    return this.#controller !== undefined;
  }

  /** Starts a run. `isCurrent()` has to be asked after every await that could be overtaken. */
  async start<T>(work: (run: { readonly signal: AbortSignal; isCurrent(): boolean }) => Promise<T>): Promise<T> {
    this.cancel();
    const controller = new AbortController();
    this.#controller = controller;
    try {
      return await work({ signal: controller.signal, isCurrent: () => this.#controller === controller });
    } finally {
      if (this.#controller === controller) this.#controller = undefined;
    }
  }

  cancel(): void {
    const controller = this.#controller;
    this.#controller = undefined;
    controller?.abort(new AppError({ kind: "cancelled" }));
  }

  dispose(): void {
    this.cancel();
  }
}
