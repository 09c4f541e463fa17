import { setTimeout as delay } from "node:timers/promises";
import type { Disposable } from "../shared/disposable.ts";
import { AppError } from "../shared/errors.ts";

/**
 * One signal for everything that may end a request: the caller, the source being disposed, and our own timer. undici's
 * timers bound the waiting for headers and between two chunks, so that a server which drips bytes would never meet one.
 */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #callers: readonly AbortSignal[];
  readonly #onCallerAbort: () => void;
  readonly #endsAt: number;

  /** `timeoutMs` counts from now. */
  constructor(timeoutMs: number, callers: readonly AbortSignal[]) {
    this.#callers = callers;
    this.#endsAt = performance.now() + timeoutMs;
    this.#onCallerAbort = () => this.#controller.abort(new AppError({ kind: "cancelled" }));
    this.#timer = setTimeout(
      () => this.#controller.abort(new AppError({ kind: "timedOut", by: "client", afterMs: timeoutMs, detail: "" })),
      timeoutMs,
    );
    for (const caller of callers) {
      if (caller.aborted) this.#onCallerAbort();
      else caller.addEventListener("abort", this.#onCallerAbort, { once: true });
    }
  }

  /** Aborted with an `AppError`, `cancelled` or `timedOut`, as its reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Until our own timer ends it, in ms. */
  get leftMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** Ends whatever of the request is still going on (a body nobody reads) and lets go of the callers' signals. */
  dispose(): void {
    clearTimeout(this.#timer);
    for (const caller of this.#callers) caller.removeEventListener("abort", this.#onCallerAbort);
    this.#controller.abort(new AppError({ kind: "cancelled" }));
  }
}

/** `work`, or the signal's reason as soon as it is aborted; what `work` does afterwards is ignored. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}
