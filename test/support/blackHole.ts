import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

/** A port of this machine that answers no SYN, as behind a firewall that drops packets. */
export interface BlackHole extends AsyncDisposable {
  readonly port: number;
}

/** Listens in a thread that is asleep and accepts nobody; once its queue is full, Linux drops whoever comes. */
export async function startBlackHole(): Promise<BlackHole> {
  const worker = new Worker(
    `const { parentPort } = require("node:worker_threads");
     const server = require("node:net").createServer();
     server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       // Later: the message has to leave before the thread falls asleep.
       setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000), 20);
     });`,
    { eval: true },
  );
  const port = await new Promise<number>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const queued: Socket[] = [];
  for (let isFull = false; !isFull; ) {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    queued.push(socket);
    isFull = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(false));
      setTimeout(resolve, 100, true);
    });
  }
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of queued) socket.destroy();
      await worker.terminate();
    },
  };
}
