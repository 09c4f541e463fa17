import type { KeyValueStore } from "../platform/ports.ts";
import { AppError } from "../shared/errors.ts";
import type { Profile } from "./profile.ts";
import { sendsSecretInTheOpen } from "./secretNeeds.ts";
import { isRecord } from "./strictObject.ts";

const consentKey = "promqlWorkbench.plainHttpConsents.v1";

/** For which connections, and for which origin of each, the user has agreed that secrets travel by plain http. */
export class PlainHttpConsents {
  readonly #memory: KeyValueStore;

  constructor(memory: KeyValueStore) {
    this.#memory = memory;
  }

  /** True if sending a secret to this profile's server waits for the user's consent. */
  isWanting(profile: Profile): boolean {
    return sendsSecretInTheOpen(profile) && this.#all()[profile.id] !== profile.origin;
  }

  /** Throws `misconfigured` while the consent is wanting. */
  require(profile: Profile): void {
    if (!this.isWanting(profile)) return;
    throw new AppError({ kind: "misconfigured", what: "plainHttpConsent", detail: profile.origin });
  }

  /** Remembers the consent for this connection and exactly this origin. */
  async give({ id, origin }: Pick<Profile, "id" | "origin">): Promise<void> {
    await this.#memory.set(consentKey, { ...this.#all(), [id]: origin });
  }

  async forget(id: string): Promise<void> {
    const { [id]: _removed, ...consents } = this.#all();
    await this.#memory.set(consentKey, consents);
  }

  #all(): Readonly<Record<string, unknown>> {
    const value = this.#memory.get(consentKey);
    return isRecord(value) ? value : {};
  }
}
