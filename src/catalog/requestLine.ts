import { AppError } from "../shared/errors.ts";

/** Something that is asked for. */
export interface LineTask {
  /** It is read to its end though something else is wanted meanwhile. */
  readonly isKept: boolean;
  /** Does not throw, and ends soon after `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

interface Place {
  readonly key: string;
  readonly task: LineTask;
  /** Those who wait for its end. */
  readonly settle: (() => void)[];
}

/**
 * One task at a time, and at most one that waits: whatever is wanted last. What is wanted again while it runs is not started
 * anew; what runs and is wanted no more is given up, and the next begins once it has ended.
 */
export class RequestLine {
  #running: (Place & { readonly controller: AbortController }) | undefined;
  #waiting: Place | undefined;
  #isDisposed = false;

  /** Settles, and never rejects, when the task has ended or is wanted no more. */
  want(key: string, task: LineTask): Promise<void> {
    const running = this.#running;
    if (running?.key === key && !running.controller.signal.aborted) {
      this.#leave();
      return new Promise((resolve) => running.settle.push(resolve));
    }
    const waiting = this.#waiting;
    if (waiting?.key === key) return new Promise((resolve) => waiting.settle.push(resolve));
    this.#leave();
    return new Promise((resolve) => {
      this.#waiting = { key, task, settle: [resolve] };
      if (running === undefined) this.#next();
      else if (!running.task.isKept) abort(running.controller);
    });
  }

  /** Gives up what waits, and what runs unless it is kept. */
  giveUp(): void {
    this.#leave();
    if (this.#running?.task.isKept === false) abort(this.#running.controller);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#leave();
    if (this.#running !== undefined) abort(this.#running.controller);
  }

  #leave(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) settle(waiting);
  }

  #next(): void {
    const place = this.#waiting;
    if (place === undefined || this.#isDisposed) return;
    this.#waiting = undefined;
    const running = { ...place, controller: new AbortController() };
    this.#running = running;
    void place.task.run(running.controller.signal).finally(() => {
      this.#running = undefined;
      settle(place);
      this.#next();
    });
  }
}

function settle(place: Place): void {
  for (const resolve of place.settle) resolve();
}

function abort(controller: AbortController): void {
  controller.abort(new AppError({ kind: "cancelled" }));
}
