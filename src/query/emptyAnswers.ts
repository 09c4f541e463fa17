import { untilCancelled } from "../shared/abort.ts";
import { type Disposable, toDisposable } from "../shared/disposable.ts";
import { AppError, type Failure, failureOf } from "../shared/errors.ts";
import type { MetricsSource } from "../shared/model/source.ts";
import type { EmptyAnswer, OfResult, PanelError } from "../shared/protocol/results.ts";
import { type EmptyQuestion, whyEmpty } from "./emptyAnswer.ts";
import type { Run, RunTarget } from "./run.ts";

/** The way to the server that a run's answer came from; `undefined`: the person declined to send anything. */
export type SourceOfRun = (run: Run, signal: AbortSignal) => Promise<MetricsSource | undefined>;

export interface EmptyAnswersDeps {
  readonly sourceOf: SourceOfRun;
  /** A failure in words. */
  readonly error: (failure: Failure, target: RunTarget) => PanelError;
}

/** The askings of a panel why an answer is empty: one at a time for each answer, given up with it and with the panel. */
export class EmptyAnswers implements Disposable {
  readonly #deps: EmptyAnswersDeps;
  readonly #asking = new Map<string, AbortController>();
  readonly #end = toDisposable(() => {
    for (const slot of [...this.#asking.keys()]) this.#giveUp(slot);
  });

  constructor(deps: EmptyAnswersDeps) {
    this.#deps = deps;
  }

  /** Throws `cancelled` once it was given up. */
  async answer(of: OfResult, run: Run, question: EmptyQuestion): Promise<EmptyAnswer> {
    const slot = slotOf(of);
    this.#giveUp(slot);
    const controller = new AbortController();
    const { signal } = controller;
    this.#asking.set(slot, controller);
    try {
      const source = await untilCancelled(this.#deps.sourceOf(run, signal), signal);
      if (source === undefined) return { kind: "declined" };
      return { kind: "read", reason: await whyEmpty(source, question, { signal }) };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === "cancelled") throw error;
      return { kind: "failed", error: this.#deps.error(failure, run.request.target) };
    } finally {
      if (this.#asking.get(slot) === controller) this.#asking.delete(slot);
    }
  }

  /** Nobody waits for it any more. */
  release(of: OfResult): void {
    this.#giveUp(slotOf(of));
  }

  dispose(): void {
    this.#end.dispose();
  }

  #giveUp(slot: string): void {
    this.#asking.get(slot)?.abort(new AppError({ kind: "cancelled" }));
    this.#asking.delete(slot);
  }
}

function slotOf({ key, part, id }: OfResult): string {
  return `${id} ${part} ${key}`;
}
