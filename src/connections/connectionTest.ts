import { throwIfCancelled } from "../shared/abort.ts";
import { type Failure, failureOf, isCancelled } from "../shared/errors.ts";
import type { QueryAnswer } from "../shared/model/answer.ts";
import type { BuildInfo, MetricsSource, RequestOptions } from "../shared/model/source.ts";

/** What a successful test found. A missing `up` or version is a remark, not a failure. */
export interface TestReport {
  /** How long `1+1` took, in milliseconds. */
  readonly durationMs: number;
  /** From `up`; `undefined`: it could not be asked, and `upFailure` says why. */
  readonly targets: { readonly up: number; readonly total: number } | undefined;
  readonly upFailure: Failure | undefined;
  readonly buildInfo: BuildInfo | undefined;
  /** Whether its answers say if they are partial. */
  readonly marksPartial: boolean;
}

/**
 * Asks `1+1`: a server that answers it as Prometheus does can be used, whatever else it offers. Then `up` and the
 * version are asked. Throws the failure of `1+1`.
 */
export async function testSource(source: MetricsSource, { signal }: RequestOptions): Promise<TestReport> {
  const { durationMs, isPartial } = await source.query({ query: "1+1" }, { signal });
  const [up, build] = await Promise.allSettled([
    source.query({ query: "up" }, { signal }),
    source.buildInfo({ signal }),
  ]);
  throwIfCancelled(signal);
  if (up.status === "rejected" && isCancelled(up.reason)) throw up.reason;
  return {
    durationMs,
    targets: up.status === "fulfilled" ? countTargets(up.value) : undefined,
    upFailure: up.status === "rejected" ? failureOf(up.reason) : undefined,
    buildInfo: build.status === "fulfilled" ? build.value : undefined,
    marksPartial: isPartial !== undefined,
  };
}

function countTargets({ data }: QueryAnswer): { readonly up: number; readonly total: number } {
  const series = data.type === "vector" || data.type === "matrix" ? data.series : [];
  return { up: series.filter(({ values }) => values.at(-1) === 1).length, total: series.length };
}
