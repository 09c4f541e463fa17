import { AppError } from "../../shared/errors.ts";
import type { Cut, QueryData, Series } from "../../shared/model/answer.ts";

/** Temporary. */
export type DecodedBody =
  | {
      status: "success";
      data: QueryData;
      warnings: readonly string[];
      infos: readonly string[];
      isPartial: boolean | undefined;
      stats: unknown;
      cut: Cut | undefined;
      sampleCount: number;
      decodedBytes: number;
    }
  | { status: "error"; errorType: string; error: string; warnings: readonly string[]; infos: readonly string[] };

interface Json {
  readonly status: string;
  readonly errorType: string;
  readonly error: string;
  readonly warnings?: string[];
  readonly infos?: string[];
  readonly isPartial?: boolean;
  readonly stats?: unknown;
  readonly data: {
    readonly resultType: "vector" | "matrix";
    readonly stats?: unknown;
    readonly result: { metric: Record<string, string>; value: [number, string]; values?: [number, string][] }[];
  };
}

/** Temporary. */
export async function decodeBody(
  body: AsyncIterable<Uint8Array>,
  options: { maxSamples: number; maxBytes: number; signal: AbortSignal },
): Promise<DecodedBody> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let cut: Cut | undefined;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > options.maxBytes) {
      cut = { limit: "bytes", allowed: options.maxBytes };
      break;
    }
    chunks.push(chunk);
  }
  const base = { warnings: [] as string[], infos: [] as string[] };
  const empty: QueryData = { type: "vector", series: [] };
  if (cut !== undefined)
    return {
      ...base,
      status: "success",
      data: empty,
      isPartial: undefined,
      stats: undefined,
      cut,
      sampleCount: 0,
      decodedBytes: size,
    };
  let json: Json;
  try {
    json = JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new AppError({ kind: "malformed", offset: size, expected: "JSON" });
  }
  if (json.status === "error") return { ...base, status: "error", errorType: json.errorType, error: json.error };
  const series: Series[] = json.data.result.map((one) => {
    const points = one.values ?? [one.value];
    return {
      labels: Object.entries(one.metric),
      times: Float64Array.from(points, (p) => p[0] * 1000),
      values: Float64Array.from(points, (p) => Number(p[1])),
      histograms: [],
    };
  });
  const sampleCount = series.reduce((n, one) => n + one.times.length, 0);
  return {
    status: "success",
    warnings: json.warnings ?? [],
    infos: json.infos ?? [],
    data: { type: json.data.resultType, series },
    isPartial: json.isPartial,
    stats: json.data.stats ?? json.stats,
    cut,
    sampleCount,
    decodedBytes: size,
  };
}
