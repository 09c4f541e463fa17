import { createServer, type Socket } from "node:net";

/** A request as it arrived. `path` includes the query string; header names are in lower case. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** 0 for the first connection that was accepted. */
  readonly connection: number;
}

/** A request that the script has to answer in its own way, or not at all. */
export interface Exchange {
  readonly request: SeenRequest;
  /** 0 for the first request of the server's life. */
  readonly index: number;
  readonly socket: Socket;
  /** Bytes as they are. */
  raw(data: string | Uint8Array): void;
  /** A complete answer with `Content-Length`. */
  answer(status: number, body?: string | Uint8Array, headers?: Readonly<Record<string, string>>): void;
  /** The status line and headers of an answer whose body is sent by hand. */
  head(status: number, headers?: Readonly<Record<string, string>>): void;
  /** Ends the connection with an RST instead of a FIN. */
  reset(): void;
}

export type Script = (exchange: Exchange) => unknown;

/** A server on a loopback port that does whatever its script does and remembers what reached it. */
export interface HostileServer extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  readonly requests: readonly SeenRequest[];
  /** Connections accepted so far, and those of them that are open now. */
  readonly accepted: number;
  readonly open: number;
  /** Resolves when `count` requests have arrived. */
  whenRequested(count: number): Promise<void>;
  /** Resolves when no connection is open any more. */
  whenAllClosed(): Promise<void>;
}

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  302: "Found",
  404: "Not Found",
  503: "Service Unavailable",
};

/** `onConnection` may take a connection over before anything is read; answering `false` leaves it to the script. */
export async function startHostileServer(
  script: Script,
  onConnection: (socket: Socket) => boolean = () => false,
): Promise<HostileServer> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const watchers = new Set<() => void>();
  let accepted = 0;
  const changed = () => {
    for (const watcher of watchers) watcher();
  };
  const until = (isTrue: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const watcher = () => {
        if (!isTrue()) return;
        watchers.delete(watcher);
        resolve();
      };
      watchers.add(watcher);
      watcher();
    });

  const server = createServer((socket) => {
    const connection = accepted++;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      changed();
    });
    changed();
    if (onConnection(socket)) {
      // Unread bytes would keep the connection from being closed.
      socket.resume();
      return;
    }
    readRequests(socket, connection, (request) => {
      const index = requests.push(request) - 1;
      changed();
      script(exchangeOf(request, index, socket));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const { port } = address;

  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    requests,
    get accepted() {
      return accepted;
    },
    get open() {
      return sockets.size;
    },
    whenRequested: (count) => until(() => requests.length >= count),
    whenAllClosed: () => until(() => sockets.size === 0),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function exchangeOf(request: SeenRequest, index: number, socket: Socket): Exchange {
  const raw = (data: string | Uint8Array) => {
    if (!socket.destroyed) socket.write(data);
  };
  const head = (status: number, headers: Readonly<Record<string, string>> = {}) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    raw(`HTTP/1.1 ${status} ${reasons[status] ?? "Status"}\r\n${lines.join("")}\r\n`);
  };
  return {
    request,
    index,
    socket,
    raw,
    head,
    answer(status, body = "", headers = {}) {
      const bytes = Buffer.from(body);
      head(status, { "Content-Length": String(bytes.length), ...headers });
      raw(bytes);
    },
    reset: () => socket.resetAndDestroy(),
  };
}

/** Cuts the bytes of one connection into requests; bodies need a `Content-Length`, as our client sends it. */
function readRequests(socket: Socket, connection: number, onRequest: (request: SeenRequest) => void): void {
  let pending = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const headEnd = pending.indexOf("\r\n\r\n");
      if (headEnd < 0) return;
      const [first = "", ...lines] = pending.subarray(0, headEnd).toString("latin1").split("\r\n");
      const headers: Record<string, string> = {};
      for (const line of lines) {
        const colon = line.indexOf(":");
        headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
      }
      const end = headEnd + 4 + Number(headers["content-length"] ?? 0);
      if (pending.length < end) return;
      const [method = "", path = ""] = first.split(" ");
      const body = pending.subarray(headEnd + 4, end).toString("utf8");
      pending = pending.subarray(end);
      onRequest({ method, path, headers, body, connection });
    }
  });
}
