import type { Readable } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import { Client, type Dispatcher } from "undici";
import type { Disposable } from "../shared/disposable.ts";
import type { ProxyChoice } from "../shared/model/source.ts";
import { orAborted } from "./deadline.ts";
import { type NetworkPath, proxyHeaders, proxyRefusal, SocketOpener } from "./socketOpener.ts";
import { systemCertificates } from "./systemCertificates.ts";
import { Opening } from "./tlsConnector.ts";

/** How sockets to one server are made. */
export interface TransportOptions {
  /** From the first packet to the end of the TLS handshake, in ms. */
  readonly connectTimeoutMs: number;
  readonly maxConnections: number;
  /** Longest time that an idle socket is kept, whatever the server proposes, in ms. */
  readonly maxIdleMs: number;
  /** The authorities of this machine, for certificates that nobody else vouches for. */
  readonly systemCertificates: () => Promise<readonly string[]>;
}

export const defaultTransportOptions: TransportOptions = {
  connectTimeoutMs: 10_000,
  maxConnections: 4,
  maxIdleMs: 60_000,
  systemCertificates,
};

export interface TransportRequest {
  readonly method: "GET" | "POST";
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
  /** Asked before it is sent a second time, since its kept-alive socket had been closed; false: it is not. Absent: it is. */
  readonly onResend?: () => boolean;
  /** Called with the first byte of an answer; a transport that cannot tell calls it when it sends. */
  readonly onAnswer?: () => void;
}

export interface TransportResponse {
  readonly status: number;
  /** Names in lower case; repeated ones joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes of the wire. Destroying it closes the socket unless it was read to its end. */
  readonly body: Readable;
}

/** Sends single HTTP/1.1 requests to one origin: no redirects, no decompression, no deadline of its own. */
export interface Transport extends Disposable {
  /**
   * Rejects with the signal's reason when aborted, after the socket of this request has been destroyed, whether it was
   * connecting, waiting or reading; otherwise with the network's own error.
   */
  send(request: TransportRequest): Promise<TransportResponse>;
}

const direct: ProxyChoice = { kind: "direct" };

/**
 * At most `maxConnections` lanes to `origin`; the one used last is used first, so that few sockets stay warm. Lanes whose
 * way is no longer the one to take are used no more.
 */
export function createTransport(origin: string, options: TransportOptions, path: NetworkPath = {}): Transport {
  const opener = new SocketOpener(origin, options, path);
  const retired = new Set<Lane>();
  let lanes: Lane[] = [];

  function retire(lane: Lane): void {
    const forget = () => retired.delete(lane);
    retired.add(lane);
    lane.close().then(forget, forget);
  }

  function pickLane(route: ProxyChoice): Lane {
    for (const lane of lanes) if (!isDeepStrictEqual(lane.route, route)) retire(lane);
    lanes = lanes.filter((lane) => !retired.has(lane));
    const idle = lanes.findLast((lane) => lane.load === 0);
    if (idle !== undefined) return idle;
    if (lanes.length < options.maxConnections) {
      const lane = new Lane(origin, route, opener, options);
      lanes.push(lane);
      return lane;
    }
    return lanes.reduce((best, lane) => (lane.load < best.load ? lane : best));
  }

  return {
    async send(request) {
      const { signal } = request;
      signal.throwIfAborted();
      const route = path.proxy === undefined ? direct : await orAborted(path.proxy(origin, { signal }), signal);
      return pickLane(route).send(request);
    },
    dispose() {
      for (const lane of [...lanes, ...retired]) lane.dispose();
    },
  };
}

/** One request on its way to a socket. */
interface Attempt {
  /** True if a socket was opened for it; false on a kept-alive one. */
  opened: boolean;
  readonly opening: Opening;
  /** Of the socket that was opened. What the other side says of its reasons comes before the end of the connection. */
  firstError: Error | undefined;
  /** True when a byte of an answer has arrived. */
  answered: boolean;
}

function newAttempt(signal: AbortSignal): Attempt {
  return { opened: false, opening: new Opening(signal), firstError: undefined, answered: false };
}

/**
 * One undici client and therefore one socket at a time, never the process-wide dispatcher. undici's pools do not tell
 * which socket is being opened for which request, and a request that is cancelled meanwhile has to close its own.
 */
