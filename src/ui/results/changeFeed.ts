import type { Clock } from "../../platform/ports.ts";
import type { Disposable } from "../../shared/disposable.ts";
import type { RunSnapshot, Snapshot, SnapshotChange } from "../../shared/protocol/results.ts";

/** A page is told of changes no more often than this: nobody reads faster, and each telling crosses as JSON. */
const restMs = 50;

export interface ChangeFeedDeps {
  readonly clock: Clock;
  /** A run that is as it was is the very object that it was before. */
  readonly snapshot: () => Snapshot;
  readonly send: (change: SnapshotChange) => void;
}

/** What one page has been told, so that it is told of nothing else than what has changed since then. */
export class ChangeFeed implements Disposable {
  readonly #deps: ChangeFeedDeps;
  /** The runs that the page knows; `undefined`: it was told nothing yet. */
  #known: ReadonlyMap<string, RunSnapshot> | undefined;
  /** All else that it knows. */
  #rest = "";
  #number = 0;
  #resting: Disposable | undefined;
  #isDue = false;

  constructor(deps: ChangeFeedDeps) {
    this.#deps = deps;
  }

  /** What the page does not know, which it is told now; `isWhole`: it knows nothing. */
  take(isWhole: boolean): SnapshotChange {
    return this.#next(this.#deps.snapshot(), isWhole ? undefined : this.#known);
  }

  /** Something may have changed: the page is told at once, or when it has been long enough. */
  announce(): void {
    if (this.#resting === undefined) this.#tell();
    else this.#isDue = true;
  }

  dispose(): void {
    this.#isDue = false;
    this.#resting?.dispose();
  }

  #tell(): void {
    this.#isDue = false;
    const snapshot = this.#deps.snapshot();
    const known = this.#known;
    const isKnown =
      known?.size === snapshot.runs.length &&
      snapshot.runs.every((run) => known.get(run.key) === run) &&
      this.#rest === restOf(snapshot);
    // It asked in the meantime.
    if (isKnown) return;
    this.#resting = this.#deps.clock.setTimeout(() => {
      this.#resting = undefined;
      if (this.#isDue) this.#tell();
    }, restMs);
    this.#deps.send(this.#next(snapshot, known));
  }

  #next(snapshot: Snapshot, known: ReadonlyMap<string, RunSnapshot> | undefined): SnapshotChange {
    const now = new Map(snapshot.runs.map((run) => [run.key, run]));
    const since = known === undefined ? 0 : this.#number;
    this.#known = now;
    this.#rest = restOf(snapshot);
    this.#number++;
    return {
      ...snapshot,
      number: this.#number,
      since,
      runs: snapshot.runs.filter((run) => known?.get(run.key) !== run),
      gone: [...(known?.keys() ?? [])].filter((key) => !now.has(key)),
    };
  }
}

function restOf({ runs: _, ...rest }: Snapshot): string {
  return JSON.stringify(rest);
}
