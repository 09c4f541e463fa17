import type { KeyValueStore } from "../platform/ports.ts";
import { AppError } from "../shared/errors.ts";
import { OriginRecord } from "./originRecord.ts";
import type { Profile } from "./profile.ts";
import { sendsSecretInTheOpen } from "./secretNeeds.ts";

/** For which connections, and for which origin of each, the user has agreed that secrets travel by plain http. */
export class PlainHttpConsents {
  readonly #given: OriginRecord;

  constructor(memory: KeyValueStore) {
    this.#given = new OriginRecord(memory, "promqlWorkbench.plainHttpConsents.v1");
  }

  /** True if sending a secret to this profile's server waits for the user's consent. */
  isWanting(profile: Profile): boolean {
    return sendsSecretInTheOpen(profile) && this.#given.of(profile.id) !== profile.origin;
  }

  /** Throws `misconfigured` while the consent is wanting. */
  require(profile: Profile): void {
    if (!this.isWanting(profile)) return;
    throw new AppError({ kind: "misconfigured", what: "plainHttpConsent", detail: profile.origin });
  }

  /** Remembers the consent for this connection and exactly this origin. */
  give({ id, origin }: Pick<Profile, "id" | "origin">): Promise<void> {
    return this.#given.set(id, origin);
  }

  forget(id: string): Promise<void> {
    return this.#given.set(id, undefined);
  }
}
