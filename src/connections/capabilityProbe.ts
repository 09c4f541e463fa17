import type { Clock } from "../platform/ports.ts";
import { AppError, type Failure, failureOf } from "../shared/errors.ts";
import type { EndpointOffer, Offer, OptionalEndpoint, ProbedEndpoint } from "../shared/model/capabilities.ts";
import type { BuildInfo, MetricsSource, RequestOptions } from "../shared/model/source.ts";
import { isOfAgent, offerAfter } from "../shared/notOffered.ts";
import { backendOf, isAtLeast } from "./backend.ts";

/** Asked of every server, what people look at first; the one that can take a server the longest comes late. */
const endpointsOfAll: readonly ProbedEndpoint[] = [
  ...(["buildInfo", "metadata", "targets", "rules", "alerts"] as const),
  ...(["flags", "runtimeInfo", "exemplars", "federate", "tsdbStatus"] as const),
];

/** Questions under way at a time: one slot of the connection is left to the person who uses it meanwhile. */
const maxAtOnce = 3;

/** How long a server may think about one question, in ms. */
const answerWithinMs = 5000;

/** A server that has failed so often while it was probed has other worries: it is asked nothing more. */
const maxTroubles = 3;

/** What a probe found out. Endpoints that were not asked at all are not in it. */
export interface ProbeFindings {
  readonly offers: ReadonlyMap<OptionalEndpoint, EndpointOffer>;
  /** True: the server said that it is a Prometheus in agent mode. */
  readonly isAgent: boolean;
}

export interface ProbeOptions extends RequestOptions {
  readonly clock: Clock;
  /** Told before the first question and after each. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Asks a server for each endpoint that it may lack, a few at a time, and once: what failed is not asked again. Throws only if
 * nothing at all was learnt (why the first question failed), or where it lies with the connection itself.
 */
export async function probeSource(source: MetricsSource, options: ProbeOptions): Promise<ProbeFindings> {
  const run = new ProbeRun(source, options);
  await run.ask(endpointsOfAll);
  await run.ask(endpointsOf(run.build));
  return run.findings();
}

/** What only some programs have. */
function endpointsOf(build: BuildInfo | undefined): readonly ProbedEndpoint[] {
  const { name, version } = build === undefined ? { name: undefined, version: undefined } : backendOf(build);
  if (name === "Thanos") return ["stores"];
  return name === "Prometheus" && version !== undefined && isAtLeast(version, 3, 9) ? ["features"] : [];
}

class ProbeRun {
  readonly #source: MetricsSource;
  readonly #options: ProbeOptions;
  readonly #offers = new Map<OptionalEndpoint, EndpointOffer>();
  readonly #stop = new AbortController();
  #firstFailure: Failure | undefined;
  #troubles = 0;
  #done = 0;
  #total = 0;
  #isAgent = false;
  #build: BuildInfo | undefined;

  constructor(source: MetricsSource, options: ProbeOptions) {
    this.#source = source;
    this.#options = options;
  }

  get build(): BuildInfo | undefined {
    return this.#build;
  }

  async ask(endpoints: readonly ProbedEndpoint[]): Promise<void> {
    const queue = [...endpoints];
    this.#total += queue.length;
    this.#tell();
    const work = async () => {
      for (let endpoint = queue.shift(); endpoint !== undefined; endpoint = queue.shift()) await this.#askOne(endpoint);
    };
    const workers = await Promise.allSettled(Array.from({ length: maxAtOnce }, work));
    for (const worker of workers) if (worker.status === "rejected") throw worker.reason;
  }

  findings(): ProbeFindings {
    const offers = this.#offers;
    const isLearnt = [...offers.values()].some(({ offer }) => offer === "offered" || offer === "notOffered");
    if (!isLearnt && this.#firstFailure !== undefined) throw new AppError(this.#firstFailure);
    return { offers, isAgent: this.#isAgent };
  }

  async #askOne(endpoint: ProbedEndpoint): Promise<void> {
    if (this.#troubles >= maxTroubles) {
      this.#note(endpoint, "unknown", undefined);
    } else {
      try {
        this.#note(endpoint, "offered", await this.#request(endpoint));
      } catch (error) {
        this.#noteFailure(endpoint, failureOf(error), error);
      }
    }
    this.#done++;
    this.#tell();
  }

  /** The HTTP status. Throws what a first sending ended with, or `timedOut` when the server has thought too long. */
  async #request(endpoint: ProbedEndpoint): Promise<number> {
    const { clock, signal: caller } = this.#options;
    const end = new AbortController();
    let failure: Failure | undefined;
    const endWith = (why: Failure) => {
      failure ??= why;
      end.abort();
    };
    const late: Failure = { kind: "timedOut", by: "client", afterMs: answerWithinMs, detail: "" };
    const timer = clock.setTimeout(() => endWith(late), answerWithinMs);
    const options: RequestOptions = {
      signal: AbortSignal.any([caller, this.#stop.signal, end.signal]),
      // It is not worth a second sending.
      onRetry: (note) => endWith(note.failure),
    };
    try {
      if (endpoint === "buildInfo") this.#build = await this.#source.buildInfo(options);
      else if (endpoint === "features") this.#noteFeatures(await this.#source.features(options));
      else return await this.#source.probe(endpoint, options);
      return 200;
    } catch (error) {
      if (failure === undefined || caller.aborted || this.#stop.signal.aborted) throw error;
      throw new AppError(failure, { cause: error });
    } finally {
      timer.dispose();
    }
  }

  #noteFeatures(features: ReadonlySet<string>): void {
    this.#note("search", features.has("api.search") ? "offered" : "notOffered", 200);
  }

  #noteFailure(endpoint: OptionalEndpoint, failure: Failure, error: unknown): void {
    if (isOurs(failure)) {
      this.#stop.abort();
      throw error;
    }
    this.#firstFailure ??= failure;
    const { offer, status } = offerAfter(failure);
    if (isTrouble(failure)) this.#troubles++;
    if (isOfAgent(failure)) this.#isAgent = true;
    this.#note(endpoint, offer, status);
  }

  #note(endpoint: OptionalEndpoint, offer: Offer, status: number | undefined): void {
    this.#offers.set(endpoint, { offer, status, learntAt: this.#options.clock.now() });
  }

  #tell(): void {
    this.#options.onProgress?.(this.#done, this.#total);
  }
}

/** Failures that lie with us or with the connection: the next question would end in the same way. */
function isOurs({ kind }: Failure): boolean {
  switch (kind) {
    case "cancelled":
    case "misconfigured":
    case "credential":
    case "secretMissing":
    case "originChanged":
    case "bug":
      return true;
    default:
      return false;
  }
}

/** True where the server, or the way to it, seems to be in trouble rather than to lack something. */
function isTrouble(failure: Failure): boolean {
  switch (failure.kind) {
    case "unreachable":
    case "timedOut":
      return true;
    case "rejected":
    case "notPrometheus":
      return failure.status === 429 || (failure.status >= 500 && failure.status !== 501);
    default:
      return false;
  }
}
