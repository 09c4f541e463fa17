import { LatestRun } from "../shared/abort.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { type Failure, failureOf, isCancelled } from "../shared/errors.ts";
import { Emitter } from "../shared/event.ts";
import type { UnixMs } from "../shared/model/answer.ts";
import type { RequestOptions, RetryNote } from "../shared/model/source.ts";
import { doubtsOf } from "./partialNodes.ts";

/** Something that was read, and when. */
export interface Loaded<T> {
  readonly value: T;
  /** What the server remarked that keeps it from being whole, each once. */
  readonly doubts: readonly string[];
  readonly asOf: UnixMs;
}

/** How a section is; `loaded` in every state is what was read last, which stays while it is read again. */
export type SectionState<T> =
  | { readonly kind: "idle"; readonly loaded: undefined }
  | { readonly kind: "loading"; readonly loaded: Loaded<T> | undefined }
  | { readonly kind: "ready"; readonly loaded: Loaded<T> }
  | { readonly kind: "failed"; readonly failure: Failure; readonly loaded: Loaded<T> | undefined };

/** What one reading brought. */
interface Read<T> {
  readonly value: T;
  readonly warnings: readonly string[];
}

export interface SectionDeps<T> {
  readonly load: (options: RequestOptions) => Promise<T>;
  readonly now: () => UnixMs;
}

/** One part of what a server has, read when it is first looked at and again when somebody asks for it. */
export class Section<T> extends DisposableStore {
  readonly #deps: SectionDeps<T>;
  readonly #run = this.register(new LatestRun());
  readonly #changed = this.register(new Emitter<void>());
  readonly #retried = this.register(new Emitter<void>());
  #state: SectionState<T> = { kind: "idle", loaded: undefined };
  #underWay: Promise<void> | undefined;
  #retry: RetryNote | undefined;

  readonly onDidChange = this.#changed.event;
  /** The state stays "loading", and what hangs on its changes is not done again. */
  readonly onDidRetry = this.#retried.event;

  constructor(deps: SectionDeps<T>) {
    super();
    this.#deps = deps;
  }

  get state(): SectionState<T> {
    return this.#state;
  }

  /** Why the reading under way is asked for once more, if it is. */
  get retry(): RetryNote | undefined {
    return this.#retry;
  }

  /** Reads it if nobody has; waits for a reading that is under way. Does not throw: a failure is a state. */
  async ensure(): Promise<SectionState<T>> {
    if (this.#state.kind === "idle") void this.refresh();
    await this.#underWay;
    return this.#state;
  }

  /** Reads it again; a reading under way is given up. */
  refresh(): Promise<void> {
    const { loaded } = this.#state;
    const reading = this.#run.start(async ({ signal, isCurrent }) => {
      this.#set({ kind: "loading", loaded });
      try {
        const onRetry = (retry: RetryNote) => {
          if (!isCurrent()) return;
          this.#retry = retry;
          this.#retried.fire();
        };
        const { value, warnings } = await this.#load({ signal, onRetry });
        const doubts = doubtsOf(warnings);
        if (isCurrent()) this.#set({ kind: "ready", loaded: { value, doubts, asOf: this.#deps.now() } });
      } catch (error) {
        if (isCurrent()) this.#set({ kind: "failed", failure: failureOf(error), loaded });
      }
    });
    this.#underWay = reading;
    return reading;
  }

  /** A reading that ended because its connection was saved anew, and not because anybody gave it up, begins again once. */
  async #load(options: RequestOptions): Promise<Read<T>> {
    try {
      return await this.#loadOnce(options);
    } catch (error) {
      if (options.signal.aborted || !isCancelled(error)) throw error;
      return this.#loadOnce(options);
    }
  }

  async #loadOnce(options: RequestOptions): Promise<Read<T>> {
    const warnings: string[] = [];
    const value = await this.#deps.load({ ...options, onWarnings: (more) => warnings.push(...more) });
    return { value, warnings };
  }

  /** Gives a reading under way up; what was read before stays, and without it the section says "cancelled". */
  cancel(): void {
    if (this.#state.kind !== "loading") return;
    this.#run.cancel();
    const { loaded } = this.#state;
    this.#set(
      loaded === undefined ? { kind: "failed", failure: { kind: "cancelled" }, loaded } : { kind: "ready", loaded },
    );
  }

  /** Forgets everything: it belongs to another server now. */
  reset(): void {
    this.#run.cancel();
    this.#underWay = undefined;
    this.#set({ kind: "idle", loaded: undefined });
  }

  #set(state: SectionState<T>): void {
    this.#state = state;
    this.#retry = undefined;
    if (!this.isDisposed) this.#changed.fire();
  }
}
