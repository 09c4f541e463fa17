import { readFileSync } from "node:fs";
import { createServer, type ServerOptions } from "node:https";
import type { TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";

/** Path of a file of `test/fixtures/tls`, whose `make.sh` says what each of them is. */
export function tlsFixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
}

export function pem(name: string): string {
  return readFileSync(tlsFixture(name), "utf8");
}

/** The passphrase of `client.encrypted.pem`. */
export const fixturePassphrase = "open-sesame";

/** An https server on a loopback port that answers every request with one text and closes the connection. */
export interface SecureServer extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  /** Subjects of the client certificates of the requests so far; `undefined`: none was shown. */
  readonly clients: readonly (string | undefined)[];
  /** Connections so far, also those whose handshake failed. */
  readonly connections: number;
}

const emptyVector = '{"status":"success","data":{"resultType":"vector","result":[]}}';

/** `name`: which certificate it shows. */
export async function startSecureServer(
  name: string,
  options: ServerOptions = {},
  body = emptyVector,
): Promise<SecureServer> {
  const clients: (string | undefined)[] = [];
  let connections = 0;
  const own = { cert: pem(`${name}.pem`), key: pem(`${name}.key.pem`) };
  const server = createServer({ ...own, ...options }, (request, response) => {
    // A resumed session has the certificate of the first one.
    const subject: unknown = (request.socket as TLSSocket).getPeerCertificate().subject?.CN;
    clients.push(typeof subject === "string" ? subject : undefined);
    request.resume();
    response.setHeader("Content-Type", "application/json");
    response.setHeader("Connection", "close");
    response.end(body);
  });
  server.on("connection", () => connections++);
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    origin: `https://127.0.0.1:${address.port}`,
    clients,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
