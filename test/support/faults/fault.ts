import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import type { HttpSourceOptions } from "../../../src/prometheus/httpSource.ts";
import type { Cut } from "../../../src/shared/model/answer.ts";
import { type Exchange, type Script, startHostileServer } from "../hostileServer.ts";
import type { TestEndpoint } from "../sources.ts";

/** Where a query is sent to, and how. */
export interface World extends AsyncDisposable {
  readonly url: string;
  readonly endpoint?: TestEndpoint;
  readonly options?: Partial<HttpSourceOptions>;
}

/** What an answer has to be. What is not named must not be there: an answer that is cut or partial has to say so. */
export interface ExpectedAnswer {
  /** Of each series its labels and values; by default the one of `oneSample`. */
  readonly series?: readonly (readonly [labels: Readonly<Record<string, string>>, ...values: number[]])[];
  readonly cut?: Cut;
  readonly isPartial?: boolean;
  readonly warnings?: readonly string[];
  /** How far the server's clock is ahead of ours. */
  readonly clockAheadMs?: number;
}

/** One way in which a server, or the way to it, can be broken, and what has to come of one instant query. */
export interface Fault {
  readonly title: string;
  readonly script?: Script;
  readonly onConnection?: (socket: Socket) => boolean;
  /** Something other than one hostile server. */
  readonly start?: () => Promise<World>;
  readonly endpoint?: TestEndpoint;
  /** True: one query is answered before, so that the socket is a kept-alive one. The script sees only what follows. */
  readonly isWarm?: boolean;
  /** What must be in the failure; `"answer"`: the query succeeds with its one sample. */
  readonly expected: (Readonly<Record<string, unknown>> & { readonly kind: string }) | "answer" | ExpectedAnswer;
  /** Methods of all requests that reached the hostile server, in order. */
  readonly sent?: readonly ("GET" | "POST")[];
}

/** A vector of one series, `{job="a"}`, with the value 2. */
export const oneSample =
  '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"a"},"value":[1,"2"]}]}}';

/** A vector, or a matrix, of series that are written as JSON. */
export const resultOf = (series: string, type = "vector", more = "") =>
  `{"status":"success","data":{"resultType":"${type}","result":[${series}]}${more}}`;

/** The beginning of `oneSample`. */
export const tooFewBytes = oneSample.slice(0, 40);

export const jsonHeaders = { "Content-Type": "application/json" };

/** Answers with a status and a body. */
export const status =
  (code: number, text: string | Uint8Array = "", headers: Readonly<Record<string, string>> = {}): Script =>
  (exchange) =>
    exchange.answer(code, text, headers);

/** A good answer. */
export const good: Script = status(200, oneSample, jsonHeaders);

/** The first request, and all that follow. */
export const once =
  (first: Script, then: Script): Script =>
  (exchange) =>
    (exchange.index === 0 ? first : then)(exchange);

export const gzipOf = (text: string) => ({
  bytes: gzipSync(text),
  headers: { ...jsonHeaders, "Content-Encoding": "gzip" },
});

/** One chunk of a body with `Transfer-Encoding: chunked`. */
export function chunk({ raw }: Exchange, text: string): void {
  raw(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

/** Writes as much as the other side takes, until it closes the connection. */
export function pour({ socket }: Exchange, piece: string | Uint8Array): void {
  const more = () => {
    while (!socket.destroyed) if (!socket.write(piece)) break;
  };
  socket.on("drain", more);
  more();
}

/** A deadline that passes while a test waits. */
export const short: TestEndpoint = { timeoutMs: 300 };

export const timedOut = { kind: "timedOut", by: "client", afterMs: 300 };
export const reset = { kind: "unreachable", code: "reset" };
export const brokenHttp = { kind: "unreachable", code: "network" };
export const malformed = { kind: "malformed" };

/** A hostile server as a fault has it; with `isWarm` the first request is answered well and the script never hears of it. */
export function startFaulty({ script = good, onConnection, isWarm = false }: Fault) {
  const played: Script = (exchange) =>
    isWarm && exchange.index === 0 ? good(exchange) : script({ ...exchange, index: exchange.index - (isWarm ? 1 : 0) });
  return startHostileServer(played, onConnection);
}
