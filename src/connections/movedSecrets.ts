import type { CredentialOrigins } from "./credentialOrigins.ts";
import type { Profile } from "./profile.ts";
import { hasUnboundCredential, secretNeedsOf } from "./secretNeeds.ts";
import type { ConnectionSecrets, MovedPurpose, OriginMove, SecretPurpose } from "./secrets.ts";

/** Where it is recorded which origin a credential was given for. */
export interface OriginRecords {
  readonly secrets: ConnectionSecrets;
  readonly origins: CredentialOrigins;
}

/** A secret that is stored, and the origin that it is bound to if it can be read. */
export type StoredBinding = { readonly state: "found"; readonly origin: string } | { readonly state: "unreadable" };

/** Where the credentials of a connection were given for. */
export interface Bindings {
  /** Of each purpose that the connection needs and that is stored. */
  readonly stored: ReadonlyMap<SecretPurpose, StoredBinding>;
  /** Of what it signs in with and does not store here; `undefined`: there was no such thing. */
  readonly notStored: string | undefined;
}

/** A credential and the origin that it would go to now. */
export interface Bound {
  readonly purpose: MovedPurpose;
  readonly to: string;
}

/** What is recorded of a connection's credentials. One that was never used is bound to where it would go first. */
export async function bindingsOf(profile: Profile, { secrets, origins }: OriginRecords): Promise<Bindings> {
  const stored = new Map<SecretPurpose, StoredBinding>();
  for (const { purpose } of secretNeedsOf(profile)) {
    const found = await secrets.read(profile.id, purpose);
    if (found.state === "unreadable") stored.set(purpose, { state: "unreadable" });
    if (found.state === "found") stored.set(purpose, { state: "found", origin: found.secret.origin });
  }
  const first = hasUnboundCredential(profile) ? profile.origin : undefined;
  const notStored = origins.of(profile.id) ?? first;
  return { stored, notStored };
}

/** All credentials that would move, by where from and where to. */
export function movesOf(credentials: readonly Bound[], { stored, notStored }: Bindings): readonly OriginMove[] {
  const moves: OriginMove[] = [];
  for (const { purpose, to } of credentials) {
    const binding = purpose === "notStored" ? undefined : stored.get(purpose);
    const from = purpose === "notStored" ? notStored : binding?.state === "found" ? binding.origin : undefined;
    if (from === undefined || from === to) continue;
    const i = moves.findIndex((move) => move.from === from && move.to === to);
    const before = moves[i]?.purposes ?? [];
    moves.splice(i < 0 ? moves.length : i, 1, { purposes: [...before, purpose], from, to });
  }
  return moves;
}

/** The first credentials that were given for another origin than the one they would go to now. */
export async function movedSecret(profile: Profile, records: OriginRecords): Promise<OriginMove | undefined> {
  const stored = secretNeedsOf(profile).map(({ purpose, origin }): Bound => ({ purpose, to: origin }));
  const others: readonly Bound[] = hasUnboundCredential(profile) ? [{ purpose: "notStored", to: profile.origin }] : [];
  return movesOf([...others, ...stored], await bindingsOf(profile, records))[0];
}

/** Binds the credentials of a move to where they go now, which the user has confirmed. */
export async function bindMoved(
  profile: Profile,
  { purposes, from, to }: OriginMove,
  { secrets, origins }: OriginRecords,
): Promise<void> {
  const isOwn = purposes.includes("notStored") && profile.origin === to;
  if (isOwn && origins.of(profile.id) === from) await origins.remember(profile.id, to);
  for (const { purpose, origin } of secretNeedsOf(profile)) {
    if (!purposes.includes(purpose) || origin !== to) continue;
    const stored = await secrets.read(profile.id, purpose);
    if (stored.state === "found" && stored.secret.origin === from) await secrets.rebind(profile.id, purpose, to);
  }
}
