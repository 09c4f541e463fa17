import type { Labels } from "./labels.ts";

/** Unix time in milliseconds, may be fractional. All times in the program have this unit; the API's seconds end at `prometheus/`. */
export type UnixMs = number;

/** One bucket of a native histogram. `boundaries`: 0 = (lower, upper], 1 = [lower, upper), 2 = (lower, upper), 3 = [lower, upper]. */
export interface HistogramBucket {
  readonly boundaries: number;
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/** One native histogram sample as the API sends it; empty buckets are not sent. */
export interface HistogramSample {
  readonly time: UnixMs;
  readonly count: number;
  readonly sum: number;
  readonly buckets: readonly HistogramBucket[];
}

/**
 * One series in columns: `values[i]` was sampled at `times[i]`, both of the same length, times ascending, no holes
 * marked: a sample that is absent is not there. Series with the same timestamps share one `times` (or a view of it).
 */
export interface Series {
  readonly labels: Labels;
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Native histogram samples, ascending by time; empty for float series. */
  readonly histograms: readonly HistogramSample[];
}

/** What a query evaluates to. A `vector` holds at most one sample (float or histogram) for each series. */
export type QueryData =
  | { readonly type: "matrix"; readonly series: readonly Series[] }
  | { readonly type: "vector"; readonly series: readonly Series[] }
  | { readonly type: "scalar"; readonly time: UnixMs; readonly value: number }
  | { readonly type: "string"; readonly time: UnixMs; readonly value: string };

/** Where the decoder stopped before the end of an answer, and which bound made it stop. */
export interface Cut {
  /** `series`: what series and labels take in memory; `allowed` is how many there was room for. */
  readonly limit: "samples" | "bytes" | "series";
  readonly allowed: number;
}

/** A decoded answer to a query with everything that must be said about it. */
export interface QueryAnswer {
  readonly data: QueryData;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  /** VictoriaMetrics cluster and Thanos say when some storage did not answer; `undefined`: the server says nothing of it. */
  readonly isPartial: boolean | undefined;
  /** Set when the decoder stopped early; `data` then holds only whole series before that point. */
  readonly cut: Cut | undefined;
  /** Top-level or `data.stats`, as sent. */
  readonly stats: unknown;
  readonly sampleCount: number;
  /** Body bytes on the wire and after decompression. */
  readonly receivedBytes: number;
  readonly decodedBytes: number;
  /** From the first byte sent to the last one decoded, in milliseconds. */
  readonly durationMs: number;
  /** The server's `Date` header and our clock when it arrived; `undefined` without that header. */
  readonly serverClock: { readonly server: UnixMs; readonly local: UnixMs } | undefined;
}
