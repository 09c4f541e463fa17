import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunningServer } from "./prometheus.ts";

/** A request that passed through. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** True when the client went away before it had the whole answer. */
  abandoned: boolean;
}

/** Passes everything on to a real server, writes down what it saw, and holds back the answer to any request that says `slow`. */
export interface RecordingProxy extends RunningServer {
  readonly requests: readonly RecordedRequest[];
}

/** Starts the proxy on a free loopback port. `holdMs`: how long an answer to a `slow` request is held back. */
export async function startRecordingProxy(upstream: string, { holdMs = 60_000 } = {}): Promise<RecordingProxy> {
  const requests: RecordedRequest[] = [];
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      const record: RecordedRequest = {
        method: incoming.method ?? "",
        path: incoming.url ?? "",
        headers: incoming.headers,
        body,
        abandoned: false,
      };
      requests.push(record);
      response.once("close", () => {
        record.abandoned = !response.writableFinished;
      });
      const hold = `${record.path}${body}`.includes("slow") ? holdMs : 0;
      const timer = setTimeout(() => pass(upstream, record, response), hold);
      response.once("close", () => clearTimeout(timer));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function readBody(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function pass(upstream: string, record: RecordedRequest, response: ServerResponse): void {
  const { host: _host, connection: _connection, ...headers } = record.headers;
  const outgoing = request(new URL(record.path, upstream), { method: record.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.once("error", () => response.destroy());
  outgoing.end(record.body);
}
