import type { KeyValueStore } from "../platform/ports.ts";
import type { Profile } from "./profile.ts";
import type { Profiles } from "./profileStore.ts";

const activeKey = "promqlWorkbench.activeConnection.v1";

/** Which connection is chosen in this workspace. A chosen one that is gone or disabled is not replaced by another. */
export type ActiveConnection =
  | { readonly kind: "ready"; readonly profile: Profile }
  | { readonly kind: "unusable"; readonly id: string }
  | { readonly kind: "none" };

/** Remembers which connection is chosen in this workspace; `undefined`: none. */
export async function rememberActive(id: string | undefined, workspaceMemory: KeyValueStore): Promise<void> {
  await workspaceMemory.set(activeKey, id);
}

/** Takes back the choice of a connection that is removed. */
export async function forgetActive(id: string, workspaceMemory: KeyValueStore): Promise<void> {
  if (workspaceMemory.get(activeKey) === id) await workspaceMemory.set(activeKey, undefined);
}

/** The stored choice; without one, the only connection there is. */
export function activeAmong({ profiles, disabled }: Profiles, workspaceMemory: KeyValueStore): ActiveConnection {
  const chosen = workspaceMemory.get(activeKey);
  if (typeof chosen === "string") {
    const profile = profiles.find(({ id }) => id === chosen);
    return profile === undefined ? { kind: "unusable", id: chosen } : { kind: "ready", profile };
  }
  const [only, ...others] = profiles;
  const isAlone = others.length === 0 && disabled.length === 0;
  return only !== undefined && isAlone ? { kind: "ready", profile: only } : { kind: "none" };
}
