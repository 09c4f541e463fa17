import type { MetricFacts } from "../../catalog/metricFacts.ts";
import { resolveDirectives } from "../../promql/effectiveDirectives.ts";
import type { Block, PromqlFile } from "../../promql/file.ts";
import type { QueryConnection } from "../../query/destination.ts";
import type { SaidOfMetric } from "./metricHelp.ts";

/** How long help waits for a server, in ms; what comes later is there the next time. */
const patienceMs = 2000;

/** No server has metrics with longer names, and a request's address has bounds. Characters. */
const longestName = 500;

/** Asks the server that a block's queries go to what it knows of a metric: metadata alone, never a query, and never a person. */
export class MetricQuestions {
  readonly #facts: MetricFacts;
  readonly #connectionFor: (name: string | undefined) => QueryConnection | undefined;

  /** `connectionFor`: whose names may be asked for in a block with this `@connection`, and nobody else's. */
  constructor(deps: {
    readonly facts: MetricFacts;
    readonly connectionFor: (name: string | undefined) => QueryConnection | undefined;
  }) {
    this.#facts = deps.facts;
    this.#connectionFor = deps.connectionFor;
  }

  /** What is known of a metric after a short while at most; one that is cancelled counts as failed. */
  async ask(file: PromqlFile, block: Block, metric: string, signal: AbortSignal): Promise<SaidOfMetric> {
    const connection = this.#connectionFor(resolveDirectives(file, block).connection);
    const isAsked = connection !== undefined && metric.length <= longestName && tells(connection);
    if (!isAsked) return { state: "notAsked" };
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
