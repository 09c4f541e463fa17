import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { type PlantedSecret, secretsIn } from "../support/secretSearch.ts";

/** How a server gives back in an answer what it was sent. */
export const echoForms = {
  plain: (text) => `not ${text}!`,
  percent: (text) => `no route for /login?next=${encodeURIComponent(`/query?a=${encodeURIComponent(text)}`)}`,
  form: (text) => new URLSearchParams({ seen: text }).toString(),
  base64: (text) => `not ${Buffer.from(text).toString("base64")}`,
  pair: (text) => `not ${Buffer.from(`somebody:${text}`).toString("base64url")}`,
  html: (text) => `<html><body><b>${htmlOf(text)}</b> is wrong</body></html>`,
  htmlOfGo: (text) =>
    `<html><body>${htmlOf(text).replaceAll("+", "&#43;").replaceAll("&quot;", "&#34;")}</body></html>`,
  json: (text) => JSON.stringify({ message: text }),
  jsonOfGo: (text) => JSON.stringify({ message: text }).replace(/[<>&+]/g, unicodeOf),
  jsonOfPhp: (text) => JSON.stringify({ message: text }).replaceAll("/", "\\/"),
  envelope: (text) => JSON.stringify({ status: "error", errorType: "bad_data", error: `1:1: parse error: ${text}` }),
  broken: (text) => `{"status":"success","data":{"${text}`,
  warning: (text) =>
    `{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1,"2"]}]},"warnings":[${JSON.stringify(text)}],"infos":[${JSON.stringify(text)}]}`,
} as const satisfies Readonly<Record<string, (text: string) => string>>;

export type EchoForm = keyof typeof echoForms | "location" | "challenge";

/** A status, and how what came is echoed with it. */
export type Echo = readonly [status: number, form: EchoForm];

const unicodeOf = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

function htmlOf(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

const ok = (data: unknown) => JSON.stringify({ status: "success", data });
const sample = { metric: { __name__: "up", job: "a" }, value: [1, "1"] };
const target = {
  scrapePool: "a",
  scrapeUrl: "http://a/metrics",
  labels: { job: "a" },
  discoveredLabels: {},
  health: "down",
};
const rule = { type: "alerting", name: "A", query: "up == 0", state: "inactive", health: "ok", alerts: [] };

const answers: readonly (readonly [path: RegExp, body: string])[] = [
  [/\/query$/, ok({ resultType: "vector", result: [sample] })],
  [/\/query_range$/, ok({ resultType: "matrix", result: [{ metric: sample.metric, values: [[1, "1"]] }] })],
  [/\/label\/job\/values$/, ok(["a"])],
  [/\/label\/__name__\/values$/, ok(["up"])],
  [/\/labels$/, ok(["__name__", "job"])],
  [/\/metadata$/, ok({ up: [{ type: "gauge", help: "Is up.", unit: "" }] })],
  [/\/targets$/, ok({ activeTargets: [{ ...target, lastError: "refused", lastScrape: "2026-01-02T03:04:05Z" }] })],
  [/\/rules$/, ok({ groups: [{ name: "g", file: "f", interval: 1, rules: [rule] }] })],
  [/\/alerts$/, ok({ alerts: [] })],
  [/\/buildinfo$/, ok({ application: "Prometheus", version: "3.1.0", revision: "x" })],
];

/** A server that lets in whoever brings a planted secret, and gives it back in every form that it is asked for. */
export interface EchoingServer {
  readonly origin: string;
  /** What every request is echoed with; absent: answered as by Prometheus, but a query names an echo itself. */
  mood: Echo | undefined;
  /** Names of the secrets that were given back. */
  readonly echoed: ReadonlySet<string>;
  stop(): void;
}

export interface EchoOptions {
  readonly planted: readonly PlantedSecret[];
  /** Of OAuth2, for whoever posts to `/token`. */
  readonly token: () => string;
  readonly tls?: ServerOptions;
}

/** Answers in its own way requests of a proxy too, which name a whole URL. A query `echo_STATUS_FORM` asks for an echo. */
export async function startEchoingServer({ planted, token, tls }: EchoOptions): Promise<EchoingServer> {
  const echoed = new Set<string>();
  let mood: Echo | undefined;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://h");
    const body = await textOf(request);
    const carried = carriedBy(request, url, body);
    const asked = /^echo_(\d+)_(\w+)$/.exec(
      url.searchParams.get("query") ?? new URLSearchParams(body).get("query") ?? "",
    );
    const echo = mood ?? (asked === null ? undefined : ([Number(asked[1]), asked[2] as EchoForm] as const));
    response.setHeader("Content-Type", "application/json");
    if (echo !== undefined) {
      for (const { name } of secretsIn(carried, "", planted)) echoed.add(name);
      giveBack(response, echo, carried);
    } else if (url.pathname === "/token") {
      response.end(JSON.stringify({ access_token: token(), expires_in: 3600 }));
    } else {
      const [, answer] = answers.find(([path]) => path.test(url.pathname)) ?? [];
      response.writeHead(answer === undefined ? 404 : 200).end(answer ?? "404 page not found");
    }
  }

  const listener = (request: IncomingMessage, response: ServerResponse) => void handle(request, response);
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    origin: `${tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    echoed,
    get mood() {
      return mood;
    },
    set mood(wanted) {
      mood = wanted;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function giveBack(response: ServerResponse, [status, form]: Echo, text: string): void {
  response.statusCode = status;
  switch (form) {
    case "location":
      response.setHeader("Location", `http://127.0.0.1:1/${encodeURIComponent(text)}/${encodeURIComponent(text)}`);
      response.end();
      return;
    case "challenge":
      response.setHeader("WWW-Authenticate", `Basic realm="${encodeURIComponent(text)}"`);
      response.end(text);
      return;
    default:
      response.end(echoForms[form](text));
  }
}

/** The secrets of a request as whoever receives it can read them: as sent, and what is in base64 opened. */
function carriedBy({ headers }: IncomingMessage, url: URL, body: string): string {
  const values = [...Object.values(headers).flatMap((value) => value ?? []), ...url.searchParams.values()];
  values.push(...new URLSearchParams(body).values());
  const opened = values.flatMap((value) => {
    const [, pair] = /^Basic (\S+)$/.exec(value) ?? [];
    return pair === undefined ? [] : [Buffer.from(pair, "base64").toString(), value];
  });
  // Opened ones first: a message is cut somewhere.
  return [...opened, ...values.filter((value) => value.includes("m4rk"))].join(" and ");
}
