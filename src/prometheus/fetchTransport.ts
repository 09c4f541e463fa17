import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { networkFailure } from "./networkFailure.ts";
import { tlsCause } from "./tlsFailure.ts";
import type { Transport } from "./transport.ts";

/**
 * Sends through the host's `fetch`, which VS Code makes follow its own ways: PAC files, the system's proxy and its sign-in,
 * the system's certificates. It takes neither a certificate nor an authority of ours, and opens and closes sockets by itself:
 * a cancelled request closes its one a moment after the promise has settled.
 */
export function createFetchTransport(origin: string): Transport {
  const lifetime = new AbortController();
  return {
    async send({ method, path, headers, body, signal, onAnswer }) {
      signal.throwIfAborted();
      // Whether a byte of an answer had come when it broke is not told.
      onAnswer?.();
      const response = await fetch(origin + path, {
        method,
        headers,
        body: body ?? null,
        signal: AbortSignal.any([signal, lifetime.signal]),
        // Redirects are judged by our own rules, and only our own headers go along.
        redirect: "manual",
        credentials: "omit",
      }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw explained(error);
      });
      const readable =
        response.body === null ? Readable.from([]) : Readable.fromWeb(response.body as unknown as ReadableStream);
      return { status: response.status, headers: decodedHeaders(response.headers), body: readable };
    },
    dispose() {
      lifetime.abort();
    },
  };
}

/**
 * What `fetch` threw. It says of some failures only in words what they were: of a proxy that wants credentials, or, where
 * VS Code lets Chromium send, of all of them. That they are the network's is certain at least.
 */
function explained(error: unknown): unknown {
  if (!(error instanceof Error) || networkFailure(error, (text) => text) !== undefined) return error;
  const { cause } = error;
  const message = cause instanceof Error && cause.message !== "" ? cause.message : error.message;
  const code = isOfProxy(error) ? "ERR_PROXY" : (tlsName(message) ?? "ERR_FETCH");
  return Object.assign(new Error(message, { cause: error }), { code });
}

/** Chromium's name of a failure, where it is one of TLS. */
function tlsName(message: string): string | undefined {
  const name = /^net::(ERR_[A-Z0-9_]+)/.exec(message)?.[1];
  return name !== undefined && tlsCause(name, message) !== undefined ? name : undefined;
}

/** undici has no code of its own for a proxy that refuses a tunnel, and the standard none for its 407. */
function isOfProxy({ cause }: Error): boolean {
  if (!(cause instanceof Error)) return false;
  return /proxy/i.test(cause.message) || ("code" in cause && cause.code === "UND_ERR_ABORTED");
}

/** Without those that describe the bytes of the wire: `fetch` has decompressed them already. */
function decodedHeaders(headers: Headers): Record<string, string> {
  const flat: Record<string, string> = Object.create(null);
  for (const [name, value] of headers) flat[name] = value;
  delete flat["content-encoding"];
  delete flat["content-length"];
  return flat;
}
