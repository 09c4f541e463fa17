import { DisposableStore } from "../shared/disposable.ts";
import type { RefreshState } from "../shared/protocol/results.ts";
import { AutoRefresh, type AutoRefreshDeps } from "./autoRefresh.ts";

export interface AutoRefreshesDeps extends AutoRefreshDeps {
  /** True where one query is seen at a time: the next one that is refreshed ends it for the others. */
  readonly isOneAtATime: boolean;
}

/** The queries of a file that are run again and again. */
export class AutoRefreshes extends DisposableStore {
  readonly #deps: AutoRefreshesDeps;
  readonly #byKey = new Map<string, AutoRefresh>();

  constructor(deps: AutoRefreshesDeps) {
    super();
    this.#deps = deps;
  }

  get states(): readonly RefreshState[] {
    return [...this.#byKey.values()].flatMap(({ state }) => (state === undefined ? [] : [state]));
  }

  start(key: string, everyMs: number): void {
    if (this.#deps.isOneAtATime) this.retain((other) => other === key);
    const refresh = this.#byKey.get(key) ?? new AutoRefresh(this.#deps);
    this.#byKey.set(key, refresh);
    refresh.start(key, everyMs);
  }

  stop(key: string): void {
    this.retain((other) => other !== key);
  }

  /** Ends it for all queries of which `isWanted` does not hold. */
  retain(isWanted: (key: string) => boolean): void {
    for (const [key, refresh] of this.#byKey) {
      if (isWanted(key)) continue;
      this.#byKey.delete(key);
      refresh.dispose();
    }
  }

  /** To be told when queries may ask for another time. */
  timeChanged(): void {
    for (const refresh of this.#byKey.values()) refresh.timeChanged();
  }

  /** To be told when the answers are seen or hidden. */
  visibilityChanged(): void {
    for (const refresh of this.#byKey.values()) refresh.visibilityChanged();
  }

  override dispose(): void {
    this.retain(() => false);
    super.dispose();
  }
}
