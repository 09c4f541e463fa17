import type { Failure, UnreachableCode } from "../shared/errors.ts";
import { cleanMessage } from "./serverText.ts";

/** What an error code of Node or undici means to the person who waits. */
const meaning: Readonly<Record<string, UnreachableCode>> = {
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_FAIL: "dns",
  EAI_NODATA: "dns",
  EAI_NONAME: "dns",
  ENODATA: "dns",
  ERR_PROXY: "proxy",
  ERR_FETCH: "network",
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  ECONNABORTED: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "reset",
  ETIMEDOUT: "connectTimeout",
  UND_ERR_CONNECT_TIMEOUT: "connectTimeout",
  EPROTO: "tls",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls",
  SELF_SIGNED_CERT_IN_CHAIN: "tls",
  UNABLE_TO_GET_ISSUER_CERT: "tls",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls",
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: "tls",
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: "tls",
  UNABLE_TO_GET_CRL: "tls",
  HOSTNAME_MISMATCH: "tls",
  INVALID_CA: "tls",
  INVALID_PURPOSE: "tls",
  PATH_LENGTH_EXCEEDED: "tls",
  EHOSTUNREACH: "network",
  EHOSTDOWN: "network",
  ENETUNREACH: "network",
  ENETDOWN: "network",
  EADDRNOTAVAIL: "network",
  EACCES: "network",
  EPERM: "network",
  UND_ERR_HEADERS_OVERFLOW: "network",
  UND_ERR_RESPONSE: "network",
};

/** Families of codes too large to list: OpenSSL's, Node's TLS, X.509 verification, and the HTTP parser's. */
const families: readonly (readonly [prefix: RegExp, code: UnreachableCode])[] = [
  [/^ERR_(?:TLS|SSL|OSSL)_/, "tls"],
  [/^(?:CERT|CRL|ERROR_IN_(?:CERT|CRL))_/, "tls"],
  [/^HPE_/, "network"],
  [/^UND_ERR_(?:PRX|H2|HTTP)/, "network"],
];

/** Headers or a URL that cannot be sent at all. */
const unsendable = /^(?:UND_ERR_INVALID_ARG|ERR_INVALID_ARG_\w+|ERR_INVALID_CHAR|ERR_INVALID_URL)$/;

/**
 * The failure behind an error of undici or Node before a whole answer was there; `undefined` for an error that did not
 * come from the network. `redact` takes secrets out of the text.
 */
export function networkFailure(error: unknown, redact: (text: string) => string): Failure | undefined {
  for (const [code, message] of codesOf(error)) {
    const detail = cleanMessage(message, redact);
    const known = Object.hasOwn(meaning, code) ? meaning[code] : families.find(([prefix]) => prefix.test(code))?.[1];
    if (known !== undefined) return { kind: "unreachable", code: known, detail };
    if (unsendable.test(code)) return { kind: "misconfigured", what: "request", detail };
  }
  return undefined;
}

/** Codes from the outside in: undici wraps Node's errors in `cause`, dual-stack attempts come as an `AggregateError`. */
function* codesOf(error: unknown, depth = 0): Generator<readonly [code: string, message: string]> {
  if (!(error instanceof Error) || depth > 4) return;
  const inner = error instanceof AggregateError ? error.errors : [];
  const message =
    error.message !== "" ? error.message : inner.map((one) => (one instanceof Error ? one.message : "")).join("; ");
  if ("code" in error && typeof error.code === "string") yield [error.code, message];
  // undici leaves out this error's code when its table of parser errors has no name for the number.
  if (error.name === "HTTPParserError") yield ["HPE_UNNAMED", message];
  yield* codesOf(error.cause, depth + 1);
  for (const one of inner) yield* codesOf(one, depth + 1);
}
