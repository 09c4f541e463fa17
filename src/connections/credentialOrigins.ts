import type { KeyValueStore, Logger } from "../platform/ports.ts";
import { AppError } from "../shared/errors.ts";
import type { SecretDrafts } from "./credentials.ts";
import { OriginRecord } from "./originRecord.ts";
import type { Profile } from "./profile.ts";
import { hasUnboundCredential } from "./secretNeeds.ts";
import { isConfirmed } from "./secrets.ts";

/**
 * Where the credentials of connections went that are not stored here, so that no stored secret binds them. The first origin is
 * remembered, and another one has to be confirmed.
 */
export class CredentialOrigins {
  readonly #record: OriginRecord;
  readonly #log: Logger;

  constructor(memory: KeyValueStore, log: Logger) {
    this.#record = new OriginRecord(memory, "promqlWorkbench.credentialOrigins.v1");
    this.#log = log;
  }

  /** The origin that the credential of a connection is bound to; `undefined`: it has not been used. */
  of(id: string): string | undefined {
    return this.#record.of(id);
  }

  /** Binds the credential of a connection to an origin; `undefined`: to none. */
  remember(id: string, origin: string | undefined): Promise<void> {
    return this.#record.set(id, origin);
  }

  /** Throws `originChanged` before a credential goes where it was not given for. The use of a saved connection is remembered. */
  require(profile: Profile, { confirmed }: SecretDrafts, { isSaved }: { readonly isSaved: boolean }): void {
    if (!hasUnboundCredential(profile)) return;
    const { id, origin } = profile;
    const boundTo = this.of(id);
    if (boundTo === origin) return;
    if (boundTo !== undefined) {
      if (isConfirmed(confirmed, "notStored", { from: boundTo, to: origin })) return;
      throw new AppError({ kind: "originChanged", connectionId: id, boundTo, origin });
    }
    if (!isSaved) return;
    this.remember(id, origin).catch((error: unknown) =>
      this.#log.error("connections", "An origin was not remembered", error),
    );
  }
}
