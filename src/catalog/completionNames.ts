import type { Clock, Logger } from "../platform/ports.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { AppError, failureOf, isCancelled } from "../shared/errors.ts";
import { RequestLine } from "./requestLine.ts";
import { type KnownNames, readWantedNames, type WantedNames, type WantedSource } from "./wantedNames.ts";

/** How long what was read counts as fresh, in ms. */
const freshMs: Readonly<Record<WantedNames["kind"], number>> = {
  metrics: 5 * 60_000,
  metadata: 5 * 60_000,
  metricsLike: 60_000,
  labels: 5 * 60_000,
  values: 60_000,
};

/** A list that takes longer, in ms, is given up; what is of all metrics may take as long as the connection allows. */
const patienceMs = 10_000;

/** A server that failed is not asked again for this long, in ms: every letter typed would ask it. */
const restMs = 15_000;

/** Lists that are remembered at most. */
const mostKept = 50;

/** A server in one state of its connection's settings, with the way to it. */
export interface NamesServer {
  readonly connectionId: string;
  /** Another number: another tenant's names, perhaps. */
  readonly revision: number;
  source(): Promise<WantedSource>;
}

/** What is there now, and what is under way. */
export interface NamesReading {
  /** Perhaps no longer fresh; `undefined`: nothing was read yet, which is not the same as nothing being there. */
  readonly known: KnownNames | undefined;
  /** Settles, and never rejects, when the server has answered, has failed, or is asked no more. `undefined`: it is not asked. */
  readonly pending: Promise<void> | undefined;
}

interface Entry {
  readonly connection: string;
  readonly until: number;
  readonly known: KnownNames;
}

export interface CompletionNamesDeps {
  readonly clock: Clock;
  readonly log: Pick<Logger, "trace">;
}

/**
 * Names and values that servers told for completion. Each list is asked for once while it is fresh; of each connection
 * one at a time, and beside it one of those of all metrics. A list that nobody wants any more is given up. A failure is noted in the log and never becomes an empty list.
 */
export class CompletionNames extends DisposableStore {
  readonly #deps: CompletionNamesDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #lines = new Map<string, RequestLine>();
  /** Until when a list, or a whole connection, is left alone after a failure. */
  readonly #rests = new Map<string, number>();
  readonly #told = new Set<string>();

  constructor(deps: CompletionNamesDeps) {
    super();
    this.#deps = deps;
  }

  /** What is known of a list; asks the server where that is not fresh. Does not throw. */
  read(server: NamesServer, wanted: WantedNames): NamesReading {
    const { connection, key } = keysOf(server, wanted);
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      // The least recently used goes first.
      this.#entries.delete(key);
      this.#entries.set(key, entry);
      if (entry.until > this.#deps.clock.now()) return { known: entry.known, pending: undefined };
    }
    return { known: entry?.known, pending: this.#ask(server, connection, key, wanted) };
  }

  /** What is known of a list, without asking; `undefined`: nothing. */
  peek(server: NamesServer, wanted: WantedNames): NamesReading | undefined {
    const entry = this.#entries.get(keysOf(server, wanted).key);
    return entry === undefined ? undefined : { known: entry.known, pending: undefined };
  }

  /** Gives up every list that is asked for; what is of all metrics is still read to its end. */
  giveUp(): void {
    for (const line of this.#lines.values()) line.giveUp();
  }

  override dispose(): void {
    for (const line of this.#lines.values()) line.dispose();
    this.#lines.clear();
    super.dispose();
  }

  #ask(server: NamesServer, connection: string, key: string, wanted: WantedNames): Promise<void> | undefined {
    if (this.isDisposed || this.#isResting(connection) || this.#isResting(key)) return undefined;
    // What is of all metrics may take long, and nobody who wants one label's values waits for it.
    const lineKey = JSON.stringify([server.connectionId, isForAll(wanted)]);
    let line = this.#lines.get(lineKey);
    if (line === undefined) {
      line = new RequestLine();
      this.#lines.set(lineKey, line);
    }
    return line.want(key, {
      // Others will want it too.
      isKept: isForAll(wanted),
      run: (signal) => this.#read(server, { connection, key, wanted }, signal),
    });
  }

  #isResting(key: string): boolean {
    const until = this.#rests.get(key);
    if (until === undefined) return false;
    if (until > this.#deps.clock.now()) return true;
    this.#rests.delete(key);
    return false;
  }

  async #read(
    server: NamesServer,
    { connection, key, wanted }: { readonly connection: string; readonly key: string; readonly wanted: WantedNames },
    signal: AbortSignal,
  ): Promise<void> {
    const { clock } = this.#deps;
    const late = new AbortController();
    const timer = isForAll(wanted) ? undefined : clock.setTimeout(() => late.abort(), patienceMs);
    try {
      const source = await server.source();
      const both = AbortSignal.any([signal, late.signal]);
      const known = await readWantedNames(source, wanted, { signal: both, now: clock.now() });
      if (!signal.aborted) this.#keep(server, connection, key, { until: clock.now() + freshMs[wanted.kind], known });
    } catch (error) {
      if (signal.aborted) return;
      const isLate = isCancelled(error) && late.signal.aborted;
      const cause = isLate
        ? new AppError({ kind: "timedOut", by: "client", afterMs: patienceMs, detail: "" }, { cause: error })
        : error;
      this.#noteFailure(connection, key, cause);
    } finally {
      timer?.dispose();
    }
  }

  #keep(server: NamesServer, connection: string, key: string, kept: Pick<Entry, "until" | "known">): void {
    // What was read with other settings of this connection is of no use any more.
    const id = JSON.stringify([server.connectionId]).slice(0, -1);
    for (const [other, entry] of this.#entries)
      if (entry.connection !== connection && entry.connection.startsWith(`${id},`)) this.#entries.delete(other);
    this.#entries.delete(key);
    this.#entries.set(key, { connection, ...kept });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= mostKept) break;
      this.#entries.delete(oldest);
    }
  }

  /** Whoever types is not told: the list has just no names. The log says it, once for each kind of failure. */
  #noteFailure(connection: string, key: string, error: unknown): void {
    const failure = failureOf(error);
    // A selector that was refused, or a list that took too long, says nothing about others.
    const isOfList = failure.kind === "rejected" || failure.kind === "timedOut";
    this.#rests.set(isOfList ? key : connection, this.#deps.clock.now() + restMs);
    if (this.#rests.size > 1000) this.#rests.clear();
    const what = JSON.stringify([connection, failure.kind]);
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.#deps.log.trace("language", `Names for completion could not be read: ${JSON.stringify(failure)}`);
  }
}

/** What serves whatever is typed next, and may be large. */
function isForAll({ kind }: WantedNames): boolean {
  return kind === "metrics" || kind === "metadata";
}

function keysOf(server: NamesServer, wanted: WantedNames): { readonly connection: string; readonly key: string } {
  const connection = JSON.stringify([server.connectionId, server.revision]);
  return { connection, key: JSON.stringify([connection, wanted]) };
}
