import type { Clock } from "../platform/ports.ts";
import { DisposableStore } from "../shared/disposable.ts";
import type { RefreshState } from "../shared/protocol/results.ts";

/** Intervals that can be chosen, in ms: short ones are for an incident, and none is a load. */
export const refreshIntervals = [10_000, 30_000, 60_000, 300_000] as const;

/** After so many failures in a row nothing more is asked: a server in trouble is left alone. */
export const mostFailures = 3;

export interface AutoRefreshDeps {
  readonly clock: Clock;
  readonly isVisible: () => boolean;
  readonly isRunning: (key: string) => boolean;
  /** True while the query asks for a time that does not move on, of which there is nothing new. */
  readonly isFixed: (key: string) => boolean;
  /** Asks again; false: that failed. */
  readonly run: (key: string) => Promise<boolean>;
  readonly onChange: () => void;
}

/**
 * Runs one query again and again, as long as it can be seen. The time between is counted from the end of a run, so a slow
 * server is not asked faster than it answers. Off until a person turns it on.
 */
export class AutoRefresh extends DisposableStore {
  readonly #deps: AutoRefreshDeps;
  #state: RefreshState | undefined;
  #failures = 0;
  /** Grows with each start and stop, so that what is overtaken knows it. */
  #turn = 0;
  #timer: { dispose(): void } | undefined;

  constructor(deps: AutoRefreshDeps) {
    super();
    this.#deps = deps;
  }

  get state(): RefreshState | undefined {
    return this.#state;
  }

  start(key: string, everyMs: number): void {
    this.#failures = 0;
    this.#become({ key, everyMs, state: "on" });
    if (this.#deps.isFixed(key)) this.timeChanged();
    else this.#wait();
  }

  stop(): void {
    this.#become(undefined);
  }

  /** To be told when the panel is seen or hidden. */
  visibilityChanged(): void {
    if (this.#state?.state === "waiting" && this.#deps.isVisible()) void this.#ask();
  }

  /** To be told when the query may ask for another time; one that does not move on ends it for good. */
  timeChanged(): void {
    const state = this.#state;
    if (state === undefined) return;
    const isFixed = this.#deps.isFixed(state.key);
    if (isFixed && state.state !== "fixed") this.#become({ ...state, state: "fixed" });
    else if (!isFixed && state.state === "fixed") this.#become(undefined);
  }

  override dispose(): void {
    this.#become(undefined);
    super.dispose();
  }

  #become(state: RefreshState | undefined): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#turn++;
    if (state === undefined && this.#state === undefined) return;
    this.#state = state;
    this.#deps.onChange();
  }

  #wait(): void {
    const state = this.#state;
    if (state === undefined) return;
    this.#timer?.dispose();
    this.#timer = this.#deps.clock.setTimeout(() => void this.#ask(), state.everyMs);
  }

  async #ask(): Promise<void> {
    const state = this.#state;
    if (state === undefined) return;
    if (!this.#deps.isVisible()) {
      this.#become({ ...state, state: "waiting" });
      return;
    }
    if (state.state !== "on") this.#become({ ...state, state: "on" });
    const turn = this.#turn;
    // A person's own run of it is as good as one of ours.
    const isGood = this.#deps.isRunning(state.key) || (await this.#deps.run(state.key).catch(() => false));
    if (turn !== this.#turn) return;
    this.#failures = isGood ? 0 : this.#failures + 1;
    if (this.#failures >= mostFailures) this.#become({ ...state, state: "stopped" });
    else this.#wait();
  }
}
