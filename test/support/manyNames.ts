import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server with very many metrics; `/COUNT` is one that honours `limit`, `/all/COUNT` one that does not know it. */
export interface ManyNames {
  readonly url: string;
  stop(): Promise<void>;
}

const parts = ["http", "grpc", "node", "go", "kafka", "redis", "pg", "queue", "cache", "disk"];

/** The name with this number: few first words, many last ones, as large installations have them. */
export function manyName(index: number): string {
  const [a, b] = [parts[index % 10], parts[(index >> 3) % 10]];
  return `${a}_${b}_${index.toString(36).padStart(4, "0")}_${index % 3 === 0 ? "total" : "seconds"}`;
}

/**
 * Starts the server on a free loopback port. Names are in no order, as some servers send them. `GET /requests` tells how
 * often each path was asked since it was last asked itself.
 */
export async function startManyNames(): Promise<ManyNames> {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://stub");
    response.setHeader("content-type", "application/json");
    if (pathname === "/requests") {
      response.end(JSON.stringify(Object.fromEntries(counts)));
      counts.clear();
      return;
    }
    counts.set(pathname, (counts.get(pathname) ?? 0) + 1);
    const [, all, count = "0", path = ""] = /^(\/all)?\/(\d+)\/api\/v1\/(.*)$/.exec(pathname) ?? [];
    if (path === "label/__name__/values") {
      const limit = all === undefined ? Number(searchParams.get("limit")) : 0;
      void sendNames(response, Number(count), { limit, match: searchParams.get("match[]") });
    } else if (path === "metadata") {
      response.end('{"status":"success","data":{}}');
    } else {
      response.statusCode = 404;
      response.end("404 page not found");
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Streams the answer in pieces of some thousand names. */
async function sendNames(
  response: ServerResponse,
  count: number,
  { limit, match }: { readonly limit: number; readonly match: string | null },
): Promise<void> {
  const wanted = matcher(match);
  const most = limit > 0 ? limit : count;
  let sent = 0;
  let piece = '{"status":"success","data":[';
  let isCut = false;
  for (let i = 0; i < count && !isCut; i++) {
    const name = manyName(i);
    if (!wanted(name)) continue;
    if (sent === most) {
      isCut = true;
      break;
    }
    piece += `${sent++ === 0 ? "" : ","}"${name}"`;
    if (piece.length > 65_536) {
      if (!response.write(piece)) await drained(response);
      if (response.destroyed) return;
      piece = "";
    }
  }
  const warnings = isCut ? ',"warnings":["results truncated due to limit"]' : "";
  response.end(`${piece}]${warnings}}`);
}

/** Waits until more can be written, or nothing any more. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
}

/** Reads `{__name__=~"(?i)..."}` as our side bar sends it. */
function matcher(match: string | null): (name: string) => boolean {
  if (match === null) return () => true;
  const [, text = '""'] = /^\{__name__=~(".*")\}$/.exec(match) ?? [];
  const expression = new RegExp(`^(?:${(JSON.parse(text) as string).replace("(?i)", "")})$`, "i");
  return (name) => expression.test(name);
}
