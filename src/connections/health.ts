import { type Failure, failureOf } from "../shared/errors.ts";
import type { QueryAnswer, UnixMs } from "../shared/model/answer.ts";
import type { OptionalEndpoint } from "../shared/model/capabilities.ts";
import type { BuildInfo, MetricsSource } from "../shared/model/source.ts";
import { isNotOffered } from "../shared/notOffered.ts";

/** How the last request to a connection went. */
export type Health =
  | { readonly state: "unknown" }
  | { readonly state: "ok"; readonly at: UnixMs }
  | { readonly state: "failed"; readonly at: UnixMs; readonly failure: Failure };

/**
 * What a query's failure says of its connection: a refused query came from a healthy server, unless that answers none at all;
 * a cancelled one says nothing.
 */
export function healthAfter(failure: Failure, at: UnixMs): Health | undefined {
  switch (failure.kind) {
    case "cancelled":
    case "bug":
    case "tooLarge":
    case "malformed":
    case "notWritten":
    case "exportTooLarge":
      return undefined;
    case "rejected":
      return isNotOffered(failure) ? { state: "failed", at, failure } : { state: "ok", at };
    case "timedOut":
      return failure.by === "server" ? { state: "ok", at } : { state: "failed", at, failure };
    case "unreachable":
    case "unauthorized":
    case "redirected":
    case "notPrometheus":
    case "misconfigured":
    case "credential":
    case "pemFile":
    case "secretMissing":
    case "originChanged":
      return { state: "failed", at, failure };
  }
}

/** Told of what goes through a source. */
export interface SourceObserver {
  /** How a query ended. */
  outcome(outcome: { readonly answer: QueryAnswer } | { readonly error: unknown }): void;
  /** How the use of an endpoint that a server may lack ended; `undefined`: it was answered. */
  used(endpoint: OptionalEndpoint, failure: Failure | undefined): void;
  /** What the server is. */
  buildInfo(build: BuildInfo): void;
}

/** The same source, with somebody who is told of what goes through it. */
export function observed(source: MetricsSource, observer: SourceObserver): MetricsSource {
  const watch = async (work: Promise<QueryAnswer>): Promise<QueryAnswer> => {
    try {
      const answer = await work;
      observer.outcome({ answer });
      return answer;
    } catch (error) {
      observer.outcome({ error });
      throw error;
    }
  };
  // Servers may lack any of these; their failures say nothing of the connection.
  const use = async <T>(endpoint: OptionalEndpoint, work: Promise<T>): Promise<T> => {
    try {
      const result = await work;
      observer.used(endpoint, undefined);
      return result;
    } catch (error) {
      observer.used(endpoint, failureOf(error));
      throw error;
    }
  };
  return {
    query: (params, options) => watch(source.query(params, options)),
    queryRange: (params, options) => watch(source.queryRange(params, options)),
    exemplars: (params, options) => use("exemplars", source.exemplars(params, options)),
    metricNames: (scope, options) => source.metricNames(scope, options),
    labelNames: (scope, options) => source.labelNames(scope, options),
    labelValues: (label, scope, options) => source.labelValues(label, scope, options),
    series: (scope, options) => source.series(scope, options),
    metadata: (params, options) => use("metadata", source.metadata(params, options)),
    targets: (options) => use("targets", source.targets(options)),
    rules: (options) => use("rules", source.rules(options)),
    alerts: (options) => use("alerts", source.alerts(options)),
    buildInfo: async (options) => {
      const build = await source.buildInfo(options);
      observer.buildInfo(build);
      return build;
    },
    droppedTargets: (params, options) => use("targets", source.droppedTargets(params, options)),
    runtimeInfo: (options) => use("runtimeInfo", source.runtimeInfo(options)),
    flags: (options) => use("flags", source.flags(options)),
    features: (options) => use("features", source.features(options)),
    tsdbStatus: (params, options) => use("tsdbStatus", source.tsdbStatus(params, options)),
    probe: (endpoint, options) => source.probe(endpoint, options),
    dispose: () => source.dispose(),
  };
}
