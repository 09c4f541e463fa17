import type { Disposable } from "../shared/disposable.ts";
import type { Event } from "../shared/event.ts";

/** Areas a log line may belong to. */
export type LogArea = "http" | "query" | "language" | "connections" | "results" | "host";

/** Writes to the log channel. Texts must already be free of secrets; the log is public. */
export interface Logger {
  trace(area: LogArea, message: string): void;
  info(area: LogArea, message: string): void;
  warn(area: LogArea, message: string): void;
  error(area: LogArea, message: string, error?: unknown): void;
}

/** Small JSON values kept between sessions (workspace or global, by instance). */
export interface KeyValueStore {
  get(key: string): unknown;
  set(key: string, value: unknown): Promise<void>;
}

/** The editor's secret storage. `get` gives `undefined` for what was never stored or was lost. */
export interface SecretStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  keys(): Promise<readonly string[]>;
}

/** Small files that a connection refers to. */
export interface FileReader {
  /** The whole content. Throws what the system says (`code` is `ENOENT` and the like), or `EFBIG` above `maxBytes`. */
  read(path: string, options: { readonly maxBytes: number; readonly signal: AbortSignal }): Promise<Uint8Array>;
}

/** How a program ended. */
export interface ProgramOutcome {
  /** `undefined`: it was killed by a signal. */
  readonly code: number | undefined;
  readonly stdout: string;
  /** The beginning of what it said; it may hold secrets. */
  readonly stderr: string;
}

/** Programs that the user's settings name. */
export interface ProgramRunner {
  /**
   * Runs a program with exactly these arguments, without a shell, and kills it once `signal` is aborted. Throws what the
   * system says if it cannot be started. `shellScript`: it is a file that Windows runs only in a shell (`.cmd`, `.bat`), also if
   * its name was given without that, so it is not run.
   */
  run(
    command: readonly string[],
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<ProgramOutcome | "tooMuchOutput" | "shellScript">;
}

/** The editor's own proxy settings, those of its user alone: a repository must not say through whom requests go. */
export interface EditorProxySettings {
  /** The value of `http.NAME`, unchecked; `undefined` where the user has set none. */
  read(name: "proxy" | "noProxy" | "proxySupport" | "proxyAuthorization"): unknown;
}

/** The user's `promqlWorkbench.connections`: raw elements as found in user settings, and edits that keep everything else. */
export interface ProfileSettings {
  /** User-scope value only; workspace values are ignored by construction. */
  read(): unknown;
  readonly onDidChange: Event<void>;
  /** Appends, replaces or removes exactly one element, found by its `id`; comments and invalid neighbours survive. */
  upsert(id: string, profile: Readonly<Record<string, unknown>>): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Wall clock, replaceable in tests. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number;
  /** Calls back once after `ms`; disposing cancels it. */
  setTimeout(callback: () => void, ms: number): Disposable;
}
