import type { Clock, KeyValueStore, Logger } from "../platform/ports.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { Emitter } from "../shared/event.ts";
import type { UnixMs } from "../shared/model/answer.ts";
import {
  type EndpointOffer,
  type Offer,
  type OptionalEndpoint,
  optionalEndpoints,
} from "../shared/model/capabilities.ts";
import type { ProbeFindings } from "./capabilityProbe.ts";
import { ConnectionNotes, type NotedServer } from "./connectionNotes.ts";
import { isRecord } from "./strictObject.ts";

/** What is known of a connection's server. */
export interface Capabilities {
  readonly offers: ReadonlyMap<OptionalEndpoint, EndpointOffer>;
  /** When all of them were asked for; `undefined`: only what was used is known. */
  readonly probedAt: UnixMs | undefined;
  readonly isAgent: boolean;
  /** Whether its answers say if they are partial, which VictoriaMetrics' cluster does; `undefined`: no query was answered yet. */
  readonly marksPartial: boolean | undefined;
}

const nothing: Capabilities = { offers: new Map(), probedAt: undefined, isAgent: false, marksPartial: undefined };

/** JSON: the offers as pairs. */
interface StoredCapabilities {
  readonly offers: readonly (readonly [OptionalEndpoint, EndpointOffer])[];
  readonly probedAt?: UnixMs | undefined;
  readonly isAgent: boolean;
  readonly marksPartial?: boolean | undefined;
}

export interface KnownCapabilitiesDeps {
  readonly memory: KeyValueStore;
  readonly clock: Pick<Clock, "now">;
  readonly log: Logger;
}

/** Which parts of Prometheus' API the servers have, as far as they were asked for. Asks nobody; survives restarts. */
export class KnownCapabilities extends DisposableStore {
  readonly #clock: Pick<Clock, "now">;
  readonly #notes: ConnectionNotes<StoredCapabilities>;
  readonly #changed = this.register(new Emitter<void>());

  readonly onDidChange = this.#changed.event;

  constructor({ memory, clock, log }: KnownCapabilitiesDeps) {
    super();
    this.#clock = clock;
    this.#notes = new ConnectionNotes({ memory, log, key: "promqlWorkbench.capabilities.v1", read: readStored });
  }

  /** `undefined`: nothing was learnt of the server that the connection leads to now. */
  of(server: NotedServer): Capabilities | undefined {
    const stored = this.#notes.of(server);
    if (stored === undefined) return undefined;
    const { offers, probedAt, isAgent, marksPartial } = stored;
    return { offers: new Map(offers), probedAt, isAgent, marksPartial };
  }

  /** Remembers what a probe found; what it did not ask for is forgotten, the server may be another version. */
  noteProbe(server: NotedServer, { offers, isAgent }: ProbeFindings): Capabilities {
    const { marksPartial } = this.of(server) ?? nothing;
    const found = { offers, isAgent, marksPartial, probedAt: this.#clock.now() };
    this.#write(server, found);
    return found;
  }

  /** Remembers how one endpoint answered when it was used. Nothing is written where that was known. */
  noteUse(server: NotedServer, endpoint: OptionalEndpoint, offer: Offer, status: number | undefined): void {
    const known = this.of(server) ?? nothing;
    if (offer === "unknown" || known.offers.get(endpoint)?.offer === offer) return;
    const learnt = { offer, status, learntAt: this.#clock.now() };
    this.#write(server, { ...known, offers: new Map([...known.offers, [endpoint, learnt]]) });
  }

  /** Remembers whether an answer to a query said if it is partial. */
  notePartialMark(server: NotedServer, marksPartial: boolean): void {
    const known = this.of(server) ?? nothing;
    if (known.marksPartial !== marksPartial) this.#write(server, { ...known, marksPartial });
  }

  /** Forgets a connection that is gone, or that asks in another way now. */
  forget(id: string): void {
    if (this.#notes.forget(id)) this.#changed.fire();
  }

  #write(server: NotedServer, { offers, ...others }: Capabilities): void {
    this.#notes.set(server, { ...others, offers: [...offers] });
    this.#changed.fire();
  }
}

function readStored({
  offers,
  probedAt,
  isAgent,
  marksPartial,
}: Readonly<Record<string, unknown>>): StoredCapabilities | undefined {
  if (!Array.isArray(offers) || typeof isAgent !== "boolean") return undefined;
  return {
    offers: offers
      .filter(isOfferPair)
      .map(([endpoint, { offer, status, learntAt }]) => [endpoint, { offer, status, learntAt }] as const),
    isAgent,
    ...(typeof probedAt === "number" ? { probedAt } : {}),
    ...(typeof marksPartial === "boolean" ? { marksPartial } : {}),
  };
}

const words: ReadonlySet<unknown> = new Set<Offer>(["offered", "notOffered", "refused", "unknown"]);
const endpoints: ReadonlySet<unknown> = new Set<OptionalEndpoint>(optionalEndpoints);

function isOfferPair(pair: unknown): pair is readonly [OptionalEndpoint, EndpointOffer] {
  if (!Array.isArray(pair)) return false;
  const [endpoint, stored] = pair as readonly unknown[];
  if (!endpoints.has(endpoint) || !isRecord(stored)) return false;
  const { offer, status, learntAt } = stored;
  return words.has(offer) && (status === undefined || typeof status === "number") && typeof learntAt === "number";
}
