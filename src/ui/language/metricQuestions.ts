import type { MetricFacts } from "../../catalog/metricFacts.ts";
import { resolveDirectives } from "../../promql/effectiveDirectives.ts";
import type { Block, PromqlFile } from "../../promql/file.ts";
import type { Destination, QueryConnection } from "../../query/destination.ts";
import type { SaidOfMetric } from "./metricHelp.ts";

/** How long help waits for a server, in ms; what comes later is there the next time. */
const patienceMs = 2000;

/** No server has metrics with longer names, and a request's address has bounds. Characters. */
const longestName = 500;

/** Asks the server that a block's queries go to what it knows of a metric: metadata alone, never a query, and never a person. */
export class MetricQuestions {
  readonly #facts: MetricFacts;
  readonly #destinationOf: (name: string | undefined) => Destination;

  /** `destinationOf`: where a block with this `@connection` goes, and nowhere else. */
  constructor(deps: {
    readonly facts: MetricFacts;
    readonly destinationOf: (name: string | undefined) => Destination;
  }) {
    this.#facts = deps.facts;
    this.#destinationOf = deps.destinationOf;
  }

  /** What is known of a metric after a short while at most; one that is cancelled counts as failed. */
  async ask(file: PromqlFile, block: Block, metric: string, signal: AbortSignal): Promise<SaidOfMetric> {
    const destination = this.#destinationOf(resolveDirectives(file, block).connection);
    const isAsked = destination.kind === "ready" && metric.length <= longestName && tells(destination.connection);
    if (!isAsked) return { state: "notAsked" };
    const { connection } = destination;
    const server = connection.target.name;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<SaidOfMetric>((resolve) => {
      timer = setTimeout(() => resolve({ state: "late", server }), patienceMs);
    });
    try {
      return await Promise.race([this.#read(connection, metric, signal), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #read(connection: QueryConnection, metric: string, signal: AbortSignal): Promise<SaidOfMetric> {
    const { target, revision } = connection;
    const server = target.name;
    try {
      // The way to a server that waits for a consent (plain http, another origin) is closed: it fails without a question.
      const asked = { connectionId: target.connectionId, revision, source: () => connection.source() };
      return { state: "said", server, metadata: await this.#facts.read(asked, metric, { signal }) };
    } catch {
      return { state: "failed", server };
    }
  }
}

/** False for a server of which it is known that it tells nothing of metrics. */
function tells(connection: QueryConnection): boolean {
  const { offer } = connection.offers().get("metadata") ?? {};
  return offer !== "notOffered" && offer !== "refused";
}
