import type { Logger } from "../platform/ports.ts";
import type { CredentialOrigins } from "./credentialOrigins.ts";
import type { SecretDrafts } from "./credentials.ts";
import type { Profile } from "./profile.ts";
import type { ProfileStore } from "./profileStore.ts";
import { hasUnboundCredential, secretNeedsOf } from "./secretNeeds.ts";
import type { ConnectionSecrets } from "./secrets.ts";

/** Where a connection is saved to. */
export interface SavingStores {
  readonly secrets: ConnectionSecrets;
  readonly profiles: ProfileStore;
  readonly origins: CredentialOrigins;
  readonly log: Logger;
}

/**
 * Saves the secrets first, then the profile, so that a saved profile is never without the secrets it was tested with. If
 * the profile cannot be written, the stored secrets are again what they were.
 */
export async function saveWithSecrets(
  profile: Profile,
  element: Readonly<Record<string, unknown>>,
  { typed, confirmed }: SecretDrafts,
  options: { readonly replaceUnreadable: boolean },
  { secrets, profiles, origins, log }: SavingStores,
): Promise<void> {
  const needs = secretNeedsOf(profile);
  const purposes = needs.map(({ purpose }) => purpose);
  const restore = await secrets.restorer(profile.id, purposes);
  try {
    for (const { purpose, origin } of needs) {
      const value = typed.get(purpose);
      if (value !== undefined) await secrets.save(profile.id, purpose, { origin, value }, options);
      else if (confirmed.includes(origin) && (await secrets.read(profile.id, purpose)).state === "found") {
        await secrets.rebind(profile.id, purpose, origin);
      }
    }
    await profiles.upsert(profile.id, element);
  } catch (error) {
    // The old profile stands: with the new secrets it would fail, or send one to a server that it was not given for.
    await restore().catch((again: unknown) => log.error("connections", "The secret could not be put back", again));
    throw error;
  }
  await origins.remember(profile.id, hasUnboundCredential(profile) ? profile.origin : undefined);
  await secrets.forget(profile.id, purposes);
}
