import { AppError, failureOf, isCancelled } from "../../src/shared/errors.ts";
import { packed, type RendererPacket, unpacked } from "../../src/shared/protocol/rendererPacket.ts";
import type { ResultsContract, Snapshot } from "../../src/shared/protocol/results.ts";
import { RpcClient } from "../../src/shared/protocol/rpc.ts";
import type { Host } from "../results/host.ts";
import { type Look, lookOf, readViewState, type ViewState, withLook } from "../results/look.ts";
import { base64Of, bytesOf } from "./base64.ts";
import type { RendererContext } from "./rendererApi.ts";

/** What came of asking the host; `gone`: it has no results of this notebook; `failed`: it could not be asked. */
export type Asking = "asking" | "read" | "gone" | "failed";

type RunOf = Snapshot["runs"][number];

/** All outputs of one page: what they show of the host's answers and how, with one wire to it for all of them. */
export class NotebookPage {
  readonly #context: RendererContext;
  readonly #rpc: RpcClient<ResultsContract>;
  readonly #listeners = new Set<() => void>();
  #snapshot: Snapshot | undefined;
  #asking: Asking = "asking";
  /** Grows with each asking, so that what is overtaken knows it. */
  #turn = 0;
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
      (_method, snapshot) => this.#become("read", snapshot),
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

  /** The results that were told of last. */
  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** Told of each change of what is known, until what it gives is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks what there is, unless a run is known already. */
  lookFor(key: string): void {
    if (this.#snapshot?.runs.some((run) => run.key === key) !== true) this.ask();
  }

  ask(): void {
    const turn = ++this.#turn;
    this.#asking = "asking";
    this.#rpc.request("results/ready", {}).then(
      (snapshot) => {
        if (turn === this.#turn) this.#become("read", snapshot);
      },
      (error: unknown) => {
        if (turn !== this.#turn) return;
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
  look(run: RunOf): Look {
    return lookOf(this.#view, run);
  }

  setLook(run: RunOf, change: Look): void {
    this.#keep(withLook(this.#view, run, change));
  }

  #keep(state: ViewState): void {
    this.#view = state;
    this.#context.setState(state);
  }

  #become(asking: Asking, snapshot = this.#snapshot): void {
    // What comes by itself is newer than what was asked for before it.
    this.#turn++;
    this.#asking = asking;
    this.#snapshot = snapshot;
    for (const listener of [...this.#listeners]) listener();
  }
}
