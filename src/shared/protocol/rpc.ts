import type { Disposable } from "../disposable.ts";
import { AppError, type Failure, failureOf } from "../errors.ts";

/** What one side asks of the other: each request with its own reply, and events that have none. */
export interface Contract {
  readonly requests: Readonly<Record<string, { readonly params: unknown; readonly result: unknown }>>;
  readonly events: Readonly<Record<string, unknown>>;
}

/** What crosses. A handler that throws answers with a failure, so nobody waits for ever. */
export type Envelope =
  | { readonly kind: "request"; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: "reply"; readonly id: number; readonly result: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly failure: Failure }
  | { readonly kind: "event"; readonly method: string; readonly params: unknown };

/** Posts to the other side; what comes from there is handed to `receive` of the peer. */
export type Post = (message: Envelope) => void;

/** The asking side of a contract. */
export class RpcClient<C extends Contract> implements Disposable {
  readonly #post: Post;
  readonly #onEvent: <M extends keyof C["events"] & string>(method: M, params: C["events"][M]) => void;
  readonly #pending = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  #nextId = 1;

  constructor(post: Post, onEvent: <M extends keyof C["events"] & string>(method: M, params: C["events"][M]) => void) {
    this.#post = post;
    this.#onEvent = onEvent;
  }

  /** Asks and waits; throws what the other side failed with, and `cancelled` once this side is gone. */
  request<M extends keyof C["requests"] & string>(
    method: M,
    params: C["requests"][M]["params"],
  ): Promise<C["requests"][M]["result"]> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: (value) => resolve(value as C["requests"][M]["result"]), reject });
      this.#post({ kind: "request", id, method, params });
    });
  }

  receive(message: Envelope): void {
    if (message.kind === "event") {
      this.#onEvent(message.method, message.params as C["events"][string]);
      return;
    }
    if (message.kind === "request") return;
    const waiting = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === "reply") waiting?.resolve(message.result);
    else waiting?.reject(new AppError(message.failure));
  }

  dispose(): void {
    for (const { reject } of this.#pending.values()) reject(new AppError({ kind: "cancelled" }));
    this.#pending.clear();
  }
}

/** Answers one method; `params` are whatever came and have to be checked first. */
export type Handlers<C extends Contract> = {
  readonly [M in keyof C["requests"] & string]: (params: unknown) => Promise<C["requests"][M]["result"]>;
};

/** The answering side of a contract. Trusts nothing of what comes in. */
export class RpcServer<C extends Contract> {
  readonly #post: Post;
  readonly #handlers: Handlers<C>;
  readonly #onFailure: (method: string, failure: Failure) => void;

  constructor(post: Post, handlers: Handlers<C>, onFailure: (method: string, failure: Failure) => void) {
    this.#post = post;
    this.#handlers = handlers;
    this.#onFailure = onFailure;
  }

  send<M extends keyof C["events"] & string>(method: M, params: C["events"][M]): void {
    this.#post({ kind: "event", method, params });
  }

  async receive(message: unknown): Promise<void> {
    if (typeof message !== "object" || message === null) return;
    const { kind, id, method, params } = message as Readonly<Record<string, unknown>>;
    if (kind !== "request" || typeof id !== "number" || typeof method !== "string") return;
    try {
      if (!Object.hasOwn(this.#handlers, method)) {
        throw new AppError({ kind: "bug", detail: `unknown request ${method.slice(0, 50)}` });
      }
      const handler = this.#handlers[method as keyof C["requests"] & string];
      this.#post({ kind: "reply", id, result: await handler(params) });
    } catch (error) {
      const failure = failureOf(error);
      this.#onFailure(method, failure);
      this.#post({ kind: "failure", id, failure });
    }
  }
}
