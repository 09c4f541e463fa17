import type { Failure, ProxyProblem, UnreachableCode } from "../shared/errors.ts";
import { cleanMessage } from "./serverText.ts";
import { tlsAlertCode, tlsCause } from "./tlsFailure.ts";

/** What an error code of Node or undici means to the person who waits. */
const meaning: Readonly<Record<string, UnreachableCode>> = {
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_FAIL: "dns",
  EAI_NODATA: "dns",
  EAI_NONAME: "dns",
  ENODATA: "dns",
  ERR_FETCH: "network",
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  ECONNABORTED: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "reset",
  ETIMEDOUT: "connectTimeout",
  UND_ERR_CONNECT_TIMEOUT: "connectTimeout",
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

/** Families of codes too large to list: the HTTP parser's, and those of protocols that we do not speak. */
const family = /^(?:HPE_|UND_ERR_(?:H2|HTTP))/;

/** Headers or a URL that cannot be sent at all. */
const unsendable = /^(?:UND_ERR_INVALID_ARG|ERR_INVALID_ARG_\w+|ERR_INVALID_CHAR|ERR_INVALID_URL)$/;

/**
 * The failure behind an error of undici or Node before a whole answer was there; `undefined` for an error that did not
 * come from the network. `redact` takes secrets out of the text.
 */
export function networkFailure(error: unknown, redact: (text: string) => string): Failure | undefined {
  const proxy = proxyFailure(error, redact);
  if (proxy !== undefined) return proxy;
  const codes = [...codesOf(error)];
  // A socket that was closed for a reason: undici says that it was closed, and carries the reason along.
  for (const [code, message] of codes) {
    const tls = tlsCause(code, message);
    if (tls !== undefined) return { kind: "unreachable", code: "tls", tls, detail: cleanTlsText(message, redact) };
  }
  for (const [code, message] of codes) {
    const detail = cleanMessage(message, redact);
    const known = Object.hasOwn(meaning, code) ? meaning[code] : family.test(code) ? "network" : undefined;
    if (known !== undefined) return { kind: "unreachable", code: known, detail };
    if (unsendable.test(code)) return { kind: "misconfigured", what: "request", detail };
  }
  return undefined;
}

/** What went wrong at a proxy, whatever the cause below: a certificate, say, that is not believed is the proxy's then. */
function proxyFailure(error: unknown, redact: (text: string) => string, depth = 0): Failure | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const isOfProxy = code === "ERR_PROXY" || code.startsWith("UND_ERR_PRX");
  if (!isOfProxy) return proxyFailure(error.cause, redact, depth + 1);
  const via = "via" in error && typeof error.via === "string" ? error.via : "";
  const problem = code === "UND_ERR_PRX_TLS" ? "tls" : proxyProblem(error);
  return { kind: "unreachable", code: "proxy", problem, via, detail: cleanMessage(error.message, redact) };
}

/** By what it answered, which the text says with its status, or by what ended the way to it. */
function proxyProblem({ message, cause }: Error): ProxyProblem {
  // Chromium's words, where VS Code lets it send.
  if (/\b407\b|ERR_PROXY_AUTH/.test(message)) return "credentials";
  if (/\(403\)|ERR_TUNNEL_CONNECTION_FAILED/.test(message)) return "denied";
  if (/ERR_PROXY_CERTIFICATE/.test(message)) return "tls";
  if (/ERR_PROXY_CONNECTION_FAILED/.test(message)) return "refused";
  for (const [code, text] of codesOf(cause)) {
    if (tlsCause(code, text) !== undefined) return "tls";
    if (code === "UND_ERR_HEADERS_TIMEOUT") return "timedOut";
    const known = Object.hasOwn(meaning, code) ? proxyProblems[meaning[code] ?? "network"] : undefined;
    if (known !== undefined) return known;
  }
  return "other";
}

const proxyProblems: Readonly<Record<UnreachableCode, ProxyProblem>> = {
  dns: "notFound",
  refused: "refused",
  reset: "other",
  connectTimeout: "timedOut",
  network: "other",
};

/** OpenSSL's words without the thread, the source file and the advice for programs of the command line around them. */
function cleanTlsText(message: string, redact: (text: string) => string): string {
  const core = /^[\dA-F]+:error:[\dA-F]+:([^:]*):[^:]*:([^:]*):/.exec(message);
  const text =
    core === null ? message.replace(/; if the root CA is installed locally, .*$/s, "") : `${core[1]}: ${core[2]}`;
  return cleanMessage(text, redact);
}

/** An alert of TLS at the beginning of what should be an HTTP answer: the port wants to be spoken to by https. */
function isTlsAlert(error: Error): boolean {
  return "data" in error && typeof error.data === "string" && error.data.startsWith("\u0015\u0003");
}

/** Codes from the outside in: undici wraps Node's errors in `cause`, dual-stack attempts come as an `AggregateError`. */
function* codesOf(error: unknown, depth = 0): Generator<readonly [code: string, message: string]> {
  if (!(error instanceof Error) || depth > 4) return;
  const inner = error instanceof AggregateError ? error.errors : [];
  const message =
    error.message !== "" ? error.message : inner.map((one) => (one instanceof Error ? one.message : "")).join("; ");
  if ("code" in error && typeof error.code === "string") yield [error.code, message];
  // undici leaves out this error's code when its table of parser errors has no name for the number.
  if (error.name === "HTTPParserError") yield [isTlsAlert(error) ? tlsAlertCode : "HPE_UNNAMED", message];
  yield* codesOf(error.cause, depth + 1);
  for (const one of inner) yield* codesOf(one, depth + 1);
}
