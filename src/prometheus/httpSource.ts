import type { Logger } from "../platform/ports.ts";
import { AppError } from "../shared/errors.ts";
import type { QueryAnswer } from "../shared/model/answer.ts";
import type { MetadataScope, MetricsSource, NameList, RequestOptions, SourceEndpoint } from "../shared/model/source.ts";
import { type ApiAnswer, ApiClient } from "./apiClient.ts";
import { rejection } from "./classify.ts";
import { decodeBody } from "./decode/decodeBody.ts";
import {
  type ApiRequest,
  labelsRequest,
  labelValuesRequest,
  metadataRequest,
  plainRequest,
  queryRangeRequest,
  queryRequest,
  seriesRequest,
  targetsRequest,
} from "./endpoints.ts";
import { type ApiData, readData } from "./readData.ts";
import { toAlert, toRuleGroup, toTarget } from "./records.ts";
import {
  alertsSchema,
  buildInfoSchema,
  metadataSchema,
  namesSchema,
  rulesSchema,
  seriesSchema,
  targetsSchema,
} from "./schemas.ts";
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
  const client = new ApiClient(endpoint, {
    userAgent: options.userAgent,
    log: options.log,
    transport: createTransport(new URL(endpoint.baseUrl).origin, transportOptions),
    maxRequests: transportOptions.maxConnections,
  });
  const flights = new SingleFlight();

  /** Identical reads under way share one request. */
  function readOnce<T>(
    request: ApiRequest,
    schema: Parameters<typeof readData<T>>[1],
    { signal }: RequestOptions,
  ): Promise<ApiData<T>> {
    const key = JSON.stringify([request.path, request.params]);
    return flights.run(key, (shared) => client.read(request, shared, (answer) => readData(answer, schema)), signal);
  }

  async function readNames(request: ApiRequest, { limit }: MetadataScope, options: RequestOptions): Promise<NameList> {
    const { data, warnings } = await readOnce(request, namesSchema, options);
    const names = data ?? [];
    return { names, warnings, truncated: isTruncated(names.length, limit, warnings) };
  }

  function runQuery(request: ApiRequest, { signal }: RequestOptions): Promise<QueryAnswer> {
    return client.read(request, signal, (answer) => readQuery(answer, endpoint));
  }

  return {
    query: (params, options) => runQuery(queryRequest(params), options),
    queryRange: (params, options) => runQuery(queryRangeRequest(params), options),
    metricNames: (scope, options) => readNames(labelValuesRequest("__name__", scope), scope, options),
    labelNames: (scope, options) => readNames(labelsRequest(scope), scope, options),
    labelValues: (label, scope, options) => readNames(labelValuesRequest(label, scope), scope, options),
    async series(scope, options) {
      const { data, warnings } = await readOnce(seriesRequest(scope), seriesSchema, options);
      const series = data ?? [];
      return { series, warnings, truncated: isTruncated(series.length, scope.limit, warnings) };
    },
    async metadata({ metric }, options) {
      const { data } = await readOnce(metadataRequest(metric), metadataSchema, options);
      return new Map(data);
    },
    async targets(options) {
      const { data } = await readOnce(targetsRequest(), targetsSchema, options);
      return (data.activeTargets ?? []).map(toTarget);
    },
    async rules(options) {
      const { data } = await readOnce(plainRequest("rules"), rulesSchema, options);
      return (data.groups ?? []).map(toRuleGroup);
    },
    async alerts(options) {
      const { data } = await readOnce(plainRequest("alerts"), alertsSchema, options);
      return (data.alerts ?? []).map(toAlert);
    },
    async buildInfo(options) {
      const { data } = await readOnce(plainRequest("buildInfo"), buildInfoSchema, options);
      return {
        application: data?.application ?? undefined,
        version: data?.version ?? undefined,
        revision: data?.revision ?? undefined,
      };
    },
    dispose: () => client.dispose(),
  };
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
    warnings,
    infos,
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
