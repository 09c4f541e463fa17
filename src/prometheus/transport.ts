import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { buildConnector, Client, type Dispatcher } from "undici";
import type { Disposable } from "../shared/disposable.ts";
import { orAborted } from "./deadline.ts";

/** How sockets to one server are made. */
export interface TransportOptions {
  /** From the first packet to the end of the TLS handshake, in ms. */
  readonly connectTimeoutMs: number;
  readonly maxConnections: number;
  /** Longest time that an idle socket is kept, whatever the server proposes, in ms. */
  readonly maxIdleMs: number;
}

export const defaultTransportOptions: TransportOptions = {
  connectTimeoutMs: 10_000,
  maxConnections: 4,
  maxIdleMs: 60_000,
};

export interface TransportRequest {
  readonly method: "GET" | "POST";
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
  /** Called where it is sent a second time, since its kept-alive socket had been closed. */
  readonly onResend?: () => void;
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

/** At most `maxConnections` lanes to `origin`; the one used last is used first, so that few sockets stay warm. */
export function createTransport(origin: string, options: TransportOptions): Transport {
  const lanes: Lane[] = [];

  function pickLane(): Lane {
    const idle = lanes.findLast((lane) => lane.load === 0);
    if (idle !== undefined) return idle;
    if (lanes.length < options.maxConnections) {
      const lane = new Lane(origin, options);
      lanes.push(lane);
      return lane;
    }
    return lanes.reduce((best, lane) => (lane.load < best.load ? lane : best));
  }

  return {
    async send(request) {
      request.signal.throwIfAborted();
      return pickLane().send(request);
    },
    dispose() {
      for (const lane of lanes) lane.dispose();
    },
  };
}

/** One request on its way to a socket. */
interface Attempt {
  /** True if a socket was opened for it; false on a kept-alive one. */
  opened: boolean;
  connecting: Socket | undefined;
  /** True when a byte of an answer has arrived. */
  answered: boolean;
}

function newAttempt(): Attempt {
  return { opened: false, connecting: undefined, answered: false };
}

/**
 * One undici client and therefore one socket at a time, never the process-wide dispatcher. undici's pools do not tell
 * which socket is being opened for which request, and a request that is cancelled meanwhile has to close its own.
 */
class Lane implements Disposable {
  readonly #client: Client;
  readonly #dispatcher: Dispatcher;
  #attempt = newAttempt();
  /** Requests not yet answered to the end. */
  load = 0;

  constructor(origin: string, options: TransportOptions) {
    const connect = buildConnector({ timeout: options.connectTimeoutMs, allowH2: false, autoSelectFamily: true });
    this.#client = new Client(origin, {
      allowH2: false,
      pipelining: 1,
      keepAliveMaxTimeout: options.maxIdleMs,
      // The deadline is ours and counts the whole request; undici's timers would only add a second, coarser one.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (target, callback) => {
        const attempt = this.#attempt;
        attempt.opened = true;
        const socket: unknown = connect(target, (...result) => {
          attempt.connecting = undefined;
          callback(...result);
        });
        attempt.connecting = socket as Socket;
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
      const { statusCode, headers, body } = await this.#sendOrResend(request);
      body.once("close", () => this.load--);
      return { status: statusCode, headers: flatHeaders(headers), body };
    } catch (error) {
      this.load--;
      throw error;
    }
  }

  dispose(): void {
    this.#client.destroy().catch(() => {});
  }

  async #sendOrResend(request: TransportRequest): ReturnType<Client["request"]> {
    const first = newAttempt();
    try {
      return await this.#sendOnce(request, first);
    } catch (error) {
      // A kept-alive socket that the server closed just as we wrote. Nothing was read, and every request is a read.
      if (request.signal.aborted || first.opened || first.answered || !isClosedSocket(error)) throw error;
      request.onResend?.();
      return this.#sendOnce(request, newAttempt());
    }
  }

  async #sendOnce({ method, path, headers, body, signal, onAnswer }: TransportRequest, attempt: Attempt) {
    this.#attempt = attempt;
    const pending = this.#dispatcher.request({ method, path, headers: { ...headers }, body: body ?? null, signal });
    // undici heeds the signal only once the request is written; until then the socket is ours to close.
    const closeConnecting = () => attempt.connecting?.destroy(signal.reason);
    signal.addEventListener("abort", closeConnecting, { once: true });
    try {
      return await orAborted(pending, signal);
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
