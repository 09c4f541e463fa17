import type { Failure } from "../shared/errors.ts";
import type { UnixMs } from "../shared/model/answer.ts";
import type { BuildInfo, MetricsSource } from "../shared/model/source.ts";

/** How the last request to a connection went. */
export type Health =
  | { readonly state: "unknown" }
  | { readonly state: "ok"; readonly at: UnixMs }
  | { readonly state: "failed"; readonly at: UnixMs; readonly failure: Failure };

/** What a failure says of its connection: a refused query came from a healthy server, a cancelled one says nothing. */
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
      return { state: "ok", at };
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

/** Told of what goes through a source: how each query ended (`undefined`: it was answered), and what the server is. */
export interface SourceObserver {
  outcome(outcome: { readonly error: unknown } | undefined): void;
  buildInfo(build: BuildInfo): void;
}

/** The same source, with somebody who is told of what goes through it. */
export function observed(source: MetricsSource, observer: SourceObserver): MetricsSource {
  const watch = async <T>(work: Promise<T>): Promise<T> => {
    try {
      const result = await work;
      observer.outcome(undefined);
      return result;
    } catch (error) {
      observer.outcome({ error });
      throw error;
    }
  };
  return {
    query: (params, options) => watch(source.query(params, options)),
    queryRange: (params, options) => watch(source.queryRange(params, options)),
    // Servers may lack any of these; their failures say nothing of the connection.
    exemplars: (params, options) => source.exemplars(params, options),
    metricNames: (scope, options) => source.metricNames(scope, options),
    labelNames: (scope, options) => source.labelNames(scope, options),
    labelValues: (label, scope, options) => source.labelValues(label, scope, options),
    series: (scope, options) => source.series(scope, options),
    metadata: (params, options) => source.metadata(params, options),
    targets: (options) => source.targets(options),
    rules: (options) => source.rules(options),
    alerts: (options) => source.alerts(options),
    buildInfo: async (options) => {
      const build = await source.buildInfo(options);
      observer.buildInfo(build);
      return build;
    },
    droppedTargets: (params, options) => source.droppedTargets(params, options),
    runtimeInfo: (options) => source.runtimeInfo(options),
    flags: (options) => source.flags(options),
    tsdbStatus: (params, options) => source.tsdbStatus(params, options),
    dispose: () => source.dispose(),
  };
}
