import type { NetworkPathDeps } from "../../src/connections/networkPath.ts";
import type { KeyValueStore, Logger, ProfileSettings, SecretStore } from "../../src/platform/ports.ts";
import { Emitter } from "../../src/shared/event.ts";
import type { QueryAnswer, QueryData } from "../../src/shared/model/answer.ts";
import type { MetricsSource, SourceEndpoint } from "../../src/shared/model/source.ts";

/** Secrets in memory; `log` holds every write in order. */
export class MemorySecrets implements SecretStore {
  readonly values = new Map<string, string>();
  readonly log: string[];

  constructor(log: string[] = []) {
    this.log = log;
  }

  async get(key: string): Promise<string | undefined> {
    return this.values.get(key);
  }

  async set(key: string, value: string): Promise<void> {
    this.log.push(`secret ${key}`);
    this.values.set(key, value);
  }

  async delete(key: string): Promise<void> {
    if (this.values.delete(key)) this.log.push(`forget ${key}`);
  }

  async keys(): Promise<readonly string[]> {
    return [...this.values.keys()];
  }
}

export class MemoryValues implements KeyValueStore {
  readonly values = new Map<string, unknown>();

  get(key: string): unknown {
    return this.values.get(key);
  }

  async set(key: string, value: unknown): Promise<void> {
    this.values.set(key, value);
  }
}

/** The setting in memory. */
export class MemoryProfileSettings implements ProfileSettings {
  value: unknown;
  readonly log: string[];
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(value: unknown, log: string[] = []) {
    this.value = value;
    this.log = log;
  }

  read(): unknown {
    return this.value;
  }

  replace(value: unknown): void {
    this.value = value;
    this.#changed.fire();
  }

  async upsert(id: string, profile: Readonly<Record<string, unknown>>): Promise<void> {
    this.log.push(`upsert ${id}`);
    const list: { id?: unknown }[] = Array.isArray(this.value) ? this.value : [];
    const index = list.findIndex((one) => one.id === id);
    this.replace(index < 0 ? [...list, profile] : list.with(index, profile));
  }

  async remove(id: string): Promise<void> {
    this.log.push(`remove ${id}`);
    const list: { id?: unknown }[] = Array.isArray(this.value) ? this.value : [];
    this.replace(list.filter((one) => one.id !== id));
  }
}

/** A machine without files, settings and environment. */
export const bareNetwork: NetworkPathDeps = {
  files: { read: async () => Promise.reject(Object.assign(new Error("no such file"), { code: "ENOENT" })) },
  editorProxy: { read: () => undefined },
  environment: () => undefined,
};

export const silentLog: Logger = { trace() {}, info() {}, warn() {}, error() {} };

/** An answer with nothing to remark. */
export function answerOf(data: QueryData): QueryAnswer {
  return {
    data,
    warnings: [],
    infos: [],
    isPartial: undefined,
    cut: undefined,
    stats: undefined,
    sampleCount: 1,
    receivedBytes: 1,
    decodedBytes: 1,
    durationMs: 12,
    serverClock: undefined,
  };
}

/** A vector of `up` values. */
export function upVector(values: readonly number[]): QueryAnswer {
  return answerOf({
    type: "vector",
    series: values.map((value) => ({
      labels: [["__name__", "up"]],
      times: new Float64Array([1]),
      values: new Float64Array([value]),
      histograms: [],
    })),
  });
}

/** A source that asks its endpoint for headers, as the real one does, and answers by `respond`. */
export class FakeSource implements MetricsSource {
  readonly endpoint: SourceEndpoint;
  readonly sent: { readonly query: string; readonly headers: Readonly<Record<string, string>> }[] = [];
  isDisposed = false;
  readonly #respond: (query: string) => QueryAnswer | Promise<QueryAnswer>;

  constructor(endpoint: SourceEndpoint, respond: (query: string) => QueryAnswer | Promise<QueryAnswer>) {
    this.endpoint = endpoint;
    this.#respond = respond;
  }

  async query({ query }: { readonly query: string }, { signal }: { readonly signal: AbortSignal }) {
    const { headers } = await this.endpoint.credentials(new URL(this.endpoint.baseUrl).origin, { signal });
    signal.throwIfAborted();
    this.sent.push({ query, headers });
    return this.#respond(query);
  }

  queryRange = this.query;
  exemplars = unused;
  metricNames = unused;
  labelNames = unused;
  labelValues = unused;
  series = unused;
  metadata = unused;
  targets = unused;
  rules = unused;
  alerts = unused;
  droppedTargets = unused;
  runtimeInfo = unused;
  flags = unused;
  features = unused;
  tsdbStatus = unused;
  probe = unused;

  async buildInfo() {
    return { application: "Prometheus", version: "3.1.0", revision: undefined };
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

async function unused(): Promise<never> {
  throw new Error("not part of this test");
}
