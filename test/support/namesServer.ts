import type { NamesServer } from "../../src/catalog/completionNames.ts";
import type { WantedSource } from "../../src/catalog/wantedNames.ts";
import { AppError } from "../../src/shared/errors.ts";
import type { MetadataScope, MetricMetadata, NameList } from "../../src/shared/model/source.ts";

/** A request that reached the fake server. */
export interface FakeRequest {
  readonly path: string;
  readonly scope: MetadataScope | undefined;
  /** Answers with names, or fails. */
  answer(names: readonly string[], more?: Partial<NameList>): void;
  describe(metadata: ReadonlyMap<string, readonly MetricMetadata[]>): void;
  fail(error: unknown): void;
  readonly signal: AbortSignal;
}

/** A server whose requests wait until the test answers them, and end when they are cancelled. */
export class FakeNamesServer implements NamesServer {
  readonly connectionId: string;
  revision = 0;
  readonly requests: FakeRequest[] = [];
  /** Those under way now, and the most that ever were. */
  open = 0;
  mostOpen = 0;

  constructor(connectionId = "local") {
    this.connectionId = connectionId;
  }

  async source(): Promise<WantedSource> {
    return {
      metricNames: (scope, { signal }) => this.#ask("metrics", scope, signal),
      labelNames: (scope, { signal }) => this.#ask("labels", scope, signal),
      labelValues: (label, scope, { signal }) => this.#ask(`values of ${label}`, scope, signal),
      metadata: (_, { signal }) => this.#ask("metadata", undefined, signal),
    };
  }

  /** The newest request, once it is there. */
  async request(number: number): Promise<FakeRequest> {
    for (let i = 0; i < 100; i++) {
      const found = this.requests[number - 1];
      if (found !== undefined) return found;
      await settled();
    }
    throw new Error(`${this.requests.length} requests, not ${number}: ${this.paths.join()}`);
  }

  get paths(): readonly string[] {
    return this.requests.map(({ path }) => path);
  }

  #ask<T>(path: string, scope: MetadataScope | undefined, signal: AbortSignal): Promise<T> {
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    const { promise, resolve, reject } = deferred<unknown>();
    signal.addEventListener("abort", () => reject(new AppError({ kind: "cancelled" })));
    this.requests.push({
      ...{ path, scope, signal },
      answer: (names, more = {}) => resolve({ names, warnings: [], truncated: false, ...more }),
      describe: (metadata) => resolve(metadata),
      fail: reject,
    });
    return promise.finally(() => this.open--) as Promise<T>;
  }
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((...both) => {
    [resolve, reject] = both;
  });
  return { promise, resolve, reject };
}

/** Resolves once everything that waits for nothing has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
