import type { ConnectionService } from "../../connections/connectionService.ts";
import type { ExistingConnection } from "../../connections/import/importPlan.ts";
import type { ImportStores } from "../../connections/import/saveImported.ts";
import { parseProfile } from "../../connections/profile.ts";
import type { Environment, ProfileStore } from "../../connections/profileStore.ts";
import { once } from "../../shared/once.ts";

/** Commands that bring connections in and out. They take no arguments: a link or another program must not choose the file. */
export interface ImportCommands {
  "promqlWorkbench.connection.import"(): Promise<void>;
  "promqlWorkbench.connection.export"(): Promise<void>;
}

export interface ImportCommandDeps {
  readonly service: ConnectionService;
  readonly profiles: ProfileStore;
  readonly secrets: ImportStores["secrets"];
  readonly environment: Environment;
}

/** The implementations; the code behind them, with the reader of YAML, is loaded when one of them is used. */
export function importCommands({ service, profiles, secrets, environment }: ImportCommandDeps): ImportCommands {
  const feature = once(async () => {
    const { ImportFeature } = await import("./importFeature.ts");
    return new ImportFeature({
      existing: () => existing(service, profiles),
      environment,
      stores: { profiles, secrets },
      keepActive: () => {
        const before = service.active;
        // The only connection is active without having been chosen: further ones must not take that away.
        return async ([first, ...others]) => {
          if (first === undefined) return;
          if (before.kind === "ready") await service.select(before.profile.id);
          else if (before.kind === "none" && others.length === 0) await service.select(first);
        };
      },
    });
  });
  return {
    "promqlWorkbench.connection.import": async () => (await feature()).importConnections(),
    "promqlWorkbench.connection.export": async () => (await feature()).exportConnections(),
  };
}

/** Each id once. One that waits for a variable can be read, and so it may be replaced. */
function existing(service: ConnectionService, profiles: ProfileStore): readonly ExistingConnection[] {
  const byId = new Map<string, ExistingConnection>();
  for (const { id, name, baseUrl } of service.list()) byId.set(id, { id, name, baseUrl });
  for (const { id, name } of service.disabled()) {
    // Without an id there is nothing to collide with.
    if (id === undefined || byId.has(id)) continue;
    const parsed = parseProfile(profiles.rawOf(id));
    byId.set(id, { id, name: name ?? id, baseUrl: parsed.ok ? parsed.profile.baseUrl : undefined });
  }
  return [...byId.values()];
}
