import type { KeyValueStore } from "../platform/ports.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { Emitter } from "../shared/event.ts";
import type { UnixMs } from "../shared/model/answer.ts";
import { partsOf, type Run, type RunMode, type RunPart } from "./run.ts";

/** Runs that are remembered; the oldest give way. */
export const maxHistory = 200;

/** Characters of a query that are remembered; a longer one is not worth the room and is left out. */
const longestQuery = 20_000;

const key = "promqlWorkbench.history.v1";

/** A run that is over: what was asked, of whom, and how it went. Holds no sample, no label value and no secret. */
export interface HistoryEntry {
  readonly id: string;
  readonly at: UnixMs;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly title: string;
  /** The expression as written, its variables not filled in. */
  readonly text: string;
  /** The expression as it was sent. */
  readonly query: string;
  readonly mode: RunMode;
  readonly outcome: "answered" | "failed" | "cancelled";
  readonly durationMs: number;
  /** Of the answer with more of them; `undefined` for a scalar, a string or a failure. */
  readonly series: number | undefined;
}

/** What an entry says of a run whose requests have all ended. */
export function historyEntry(run: Run, id: string): HistoryEntry {
  const { request, startedAt } = run;
  const parts = partsOf(run);
  const done = parts.filter((part): part is Extract<RunPart, { state: "done" }> => part.state === "done");
  const failed = parts.filter((part) => part.state === "failed");
  const isCancelled = failed.some(({ failure }) => failure.kind === "cancelled");
  const counts = done.flatMap(({ answer: { data } }) =>
    data.type === "matrix" || data.type === "vector" ? [data.series.length] : [],
  );
  const ends = [...done, ...failed].map(({ finishedAt }) => finishedAt);
  return {
    id,
    at: startedAt,
    connectionId: request.target.connectionId,
    connectionName: request.target.name,
    title: request.title,
    text: request.text,
    query: request.query,
    mode: request.choices.mode,
    outcome: done.length > 0 ? "answered" : isCancelled ? "cancelled" : "failed",
    durationMs: Math.max(0, ...ends.map((end) => end - startedAt)),
    series: counts.length === 0 ? undefined : Math.max(...counts),
  };
}

/** The last runs of this user, newest first; survives restarts. What cannot be read is passed over. */
export class RunHistory extends DisposableStore {
  readonly #memory: KeyValueStore;
  readonly #changed = this.register(new Emitter<void>());

  readonly onDidChange = this.#changed.event;

  constructor(memory: KeyValueStore) {
    super();
    this.#memory = memory;
  }

  list(): readonly HistoryEntry[] {
    const value = this.#memory.get(key);
    return Array.isArray(value) ? value.filter(isEntry) : [];
  }

  /** Remembers a run that has ended. */
  async add(run: Run): Promise<void> {
    if (run.request.text.length > longestQuery || run.request.query.length > longestQuery) return;
    const before = this.list();
    const taken = new Set(before.map(({ id }) => id));
    let number = 0;
    while (taken.has(`${run.startedAt}-${number}`)) number++;
    await this.#write([historyEntry(run, `${run.startedAt}-${number}`), ...before].slice(0, maxHistory));
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#write(this.list().filter(({ id }) => !ids.includes(id)));
  }

  async clear(): Promise<void> {
    await this.#write([]);
  }

  async #write(entries: readonly HistoryEntry[]): Promise<void> {
    await this.#memory.set(key, entries);
    this.#changed.fire();
  }
}

const texts = ["id", "connectionId", "connectionName", "title", "text", "query"] as const;

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== "object" || value === null) return false;
  const entry = value as Partial<Record<keyof HistoryEntry, unknown>>;
  return (
    texts.every((name) => typeof entry[name] === "string") &&
    typeof entry.at === "number" &&
    typeof entry.durationMs === "number" &&
    (entry.mode === "both" || entry.mode === "range" || entry.mode === "instant") &&
    (entry.outcome === "answered" || entry.outcome === "failed" || entry.outcome === "cancelled") &&
    (entry.series === undefined || typeof entry.series === "number")
  );
}
