import type { SecretStore } from "../platform/ports.ts";
import { AppError } from "../shared/errors.ts";
import { isHeaderValue } from "./headerRules.ts";
import { overKeyring } from "./keyring.ts";
import { isRecord } from "./strictObject.ts";

/** What a secret is for. Each has its own record; those of headers and parameters are named with them. */
export type SecretPurpose =
  | "token"
  | "password"
  | "authorization"
  | "clientSecret"
  | "keyPassphrase"
  | "proxyPassword"
  | `header:${string}`
  | `query:${string}`;

/** What may move to another origin: a stored secret, or all that a connection signs in with and that is not stored here. */
export type MovedPurpose = SecretPurpose | "notStored";

/** Credentials that were given for `from` and go to `to`. */
export interface OriginMove {
  readonly purposes: readonly MovedPurpose[];
  readonly from: string;
  readonly to: string;
}

/** True if exactly this move is among those that the user has confirmed. */
export function isConfirmed(
  confirmed: readonly OriginMove[],
  purpose: MovedPurpose,
  { from, to }: Omit<OriginMove, "purposes">,
): boolean {
  return confirmed.some((move) => move.from === from && move.to === to && move.purposes.includes(purpose));
}

/** The version of the stored record. */
const recordVersion = 1;

/** A secret as stored: it was given for exactly this origin. */
export interface BoundSecret {
  readonly origin: string;
  readonly value: string;
}

/** What the secret storage holds. `unreadable`: damaged, or written by a newer version; it is left alone. */
export type StoredSecret =
  | { readonly state: "none" }
  | { readonly state: "found"; readonly secret: BoundSecret }
  | { readonly state: "unreadable"; readonly reason: "damaged" | "newer" };

/** What is wrong with a secret; `undefined` if it can be sent for this purpose. */
export function secretProblem(purpose: SecretPurpose, value: string): "empty" | "characters" | undefined {
  if (value === "") return "empty";
  return isSendable(purpose, value) ? undefined : "characters";
}

function isSendable(purpose: SecretPurpose, value: string): boolean {
  if (purpose === "token") return isHeaderValue(value) && !/\s/.test(value);
  if (purpose === "authorization" || purpose.startsWith("header:")) return isHeaderValue(value);
  // A password travels as base64 of UTF-8 (RFC 7617 excludes only control characters), the others percent-encoded or not at all.
  return !/\p{Cc}/u.test(value);
}

/** A token as people paste it: without blanks and line ends around it, and without the scheme. */
export function cleanToken(pasted: string): string {
  return pasted.trim().replace(/^bearer(?:\s+|$)/i, "");
}

/** A secret as it was meant: what is pasted into a header has no blanks around it; a password is taken as it is. */
export function cleanSecret(purpose: SecretPurpose, typed: string): string {
  if (purpose === "token") return cleanToken(typed);
  return purpose === "authorization" || purpose.startsWith("header:") ? typed.trim() : typed;
}

function keyOf(connectionId: string, purpose: SecretPurpose): string {
  return `promqlWorkbench.secret.v1/${connectionId}/${purpose}`;
}

function parseRecord(text: string | undefined): StoredSecret {
  if (text === undefined) return { state: "none" };
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return { state: "unreadable", reason: "damaged" };
  }
  if (!isRecord(record)) return { state: "unreadable", reason: "damaged" };
  const { version, origin, value } = record;
  if (typeof version === "number" && version > recordVersion) return { state: "unreadable", reason: "newer" };
  if (version !== recordVersion || typeof origin !== "string" || typeof value !== "string") {
    return { state: "unreadable", reason: "damaged" };
  }
  return { state: "found", secret: { origin, value } };
}

/** Secrets of connections, each bound to its connection, its purpose and the exact origin it was given for. */
export class ConnectionSecrets {
  readonly #store: SecretStore;

  constructor(store: SecretStore) {
    this.#store = overKeyring(store);
  }

  async read(connectionId: string, purpose: SecretPurpose): Promise<StoredSecret> {
    return parseRecord(await this.#store.get(keyOf(connectionId, purpose)));
  }

  /**
   * Stores what the user typed. A record that cannot be read is replaced only if the user was told of it
   * (`replaceUnreadable`); otherwise this throws `misconfigured`.
   */
  async save(
    connectionId: string,
    purpose: SecretPurpose,
    { origin, value }: BoundSecret,
    { replaceUnreadable = false }: { readonly replaceUnreadable?: boolean } = {},
  ): Promise<void> {
    const stored = await this.read(connectionId, purpose);
    if (stored.state === "unreadable" && !replaceUnreadable) throw unreadable(stored.reason, purpose);
    const record = { version: recordVersion, origin, value };
    await this.#store.set(keyOf(connectionId, purpose), JSON.stringify(record));
  }

  /** Binds a stored secret to another origin, which the user has confirmed. */
  async rebind(connectionId: string, purpose: SecretPurpose, origin: string): Promise<void> {
    const stored = await this.read(connectionId, purpose);
    if (stored.state === "none") throw new AppError({ kind: "secretMissing", connectionId, purpose });
    if (stored.state === "unreadable") throw unreadable(stored.reason, purpose);
    await this.save(connectionId, purpose, { origin, value: stored.secret.value });
  }

  /** A function that puts the records back as they are now, or their absence; also those that cannot be read. */
  async restorer(connectionId: string, purposes: readonly SecretPurpose[]): Promise<() => Promise<void>> {
    const keys = purposes.map((purpose) => keyOf(connectionId, purpose));
    const before = await Promise.all(keys.map((key) => this.#store.get(key)));
    return async () => {
      for (const [i, key] of keys.entries()) {
        const value = before[i];
        if ((await this.#store.get(key)) === value) continue;
        await (value === undefined ? this.#store.delete(key) : this.#store.set(key, value));
      }
    };
  }

  /** Removes the secrets of a connection, except those that are for one of `keep`. */
  async forget(connectionId: string, keep: readonly SecretPurpose[] = []): Promise<void> {
    const kept = new Set(keep.map((purpose) => keyOf(connectionId, purpose)));
    const prefix = `promqlWorkbench.secret.v1/${connectionId}/`;
    for (const key of await this.#store.keys()) {
      if (key.startsWith(prefix) && !kept.has(key)) await this.#store.delete(key);
    }
  }

  /**
   * The stored secret for exactly `origin`; `confirmed` are moves that the user has confirmed and that are not yet saved. Throws `secretMissing`, `originChanged` or `misconfigured`.
   */
  async valueFor(
    connectionId: string,
    purpose: SecretPurpose,
    origin: string,
    confirmed: readonly OriginMove[] = [],
  ): Promise<string> {
    const stored = await this.read(connectionId, purpose);
    if (stored.state === "none") throw new AppError({ kind: "secretMissing", connectionId, purpose });
    if (stored.state === "unreadable") throw unreadable(stored.reason, purpose);
    const { origin: boundTo, value } = stored.secret;
    if (boundTo !== origin && !isConfirmed(confirmed, purpose, { from: boundTo, to: origin })) {
      throw new AppError({ kind: "originChanged", connectionId, boundTo, origin });
    }
    return value;
  }
}

function unreadable(reason: "damaged" | "newer", purpose: SecretPurpose): AppError {
  const what = reason === "newer" ? "secretNewer" : "secretDamaged";
  return new AppError({ kind: "misconfigured", what, detail: purpose });
}
