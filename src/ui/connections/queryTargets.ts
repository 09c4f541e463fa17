import type { ConnectionService } from "../../connections/connectionService.ts";
import { acceptsAnyCertificate } from "../../connections/networkPath.ts";
import type { Profile } from "../../connections/profile.ts";
import type { SuggestedConnections } from "../../connections/suggestions.ts";
import { resolveTarget } from "../../connections/targetResolution.ts";
import type { Destination, QueryConnection, QueryConnections } from "../../query/destination.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { AppError } from "../../shared/errors.ts";
import { Emitter } from "../../shared/event.ts";
import { confirmSending } from "./sendingConsents.ts";

/** Connections as the features that run queries see them. */
export class QueryTargets extends DisposableStore implements QueryConnections {
  readonly #service: ConnectionService;
  readonly #suggestions: SuggestedConnections;
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChange = this.#changed.event;

  constructor(service: ConnectionService, suggestions: SuggestedConnections) {
    super();
    this.#service = service;
    this.#suggestions = suggestions;
    this.register(service.onDidChange(() => this.#changed.fire()));
    this.register(suggestions.onDidChange(() => this.#changed.fire()));
  }

  destinationOf(name: string | undefined): Destination {
    const service = this.#service;
    const choices = { profiles: service.list(), disabled: service.disabled(), active: service.active };
    const target = resolveTarget(name, choices);
    return target.kind === "ready" ? { kind: "ready", connection: this.#connection(target.profile) } : target;
  }

  list(): readonly QueryConnection[] {
    return this.#service.list().map((profile) => this.#connection(profile));
  }

  suggestionFor(name: string) {
    return this.#suggestions.find(name);
  }

  confirmSending(connectionId: string): Promise<boolean> {
    return confirmSending(this.#service, connectionId);
  }

  #connection(profile: Profile): QueryConnection {
    const { id, name, baseUrl, origin, color, minStepMs, maxSeries, isProtected } = profile;
    return {
      target: { connectionId: id, name, origin, color, isUnverified: acceptsAnyCertificate(profile) },
      revision: this.#service.revisionOf(id),
      minStepMs: minStepMs ?? 0,
      maxSeries,
      isProtected,
      // What was shown and agreed to is one address: a connection that points elsewhere by now is another one.
      source: async () => {
        const now = this.#service.find(id);
        if (now !== undefined && now.baseUrl !== baseUrl) {
          throw new AppError({ kind: "misconfigured", what: "connectionMoved", detail: now.baseUrl });
        }
        return this.#service.sourceFor(id);
      },
      offers: () => this.#service.capabilities.of(profile)?.offers ?? new Map(),
      dialect: () => (this.#service.programOf(profile).name === "VictoriaMetrics" ? "metricsql" : "promql"),
      queries: () => this.#service.queriesOf(profile),
    };
  }
}
