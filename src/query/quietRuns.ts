import type { Clock } from "../platform/ports.ts";
import { type Disposable, DisposableStore } from "../shared/disposable.ts";
import { partsOf, type Run } from "./run.ts";

/** A run that takes longer is spoken of, whoever asked for it. */
export const longRunMs = 2000;

export interface QuietRunsDeps {
  readonly clock: Pick<Clock, "setTimeout">;
  /** Told when a run is quiet no longer. */
  readonly onChange: () => void;
}

/** A run under way; its timer is over once it takes long. */
interface Watched {
  readonly startedAt: number;
  timer: Disposable | undefined;
}

/**
 * Runs under way that nobody asked for just now. Who reads an answer that is asked for again every ten seconds is not told of
 * each asking, unless it takes long.
 */
export class QuietRuns extends DisposableStore {
  readonly #deps: QuietRunsDeps;
  readonly #watched = new Map<string, Watched>();

  constructor(deps: QuietRunsDeps) {
    super();
    this.#deps = deps;
  }

  has({ request: { key }, startedAt }: Run): boolean {
    const watched = this.#watched.get(key);
    return watched?.startedAt === startedAt && watched.timer !== undefined;
  }

  /** Takes the present state of all runs. */
  update(runs: readonly Run[]): void {
    const automatic = new Map(runs.filter(isAutomaticAndRunning).map((run) => [run.request.key, run]));
    for (const [key, { startedAt }] of this.#watched)
      if (automatic.get(key)?.startedAt !== startedAt) this.#forget(key);
    for (const [key, { startedAt }] of automatic) {
      if (this.#watched.has(key)) continue;
      const watched: Watched = { startedAt, timer: undefined };
      watched.timer = this.#deps.clock.setTimeout(() => {
        watched.timer = undefined;
        this.#deps.onChange();
      }, longRunMs);
      this.#watched.set(key, watched);
    }
  }

  override dispose(): void {
    for (const key of [...this.#watched.keys()]) this.#forget(key);
    super.dispose();
  }

  #forget(key: string): void {
    this.#watched.get(key)?.timer?.dispose();
    this.#watched.delete(key);
  }
}

function isAutomaticAndRunning(run: Run): boolean {
  return run.isAutomatic && partsOf(run).some(({ state }) => state === "running");
}
