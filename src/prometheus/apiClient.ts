import type { Logger } from "../platform/ports.ts";
import type { Disposable } from "../shared/disposable.ts";
import { AppError, type Failure, failureOf, isAppError } from "../shared/errors.ts";
import type { SourceEndpoint } from "../shared/model/source.ts";
import { formatApiSeconds } from "./apiTime.ts";
import { type ClassifyContext, classifyAnswer } from "./classify.ts";
import { Deadline, orAborted } from "./deadline.ts";
import { type ApiRequest, type EndpointName, endpoints } from "./endpoints.ts";
import { networkFailure } from "./networkFailure.ts";
import { createRedactor, secretsInHeaders } from "./redact.ts";
import { decideRedirect } from "./redirect.ts";
import { openBody, peekBody, type ResponseBody, readExcerpt } from "./responseBody.ts";
import { cleanPage } from "./serverText.ts";
import { Slots } from "./slots.ts";
import type { Transport, TransportResponse } from "./transport.ts";

/** As much of a failed answer as is read to explain it. */
const maxExplanationBytes = 64 * 1024;

/** An answer of status 2xx whose body begins like a JSON object. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: ResponseBody;
  /** The server's clock by its `Date` header and ours when it arrived, both unix ms. */
  readonly serverClock: { readonly server: number; readonly local: number } | undefined;
  /** When the request was sent, on the clock of `performance.now()`. */
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

type Method = "GET" | "POST";

/** How one request went, for its line in the log. */
interface Trace {
  method: Method;
  url: URL;
  status: number | undefined;
  body: ResponseBody | undefined;
}

