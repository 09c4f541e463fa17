import { isDeepStrictEqual } from "node:util";
import { AppError, type Failure, failureOf, isAppError } from "../shared/errors.ts";
import type { RequestCredentials, SourceEndpoint } from "../shared/model/source.ts";
import { formatApiSeconds } from "./apiTime.ts";
import { orAborted } from "./deadline.ts";
import { type ApiRequest, endpoints } from "./endpoints.ts";
import { networkFailure } from "./networkFailure.ts";
import { createRedactor, secretsInHeaders } from "./redact.ts";
import { decideRedirect } from "./redirect.ts";
import { type Method, requestHeaders } from "./requestHeaders.ts";
import { openBody, type ResponseBody, readExcerpt } from "./responseBody.ts";
import { maySendAgain } from "./retryPolicy.ts";
import { cleanMessage, cleanPage } from "./serverText.ts";
import type { Transport, TransportResponse } from "./transport.ts";

/** As much of a failed answer as is read to explain it. */
const maxExplanationBytes = 64 * 1024;

/** An answer whose body can be read decompressed. */
export interface OpenedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ResponseBody;
}

/** One read of one endpoint: every message sent for it, the secrets that went with them, and how far it came. */
export class Exchange {
  readonly #endpoint: SourceEndpoint;
  readonly #request: ApiRequest;
  readonly #userAgent: string;
  readonly #transport: Transport;
  readonly #signal: AbortSignal;
  readonly #secrets: string[] = [];
  #redactor = { secrets: 0, redact: createRedactor([]) };
  #startedAt = performance.now();
  #method: Method = "GET";
  #url: URL;
  #status: number | undefined;
  #isRenewed = false;
  /** What is to blame if time runs out now. */
  #waitedFor: Failure | undefined;
  #sends = 0;
  #hasAnswer = false;
  #body: ResponseBody | undefined;

  constructor(
    endpoint: SourceEndpoint,
    request: ApiRequest,
    options: { readonly userAgent: string; readonly transport: Transport; readonly signal: AbortSignal },
  ) {
    this.#endpoint = endpoint;
    this.#request = request;
    this.#userAgent = options.userAgent;
    this.#transport = options.transport;
    this.#signal = options.signal;
    this.#url = this.#plainUrl();
  }

  /** The read begins anew: what went before counts as sent, and its secrets are still secrets. */
  again(): void {
    this.#startedAt = performance.now();
    this.#status = undefined;
    this.#body = undefined;
    this.#hasAnswer = false;
  }

  /** When it began, for the last time, on the clock of `performance.now()`. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** Messages sent in all, a redirect's next hop not counted: the same request at another place. */
  get sends(): number {
    return this.#sends;
  }

