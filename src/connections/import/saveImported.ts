import { isWritten } from "../profileSaving.ts";
import type { SecretPurpose } from "../secrets.ts";
import type { PlannedConnection } from "./importPlan.ts";

/** Where an import writes to. */
export interface ImportStores {
  readonly secrets: {
    save(
      connectionId: string,
      purpose: SecretPurpose,
      secret: { readonly origin: string; readonly value: string },
      options: { readonly replaceUnreadable: boolean },
    ): Promise<void>;
    /** A function that puts the records back as they are now. */
    restorer(connectionId: string, purposes: readonly SecretPurpose[]): Promise<() => Promise<void>>;
    /** Removes all others of this connection. */
    forget(connectionId: string, keep: readonly SecretPurpose[]): Promise<void>;
  };
  readonly profiles: {
    rawOf(id: string): Readonly<Record<string, unknown>> | undefined;
    upsert(id: string, changes: Readonly<Record<string, unknown>>): Promise<void>;
  };
}

/** What a person has marked a connection with; a file that is read again knows nothing of it. */
const marks: readonly string[] = ["color", "protected", "maxSeries"];

/**
 * Saves secrets first, then the profile, so that none is ever without them. If the profile cannot be written, the secrets are
 * again what they were, and this throws.
 */
export async function saveImported(
  { id, element, secrets, needs }: PlannedConnection,
  { isReplacing }: { readonly isReplacing: boolean },
  stores: ImportStores,
): Promise<void> {
  const restore = await stores.secrets.restorer(
    id,
    secrets.map(({ purpose }) => purpose),
  );
  try {
    for (const { purpose, origin, value } of secrets) {
      await stores.secrets.save(id, purpose, { origin, value }, { replaceUnreadable: isReplacing });
    }
    const old = Object.keys(stores.profiles.rawOf(id) ?? {}).filter((key) => !marks.includes(key));
    await stores.profiles.upsert(id, { ...Object.fromEntries(old.map((key) => [key, undefined])), ...element });
  } catch (error) {
    if (!isWritten(error)) await restore().catch(() => undefined);
    throw error;
  }
  if (!isReplacing) return;
  // What it may need stays, bound to its origin: the file need not hold it. What is left of the old one serves nobody, and the
  // import is done: that it cannot be removed does not undo that.
  const needed = needs.map(({ purpose }) => purpose);
  await stores.secrets.forget(id, needed).catch(() => undefined);
}
