import type { Clock } from "../../platform/ports.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import { Emitter } from "../../shared/event.ts";

/** No longer wait, in ms: while a machine sleeps its timers stand still, and midnight passes unnoticed. */
const longestWaitMs = 3_600_000;

/** Tells when another day has begun here: a time of day that was shown alone is yesterday's then. */
export class DayChange extends DisposableStore {
  readonly #clock: Clock;
  readonly #changed = this.register(new Emitter<void>());
  #day: string;
  #timer: Disposable | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
    this.#day = this.#today().toDateString();
    this.#wait();
  }

  /** Looks at the clock now, such as when somebody comes back. */
  check(): void {
    const day = this.#today().toDateString();
    if (day === this.#day) return;
    this.#day = day;
    this.#changed.fire();
  }

  override dispose(): void {
    this.#timer?.dispose();
    super.dispose();
  }

  #today(): Date {
    return new Date(this.#clock.now());
  }

  #wait(): void {
    const now = this.#today();
    const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
    const waitMs = Math.min(midnight.getTime() - now.getTime(), longestWaitMs);
    this.#timer = this.#clock.setTimeout(() => {
      this.#wait();
      this.check();
    }, waitMs);
  }
}
