import type { KeyValueStore } from "../platform/ports.ts";
import { AppError } from "../shared/errors.ts";
import { OriginRecord } from "./originRecord.ts";
import type { Profile } from "./profile.ts";
import { isReadableOnTheWay } from "./serverUrl.ts";

/** The proxy that a profile names and whose password, if it has one, others on the way can read; `undefined`: there is none such. */
export function openProxyOf({ proxy }: Pick<Profile, "proxy">): string | undefined {
  if (proxy === undefined || proxy === "system" || proxy === "none") return undefined;
  const { origin } = new URL(proxy);
  return isReadableOnTheWay(origin) ? origin : undefined;
}

/** For which connections, and for which proxy of each, the user has agreed that the proxy's password travels by plain http. */
export class ProxyConsents {
  readonly #given: OriginRecord;

  constructor(memory: KeyValueStore) {
    this.#given = new OriginRecord(memory, "promqlWorkbench.plainHttpProxyConsents.v1");
  }

  /** True if a password for this profile's proxy would wait for the user's consent. Whether there is one is not asked here. */
  isWanting(profile: Profile): boolean {
    return openProxyOf(profile) !== undefined && !this.isGiven(profile);
  }

  /** True if a password goes to this profile's proxy by plain http, as the user has agreed; such a connection keeps a badge. */
  isGiven(profile: Profile): boolean {
    const proxy = openProxyOf(profile);
    return proxy !== undefined && this.#given.of(profile.id) === proxy;
  }

  /** Throws `misconfigured` while the consent is wanting. */
  require(profile: Profile): void {
    if (!this.isWanting(profile)) return;
    const detail = openProxyOf(profile) ?? "";
    throw new AppError({ kind: "misconfigured", what: "plainHttpProxyConsent", detail });
  }

  /** Remembers the consent for this connection and exactly this proxy. */
  give(profile: Profile): Promise<void> {
    return this.#given.set(profile.id, openProxyOf(profile));
  }

  forget(id: string): Promise<void> {
    return this.#given.set(id, undefined);
  }
}
