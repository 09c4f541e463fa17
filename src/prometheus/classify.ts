import type { AuthScheme, Failure } from "../shared/errors.ts";
import { asErrorEnvelope, type ErrorEnvelope, foreignMessage, parsePosition, plainFacts } from "./errorEnvelope.ts";
import { parseRetryAfter } from "./retryAfter.ts";
import { cleanMessage, cleanPage } from "./serverText.ts";
import { readQueryVerdict } from "./victoriaMetricsError.ts";

/** An answer that is not usable data, with as much of its body as was read. */
export interface RefusedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface ClassifyContext {
  /** Our deadline in ms, reported when it was the server that gave up. */
  readonly timeoutMs: number;
  readonly redact: (text: string) => string;
  /** Unix ms; a `Retry-After` date counts from here. */
  readonly now: number;
}

export type Content = Extract<Failure, { kind: "notPrometheus" }>["content"];

/**
 * Why an answer with a status of failure, or with anything but a JSON object, is no answer. The order matters: gateways
 * answer 401 and 403 with every kind of body; then what the content is; then Prometheus' envelope; then the status.
 */
export function classifyAnswer(answer: RefusedAnswer, context: ClassifyContext): Failure {
  const { status, headers, text } = answer;
  const content = sniffContent(text, headers["content-type"]);
  const json = content === "json" ? parseJson(text) : undefined;
  const envelope = asErrorEnvelope(json);
  const detail = json === undefined ? cleanPage(text, context.redact) : wordsOf(json, context.redact);
  if (status === 401 || status === 403) {
    const scheme = schemeOf(headers["www-authenticate"]);
    return { kind: "unauthorized", status, detail, ...(scheme === undefined ? {} : { scheme }) };
  }
  // vmauth up to 1.79 answers 400 where later ones answer 401.
  if (status === 400 && /^cannot find the provided auth token/.test(text.trimStart())) {
    return { kind: "unauthorized", status: 401, detail };
  }
  const retryAfterSeconds = parseRetryAfter(headers["retry-after"], context.now);
  if (envelope !== undefined) return rejection(status, envelope, context, retryAfterSeconds);
  if (status === 504 || saysTimedOut(status, detail)) {
    return { kind: "timedOut", by: "server", afterMs: context.timeoutMs, detail };
  }
  return {
    kind: "notPrometheus",
    status,
    content,
    detail,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/**
 * True for a server that says in words that its time for the query was up: Go's gRPC and HTTP clients, whose words Thanos and
 * gateways pass on with any status, and VictoriaMetrics. Below 422 messages quote the query, and a gateway that could not even
 * `dial` is not about the query.
 */
function saysTimedOut(status: number, text: string): boolean {
  return status >= 422 && /context deadline exceeded|timeout exceeded/i.test(text) && !/\bdial\b/.test(text);
}

/** The failure in Prometheus' own error envelope. */
export function rejection(
  status: number,
  { errorType, error }: ErrorEnvelope,
  context: ClassifyContext,
  retryAfterSeconds?: number,
): Failure {
  const verdict = readQueryVerdict(error);
  const message = cleanMessage(verdict?.reason ?? error, context.redact);
  // An error after the first results comes with their status.
  const isTimeout = status === 504 || ((status === 503 || status === 200) && errorType === "timeout");
  if (isTimeout || (errorType !== "bad_data" && saysTimedOut(status, message))) {
    return { kind: "timedOut", by: "server", afterMs: context.timeoutMs, detail: message };
  }
  const position = verdict?.position ?? parsePosition(error);
  return {
    kind: "rejected",
    status,
    errorType: cleanMessage(errorType, context.redact),
    message,
    ...(position === undefined ? {} : { position }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** The first way to sign in that a `WWW-Authenticate` header names, as far as it is one that we know. */
function schemeOf(header: string | undefined): AuthScheme | undefined {
  const name = /^\s*(basic|bearer|digest|negotiate|ntlm)\b/i.exec(header ?? "")?.[1]?.toLowerCase();
  return schemes.find((scheme) => scheme === name);
}

const schemes: readonly AuthScheme[] = ["basic", "bearer", "digest", "negotiate", "ntlm"];

/** One line of the text format without its comments: a name, perhaps labels, a value. */
const sampleLine = /^[a-zA-Z_:][\w:]*(?:\{[^\n]*\})?[ \t]+[-+]?(?:\d|\.\d|nan|inf)/i;

/** What a body is, by its first characters; servers' `Content-Type` is only asked where those do not tell. */
export function sniffContent(text: string, contentType: string | undefined): Content {
  const start = text.trimStart();
  if (start === "") return "empty";
  if (start.startsWith("<")) return "html";
  if (start.startsWith("{") || start.startsWith("[")) return "json";
  if (start.startsWith("#") || sampleLine.test(start)) return "exposition";
  if (contentType?.includes("openmetrics") === true) return "exposition";
  return contentType?.includes("text/html") === true ? "html" : "text";
}

/** What another program's JSON says; as it is where it was cut, or is none after all. */
export function foreignDetail(text: string, redact: (text: string) => string): string {
  const json = parseJson(text);
  return json === undefined ? cleanPage(text, redact) : wordsOf(json, redact);
}

function wordsOf(json: unknown, redact: (text: string) => string): string {
  const first: unknown = Array.isArray(json) ? json[0] : json;
  const message = foreignMessage(first);
  return cleanMessage(message === "" ? plainFacts(first) : message, redact);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
