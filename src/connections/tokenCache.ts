import type { Clock } from "../platform/ports.ts";
import type { Disposable } from "../shared/disposable.ts";
import { AppError } from "../shared/errors.ts";

/** A token that something gave us, and until when it is good; `undefined`: until it is refused. */
export interface IssuedToken {
  readonly value: string;
  /** Unix ms. */
  readonly expiresAt: number | undefined;
}

/** A token is replaced this long before it expires, in ms: a query may take a while to reach the server. */
const earlyMs = 30_000;

/** How long a failure stands before it is tried again, in ms. */
const failureMs = 5_000;

/** A token younger than this, in ms, that a server refuses is not replaced: another one would be refused as well. */
const freshMs = 1_000;

/** How long a program or a token server may take, in ms. */
const longestMs = 20_000;

export interface TokenCacheOptions {
  readonly clock: Clock;
  /** Gets a new token; aborted when it takes too long. */
  readonly issue: (signal: AbortSignal) => Promise<IssuedToken>;
  /** What to throw when it takes too long. */
  readonly tooLate: () => AppError;
}

/** One token, in memory only: issued when it is first needed, and again when it has expired or was refused. */
export class TokenCache implements Disposable {
  readonly #options: TokenCacheOptions;
  #token: IssuedToken | undefined;
  #issuing: Promise<IssuedToken> | undefined;
  readonly #lifetime = new AbortController();
  #issuedAt = Number.NEGATIVE_INFINITY;
  #failed: { readonly at: number; readonly error: unknown } | undefined;

  constructor(options: TokenCacheOptions) {
    this.#options = options;
  }

  /** The token; `refused` is one that a server did not accept. Those who ask at the same time wait for the same one. */
  async get(refused?: string): Promise<string> {
    this.#lifetime.signal.throwIfAborted();
    const now = this.#options.clock.now();
    const token = this.#token;
    const isRefused = token?.value === refused && now - this.#issuedAt >= freshMs;
    if (token !== undefined && !isRefused && now < this.#goodUntil(token)) return token.value;
    // Many reads at a time must not ask as often in vain: accounts are locked for that.
    if (this.#failed !== undefined && now - this.#failed.at < failureMs) throw this.#failed.error;
    this.#issuing ??= this.#issue().finally(() => {
      this.#issuing = undefined;
    });
    this.#token = await this.#issuing;
    return this.#token.value;
  }

  /** Ends what issues a token; whoever waits for it is cancelled, and so is whoever asks later. */
  dispose(): void {
    this.#lifetime.abort(new AppError({ kind: "cancelled" }));
  }

  #goodUntil({ expiresAt = Number.POSITIVE_INFINITY }: IssuedToken): number {
    return expiresAt - Math.min(earlyMs, (expiresAt - this.#issuedAt) / 10);
  }

  /** Whoever waits may give up; the token is issued all the same, for the next one. */
  async #issue(): Promise<IssuedToken> {
    const { clock, issue, tooLate } = this.#options;
    const controller = new AbortController();
    const timer = clock.setTimeout(() => controller.abort(tooLate()), longestMs);
    const signal = AbortSignal.any([controller.signal, this.#lifetime.signal]);
    try {
      const token = await issue(signal);
      signal.throwIfAborted();
      this.#issuedAt = clock.now();
      this.#failed = undefined;
      return token;
    } catch (error) {
      const reason: unknown = signal.aborted ? signal.reason : error;
      this.#failed = { at: clock.now(), error: reason };
      throw reason;
    } finally {
      timer.dispose();
    }
  }
}
