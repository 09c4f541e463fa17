import type { Failure, UnreachableCode } from "../shared/errors.ts";
import type { EndpointName } from "./endpoints.ts";

/** Evaluated by the server, each time it is sent: repeating one may be what keeps a struggling server down. */
const evaluated: ReadonlySet<EndpointName> = new Set<EndpointName>(["query", "queryRange", "queryExemplars"]);

/** Whether a read is a query's, which is sent only when a person asks for it. */
export function isEvaluated(endpoint: EndpointName): boolean {
  return evaluated.has(endpoint);
}

/**
 * Messages that one read may be: the first one and those sent again, for whatever reason (a wait, other credentials, another
 * method, a socket that was closed meanwhile).
 */
const maxSends = { evaluated: 2, metadata: 4 } as const;

/** Whether a read that was sent `sends` times may be sent again. */
export function maySendAgain(endpoint: EndpointName, sends: number): boolean {
  return sends < maxSends[kindOf(endpoint)];
}

function kindOf(endpoint: EndpointName): keyof typeof maxSends {
  return isEvaluated(endpoint) ? "evaluated" : "metadata";
}

/** A longer wait is the person's to decide, in seconds. */
const maxRetryAfterSeconds = 5;

const firstBackoffMs = 100;

/**
 * Connections that broke before an answer. What lasts is not here: a name that is not found, a certificate, no route. Nor a
 * connect timeout, which has taken long enough.
 */
const brokenConnections: ReadonlySet<string> = new Set<UnreachableCode>(["reset", "refused"]);

/** One that ended amid the handshake, without a reason, is a connection that broke. */
function isBroken(failure: Failure & { kind: "unreachable" }): boolean {
  return brokenConnections.has(failure.code) || (failure.code === "tls" && failure.tls === "closed");
}

/** Too many requests, a gateway without its server, a server that starts or is overloaded: states that pass. */
const passingStatuses: ReadonlySet<number> = new Set([429, 502, 503]);

/** A limit of this one query (Mimir's error ids, Azure's "Query cost=… exceeds"), which it will pass again next time. */
const limitOfQuery = /\berr-mimir-\S*query|\bquery[- ]cost\b|\bper[- ]query\b|\bquery\b[^.]*\bexceed/i;

/** A read that has just failed. */
export interface FailedSend {
  readonly endpoint: EndpointName;
  readonly failure: Failure;
  /** Whether any byte of an answer had arrived. */
  readonly hasAnswer: boolean;
  /** Messages sent so far for this read: repetitions, and the fallback from POST to GET. */
  readonly sends: number;
  /** What is left of the deadline, in ms. */
  readonly leftMs: number;
  /** From 0 to below 1. */
  readonly random: number;
}

/**
 * After how many ms a failed read is sent again, or `undefined` if it is not. Both kinds of reads are sent again where the
 * connection broke before any byte of an answer, and on 429, 502 and a 503 outside Prometheus' envelope: queries once and
 * only where the server itself says that 5 s are enough (no `Retry-After` is no invitation), metadata reads up to three
 * times, by backoff where the server names no time. Never after a time-out (504 is one), on an error envelope, on a limit
 * of the query, on any other status, and when the wait would outlast the deadline: the failure says more than a time-out.
 */
export function retryWait({ endpoint, failure, hasAnswer, sends, leftMs, random }: FailedSend): number | undefined {
  if (!maySendAgain(endpoint, sends)) return undefined;
  const askedMs = pauseAskedFor(failure, kindOf(endpoint), hasAnswer);
  if (askedMs === undefined) return undefined;
  // Never earlier than asked, and not at the same moment as everybody else who was told the same.
  const wait = askedMs + backoffMs(sends, random);
  return wait < leftMs ? wait : undefined;
}

/** How long the server wants to be left alone, in ms, if what failed is worth sending again. */
function pauseAskedFor(failure: Failure, kind: keyof typeof maxSends, hasAnswer: boolean): number | undefined {
  if (failure.kind === "unreachable") return isBroken(failure) && !hasAnswer ? 0 : undefined;
  if (failure.kind !== "notPrometheus" || !passingStatuses.has(failure.status)) return undefined;
  if (limitOfQuery.test(failure.detail)) return undefined;
  const seconds = failure.retryAfterSeconds ?? (kind === "metadata" ? 0 : Number.POSITIVE_INFINITY);
  return seconds <= maxRetryAfterSeconds ? seconds * 1000 : undefined;
}

/**
 * "Full jitter": anything up to 100 ms x 2^n, n = 0 before the first repetition, so that clients which failed together do
 * not come back together. Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
function backoffMs(sends: number, random: number): number {
  return Math.round(random * firstBackoffMs * 2 ** Math.max(0, sends - 1));
}
