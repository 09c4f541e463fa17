import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunningServer } from "./prometheus.ts";

/** How far back the first scrape reaches, and how far apart samples are, in ms. */
export interface TargetPast {
  readonly pastMs: number;
  readonly stepMs: number;
}

/** What a scrape is answered with: the samples at `times` (Unix ms, ascending), each with its time; empty if there are none. */
export type ExposeSamples = (times: readonly number[]) => Uint8Array | string;

/**
 * A target on a free loopback port whose samples carry their times. The first scrape gets the past, each later one what has
 * come since: so a real server has minutes of samples a second after its start. Only one server may scrape it.
 */
export async function startScrapeTarget(
  contentType: string,
  expose: ExposeSamples,
  { pastMs, stepMs }: TargetPast,
): Promise<RunningServer> {
  let last = Math.floor((Date.now() - pastMs) / stepMs) * stepMs;
  const server = createServer((_, response) => {
    const times: number[] = [];
    for (; last + stepMs <= Date.now(); last += stepMs) times.push(last + stepMs);
    response.writeHead(200, { "content-type": contentType });
    response.end(expose(times));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
