import { isIP, type Socket } from "node:net";
import { checkServerIdentity, getCACertificates } from "node:tls";
import { isDeepStrictEqual } from "node:util";
import { buildConnector } from "undici";
import type { TlsMaterial } from "../shared/model/source.ts";

/** What is believed and shown where a connection says nothing of it. */
export const defaultTlsMaterial: TlsMaterial = {
  ca: undefined,
  cert: undefined,
  key: undefined,
  passphrase: undefined,
  serverName: undefined,
  rejectUnauthorized: true,
};

/** Where to, and over which open connection if there is one (a tunnel). */
export interface ConnectTarget {
  /** With the port where it is not the usual one; a name in it is asked for in the TLS handshake. */
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly protocol: string;
  readonly httpSocket?: Socket;
}

/** A request's way to its socket: what it is opening can be closed at any time, and nothing is opened once it is cancelled. */
export class Opening {
  readonly #signal: AbortSignal;
  readonly #sockets = new Set<Socket>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Throws once the request is cancelled. An error of the network: a later request may wait for this same socket. */
  check(): void {
    if (this.#signal.aborted) throw Object.assign(new Error("The request was cancelled"), { code: "ECONNRESET" });
  }

  get signal(): AbortSignal {
    return this.#signal;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Connects, TLS handshake included. */
  async connect(connector: buildConnector.connector, target: ConnectTarget): Promise<Socket> {
    this.check();
    try {
      return await new Promise<Socket>((resolve, reject) => {
        const socket: unknown = connector(target, (error, connected) => {
          if (error === null) resolve(connected);
          else reject(error);
        });
        this.#sockets.add(socket as Socket);
      });
    } finally {
      this.check();
    }
  }

  /** From here on the sockets are their user's to close. */
  finish(): void {
    this.#sockets.clear();
  }
}

/** Verdicts on a certificate whose issuer is not among the known ones. */
const unknownIssuer: ReadonlySet<unknown> = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

export interface TlsConnectorOptions {
  readonly connectTimeoutMs: number;
  readonly systemCertificates: () => Promise<readonly string[]>;
}

/**
 * Opens https connections with certificates that may change in between. The machine's own authorities are read only
 * after a certificate was refused for its issuer and where the connection names no authority: reading them may take long.
 */
export class TlsConnector {
  readonly #options: TlsConnectorOptions;
  #system: readonly string[] | undefined;
  #current: { readonly material: TlsMaterial; readonly connector: buildConnector.connector } | undefined;

  constructor(options: TlsConnectorOptions) {
    this.#options = options;
  }

  /** `reconnect` gives the connection to try again over, where one was given and is used up by then. */
  async connect(
    opening: Opening,
    target: ConnectTarget,
    material: TlsMaterial,
    reconnect: () => Promise<ConnectTarget> = async () => target,
  ): Promise<Socket> {
    try {
      return await opening.connect(this.#connectorOf(material), target);
    } catch (error) {
      opening.check();
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (!unknownIssuer.has(code) || material.ca !== undefined || this.#system !== undefined) throw error;
      const system = await this.#readSystem(opening.signal);
      opening.check();
      if (system.length === 0) throw error;
      this.#system = system;
      this.#current = undefined;
      return opening.connect(this.#connectorOf(material), await reconnect());
    }
  }

  /** Waits no longer than for a connection: who asks again later finds them read. */
  async #readSystem(signal: AbortSignal): Promise<readonly string[]> {
    const { connectTimeoutMs, systemCertificates } = this.#options;
    let stop = () => {};
    const tooLate = new Promise<readonly string[]>((resolve) => {
      const timer = setTimeout(resolve, connectTimeoutMs, []);
      stop = () => {
        clearTimeout(timer);
        resolve([]);
      };
      signal.addEventListener("abort", stop, { once: true });
    });
    try {
      return await Promise.race([systemCertificates(), tooLate]);
    } finally {
      signal.removeEventListener("abort", stop);
      stop();
    }
  }

  /** One connector as long as nothing changes: it remembers sessions, which must not outlive what they were made with. */
  #connectorOf(material: TlsMaterial): buildConnector.connector {
    if (this.#current === undefined || !isDeepStrictEqual(this.#current.material, material)) {
      this.#current = { material, connector: this.#build(material) };
    }
    return this.#current.connector;
  }

  #build({ ca, cert, key, passphrase, serverName, rejectUnauthorized }: TlsMaterial): buildConnector.connector {
    const system = this.#system === undefined ? {} : { ca: [...getCACertificates("default"), ...this.#system] };
    // As in Prometheus, what a CA file holds is believed itself, be it a root or an authority below one.
    const authorities = ca === undefined ? system : { ca, allowPartialTrustChain: true };
    return buildConnector({
      timeout: this.#options.connectTimeoutMs,
      allowH2: false,
      autoSelectFamily: true,
      ...authorities,
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(passphrase === undefined ? {} : { passphrase }),
      ...nameOptions(serverName),
      // Said in any case: the environment's NODE_TLS_REJECT_UNAUTHORIZED must not decide it.
      rejectUnauthorized,
    });
  }
}

/** An address cannot be asked for in the handshake (RFC 6066), only looked for in the certificate. */
function nameOptions(serverName: string | undefined): buildConnector.BuildOptions {
  if (serverName === undefined) return {};
  if (isIP(serverName) === 0) return { servername: serverName };
  return { checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate) };
}
