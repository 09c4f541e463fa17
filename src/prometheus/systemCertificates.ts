import { Worker } from "node:worker_threads";

/**
 * Runs in a thread of its own: reading the keychain of a machine with many certificates has stopped whole editors for 40 s.
 * Nothing that all extensions share is changed by it.
 */
const program = `
  const { parentPort } = require("node:worker_threads");
  const { getCACertificates } = require("node:tls");
  parentPort.postMessage(getCACertificates === undefined ? [] : getCACertificates("system"));
`;

let loaded: Promise<readonly string[]> | undefined;

/** PEM of the authorities that this machine trusts, read once a session; empty where they cannot be read. */
export function systemCertificates(): Promise<readonly string[]> {
  loaded ??= new Promise((resolve) => {
    // The process' own options may want its program to be a module.
    const worker = new Worker(program, { eval: true, execArgv: [] });
    // A process that has nothing else to do does not wait for it.
    worker.unref();
    worker.once("message", (certificates: readonly string[]) => resolve(certificates));
    worker.once("error", () => resolve([]));
    worker.once("exit", () => resolve([]));
  });
  return loaded;
}
