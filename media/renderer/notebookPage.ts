import { AppError, failureOf, isCancelled } from "../../src/shared/errors.ts";
import type { CellOutput } from "../../src/shared/protocol/cellOutput.ts";
import { packed, type RendererPacket, unpacked } from "../../src/shared/protocol/rendererPacket.ts";
import type { ResultsContract, RunSnapshot, Snapshot, SnapshotChange } from "../../src/shared/protocol/results.ts";
import { RpcClient } from "../../src/shared/protocol/rpc.ts";
import type { Host } from "../results/host.ts";
import { type Look, lookOf, readViewState, type ViewState, withLook } from "../results/look.ts";
import { base64Of, bytesOf } from "./base64.ts";
import type { RendererContext } from "./rendererApi.ts";

/** What came of asking the host; `gone`: it has no results of this notebook; `failed`: it could not be asked. */
export type Asking = "asking" | "read" | "gone" | "failed";

/** What is true of all runs. */
export type Rest = Omit<Snapshot, "runs" | "front">;

/** An answer that has not come for so long was lost on its way. */
const longestAskingMs = 10_000;

/** All outputs of one page: what they show of the host's answers and how, with one wire to it for all of them. */
export class NotebookPage {
  readonly #context: RendererContext;
  readonly #rpc: RpcClient<ResultsContract>;
  readonly #listeners = new Set<() => void>();
  readonly #runs = new Map<string, RunSnapshot>();
  #rest: Rest | undefined;
  #asking: Asking = "asking";
  /** When the answer was asked for that is waited for. */
  #askedAt: number | undefined;
  /** An output came while an answer was under way that may know nothing of it. */
  #isWantedAgain = false;
  /** Of the last change that was told. */
  #number = 0;
  /** When the host began whose answers these are, in ms since 1970. */
  #since = Number.NEGATIVE_INFINITY;
  #view: ViewState;

  constructor(context: RendererContext) {
    this.#context = context;
    this.#view = readViewState(context.getState());
    // Another editor of the same notebook is another page, and their messages reach both.
    const id = crypto.randomUUID();
    const post = context.postMessage;
    this.#rpc = new RpcClient<ResultsContract>(
      (message) => {
        if (post === undefined) throw new AppError({ kind: "misconfigured", what: "noAnswer", detail: "" });
        post(packed(id, message, base64Of));
      },
      (method, change) => {
        if (method === "results/someChanged") this.#take(change as SnapshotChange);
      },
    );
    context.onDidReceiveMessage?.((message) => {
      if (typeof message !== "object" || message === null) return;
      const packet = message as RendererPacket;
      if (packet.page === id) this.#rpc.receive(unpacked(packet, bytesOf));
    });
  }

  get asking(): Asking {
    return this.#asking;
  }

  /** As they were told of last: the same object while they are the same. */
  get rest(): Rest | undefined {
    return this.#rest;
  }

  /** As it was told of last: the same object while it is the same. */
  run(key: string): RunSnapshot | undefined {
    return this.#runs.get(key);
  }

  /** Told of each change of what is known, until what it gives is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks what there is, unless a run is known already or an answer is under way. */
  lookFor({ key, since }: Pick<CellOutput, "key" | "since">): void {
    if (since > this.#since) {
      const isFirst = this.#since === Number.NEGATIVE_INFINITY;
      this.#since = since;
      if (!isFirst) {
        this.#forget();
        return;
      }
    }
    const isUnderWay = this.#askedAt !== undefined && performance.now() - this.#askedAt < longestAskingMs;
    if (this.#runs.has(key)) return;
    if (isUnderWay) this.#isWantedAgain = true;
    else this.#ask();
  }

  /** The host was started anew: what it said before is no more, and what it was asked it will not answer. */
  #forget(): void {
    this.#runs.clear();
    this.#ask(true);
    this.#become("asking");
  }

  /** Asks once more: a person wants it. */
  retry(): void {
    this.#ask();
    this.#become("asking");
  }

  #ask(isWhole = this.#rest === undefined): void {
    const at = performance.now();
    this.#askedAt = at;
    this.#isWantedAgain = false;
    this.#asking = "asking";
    // What comes is told in the order in which it came to be, whether it was asked for or not.
    this.#rpc.request("results/changes", { isWhole }).then(
      (change) => {
        if (this.#askedAt === at) this.#askedAt = undefined;
        this.#take(change);
      },
      (error: unknown) => {
        if (this.#askedAt !== at) return;
        this.#askedAt = undefined;
        if (this.#isWantedAgain) {
          this.#ask();
          return;
        }
        const failure = failureOf(error);
        const isGone = failure.kind === "misconfigured" && failure.what === "noAnswer";
        this.#become(isGone ? "gone" : "failed");
      },
    );
  }

  /** The host as one output sees it; `onProblem` is told what could not be done there, and of nothing with the next attempt. */
  host(onProblem: (problem: string) => void): Host {
    return {
      rpc: this.#rpc,
      readState: () => this.#view,
      writeState: (state) => this.#keep(state),
      attempt(work, failed) {
        onProblem("");
        work.catch((error: unknown) => {
          if (!isCancelled(error)) onProblem(`${failed}; the log says why.`);
        });
      },
    };
  }

  /** How a run is looked at. */
  look(run: RunSnapshot): Look {
    return lookOf(this.#view, run);
  }

  setLook(run: RunSnapshot, change: Look): void {
    this.#keep(withLook(this.#view, run, change));
  }

  #keep(state: ViewState): void {
    this.#view = state;
    this.#context.setState(state);
  }

  #take({ number, since, gone, runs, front: _, ...rest }: SnapshotChange): void {
    // Something before it was lost; without that, this one cannot be understood.
    if (since !== 0 && since !== this.#number) {
      if (this.#askedAt === undefined) this.#ask(true);
      return;
    }
    const isWhole = since === 0;
    this.#number = number;
    const before = new Map(this.#runs);
    if (isWhole) this.#runs.clear();
    for (const key of gone) this.#runs.delete(key);
    for (const run of runs) this.#runs.set(run.key, same(before.get(run.key), run));
    this.#rest = same(this.#rest, rest);
    this.#become("read");
  }

  #become(asking: Asking): void {
    this.#asking = asking;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The old value if the new one says the same. */
function same<T>(old: T | undefined, now: T): T {
  return old !== undefined && JSON.stringify(old) === JSON.stringify(now) ? old : now;
}
