import { isDeepStrictEqual } from "node:util";
import type { Logger } from "../platform/ports.ts";
import { failureOf } from "../shared/errors.ts";
import type { CredentialOrigins } from "./credentialOrigins.ts";
import type { SecretDrafts } from "./credentials.ts";
import type { Profile } from "./profile.ts";
import type { ProfileStore } from "./profileStore.ts";
import { hasUnboundCredential, secretNeedsOf } from "./secretNeeds.ts";
import { type ConnectionSecrets, isConfirmed } from "./secrets.ts";

/** Where a connection is saved to. */
export interface SavingStores {
  readonly secrets: ConnectionSecrets;
  readonly profiles: ProfileStore;
  readonly origins: CredentialOrigins;
  readonly log: Logger;
}

/** True for the failure of a write whose result is in the settings all the same, though VS Code has not read it yet. */
export function isWritten(error: unknown): boolean {
  const failure = failureOf(error);
  return failure.kind === "misconfigured" && failure.what === "settingsNotRead";
}

type Element = Readonly<Record<string, unknown>>;

/** True if the settings hold now what they did not hold before. */
function isChangedTo(wanted: Element, before: Element | undefined, now: Element | undefined): boolean {
  // VS Code gives settings as frozen proxies, of which only the JSON can be compared.
  const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
  const holds = (element: Element | undefined) =>
    Object.entries(wanted).every(([key, value]) => isDeepStrictEqual(plain(element?.[key]), plain(value)));
  return !holds(before) && holds(now);
}

/**
 * Saves the secrets first, then the profile, so that a saved profile is never without the secrets it was tested with. If
 * the profile cannot be written, the stored secrets are again what they were. Whatever fails behind the write is logged: the
 * connection is saved then.
 */
export async function saveWithSecrets(
  profile: Profile,
  element: Element,
  { typed, confirmed }: SecretDrafts,
  options: { readonly replaceUnreadable: boolean },
  { secrets, profiles, origins, log }: SavingStores,
): Promise<void> {
  const needs = secretNeedsOf(profile);
  const purposes = needs.map(({ purpose }) => purpose);
  const before = profiles.rawOf(profile.id);
  const restore = await secrets.restorer(profile.id, purposes);
  try {
    for (const { purpose, origin } of needs) {
      const value = typed.get(purpose);
      if (value !== undefined) await secrets.save(profile.id, purpose, { origin, value }, options);
      else {
        const stored = await secrets.read(profile.id, purpose);
        const from = stored.state === "found" ? stored.secret.origin : origin;
        if (isConfirmed(confirmed, purpose, { from, to: origin })) await secrets.rebind(profile.id, purpose, origin);
      }
    }
    await profiles.upsert(profile.id, element);
  } catch (error) {
    // What was typed for the new profile serves it, as soon as VS Code reads it.
    if (isWritten(error) || isChangedTo(element, before, profiles.rawOf(profile.id))) throw error;
    // The old profile stands: with the new secrets it would fail, or send one to a server that it was not given for.
    await restore().catch((again: unknown) => log.error("connections", "The secret could not be put back", again));
    throw error;
  }
  const origin = hasUnboundCredential(profile) ? profile.origin : undefined;
  await origins
    .remember(profile.id, origin)
    .catch((error: unknown) => log.error("connections", "An origin was not remembered", error));
  await secrets
    .forget(profile.id, purposes)
    .catch((error: unknown) =>
      log.error("connections", "Secrets that are not needed any more were not removed", error),
    );
}
