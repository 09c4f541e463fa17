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

/** What use has shown to be missing or refused at an address. */
interface Missed {
  readonly baseUrl: string;
  readonly offers: ReadonlyMap<OptionalEndpoint, EndpointOffer>;
}

/**
 * Which parts of Prometheus' API the servers have, as far as they were asked for. Asks nobody. Survives restarts, but for what
 * was found missing by use alone: a gateway whose server starts says 404 for a minute, too.
 */
export class KnownCapabilities extends DisposableStore {
  readonly #clock: Pick<Clock, "now">;
  readonly #notes: ConnectionNotes<StoredCapabilities>;
  /** By connection. */
  readonly #missed = new Map<string, Missed>();
  readonly #changed = this.register(new Emitter<void>());

  readonly onDidChange = this.#changed.event;

  constructor({ memory, clock, log }: KnownCapabilitiesDeps) {
    super();
    this.#clock = clock;
    this.#notes = new ConnectionNotes({ memory, log, key: "promqlWorkbench.capabilities.v1", read: readStored });
  }

  /** `undefined`: nothing was learnt of the server that the connection leads to now. */
  of(server: NotedServer): Capabilities | undefined {
    const stored = this.#stored(server);
    const missed = this.#missedAt(server);
    if (missed.size === 0) return stored;
    const { offers, ...others } = stored ?? nothing;
    return { ...others, offers: new Map([...offers, ...missed]) };
  }

  /** Remembers what a probe found; what it did not ask for is forgotten, the server may be another version. */
  noteProbe(server: NotedServer, { offers, isAgent }: ProbeFindings): Capabilities {
    const { marksPartial } = this.#stored(server) ?? nothing;
    this.#missed.delete(server.id);
    const found = { offers, isAgent, marksPartial, probedAt: this.#clock.now() };
    this.#write(server, found);
    return found;
  }

  /** Remembers how one endpoint answered when it was used; nothing is done where that was known. Only an answer is written. */
  noteUse(server: NotedServer, endpoint: OptionalEndpoint, offer: Offer, status: number | undefined): void {
    if (offer === "unknown" || this.of(server)?.offers.get(endpoint)?.offer === offer) return;
    const learnt = { offer, status, learntAt: this.#clock.now() };
    const missed = new Map(this.#missedAt(server));
    if (offer !== "offered") missed.set(endpoint, learnt);
    else missed.delete(endpoint);
    this.#missed.set(server.id, { baseUrl: server.baseUrl, offers: missed });
    const stored = this.#stored(server) ?? nothing;
    if (offer !== "offered" || stored.offers.get(endpoint)?.offer === offer) this.#changed.fire();
    else this.#write(server, { ...stored, offers: new Map([...stored.offers, [endpoint, learnt]]) });
  }

  /** Remembers whether an answer to a query said if it is partial. */
  notePartialMark(server: NotedServer, marksPartial: boolean): void {
    const known = this.#stored(server) ?? nothing;
    if (known.marksPartial !== marksPartial) this.#write(server, { ...known, marksPartial });
  }

  /** Forgets a connection that is gone, or that asks in another way now. */
  forget(id: string): void {
    const wasMissed = this.#missed.delete(id);
    if (this.#notes.forget(id) || wasMissed) this.#changed.fire();
  }

  #stored(server: NotedServer): Capabilities | undefined {
    const stored = this.#notes.of(server);
    if (stored === undefined) return undefined;
    const { offers, probedAt, isAgent, marksPartial } = stored;
    return { offers: new Map(offers), probedAt, isAgent, marksPartial };
  }

  #missedAt({ id, baseUrl }: NotedServer): Missed["offers"] {
    const missed = this.#missed.get(id);
    return missed?.baseUrl === baseUrl ? missed.offers : nothing.offers;
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
