import type { Clock } from "../platform/ports.ts";
import type { AppError } from "../shared/errors.ts";

/** A token that something gave us, and until when it is good; `undefined`: until it is refused. */
export interface IssuedToken {
  readonly value: string;
  /** Unix ms. */
  readonly expiresAt: number | undefined;
}

/** A token is replaced this long before it expires, in ms: a query may take a while to reach the server. */
const earlyMs = 30_000;

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
export class TokenCache {
  readonly #options: TokenCacheOptions;
  #token: IssuedToken | undefined;
  #issuing: Promise<IssuedToken> | undefined;

  constructor(options: TokenCacheOptions) {
    this.#options = options;
  }

  /** The token; `refused` is one that a server did not accept. Those who ask at the same time wait for the same one. */
  async get(refused?: string): Promise<string> {
    const now = this.#options.clock.now();
    const token = this.#token;
    const isGood = token !== undefined && token.value !== refused && (token.expiresAt ?? Infinity) - earlyMs > now;
    if (isGood) return token.value;
    this.#issuing ??= this.#issue().finally(() => {
      this.#issuing = undefined;
    });
    this.#token = await this.#issuing;
    return this.#token.value;
  }

  /** Whoever waits may give up; the token is issued all the same, for the next one. */
  async #issue(): Promise<IssuedToken> {
    const { clock, issue, tooLate } = this.#options;
    const controller = new AbortController();
    const timer = clock.setTimeout(() => controller.abort(tooLate()), longestMs);
    try {
      return await issue(controller.signal);
    } catch (error) {
      throw controller.signal.aborted ? controller.signal.reason : error;
    } finally {
      timer.dispose();
    }
  }
}
