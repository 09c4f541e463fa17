import { untilCancelled } from "../shared/abort.ts";
import { AppError } from "../shared/errors.ts";
import type { MetricMetadata, MetricsSource } from "../shared/model/source.ts";
import { familyOf } from "./metricCatalog.ts";

/** What was read is taken for true this long, in ms. Help texts change with releases. */
const keptMs = 5 * 60_000;

/** A server that failed is not asked again for this long, in ms: a pointer that moves over a text asks for many metrics. */
const restMs = 15_000;

/** As many metrics as are remembered. */
const mostKept = 1000;

/** A server in one state of its connection's settings, with the way to it. */
export interface FactsServer {
  readonly connectionId: string;
  readonly revision: number;
  source(): Promise<MetricsSource>;
}

interface Entry {
  readonly until: number;
  readonly facts: MetricMetadata | undefined;
}

interface Flight {
  readonly result: Promise<MetricMetadata | undefined>;
  readonly controller: AbortController;
  waiting: number;
}

/** What servers say of single metrics, each asked for once while it is fresh, and by all who want it at a time together. */
export class MetricFacts {
  readonly #now: () => number;
  readonly #catalogOf: (server: FactsServer) => Metadata | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #flights = new Map<string, Flight>();
  /** By connection: how its last request failed, and until when that counts. */
  readonly #failures = new Map<
    string,
    { readonly revision: number; readonly until: number; readonly error: unknown }
  >();

  /** `catalogOf`: what was read of a server's metrics for other reasons; who is in it is not asked for. */
  constructor(deps: {
    readonly now: () => number;
    readonly catalogOf?: (server: FactsServer) => Metadata | undefined;
  }) {
    this.#now = deps.now;
    this.#catalogOf = deps.catalogOf ?? (() => undefined);
  }

  /** What is remembered of a metric; `undefined`: nothing, `{ facts: undefined }`: that the server knows nothing of it. */
  known(server: FactsServer, metric: string): { readonly facts: MetricMetadata | undefined } | undefined {
    const entry = this.#entries.get(keyOf(server, metric));
    return entry !== undefined && entry.until > this.#now() ? { facts: entry.facts } : undefined;
  }

  /**
   * Type, help and unit of a metric, or of the family that its suffix belongs to; `undefined` where the server knows none. Sends
   * no query. Throws what the request throws, for a while without asking again; a request that nobody waits for is cancelled.
   */
  async read(
    server: FactsServer,
    metric: string,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<MetricMetadata | undefined> {
    const known = this.known(server, metric);
    if (known !== undefined) return known.facts;
    const failure = this.#failures.get(server.connectionId);
    if (failure?.revision === server.revision && failure.until > this.#now()) throw failure.error;
    const key = keyOf(server, metric);
    const flight = this.#flights.get(key) ?? this.#start(key, server, metric);
    flight.waiting++;
    try {
      return await untilCancelled(flight.result, signal);
    } finally {
      flight.waiting--;
      if (flight.waiting === 0 && this.#flights.get(key) === flight) {
        this.#flights.delete(key);
        flight.controller.abort(new AppError({ kind: "cancelled" }));
      }
    }
  }

  #start(key: string, server: FactsServer, metric: string): Flight {
    const controller = new AbortController();
    const flight: Flight = {
      result: ask(server, metric, this.#catalogOf(server), controller.signal),
      controller,
      waiting: 0,
    };
    this.#flights.set(key, flight);
    flight.result.then(
      (facts) => this.#keep(key, flight, facts),
      (error: unknown) => {
        this.#end(key, flight);
        if (controller.signal.aborted) return;
        const { connectionId, revision } = server;
        this.#failures.set(connectionId, { revision, until: this.#now() + restMs, error });
      },
    );
    return flight;
  }

  #keep(key: string, flight: Flight, facts: MetricMetadata | undefined): void {
    this.#end(key, flight);
    this.#entries.delete(key);
    this.#entries.set(key, { until: this.#now() + keptMs, facts });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > mostKept && oldest !== undefined) this.#entries.delete(oldest);
  }

  #end(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}

function keyOf({ connectionId, revision }: FactsServer, metric: string): string {
  return JSON.stringify([connectionId, revision, metric]);
}

type Metadata = ReadonlyMap<string, readonly MetricMetadata[]>;

/** Servers keep what they know of a histogram by its family's name: where its part has nothing, that is asked for. */
async function ask(
  server: FactsServer,
  metric: string,
  catalog: Metadata | undefined,
  signal: AbortSignal,
): Promise<MetricMetadata | undefined> {
  const known = catalog && describedIn(catalog, metric);
  if (known !== undefined) return known;
  const source = await server.source();
  const own = describedIn(await source.metadata({ metric }, { signal }), metric);
  const family = familyOf(metric);
  if (own !== undefined || family === undefined) return own;
  return describedIn(await source.metadata({ metric: family }, { signal }), metric);
}

function describedIn(metadata: Metadata, metric: string): MetricMetadata | undefined {
  const family = metadata.get(familyOf(metric) ?? "") ?? [];
  // Metrics of these types have no parts: what is called alike is another metric.
  const ofParts = family.filter(({ type }) => !/^(?:gauge|info|stateset)$/.test(type));
  return together(metadata.get(metric) ?? []) ?? together(ofParts);
}

/** One description of several: targets may disagree on what a metric is, and then it is surely none of these. */
function together(all: readonly MetricMetadata[]): MetricMetadata | undefined {
  const [first] = all;
  const types = new Set(all.map(({ type }) => type).filter((type) => type !== ""));
  return first && { ...first, type: [...types].join(" or ") };
}