class Lane implements Disposable {
  readonly route: ProxyChoice;
  readonly #origin: string;
  readonly #client: Client;
  readonly #dispatcher: Dispatcher;
  #attempt = newAttempt(new AbortController().signal);
  /** Requests not yet answered to the end. */
  load = 0;

  constructor(origin: string, route: ProxyChoice, opener: SocketOpener, options: TransportOptions) {
    this.route = route;
    this.#origin = origin;
    this.#client = new Client(origin, {
      allowH2: false,
      pipelining: 1,
      keepAliveMaxTimeout: options.maxIdleMs,
      // The deadline is ours and counts the whole request; undici's timers would only add a second, coarser one.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_, callback) => {
        const attempt = this.#attempt;
        attempt.opened = true;
        opener
          .open(route, attempt.opening)
          .finally(() => attempt.opening.finish())
          .then(
            (socket) => {
              socket.once("error", (error) => {
                attempt.firstError = error;
              });
              callback(null, socket);
            },
            (error: Error) => callback(error, null),
          );
      },
    });
    this.#dispatcher = this.#client.compose((dispatch) => (dispatchOptions, handler) => {
      const attempt = this.#attempt;
      // A status line that breaks off half way is told by nothing else.
      handler.onResponseStarted = () => {
        attempt.answered = true;
      };
      return dispatch(dispatchOptions, handler);
    });
  }

  async send(request: TransportRequest): Promise<TransportResponse> {
    this.load++;
    try {
      const { statusCode, headers, body } = await this.#sendOrResend(this.#onItsWay(request));
      if (statusCode === 407 && this.route.kind === "proxy") {
        // Only a proxy answers so, and what it writes beside is for a browser.
        body.on("error", () => {}).destroy();
        throw proxyRefusal(this.route.origin, statusCode, this.#origin);
      }
      body.once("close", () => this.load--);
      return { status: statusCode, headers: flatHeaders(headers), body };
    } catch (error) {
      this.load--;
      throw error;
    }
  }

  /** Ends once the requests under way are answered; takes no others. */
  close(): Promise<void> {
    return this.#client.close();
  }

  dispose(): void {
    this.#client.destroy().catch(() => {});
  }

  /**
   * To a plain http server a proxy is asked for the whole URL, as Prometheus and curl do: proxies allow tunnels to the
   * ports of https only, more often than not. They could read what goes to such a server either way.
   */
  #onItsWay(request: TransportRequest): TransportRequest {
    if (this.route.kind === "direct" || this.#origin.startsWith("https:")) return request;
    const headers = { ...request.headers, ...proxyHeaders(this.route) };
    return { ...request, path: this.#origin + request.path, headers };
  }

  async #sendOrResend(request: TransportRequest): ReturnType<Client["request"]> {
    const first = newAttempt(request.signal);
    try {
      return await this.#sendOnce(request, first);
    } catch (error) {
      // A kept-alive socket that the server closed just as we wrote. Nothing was read, and every request is a read.
      if (request.signal.aborted || first.opened || first.answered || !isClosedSocket(error)) throw error;
      if (request.onResend?.() === false) throw error;
      return this.#sendOnce(request, newAttempt(request.signal));
    }
  }

  async #sendOnce({ method, path, headers, body, signal, onAnswer }: TransportRequest, attempt: Attempt) {
    this.#attempt = attempt;
    const pending = this.#dispatcher.request({ method, path, headers: { ...headers }, body: body ?? null, signal });
    // undici heeds the signal only once the request is written; until then the socket is ours to close.
    const closeConnecting = () => attempt.opening.close();
    signal.addEventListener("abort", closeConnecting, { once: true });
    try {
      return await orAborted(pending, signal);
    } catch (error) {
      // undici tells of the end alone, not of the TLS alert before it.
      throw isClosedSocket(error) ? (attempt.firstError ?? error) : error;
    } finally {
      signal.removeEventListener("abort", closeConnecting);
      if (attempt.answered) onAnswer?.();
    }
  }
}

function isClosedSocket(error: unknown): boolean {
  if (!(error instanceof Error && "code" in error)) return false;
  return error.code === "UND_ERR_SOCKET" || error.code === "ECONNRESET" || error.code === "EPIPE";
}

function flatHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}
