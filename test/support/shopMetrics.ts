import type { UnixMs } from "../../src/shared/model/answer.ts";
import { type NativeHistogram, nativeHistogramFamily } from "../servers/nativeHistograms.ts";
import type { ExposeSamples } from "../servers/scrapeTarget.ts";

/* How long a shop takes to answer, as its own instrumentation would expose it: always the same, with ups and downs. */

/** Seconds of the requests that end in a step: a hundred around a median that swings, now and then one that is far too slow. */
function latencies(time: UnixMs): number[] {
  const median = 0.15 * 2 ** Math.sin((time / 1000 / 300) * 2 * Math.PI);
  const usual = Array.from({ length: 100 }, (_, i) => median * 2 ** Math.tan(((i - 49.5) / 50) * 1.25));
  return isOutlier(time) ? [...usual, 30] : usual;
}

/** One step in twenty. */
function isOutlier(time: UnixMs): boolean {
  return (time / 15_000) % 20 === 0;
}

const bounds = ["0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "+Inf"] as const;

/** `shop_request_duration_seconds` as OpenMetrics text: a classic histogram, at each step with an exemplar of the slowest request. */
export function exposeClassic(): ExposeSamples {
  let sum = 0;
  const below = bounds.map(() => 0);
  return (times) => {
    const buckets: string[][] = bounds.map(() => []);
    const sums: string[] = [];
    const counts: string[] = [];
    for (const time of times) {
      const at = (time / 1000).toFixed(3);
      const observed = latencies(time);
      const slowest = Math.max(...observed);
      sum += observed.reduce((total, one) => total + one, 0);
      const home = bounds.findIndex(
        (bound) => slowest <= (bound === "+Inf" ? Number.POSITIVE_INFINITY : Number(bound)),
      );
      for (const [i, bound] of bounds.entries()) {
        const upper = bound === "+Inf" ? Number.POSITIVE_INFINITY : Number(bound);
        below[i] = (below[i] ?? 0) + observed.filter((one) => one <= upper).length;
        const labels = `trace_id="${traceIdAt(time)}",customer="Zoë"`;
        const exemplar = i === home ? ` # {${labels}} ${slowest} ${at}` : "";
        buckets[i]?.push(`shop_request_duration_seconds_bucket{le="${bound}"} ${below[i]} ${at}${exemplar}`);
      }
      sums.push(`shop_request_duration_seconds_sum ${sum} ${at}`);
      counts.push(`shop_request_duration_seconds_count ${below.at(-1)} ${at}`);
    }
    const family = ["# TYPE shop_request_duration_seconds histogram", ...buckets.flat(), ...sums, ...counts];
    return [...(times.length === 0 ? [] : family), "# EOF", ""].join("\n");
  };
}

/** 32 hexadecimal digits, as W3C Trace Context has them. */
function traceIdAt(time: UnixMs): string {
  return `4bf92f3577b34da6${time.toString(16).padStart(16, "0")}`;
}

/** `shop_latency_seconds`: the same requests as a native histogram, eight buckets to each power of two, as client_golang is mostly set up. */
export function exposeNative(): ExposeSamples {
  const schema = 3;
  const positive = new Map<number, number>();
  let sum = 0;
  return (times) => {
    const samples = times.map((time): NativeHistogram => {
      for (const one of latencies(time)) {
        const index = Math.ceil(Math.log2(one) * 2 ** schema);
        positive.set(index, (positive.get(index) ?? 0) + 1);
        sum += one;
      }
      // client_golang's DefNativeHistogramZeroThreshold.
      return { time, schema, zeroThreshold: 2 ** -128, zeroCount: 0, sum, positive: new Map(positive) };
    });
    return nativeHistogramFamily("shop_latency_seconds", samples);
  };
}
