import { createServer, type IncomingMessage, request as sendRequest } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, type Socket } from "node:net";

/** What a proxy was asked for: a tunnel's authority or a whole URL, and the headers it could read. */
export interface ProxySeen {
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A proxy on a loopback port. It sends every request and tunnel to where it is asked to. */
export interface ProxyServer extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
  readonly tunnels: readonly ProxySeen[];
  readonly requests: readonly ProxySeen[];
  /** Sockets of clients and servers that are open now. */
  readonly open: number;
}

export interface ProxyBehaviour {
  /** Who asks without exactly this `Proxy-Authorization` gets 407. */
  readonly authorization?: string;
  /** Answers every tunnel with this status. */
  readonly refuse?: number;
  /** Never answers. */
  readonly isSilent?: boolean;
  /** Closes a tunnel once so many bytes of the server's have passed. */
  readonly dieAfterBytes?: number;
  /** Speaks https with this certificate. */
  readonly secure?: { readonly cert: string; readonly key: string };
  /** Where tunnels lead, whatever they are asked for: the names of tests exist nowhere. */
  readonly leadsTo?: number;
}

export async function startProxy(behaviour: ProxyBehaviour = {}): Promise<ProxyServer> {
  const tunnels: ProxySeen[] = [];
  const requests: ProxySeen[] = [];
  const sockets = new Set<Socket>();
  const watch = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  };
  const mayPass = ({ headers }: IncomingMessage) =>
    behaviour.authorization === undefined || headers["proxy-authorization"] === behaviour.authorization;

  const server = behaviour.secure === undefined ? createServer() : createSecureServer(behaviour.secure);
  server.on("connection", watch);
  server.on("tlsClientError", () => {});
  server.on("connect", (asked: IncomingMessage, client: Socket) => {
    client.on("error", () => {});
    tunnels.push({ target: asked.url ?? "", headers: asked.headers });
    client.on("end", () => client.destroy());
    if (behaviour.isSilent) {
      client.resume();
      return;
    }
    const status = mayPass(asked) ? (behaviour.refuse ?? 200) : 407;
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 9\r\n\r\n<b>no</b>\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${asked.url}`);
    const upstream = connect(behaviour.leadsTo ?? Number(port), behaviour.leadsTo ? "127.0.0.1" : hostname);
    watch(upstream);
    upstream.once("connect", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      client.pipe(upstream);
      let passed = 0;
      upstream.on("data", (chunk) => {
        passed += chunk.length;
        if (passed > (behaviour.dieAfterBytes ?? Number.POSITIVE_INFINITY)) client.destroy();
        else client.write(chunk);
      });
      upstream.on("close", () => client.destroy());
      client.on("close", () => upstream.destroy());
    });
    upstream.on("error", () => client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
  });
  server.on("request", (asked, response) => {
    requests.push({ target: asked.url ?? "", headers: asked.headers });
    if (!mayPass(asked)) {
      response.writeHead(407, { "Proxy-Authenticate": "Basic" });
      response.end("no");
      return;
    }
    const { "proxy-authorization": _own, ...headers } = asked.headers;
    const forwarded = sendRequest(asked.url ?? "", { method: asked.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", () => response.writeHead(502).end());
    asked.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    origin: `${behaviour.secure === undefined ? "http" : "https"}://127.0.0.1:${address.port}`,
    port: address.port,
    tunnels,
    requests,
    get open() {
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