/**
 * Sends requests of the endpoint table to one server and hands out good answers; everything else is thrown as `AppError`.
 * A request has one deadline for all it takes: secrets, redirects, the fallback to GET and the reading of the body.
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

  /** `consume` has to read the body; what it leaves is cut off. The deadline starts when a slot is free. */
  async read<T>(request: ApiRequest, signal: AbortSignal, consume: (answer: ApiAnswer) => Promise<T>): Promise<T> {
    return this.#slots.run(() => this.#readNow(request, signal, consume), signal);
  }

  dispose(): void {
    this.#lifetime.abort();
    this.#options.transport.dispose();
  }

  async #readNow<T>(request: ApiRequest, caller: AbortSignal, consume: (answer: ApiAnswer) => Promise<T>): Promise<T> {
    const deadline = new Deadline(this.#endpoint.timeoutMs, [caller, this.#lifetime.signal]);
    const { signal } = deadline;
    const secrets: string[] = [];
    // Built when it is needed: the secrets may have been rotated while the request was under way.
    const redact = (text: string) => createRedactor([...this.#endpoint.secretsToRedact(), ...secrets])(text);
    const startedAt = performance.now();
    const trace: Trace = {
      method: this.#firstMethod(request),
      url: this.#url(request),
      status: undefined,
      body: undefined,
    };
    let failure: Failure | undefined;
    try {
      signal.throwIfAborted();
      const response = await this.#sendWithFallback(request, trace, secrets, redact, signal);
      const arrivedAt = Date.now();
      trace.body = openBody(response.body, response.headers["content-encoding"]);
      const context = { timeoutMs: this.#endpoint.timeoutMs, redact, now: arrivedAt };
      const body = await this.#expectJson(response, trace.body, context, signal);
      const serverClock = readServerClock(response.headers["date"], arrivedAt);
      return await consume({ status: response.status, body, serverClock, startedAt, context, signal });
    } catch (error) {
      failure = this.#failure(error, signal, redact);
      throw isAppError(error) && error.failure === failure ? error : new AppError(failure, { cause: error });
    } finally {
      deadline.dispose();
      this.#writeLog(trace, startedAt, failure, redact);
    }
  }

  /** Hands on the body of a good answer; reads a bad one far enough to say what it is. */
  async #expectJson(
    { status, headers }: TransportResponse,
    body: ResponseBody,
    context: ClassifyContext,
    signal: AbortSignal,
  ): Promise<ResponseBody> {
    if (status < 200 || status > 299) {
      const text = await readExcerpt(body, maxExplanationBytes, signal);
      throw new AppError(classifyAnswer({ status, headers, text }, context));
    }
    const peeked = await peekBody(body);
    if (peeked.firstByte === openingBrace) return peeked.body;
    const text = await readExcerpt(peeked.body, maxExplanationBytes, signal);
    throw new AppError(classifyAnswer({ status, headers, text }, context));
  }

  #firstMethod({ endpoint }: ApiRequest): Method {
    if (!endpoints[endpoint].takesPost || this.#endpoint.method === "GET" || this.#getOnly.has(endpoint)) return "GET";
    return "POST";
  }

  /** The URL without the request's own parameters. */
  #url(request: ApiRequest): URL {
    const url = new URL(this.#endpoint.baseUrl + request.path);
    for (const [name, value] of Object.entries(this.#endpoint.queryParams)) url.searchParams.append(name, value);
    return url;
  }

  /** Proxies that allow by method (Kubernetes RBAC) and servers without POST are asked again by GET, and then always. */
  async #sendWithFallback(
    request: ApiRequest,
    trace: Trace,
    secrets: string[],
    redact: (text: string) => string,
    signal: AbortSignal,
  ): Promise<TransportResponse> {
    const response = await this.#sendFollowing(request, trace, secrets, redact, signal);
    const mayFallBack = trace.method === "POST" && this.#endpoint.method === "auto";
    if (!mayFallBack || !refusesMethod(response.status)) return response;
    await discard(response, signal);
    trace.method = "GET";
    const second = await this.#sendFollowing(request, trace, secrets, redact, signal);
    if (second.status !== 401 && !refusesMethod(second.status)) this.#getOnly.add(request.endpoint);
    return second;
  }

  async #sendFollowing(
    request: ApiRequest,
    trace: Trace,
    secrets: string[],
    redact: (text: string) => string,
    signal: AbortSignal,
  ): Promise<TransportResponse> {
    const { method } = trace;
    const form = this.#form(request);
    let url = this.#url(request);
    if (method === "GET") for (const [name, value] of form) url.searchParams.append(name, value);
    for (let hops = 0; ; hops++) {
      trace.url = url;
      const credentials = await orAborted(this.#endpoint.headers(url.origin, { signal }), signal);
      secrets.push(...secretsInHeaders(credentials));
      const headers = this.#headers(method, credentials);
      const body = method === "POST" ? form.toString() : undefined;
      const path = `${url.pathname}${url.search}`;
      const response = await this.#options.transport.send({ method, path, headers, body, signal });
      trace.status = response.status;
      const apiPath = request.path;
      const decision = decideRedirect({ method, url, apiPath, hops }, response.status, response.headers["location"]);
      if (decision === undefined) return response;
      if ("refuse" in decision) {
        throw new AppError({ ...decision.refuse, to: cleanPage(decision.refuse.to, redact) });
      }
      await discard(response, signal);
      url = decision.follow;
    }
  }

  #form(request: ApiRequest): URLSearchParams {
    const form = new URLSearchParams();
    for (const [name, value] of request.params) form.append(name, value);
    if (endpoints[request.endpoint].takesTimeout) form.append("timeout", formatApiSeconds(this.#endpoint.timeoutMs));
    return form;
  }

  #headers(method: Method, credentials: Readonly<Record<string, string>>): Record<string, string> {
    const headers: Record<string, string> = { accept: "application/json", "user-agent": this.#options.userAgent };
    for (const [name, value] of Object.entries(credentials)) {
      if (!framingHeaders.has(name.toLowerCase())) headers[name.toLowerCase()] = value;
    }
    headers["accept-encoding"] = "gzip, deflate";
    if (method === "POST") headers["content-type"] = "application/x-www-form-urlencoded";
    return headers;
  }

  /** Whatever ended a request as data. The reason of an abort outweighs the errors that it caused further down. */
  #failure(error: unknown, signal: AbortSignal, redact: (text: string) => string): Failure {
    if (signal.aborted) return failureOf(signal.reason);
    if (isAppError(error)) return error.failure;
    return networkFailure(error, redact) ?? failureOf(error);
  }

  /** Origin and path only: a query string holds the user's expression and whatever the connection adds to it. */
  #writeLog(trace: Trace, startedAt: number, failure: Failure | undefined, redact: (text: string) => string): void {
    const { method, url, status, body } = trace;
    const outcome =
      failure === undefined ? "" : ` ${failure.kind}${failure.kind === "unreachable" ? ` ${failure.code}` : ""}`;
    const ms = Math.round(performance.now() - startedAt);
    const place = redact(`${url.origin}${url.pathname}`);
    this.#options.log.info(
      "http",
      `${method} ${place} ${status ?? "-"}${outcome} ${ms} ms ${body?.receivedBytes ?? 0} B`,
    );
  }
}

const openingBrace = 0x7b;

/** Headers that describe the message itself; a connection cannot set them without breaking it. */
const framingHeaders: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "content-type",
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

function refusesMethod(status: number): boolean {
  return status === 403 || status === 405 || status === 501;
}

/** Reads the rest of a short body, so that its socket can be used for the next request, and cuts off a long one. */
async function discard({ body }: TransportResponse, signal: AbortSignal): Promise<void> {
  await readExcerpt(openBody(body, undefined), maxExplanationBytes, signal);
}

function readServerClock(date: string | undefined, local: number): ApiAnswer["serverClock"] {
  const server = Date.parse(date ?? "");
  return Number.isNaN(server) ? undefined : { server, local };
}
