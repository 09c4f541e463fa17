import type { Clock } from "../platform/ports.ts";
import { toDisposable } from "../shared/disposable.ts";

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(callback, ms) {
    const timer = setTimeout(callback, ms);
    return toDisposable(() => clearTimeout(timer));
  },
};
