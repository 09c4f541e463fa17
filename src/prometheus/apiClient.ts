import type { Logger } from "../platform/ports.ts";
import type { Disposable } from "../shared/disposable.ts";
import { AppError, isAppError } from "../shared/errors.ts";
import type { RequestOptions, SourceEndpoint } from "../shared/model/source.ts";
import { type ClassifyContext, classifyAnswer } from "./classify.ts";
import { Deadline, pause } from "./deadline.ts";
import { type ApiRequest, type EndpointName, endpoints } from "./endpoints.ts";
import { Exchange, type OpenedResponse } from "./exchange.ts";
import type { Method } from "./requestHeaders.ts";
import { peekBody, type ResponseBody } from "./responseBody.ts";
import { isEvaluated, retryWait } from "./retryPolicy.ts";
import { Slots } from "./slots.ts";
import type { Transport } from "./transport.ts";

/** An answer of status 2xx whose body begins like a JSON object. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: ResponseBody;
  /** The server's clock by its `Date` header and ours when it arrived, both unix ms. */
  readonly serverClock: { readonly server: number; readonly local: number } | undefined;
  /** When the request was sent, for the last time if it was sent again, on the clock of `performance.now()`. */
  readonly startedAt: number;
  readonly context: ClassifyContext;
  /** Aborted when the caller cancels, the deadline passes or the source is disposed. */
  readonly signal: AbortSignal;
}

export interface ApiClientOptions {
  readonly userAgent: string;
  readonly log: Logger;
  readonly transport: Transport;
  /** Requests under way at a time. */
  readonly maxRequests: number;
}

/**
 * Sends requests of the endpoint table to one server and hands out good answers; everything else is thrown as `AppError`.
 * A request has one deadline for all it takes: secrets, redirects, the fallback to GET, the reading of the body, and sending
 * it again.
 */
export class ApiClient implements Disposable {
  readonly #endpoint: SourceEndpoint;
  readonly #options: ApiClientOptions;
  readonly #slots: Slots;
  readonly #lifetime = new AbortController();
  /** Endpoints that refused a POST and took a GET. */
  readonly #getOnly = new Set<EndpointName>();

  constructor(endpoint: SourceEndpoint, options: ApiClientOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#slots = new Slots(options.maxRequests);
  }

  /**
   * `consume` has to read the body; what it leaves is cut off. The deadline starts when a slot is free and is one for all
   * sendings. The slot is kept while a read waits to be sent again: a server that asks to slow down gets less from us, what
   * is queued keeps its order, and no second wait for a slot eats the deadline. Queries go before lists.
   */
  read<T>(request: ApiRequest, options: RequestOptions, consume: (answer: ApiAnswer) => Promise<T>): Promise<T> {
    const { signal } = options;
    const isUrgent = isEvaluated(request.endpoint);
    return this.#slots.run(() => this.#readNow(request, options, consume), { signal, isUrgent });
  }

  dispose(): void {
    this.#lifetime.abort();
    this.#options.transport.dispose();
  }

  async #readNow<T>(
    request: ApiRequest,
    { signal: caller, onRetry }: RequestOptions,
    consume: (answer: ApiAnswer) => Promise<T>,
  ): Promise<T> {
    const { userAgent, transport, log } = this.#options;
    const { endpoint } = request;
    const deadline = new Deadline(this.#endpoint.timeoutMs, [caller, this.#lifetime.signal]);
    const { signal } = deadline;
    const exchange = new Exchange(this.#endpoint, request, { userAgent, transport, signal });
    try {
      for (;;) {
        try {
          const result = await this.#readOnce(exchange, request, signal, consume);
          log.info("http", exchange.logLine(undefined));
          return result;
        } catch (error) {
          const failure = exchange.failure(error);
          const { hasAnswer, sends } = exchange;
          const { leftMs } = deadline;
          const waitMs = retryWait({ endpoint, failure, hasAnswer, sends, leftMs, random: Math.random() });
          log.info("http", exchange.logLine(failure) + (waitMs === undefined ? "" : `, sent again in ${waitMs} ms`));
          if (waitMs === undefined) {
            throw isAppError(error) && error.failure === failure ? error : new AppError(failure, { cause: error });
          }
          onRetry?.({ attempt: sends + 1, waitMs, failure });
          await pause(waitMs, signal);
          exchange.again();
        }
      }
    } finally {
      deadline.dispose();
    }
  }

  async #readOnce<T>(
    exchange: Exchange,
    request: ApiRequest,
    signal: AbortSignal,
    consume: (answer: ApiAnswer) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    const response = await this.#send(exchange, request);
    const context = this.#context(exchange);
    const body = await expectJson(exchange, response, context);
    const serverClock = readServerClock(response.headers["date"], context.now);
    const { status } = response;
    return consume({ status, body, serverClock, startedAt: exchange.startedAt, context, signal });
  }

  /** Proxies that allow by method (Kubernetes RBAC) and servers without POST are asked again by GET, and then always. */
  async #send(exchange: Exchange, request: ApiRequest): Promise<OpenedResponse> {
    const method = this.#firstMethod(request);
    const first = await exchange.send(method);
    if (method === "GET" || this.#endpoint.method !== "auto" || !refusesMethod(first.status)) return first;
    if (!exchange.maySendAgain) return first;
    const text = await exchange.readExplanation(first.body);
    const second = await exchange.send("GET");
    if (second.status === 414 || second.status === 431) {
      // Only our own fallback made the URL too long; what the server has against the POST is the matter.
      throw new AppError(classifyAnswer({ ...first, text }, this.#context(exchange)));
    }
    if (second.status !== 401 && !refusesMethod(second.status)) this.#getOnly.add(request.endpoint);
    return second;
  }

  #firstMethod({ endpoint }: ApiRequest): Method {
    if (!endpoints[endpoint].takesPost || this.#endpoint.method === "GET" || this.#getOnly.has(endpoint)) return "GET";
    return "POST";
  }

  #context({ redact }: Exchange): ClassifyContext {
    return { timeoutMs: this.#endpoint.timeoutMs, redact, now: Date.now() };
  }
}

const openingBrace = 0x7b;

/** Hands on the body of a good answer; reads a bad one far enough to say what it is. */
async function expectJson(
  exchange: Exchange,
  { status, headers, body }: OpenedResponse,
  context: ClassifyContext,
): Promise<ResponseBody> {
  let whole = body;
  if (status >= 200 && status <= 299) {
    const peeked = await peekBody(body);
    if (peeked.firstByte === openingBrace) return peeked.body;
    whole = peeked.body;
  }
  const text = await exchange.readExplanation(whole);
  throw new AppError(classifyAnswer({ status, headers, text }, context));
}

function refusesMethod(status: number): boolean {
  return status === 403 || status === 405 || status === 501;
}

function readServerClock(date: string | undefined, local: number): ApiAnswer["serverClock"] {
  const server = Date.parse(date ?? "");
  return Number.isNaN(server) ? undefined : { server, local };
}
