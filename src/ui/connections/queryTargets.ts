import type { ConnectionService } from "../../connections/connectionService.ts";
import type { Profile } from "../../connections/profile.ts";
import { resolveTarget, type Target } from "../../connections/targetResolution.ts";
import type { RunTarget } from "../../query/run.ts";
import type { Event } from "../../shared/event.ts";
import type { MetricsSource } from "../../shared/model/source.ts";
import { confirmSending } from "./sendingConsents.ts";

/** A connection as running a query needs it. */
export interface TargetConnection {
  readonly target: RunTarget;
  /** 0: nothing is known. */
  readonly minStepMs: number;
  readonly isProtected: boolean;
  source(): Promise<MetricsSource>;
}

/** Where a block goes, with the way there. */
export type TargetDestination =
  | Exclude<Target, { kind: "ready" }>
  | { readonly kind: "ready"; readonly connection: TargetConnection };

/** Connections as the features that run queries see them. */
export class QueryTargets {
  readonly #service: ConnectionService;
  readonly onDidChange: Event<void>;

  constructor(service: ConnectionService) {
    this.#service = service;
    this.onDidChange = service.onDidChange;
  }

  /** `name`: id or name from a directive; `undefined`: the active connection. */
  destinationOf(name: string | undefined): TargetDestination {
    const service = this.#service;
    const choices = { profiles: service.list(), disabled: service.disabled(), active: service.active };
    const target = resolveTarget(name, choices);
    return target.kind === "ready" ? { kind: "ready", connection: this.#connection(target.profile) } : target;
  }

  list(): readonly TargetConnection[] {
    return this.#service.list().map((profile) => this.#connection(profile));
  }

  /** Asks for what a secret needs before it may travel; false: the user declined. */
  confirmSending(connectionId: string): Promise<boolean> {
    return confirmSending(this.#service, connectionId);
  }

  #connection({ id, name, origin, color, minStepMs, isProtected }: Profile): TargetConnection {
    return {
      target: { connectionId: id, name, origin, color },
      minStepMs: minStepMs ?? 0,
      isProtected,
      source: () => this.#service.sourceFor(id),
    };
  }
}
