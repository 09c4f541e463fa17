import type { Logger } from "../../src/platform/ports.ts";
import { createHttpSource, type HttpSourceOptions } from "../../src/prometheus/httpSource.ts";
import { type Failure, failureOf } from "../../src/shared/errors.ts";
import type { MetricsSource, SourceEndpoint } from "../../src/shared/model/source.ts";

/** What a test says of an endpoint; its credentials in parts. */
export interface TestEndpoint extends Partial<SourceEndpoint> {
  readonly headers?: (origin: string) => Promise<Readonly<Record<string, string>>>;
  readonly queryParams?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
}

/** An endpoint without credentials and with a deadline that no healthy test meets. */
export function testEndpoint(baseUrl: string, changes: TestEndpoint = {}): SourceEndpoint {
  const { headers = async () => ({}), queryParams = {}, secrets = [], ...others } = changes;
  return {
    baseUrl,
    method: "auto",
    timeoutMs: 20_000,
    credentials: async (origin) => ({ headers: await headers(origin), queryParams, secrets }),
    maxSamples: 1_000_000,
    maxBytes: 64 * 1024 * 1024,
    ...others,
  };
}

/** A logger that keeps every line. */
export function recordingLogger(): Logger & { readonly lines: readonly string[] } {
  const lines: string[] = [];
  const write = (area: string, message: string) => void lines.push(`${area}: ${message}`);
  return { lines, trace: write, info: write, warn: write, error: write };
}

/** A source for tests; dispose of it at the end. */
export function testSource(
  baseUrl: string,
  changes: TestEndpoint = {},
  options: Partial<HttpSourceOptions> = {},
): MetricsSource & Disposable {
  const source = createHttpSource(testEndpoint(baseUrl, changes), {
    userAgent: "promql-workbench/0.0.0-test",
    log: recordingLogger(),
    ...options,
  });
  return { ...source, [Symbol.dispose]: () => source.dispose() };
}

/** The failure of an operation that has to fail. */
export async function failureFrom(operation: Promise<unknown>): Promise<Failure> {
  try {
    await operation;
  } catch (error) {
    return failureOf(error);
  }
  throw new Error("expected a failure, got an answer");
}

/** A signal that nobody aborts. */
export function neverAborted(): AbortSignal {
  return new AbortController().signal;
}
