import { Buffer } from "node:buffer";
import type { SecretStore } from "../platform/ports.ts";
import { AppError } from "../shared/errors.ts";
import { isHeaderValue } from "./headerRules.ts";
import type { Auth, Profile } from "./profile.ts";
import { isRecord } from "./strictObject.ts";

/** What a secret is for. Each has its own record. */
export type SecretPurpose = "token" | "password";

const purposes: readonly SecretPurpose[] = ["token", "password"];

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

/** Headers that carry credentials, and the texts in them that must never be shown. */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** Which secret this way to sign in needs; `undefined`: none. */
export function secretPurposeOf(auth: Auth): SecretPurpose | undefined {
  switch (auth.type) {
    case "bearer":
      return "token";
    case "basic":
      return "password";
    default:
      return undefined;
  }
}

/** What is wrong with a typed secret; `undefined` if it can be sent. */
export function secretProblem(purpose: SecretPurpose, value: string): "empty" | "characters" | undefined {
  if (value === "") return "empty";
  // A password travels as base64 of UTF-8; RFC 7617 excludes only control characters.
  const fine = purpose === "token" ? isHeaderValue(value) && !/\s/.test(value) : !/\p{Cc}/u.test(value);
  return fine ? undefined : "characters";
}

/** A token as people paste it: without blanks and line ends around it, and without the scheme. */
export function cleanToken(pasted: string): string {
  return pasted.trim().replace(/^bearer(?:\s+|$)/i, "");
}

/** The header for a secret. Throws `misconfigured` for a value that no header can carry. */
export function authorizationHeader(auth: Auth, value: string): Authorization {
  const purpose = secretPurposeOf(auth);
  if (purpose === undefined) return { headers: {}, secrets: [] };
  if (secretProblem(purpose, value) === "characters") {
    throw new AppError({ kind: "misconfigured", what: "secretCharacters", detail: purpose });
  }
  if (auth.type !== "basic") return { headers: { Authorization: `Bearer ${value}` }, secrets: [value] };
  const encoded = Buffer.from(`${auth.username}:${value}`, "utf8").toString("base64");
  return { headers: { Authorization: `Basic ${encoded}` }, secrets: [value, encoded] };
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
    this.#store = store;
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

  /** A function that puts the record back as it is now, or its absence; also one that cannot be read. */
  async restorer(connectionId: string, purpose: SecretPurpose): Promise<() => Promise<void>> {
    const key = keyOf(connectionId, purpose);
    const before = await this.#store.get(key);
    return async () => {
      if ((await this.#store.get(key)) === before) return;
      await (before === undefined ? this.#store.delete(key) : this.#store.set(key, before));
    };
  }

  /** Removes the secrets of a connection, except those for which `keep` is the purpose. */
  async forget(connectionId: string, keep?: SecretPurpose): Promise<void> {
    for (const purpose of purposes) if (purpose !== keep) await this.#store.delete(keyOf(connectionId, purpose));
  }

  /**
   * Headers with credentials of a profile for exactly `origin`; `confirmedOrigin` is one that the user has confirmed for
   * the stored secret and that is not yet saved. Throws `secretMissing`, `originChanged` or `misconfigured`; never leaves
   * a header out.
   */
  async authorizationFor(profile: Profile, origin: string, confirmedOrigin?: string): Promise<Authorization> {
    const { id, auth } = profile;
    const purpose = secretPurposeOf(auth);
    if (purpose === undefined) return this.authorizationWith(profile, "", origin);
    const stored = await this.read(id, purpose);
    if (stored.state === "none") throw new AppError({ kind: "secretMissing", connectionId: id, purpose });
    if (stored.state === "unreadable") throw unreadable(stored.reason, purpose);
    const { origin: boundTo, value } = stored.secret;
    if (boundTo !== origin && confirmedOrigin !== origin) {
      throw new AppError({ kind: "originChanged", connectionId: id, boundTo, origin });
    }
    return this.authorizationWith(profile, value, origin);
  }

  /** The same with a secret that was just typed. Also plain headers go nowhere but to the profile's own origin. */
  authorizationWith({ id, auth, headers, origin: boundTo }: Profile, value: string, origin: string): Authorization {
    if (origin !== boundTo) throw new AppError({ kind: "originChanged", connectionId: id, boundTo, origin });
    const authorization = authorizationHeader(auth, value);
    return { ...authorization, headers: { ...headers, ...authorization.headers } };
  }
}

function unreadable(reason: "damaged" | "newer", purpose: SecretPurpose): AppError {
  const what = reason === "newer" ? "secretNewer" : "secretDamaged";
  return new AppError({ kind: "misconfigured", what, detail: purpose });
}
