import type { UnixMs } from "./answer.ts";

/**
 * Parts of Prometheus' API that a compatible server may lack, or keep for others. Queries are not among them: without those
 * there is no connection. `stores` is Thanos' own, `features` Prometheus' since 3.9; among these it says whether it has the
 * search for names, which is an option of 3.13.
 */
export const optionalEndpoints = [
  "buildInfo",
  "metadata",
  "targets",
  "rules",
  "alerts",
  "flags",
  "runtimeInfo",
  "exemplars",
  "tsdbStatus",
  "federate",
  "stores",
  "features",
  "search",
] as const;

export type OptionalEndpoint = (typeof optionalEndpoints)[number];

/** Those that are found out by asking for them. */
export type ProbedEndpoint = Exclude<OptionalEndpoint, "search">;

/**
 * Whether a server has an endpoint for us. `refused`: it has to be allowed first (401, 403). `unknown`: it was asked, and what
 * came says nothing of it (a time-out, an error of its own), or it was spared the question.
 */
export type Offer = "offered" | "notOffered" | "refused" | "unknown";

/**
 * What is known of a server's queries. `answered`: the last one that was sent here was. `missing`: there is no such path, or not
 * for this kind of request. `agent`: the server is a Prometheus in agent mode, which answers none.
 */
export type QueryState = "answered" | "missing" | "agent" | "unknown";

/** What is known of one endpoint; `status` is the HTTP status that said so, where one came. */
export interface EndpointOffer {
  readonly offer: Offer;
  readonly status: number | undefined;
  readonly learntAt: UnixMs;
}