  /** Whether one more message stays within the bound of its endpoint. */
  get maySendAgain(): boolean {
    return maySendAgain(this.#request.endpoint, this.#sends);
  }

  /** Whether a byte of an answer to the last message arrived. */
  get hasAnswer(): boolean {
    return this.#hasAnswer;
  }

  /** Takes the connection's secrets out of a text, those that were sent included. */
  readonly redact = (text: string): string => {
    // Secrets may be rotated while a request is under way.
    const count = this.#secrets.length;
    if (this.#redactor.secrets !== count) this.#redactor = { secrets: count, redact: createRedactor(this.#secrets) };
    return this.#redactor.redact(text);
  };

  /** Sends the request by `method`, and again where a redirect may be followed; throws `redirected` where not. */
  async send(method: Method): Promise<OpenedResponse> {
    const form = this.#form();
    let url = this.#plainUrl();
    if (method === "GET") for (const [name, value] of form) url.searchParams.append(name, value);
    this.#sends++;
    for (let hops = 0; ; hops++) {
      const response = await this.#sendOnce(method, url, form);
      const asked = { method, url, apiPath: this.#request.path, hops };
      const decision = decideRedirect(asked, response.status, response.headers["location"]);
      if (decision === undefined) return response;
      if ("refuse" in decision) {
        throw new AppError({ ...decision.refuse, to: cleanPage(decision.refuse.to, this.redact) });
      }
      await this.readExplanation(response.body);
      url = decision.follow;
    }
  }

  /** The beginning of a body that is no data. A short one is read to its end, so that its socket can be used again. */
  async readExplanation(body: ResponseBody): Promise<string> {
    const text = await readExcerpt(body, maxExplanationBytes);
    this.#signal.throwIfAborted();
    return text;
  }

  /** Whatever ended the exchange as data. The reason of an abort outweighs the errors that it caused further down. */
  failure(error: unknown): Failure {
    if (this.#signal.aborted) return this.#blamed(failureOf(this.#signal.reason));
    if (isAppError(error)) return error.failure;
    const failure = networkFailure(error, this.redact) ?? failureOf(error);
    return failure.kind === "bug" ? { ...failure, detail: cleanMessage(failure.detail, this.redact) } : failure;
  }

  /** A deadline that passed before anything was sent, or between two messages, says nothing of the server. */
  #blamed(failure: Failure): Failure {
    if (failure.kind !== "timedOut" || this.#waitedFor === undefined) return failure;
    return this.#waitedFor.kind === "credential" ? { ...this.#waitedFor, afterMs: failure.afterMs } : this.#waitedFor;
  }

  /** Origin and path only: a query string holds the user's expression and whatever the connection adds to it. */
  logLine(failure: Failure | undefined): string {
    const outcome = failure === undefined ? [] : [failure.kind];
    const code = failure?.kind === "unreachable" ? [failure.code] : [];
    const place = this.redact(`${this.#url.origin}${this.#url.pathname}`);
    const ms = Math.round(performance.now() - this.#startedAt);
    const size = this.#body?.receivedBytes ?? 0;
    return [this.#method, place, this.#status ?? "-", ...outcome, ...code, `${ms} ms`, `${size} B`].join(" ");
  }

  async #sendOnce(method: Method, url: URL, form: URLSearchParams): Promise<OpenedResponse> {
    this.#method = method;
    this.#url = url;
    this.#status = undefined;
    const signal = this.#signal;
    const sent = await this.#credentials(url.origin);
    const response = await this.#transmit(method, url, form, sent);
    if (response.status !== 401 || this.#isRenewed) return response;
    // A token may have expired, a secret been replaced: with other credentials it is asked once more.
    this.#isRenewed = true;
    const others = await this.#credentials(url.origin, sent);
    // If this read was sent often enough, the next one has them.
    if (isDeepStrictEqual(others, sent) || !this.maySendAgain) return response;
    await this.readExplanation(response.body);
    signal.throwIfAborted();
    this.#sends++;
    return this.#transmit(method, url, form, others);
  }

  async #credentials(origin: string, refused?: RequestCredentials): Promise<RequestCredentials> {
    const signal = this.#signal;
    const onWait = (waitedFor: Failure | undefined) => {
      this.#waitedFor = waitedFor && inRenewal(waitedFor, refused);
    };
    const reading = this.#endpoint.credentials(origin, { signal, refused, onWait }).catch((error: unknown) => {
      // What a mistake in there says might be the secret itself.
      if (!isAppError(error)) throw new AppError({ kind: "bug", detail: "The credentials could not be read" });
      const failure = inRenewal(error.failure, refused);
      throw failure === error.failure ? error : new AppError(failure, { cause: error });
    });
    const credentials = await orAborted(reading, signal);
    this.#waitedFor = undefined;
    this.#secrets.push(...credentials.secrets, ...secretsInHeaders(credentials.headers));
    return credentials;
  }

  async #transmit(
    method: Method,
    url: URL,
    form: URLSearchParams,
    { headers, queryParams }: RequestCredentials,
  ): Promise<OpenedResponse> {
    const address = new URL(url);
    // A redirect may have brought them along.
    const asked = new Set(this.#request.params.map(([name]) => name));
    const own = [...address.searchParams].filter(([name]) => asked.has(name) || queryParams[name] === undefined);
    address.search = new URLSearchParams([...Object.entries(queryParams), ...own]).toString();
    this.#hasAnswer = false;
    const response: TransportResponse = await this.#transport.send({
      method,
      path: `${address.pathname}${address.search}`,
      headers: requestHeaders(method, this.#userAgent, headers),
      body: method === "POST" ? form.toString() : undefined,
      signal: this.#signal,
      onResend: () => {
        if (!this.maySendAgain) return false;
        this.#sends++;
        return true;
      },
      onAnswer: () => {
        this.#hasAnswer = true;
      },
    });
    this.#status = response.status;
    // Prometheus announces gzip for its answers without content too, and then sends not one byte.
    const encoding = response.status === 204 ? undefined : response.headers["content-encoding"];
    this.#body = openBody(response.body, encoding);
    return { status: response.status, headers: response.headers, body: this.#body };
  }

  /** The URL without any parameters. */
  #plainUrl(): URL {
    return new URL(this.#endpoint.baseUrl + this.#request.path);
  }

  #form(): URLSearchParams {
    const form = new URLSearchParams();
    for (const [name, value] of this.#request.params) form.append(name, value);
    const { takesTimeout } = endpoints[this.#request.endpoint];
    if (takesTimeout) form.append("timeout", formatApiSeconds(this.#endpoint.timeoutMs));
    return form;
  }
}

/** The failure of reading credentials in place of `refused` ones, if there were any. */
function inRenewal(failure: Failure, refused: RequestCredentials | undefined): Failure {
  return failure.kind === "credential" && refused !== undefined ? { ...failure, isRenewal: true } : failure;
}
