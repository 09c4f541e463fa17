import { LatestRun } from "../shared/abort.ts";
import { type PlanInput, planRun } from "./planRun.ts";
import { type RunPlan, runQuery } from "./queryRunner.ts";
import type { Run, RunChoices } from "./run.ts";

/** What is run, and the plan that it became. */
export interface PlannedRun {
  readonly input: PlanInput;
  readonly plan: RunPlan;
  /** Nobody asked for it just now: it opens nothing and is not remembered. */
  readonly isAutomatic: boolean;
}

/** A run with the plan that it follows, so that places in its answer are places in the text it was made of. */
export interface StartedRun extends PlannedRun {
  readonly run: Run;
}

/** The plan of `input`, with choices that beat its directives if there are any. */
export function planned(input: PlanInput, choices?: RunChoices): PlannedRun {
  const plan = planRun(input);
  return {
    input,
    isAutomatic: false,
    plan: choices === undefined ? plan : { ...plan, request: { ...plan.request, choices } },
  };
}

/** A block's place in the list: only its last started run may change what is shown. */
class Slot {
  readonly latest = new LatestRun();
  /** Counts runs of this slot. */
  number = 0;
  shown: StartedRun | undefined;
}

export interface FileRunsDeps {
  readonly now: () => number;
  /** Told of every change; `started` is the key of a run that has just begun. */
  readonly onChange: (started: string | undefined) => void;
}

/** The runs of one file, a slot for each block in the order in which they were first run. */
export class FileRuns {
  readonly #deps: FileRunsDeps;
  readonly #slots = new Map<string, Slot>();
  readonly #batch = new LatestRun();
  /** The block that a batch is at. */
  #batchAt: string | undefined;

  constructor(deps: FileRunsDeps) {
    this.#deps = deps;
  }

  get runs(): readonly Run[] {
    return [...this.#slots.values()].flatMap(({ shown }) => (shown === undefined ? [] : [shown.run]));
  }

  find(key: string): StartedRun | undefined {
    return this.#slots.get(key)?.shown;
  }

  /** True while a run of this block, or of any, is under way. */
  isRunning(key?: string): boolean {
    if (key !== undefined) return this.#slots.get(key)?.latest.isRunning ?? false;
    return this.#batch.isRunning || [...this.#slots.values()].some(({ latest }) => latest.isRunning);
  }

  /** Runs a block; an older run of it is given up and has nothing more to say. Does not throw for a failed query. */
  async start(one: PlannedRun): Promise<StartedRun> {
    const { key } = one.plan.request;
    const slot = this.#slots.get(key) ?? new Slot();
    this.#slots.set(key, slot);
    const number = ++slot.number;
    let hasBegun = false;
    const show = (run: Run): void => {
      if (number !== slot.number) return;
      slot.shown = { ...one, run };
      this.#deps.onChange(hasBegun || one.isAutomatic ? undefined : key);
      hasBegun = true;
    };
    const { plan, isAutomatic } = one;
    const run = await slot.latest.start(({ signal }) =>
      runQuery({ plan, now: this.#deps.now, signal, onChange: show, isAutomatic }),
    );
    // The slot is idle now, which is a change of its own.
    if (number === slot.number) this.#deps.onChange(undefined);
    return { ...one, run };
  }

  /** Runs blocks one after the other; cancelling the one it is at, or starting another batch, ends it. */
  async startAll(all: readonly PlannedRun[], onEnd: (one: StartedRun) => void): Promise<void> {
    await this.#batch.start(async ({ isCurrent }) => {
      for (const one of all) {
        if (!isCurrent()) return;
        this.#batchAt = one.plan.request.key;
        onEnd(await this.start(one));
      }
    });
    if (!this.#batch.isRunning) this.#batchAt = undefined;
    this.#deps.onChange(undefined);
  }

  /** Cancels the run of one block, and a batch that is at it, or everything. */
  cancel(key?: string): void {
    if (key === undefined || key === this.#batchAt) this.#batch.cancel();
    for (const [name, { latest }] of this.#slots) if (key === undefined || name === key) latest.cancel();
  }

  /** Gives up what is known of a block that is there no more. */
  forget(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.cancel(key);
    // What still ends has nobody to tell.
    slot.number++;
    this.#slots.delete(key);
    this.#deps.onChange(undefined);
  }

  /** Takes over a run of another file that is over, as that of the block of this key. */
  adopt({ input, plan, run, isAutomatic }: StartedRun, key: string): void {
    const slot = this.#slots.get(key) ?? new Slot();
    this.#slots.set(key, slot);
    slot.number++;
    slot.shown = {
      isAutomatic,
      input: { ...input, key },
      plan: { ...plan, request: { ...plan.request, key } },
      run: { ...run, request: { ...run.request, key } },
    };
    this.#deps.onChange(undefined);
  }

  /** True if this run is the last one of its block, so that a verdict on it counts. */
  isLatest({ run }: StartedRun): boolean {
    return this.find(run.request.key)?.run === run;
  }
}
