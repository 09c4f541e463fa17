import type { ActiveConnection } from "./activeConnection.ts";
import type { Profile } from "./profile.ts";
import { describeProfileProblem } from "./profileMessage.ts";
import type { DisabledProfile } from "./profileStore.ts";

/** Where a block goes. What is named and not usable leads nowhere, never to another server. */
export type Target =
  | { readonly kind: "ready"; readonly profile: Profile }
  | { readonly kind: "unknown"; readonly name: string }
  | { readonly kind: "disabled"; readonly name: string; readonly reasons: readonly string[] }
  | { readonly kind: "none" };

/** What there is to choose from. */
export interface Choices {
  readonly profiles: readonly Profile[];
  readonly disabled: readonly DisabledProfile[];
  readonly active: ActiveConnection;
}

/** `name` is the id or name from a directive, the id first; without one the workspace's active connection counts. */
export function resolveTarget(name: string | undefined, choices: Choices): Target {
  if (name === undefined) {
    const { active } = choices;
    if (active.kind === "ready") return active;
    return active.kind === "none" ? active : named(active.id, choices);
  }
  return named(name, choices);
}

function named(name: string, { profiles, disabled }: Choices): Target {
  const byId = profiles.find(({ id }) => id === name);
  if (byId !== undefined) return { kind: "ready", profile: byId };
  const disabledById = disabled.find(({ id }) => id === name);
  if (disabledById !== undefined) return refusal(disabledById, name);
  // Names need not be unique: one that could mean two servers means none.
  const byName = profiles.filter((profile) => profile.name === name);
  const disabledByName = disabled.filter((profile) => profile.name === name);
  const [only] = byName;
  if (only !== undefined && byName.length + disabledByName.length === 1) return { kind: "ready", profile: only };
  const [first] = disabledByName;
  if (byName.length > 1 || (only !== undefined && first !== undefined)) {
    const ids = [...byName, ...disabledByName].map(({ id }) => id ?? "?").join(", ");
    return { kind: "disabled", name, reasons: [`Several connections have this name. Use an id instead: ${ids}.`] };
  }
  return first === undefined ? { kind: "unknown", name } : refusal(first, name);
}

function refusal(disabled: DisabledProfile, name: string): Target {
  return { kind: "disabled", name: disabled.name ?? name, reasons: disabled.problems.map(describeProfileProblem) };
}
