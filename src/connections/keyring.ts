import type { SecretStore } from "../platform/ports.ts";
import { AppError } from "../shared/errors.ts";

/** The failure of the system's keyring, by which VS Code encrypts its secret storage. */
export function keyringFailure(problem: "unreadable" | "timedOut", detail = "", cause?: unknown): AppError {
  return new AppError({ kind: "credential", source: "keyring", problem, name: "", detail }, { cause });
}

/** As much of the system's own words as a failure carries. */
const longestDetail = 300;

/** The same store, whose failures are the keyring's: it is locked, nobody answers for it, or there is none. */
export function overKeyring(store: SecretStore): SecretStore {
  const opened = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      const detail = error instanceof Error ? error.message.replace(/[\p{Cc}\s]+/gu, " ").slice(0, longestDetail) : "";
      throw keyringFailure("unreadable", detail, error);
    });
  return {
    get: (key) => opened(store.get(key)),
    set: (key, value) =>
      store.set(key, value).catch(() => {
        // What is said of a record that cannot be written may quote it.
        throw keyringFailure("unreadable");
      }),
    delete: (key) => opened(store.delete(key)),
    keys: () => opened(store.keys()),
  };
}
