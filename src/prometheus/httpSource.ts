import type { Logger } from "../platform/ports.ts";
import { AppError, type Failure, failureOf } from "../shared/errors.ts";
import type { QueryAnswer } from "../shared/model/answer.ts";
import type {
  ExemplarList,
  ExemplarQuery,
  MetadataScope,
  MetricsSource,
  NameList,
  RequestOptions,
  SourceEndpoint,
} from "../shared/model/source.ts";
import {
  alertsShape,
  buildInfoShape,
  droppedTargetsShape,
  exemplarsShape,
  featuresShape,
  flagsShape,
  metadataShape,
  namesShape,
  rulesShape,
  runtimeInfoShape,
  seriesShape,
  targetsShape,
  tsdbStatusShape,
} from "./answerShapes.ts";
import { type ApiAnswer, ApiClient } from "./apiClient.ts";
import { rejection } from "./classify.ts";
import { decodeBody } from "./decode/decodeBody.ts";
import {
  type ApiRequest,
  droppedTargetsRequest,
  exemplarsRequest,
  labelsRequest,
  labelValuesRequest,
  metadataRequest,
  plainRequest,
  queryRangeRequest,
  queryRequest,
  rulesRequest,
  searchRequest,
  seriesRequest,
  targetsRequest,
  tsdbStatusRequest,
} from "./endpoints.ts";
import { createFetchTransport } from "./fetchTransport.ts";
import { probe } from "./probe.ts";
import { type ApiData, type DataShape, readData } from "./readData.ts";
import { readRulePages } from "./rulePages.ts";
import { readSearch } from "./searchAnswer.ts";
import { SingleFlight } from "./singleFlight.ts";
import { createTransport, defaultTransportOptions, type TransportOptions } from "./transport.ts";

export interface HttpSourceOptions {
  /** `promql-workbench/VERSION`. */
  readonly userAgent: string;
  readonly log: Logger;
  readonly transport?: Partial<TransportOptions>;
}

