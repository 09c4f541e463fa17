import type { CredentialOrigins } from "./credentialOrigins.ts";
import type { Profile } from "./profile.ts";
import { hasUnboundCredential, secretNeedsOf } from "./secretNeeds.ts";
import type { ConnectionSecrets } from "./secrets.ts";

/** A stored secret that was given for `from` and would go to `to` now. */
export interface MovedSecret {
  readonly from: string;
  readonly to: string;
}

/** Where it is recorded which origin a credential was given for. */
export interface OriginRecords {
  readonly secrets: ConnectionSecrets;
  readonly origins: CredentialOrigins;
}

/** The first credential that was given for another origin than the one it would go to now. */
export async function movedSecret(
  profile: Profile,
  { secrets, origins }: OriginRecords,
): Promise<MovedSecret | undefined> {
  const known = hasUnboundCredential(profile) ? origins.of(profile.id) : undefined;
  if (known !== undefined && known !== profile.origin) return { from: known, to: profile.origin };
  for (const { purpose, origin } of secretNeedsOf(profile)) {
    const stored = await secrets.read(profile.id, purpose);
    if (stored.state === "found" && stored.secret.origin !== origin) {
      return { from: stored.secret.origin, to: origin };
    }
  }
  return undefined;
}

/** Binds all stored secrets of one origin to the one they go to now, which the user has confirmed. */
export async function bindMoved(
  profile: Profile,
  { from, to }: MovedSecret,
  { secrets, origins }: OriginRecords,
): Promise<void> {
  if (origins.of(profile.id) === from && profile.origin === to) await origins.remember(profile.id, to);
  for (const { purpose, origin } of secretNeedsOf(profile)) {
    const stored = await secrets.read(profile.id, purpose);
    if (stored.state === "found" && stored.secret.origin === from && origin === to) {
      await secrets.rebind(profile.id, purpose, to);
    }
  }
}
