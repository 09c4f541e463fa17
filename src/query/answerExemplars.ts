import { untilCancelled } from "../shared/abort.ts";
import { type Disposable, toDisposable } from "../shared/disposable.ts";
import { AppError, type Failure, failureOf } from "../shared/errors.ts";
import type { UnixMs } from "../shared/model/answer.ts";
import { valueText } from "../shared/model/numberText.ts";
import type { ExemplarList } from "../shared/model/source.ts";
import { isNotOffered } from "../shared/notOffered.ts";
import type { ExemplarAnswer, PanelError, ResultsContract } from "../shared/protocol/results.ts";
import { exemplarsInWindow } from "./exemplars.ts";
import type { Run, RunTarget } from "./run.ts";

/** The window of an answer, in ms. */
export interface AnswerWindow {
  readonly start: UnixMs;
  readonly end: UnixMs;
}

/** Asks the server that a run's answer came from, with its query; `undefined`: the person declined to send it. */
export type ReadExemplars = (run: Run, window: AnswerWindow, signal: AbortSignal) => Promise<ExemplarList | undefined>;

export interface AnswerExemplarsDeps {
  readonly read: ReadExemplars;
  /** A failure in words. */
  readonly error: (failure: Failure, target: RunTarget) => PanelError;
}

type Params = ResultsContract["requests"]["results/exemplars"]["params"];
type OfAnswer = Pick<Params, "key" | "part" | "id">;

/** A reading of one answer's exemplars, under way or done. */
interface Reading {
  readonly id: number;
  readonly controller: AbortController;
  readonly list: Promise<ExemplarList | undefined>;
}

/**
 * The exemplars beside a panel's answers. They are asked for when a person switches them on, once for each answer, and
 * are given up with it: when another run of its block begins, when they are switched off, and with the panel. Also what
 * came to nothing stays until then: a chart that is zoomed or resized asks for its window over and over.
 */
export class AnswerExemplars implements Disposable {
  readonly #deps: AnswerExemplarsDeps;
  readonly #readings = new Map<string, Reading>();
  readonly #end = toDisposable(() => {
    for (const slot of [...this.#readings.keys()]) this.#giveUp(slot);
  });

  constructor(deps: AnswerExemplarsDeps) {
    this.#deps = deps;
  }

  /** Those of a window of an answer, which `run` asked for over `whole`. Throws `cancelled` once they were given up. */
  async answer(params: Params, run: Run, whole: AnswerWindow): Promise<ExemplarAnswer> {
    const reading = this.#readingOf(slotOf(params), params.id, run, whole);
    try {
      const list = await untilCancelled(reading.list, reading.controller.signal);
      return list === undefined ? { kind: "declined" } : answerOf(list, params, whole);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === "cancelled") throw error;
      if (isNotOffered(failure)) return { kind: "notOffered" };
      return { kind: "failed", error: this.#deps.error(failure, run.request.target) };
    }
  }

  /** A person switched them off, or wants them to be asked for again. */
  release(of: OfAnswer): void {
    const slot = slotOf(of);
    if (this.#readings.get(slot)?.id === of.id) this.#giveUp(slot);
  }

  /** Takes the present state of all runs: those of an answer that is asked for anew are nobody's any more. */
  update(runs: readonly Run[]): void {
    for (const slot of [...this.#readings.keys()]) {
      const isKept = runs.some(({ request: { key }, range, instant }) =>
        [{ part: "range", asked: range } as const, { part: "instant", asked: instant } as const].some(
          ({ part, asked }) => slotOf({ key, part }) === slot && asked !== undefined && asked.part.state !== "running",
        ),
      );
      if (!isKept) this.#giveUp(slot);
    }
  }

  dispose(): void {
    this.#end.dispose();
  }

  #readingOf(slot: string, id: number, run: Run, whole: AnswerWindow): Reading {
    const known = this.#readings.get(slot);
    if (known?.id === id) return known;
    this.#giveUp(slot);
    const controller = new AbortController();
    const reading = { id, controller, list: this.#deps.read(run, whole, controller.signal) };
    this.#readings.set(slot, reading);
    return reading;
  }

  #giveUp(slot: string): void {
    const reading = this.#readings.get(slot);
    this.#readings.delete(slot);
    reading?.controller.abort(new AppError({ kind: "cancelled" }));
  }
}

function slotOf({ key, part }: Pick<OfAnswer, "key" | "part">): string {
  return `${part} ${key}`;
}

function answerOf(
  { series, total, warnings }: ExemplarList,
  { from, to, width }: Params,
  whole: AnswerWindow,
): ExemplarAnswer {
  const { points, inWindow } = exemplarsInWindow(series, { from: from ?? whole.start, to: to ?? whole.end, width });
  return {
    kind: "read",
    points: points.map((one) => ({ ...one, value: valueText(one.value), traceId: one.traceId ?? null })),
    inWindow,
    kept: series.reduce((sum, { exemplars }) => sum + exemplars.length, 0),
    total,
    warnings,
  };
}
