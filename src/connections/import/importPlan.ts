import { idFromName, suggestedName } from "../connectionNames.ts";
import { isProfileId, isProfileName, parseProfile, profileVersion, readableProfile } from "../profile.ts";
import type { ProfileProblem } from "../profileProblem.ts";
import { type SecretNeed, secretNeedsOf } from "../secretNeeds.ts";
import type { SecretPurpose } from "../secrets.ts";
import type { ImportedConnection, ImportedSecret } from "./importResult.ts";

/** A connection that is there already, as far as an import has to know it. */
export interface ExistingConnection {
  readonly id: string;
  readonly name: string;
  /** `undefined`: it cannot be used, and so it is not replaced either. */
  readonly baseUrl: string | undefined;
}

/** A secret and the one origin that it was given for. */
export interface BoundImport extends ImportedSecret {
  readonly origin: string;
}

/** A connection ready to be saved. */
export interface PlannedConnection {
  readonly id: string;
  readonly name: string;
  /** The whole element of the setting. */
  readonly element: Readonly<Record<string, unknown>>;
  readonly secrets: readonly BoundImport[];
  /** The secrets that it may have stored. */
  readonly needs: readonly SecretNeed[];
  /** What the person still has to enter. */
  readonly toEnter: readonly SecretPurpose[];
  /** Why this version cannot use it, though its form is right. */
  readonly unsupported: readonly ProfileProblem[];
}

/** Answers to what a file leaves open. */
export interface ImportAnswers {
  readonly url?: string | undefined;
  readonly username?: string | undefined;
}

/** A connection with the person's answers in it, or what is wrong with it. */
export type Planned =
  | { readonly ok: true; readonly planned: PlannedConnection }
  | { readonly ok: false; readonly name: string; readonly problems: readonly ProfileProblem[] };

/** How a connection is called in the end: as the file says, else after its host. */
export function nameOfImport({ name, element }: ImportedConnection, answers: ImportAnswers = {}): string {
  if (isProfileName(name)) return name.trim();
  const url = answers.url ?? element["url"];
  const made = typeof url === "string" ? suggestedName(url) : "";
  return made === "" ? "Imported" : made;
}

/** The existing connection that an import is about: of the id that the file names, or of the same name. */
export function existingFor(
  connection: ImportedConnection,
  name: string,
  existing: readonly ExistingConnection[],
): ExistingConnection | undefined {
  const { wantedId } = connection;
  const id = wantedId ?? idFromName(name, new Set());
  return existing.find((one) => one.id === id) ?? existing.find((one) => wantedId === undefined && one.name === name);
}

/** Checks a connection as it would be saved under `id`. */
export function planImport(connection: ImportedConnection, id: string, answers: ImportAnswers = {}): Planned {
  const name = nameOfImport(connection, answers);
  const element = elementOf(connection, { id, name, answers });
  const parsed = parseProfile(element);
  const problems = parsed.ok ? [] : parsed.problems;
  const profile = readableProfile(element);
  if (profile === undefined) return { ok: false, name, problems };
  const needs = secretNeedsOf(profile);
  const secrets = connection.secrets.flatMap((secret) => {
    const need = needs.find(({ purpose }) => purpose === secret.purpose);
    return need === undefined ? [] : [{ ...secret, origin: need.origin }];
  });
  const given = new Set(secrets.map(({ purpose }) => purpose));
  const toEnter = needs.flatMap(({ purpose, isOptional }) => (isOptional || given.has(purpose) ? [] : [purpose]));
  return { ok: true, planned: { id, name, element, secrets, needs, toEnter, unsupported: problems } };
}

function elementOf(
  { element }: ImportedConnection,
  { id, name, answers }: { readonly id: string; readonly name: string; readonly answers: ImportAnswers },
): Readonly<Record<string, unknown>> {
  const { auth } = element;
  const isAsked = answers.username !== undefined && typeof auth === "object" && auth !== null;
  const { version = profileVersion, url = answers.url, ...rest } = element;
  return {
    version,
    id,
    name,
    ...(url === undefined ? {} : { url }),
    ...rest,
    ...(isAsked ? { auth: { ...auth, username: answers.username } } : {}),
  };
}

/** An id that is not taken: the one the file names if it is free, else one made of the name. */
export function freeId(connection: ImportedConnection, name: string, taken: ReadonlySet<string>): string {
  const { wantedId } = connection;
  if (wantedId !== undefined && isProfileId(wantedId) && !taken.has(wantedId)) return wantedId;
  return idFromName(wantedId ?? name, taken);
}
