import type { Socket } from "node:net";
import { type buildConnector, Client, buildConnector as newConnector } from "undici";
import type { ProxyChoice, SourceEndpoint, TlsMaterial } from "../shared/model/source.ts";
import { orAborted } from "./deadline.ts";
import { type ConnectTarget, defaultTlsMaterial, type Opening, TlsConnector } from "./tlsConnector.ts";

/** What of a connection decides how its sockets are opened. */
export type NetworkPath = Pick<SourceEndpoint, "tls" | "proxy">;

export type ViaProxy = Extract<ProxyChoice, { kind: "proxy" }>;

/** The proxy itself could not be reached, or did not let us through. Its text holds nothing that a server has said. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  readonly code = "ERR_PROXY";
  /** The proxy's origin. */
  readonly via: string;

  constructor(proxy: string, problem: string, options?: ErrorOptions) {
    super(`The proxy ${proxy} ${problem}`, options);
    this.via = proxy;
  }
}

/** What a proxy says by a status of its own. */
export function proxyRefusal(proxy: string, status: number, target: string): ProxyError {
  if (status === 407) return new ProxyError(proxy, "wants other credentials, or any (407)");
  if (status === 403) return new ProxyError(proxy, `does not allow connections to ${target} (403)`);
  return new ProxyError(proxy, `did not connect to ${target} (${status})`);
}

export interface SocketOpenerOptions {
  readonly connectTimeoutMs: number;
  readonly systemCertificates: () => Promise<readonly string[]>;
}

/** Opens sockets to one origin: straight, through a tunnel (https), or to the proxy that is asked instead (http). */
export class SocketOpener {
  readonly #target: ConnectTarget;
  readonly #options: SocketOpenerOptions;
  readonly #readMaterial: NetworkPath["tls"];
  readonly #plain: buildConnector.connector;
  readonly #toServer: TlsConnector;
  /** Apart from the server's: its certificate authority and our own certificate are for the server alone. */
  readonly #toProxy: TlsConnector;

  constructor(origin: string, options: SocketOpenerOptions, { tls }: NetworkPath) {
    this.#target = targetOf(origin);
    this.#options = options;
    this.#readMaterial = tls;
    this.#plain = newConnector({ timeout: options.connectTimeoutMs, allowH2: false, autoSelectFamily: true });
    this.#toServer = new TlsConnector(options);
    this.#toProxy = new TlsConnector(options);
  }

  async open(route: ProxyChoice, opening: Opening): Promise<Socket> {
    try {
      return await this.#open(route, opening);
    } catch (error) {
      opening.check();
      throw error;
    }
  }

  async #open(route: ProxyChoice, opening: Opening): Promise<Socket> {
    const isEncrypted = this.#target.protocol === "https:";
    if (!isEncrypted) {
      return route.kind === "proxy" ? this.#openProxy(route, opening) : opening.connect(this.#plain, this.#target);
    }
    const material = await this.#material(opening);
    const reach = async (): Promise<ConnectTarget> =>
      route.kind === "direct" ? this.#target : { ...this.#target, httpSocket: await this.#openTunnel(route, opening) };
    return this.#toServer.connect(opening, await reach(), material, reach);
  }

  async #material({ signal }: Opening): Promise<TlsMaterial> {
    if (this.#readMaterial === undefined) return defaultTlsMaterial;
    return orAborted(this.#readMaterial({ signal }), signal);
  }

  async #openProxy({ origin }: ViaProxy, opening: Opening): Promise<Socket> {
    const proxy = targetOf(origin);
    try {
      return await (proxy.protocol === "https:"
        ? this.#toProxy.connect(opening, proxy, defaultTlsMaterial)
        : opening.connect(this.#plain, proxy));
    } catch (error) {
      throw new ProxyError(origin, `cannot be reached: ${reasonOf(error)}`, { cause: error });
    }
  }

  /** Of the request the proxy sees the host and port alone: everything else goes through the tunnel, encrypted. */
  async #openTunnel(route: ViaProxy, opening: Opening): Promise<Socket> {
    const { hostname, port } = this.#target;
    const authority = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
    const client = new Client(route.origin, {
      allowH2: false,
      headersTimeout: this.#options.connectTimeoutMs,
      connect: (_, callback) => {
        this.#openProxy(route, opening).then(
          (socket) => callback(null, socket),
          (error: Error) => callback(error, null),
        );
      },
    });
    try {
      const { statusCode, socket } = await client.connect({
        path: authority,
        headers: { host: authority, ...proxyHeaders(route) },
        signal: opening.signal,
      });
      if (statusCode >= 200 && statusCode <= 299) return socket as Socket;
      socket.destroy();
      throw proxyRefusal(route.origin, statusCode, authority);
    } catch (error) {
      if (error instanceof ProxyError) throw error;
      throw new ProxyError(route.origin, `did not answer: ${reasonOf(error)}`, { cause: error });
    } finally {
      client.destroy().catch(() => {});
    }
  }
}

/** Headers for the proxy itself. */
export function proxyHeaders({ authorization }: ViaProxy): Record<string, string> {
  return authorization === undefined ? {} : { "proxy-authorization": authorization };
}

function targetOf(origin: string): ConnectTarget {
  const { host, hostname, port, protocol } = new URL(origin);
  const standard = protocol === "https:" ? "443" : "80";
  return { host, hostname: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? standard : port, protocol };
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