/** The source of a server that speaks Prometheus' HTTP API. Opens no socket before the first request. */
export function createHttpSource(endpoint: SourceEndpoint, options: HttpSourceOptions): MetricsSource {
  const transportOptions = { ...defaultTransportOptions, ...options.transport };
  const { origin } = new URL(endpoint.baseUrl);
  const client = new ApiClient(endpoint, {
    userAgent: options.userAgent,
    log: options.log,
    transport:
      endpoint.transport === "vscode"
        ? createFetchTransport(origin)
        : createTransport(origin, transportOptions, endpoint),
    maxRequests: transportOptions.maxConnections,
  });
  const flights = new SingleFlight();

  /** Identical reads under way share one request, and all who wait for it hear its warnings. */
  async function shareRead<T extends { readonly warnings: readonly string[] }>(
    key: string,
    read: (options: RequestOptions) => Promise<T>,
    options: RequestOptions,
  ): Promise<T> {
    const result = await flights.run(key, read, options);
    if (result.warnings.length > 0) options.onWarnings?.(result.warnings);
    return result;
  }

  function readOnce<T>(request: ApiRequest, shape: DataShape<T>, options: RequestOptions): Promise<ApiData<T>> {
    const key = JSON.stringify([request.path, request.params, shape.keepFirst]);
    return shareRead(key, (shared) => client.read(request, shared, (answer) => readData(answer, shape)), options);
  }

  async function readOne<T>(request: ApiRequest, shape: DataShape<T>, options: RequestOptions): Promise<T> {
    return (await readOnce(request, shape, options)).data;
  }

  async function readNames(request: ApiRequest, { limit }: MetadataScope, options: RequestOptions): Promise<NameList> {
    const { data: names, warnings } = await readOnce(request, namesShape, options);
    return { names, warnings, truncated: isTruncated(names.length, limit, warnings) };
  }

  let isSearchRefused = false;

  /** By the server's own search where it has one, else by the matchers. */
  async function findNames(
    label: string | undefined,
    scope: MetadataScope,
    options: RequestOptions,
  ): Promise<NameList> {
    const { containing = "", limit = defaultSearchLimit } = scope;
    if (containing !== "" && endpoint.searchesNames === true && !isSearchRefused) {
      const request = searchRequest(containing, label, { ...scope, limit });
      const key = JSON.stringify([request.path, request.params]);
      try {
        return await shareRead(
          key,
          (shared) => client.read(request, shared, (answer) => readSearch(answer, limit)),
          options,
        );
      } catch (error) {
        if (!isRefusal(failureOf(error))) throw error;
        // It was switched off, or a gateway lets nobody through to it.
        isSearchRefused = true;
      }
    }
    return readNames(labelValuesRequest(label ?? "__name__", scope), scope, options);
  }

  async function readExemplars(params: ExemplarQuery, options: RequestOptions): Promise<ExemplarList> {
    try {
      const { data, warnings, omitted } = await readOnce(exemplarsRequest(params), exemplarsShape, options);
      const series = data.filter(({ exemplars }) => exemplars.length > 0);
      const kept = series.reduce((sum, { exemplars }) => sum + exemplars.length, 0);
      return { series, warnings, total: kept + omitted, truncated: omitted > 0 };
    } catch (error) {
      const failure = failureOf(error);
      // Prometheus' answer to a query that selects no series, such as `1+1`.
      if (failure.kind !== "notPrometheus" || failure.status !== 204) throw error;
      return { series: [], warnings: [], total: 0, truncated: false };
    }
  }

  function runQuery(request: ApiRequest, options: RequestOptions): Promise<QueryAnswer> {
    return client.read(request, options, (answer) => readQuery(answer, endpoint));
  }

  return {
    query: (params, options) => runQuery(queryRequest(params), options),
    queryRange: (params, options) => runQuery(queryRangeRequest(params), options),
    exemplars: readExemplars,
    metricNames: (scope, options) => findNames(undefined, scope, options),
    labelNames: (scope, options) => readNames(labelsRequest(scope), scope, options),
    labelValues: (label, scope, options) => findNames(label, scope, options),
    async series(scope, options) {
      const { data: series, warnings } = await readOnce(seriesRequest(scope), seriesShape, options);
      return { series, warnings, truncated: isTruncated(series.length, scope.limit, warnings) };
    },
    metadata: ({ metric }, options) => readOne(metadataRequest(metric), metadataShape, options),
    targets: (options) => readOne(targetsRequest(), targetsShape, options),
    async droppedTargets({ limit }, options) {
      const { data, omitted } = await readOnce(droppedTargetsRequest(), droppedTargetsShape(limit), options);
      // A server may be told to keep only some of them, and then counts all.
      return { targets: data.targets, total: Math.max(data.counted, data.targets.length + omitted) };
    },
    rules: (options) =>
      readRulePages((token, maxBytes) =>
        readOnce(rulesRequest(token, { inPages: endpoint.pagesRules === true }), rulesShape(maxBytes), options),
      ),
    alerts: (options) => readOne(plainRequest("alerts"), alertsShape, options),
    buildInfo: (options) => readOne(plainRequest("buildInfo"), buildInfoShape, options),
    runtimeInfo: (options) => readOne(plainRequest("runtimeInfo"), runtimeInfoShape, options),
    flags: (options) => readOne(plainRequest("flags"), flagsShape, options),
    features: (options) => readOne(plainRequest("features"), featuresShape, options),
    tsdbStatus: ({ limit }, options) => readOne(tsdbStatusRequest(limit), tsdbStatusShape, options),
    probe: (endpoint, options) => probe(client, endpoint, options),
    dispose() {
      client.dispose();
      endpoint.dispose?.();
    },
  };
}

/** Names that a search is asked for where nobody says how many. */
const defaultSearchLimit = 1000;

/** Statuses that say nothing of a search: an error amid its answer, and a server that is too busy or not there. */
const passingStatuses: ReadonlySet<number> = new Set([200, 429, 502, 503]);

/** Whether a server said, instead of an answer, that there is no search for us. */
function isRefusal(failure: Failure): boolean {
  if (failure.kind === "unauthorized") return failure.status === 403;
  return (failure.kind === "rejected" || failure.kind === "notPrometheus") && !passingStatuses.has(failure.status);
}

/**
 * Prometheus warns when it cut a list; systems without that warning just send as many as were asked for. More than that
 * means that the server does not know `limit` (Prometheus before 2.51) and sent all it has.
 */
function isTruncated(count: number, limit: number | undefined, warnings: readonly string[]): boolean {
  const isAtLimit = limit !== undefined && limit > 0 && count === limit;
  return isAtLimit || warnings.some((warning) => warning.includes("results truncated due to limit"));
}

async function readQuery(
  { body, status, serverClock, startedAt, context, signal }: ApiAnswer,
  { maxSamples, maxBytes }: SourceEndpoint,
): Promise<QueryAnswer> {
  const decoded = await decodeBody(body, { maxSamples, maxBytes, signal });
  if (decoded.status === "error") throw new AppError(rejection(status, decoded, context));
  const { data, warnings, infos, isPartial, cut, stats, sampleCount, decodedBytes } = decoded;
  return {
    data,
    // A gateway that remarks on what it was sent may quote it.
    warnings: warnings.map(context.redact),
    infos: infos.map(context.redact),
    isPartial,
    cut,
    stats,
    sampleCount,
    receivedBytes: body.receivedBytes,
    decodedBytes,
    durationMs: performance.now() - startedAt,
    serverClock,
  };
}
