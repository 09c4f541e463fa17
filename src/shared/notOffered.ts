import type { Failure } from "./errors.ts";

/** Statuses that say that there is no such path, or none for reading: not found, method not allowed, gone, not implemented. */
const missingStatuses: ReadonlySet<number> = new Set([404, 405, 410, 501]);

/** VictoriaMetrics' programs say this with status 400, some of them behind the request's address. */
const unsupportedPath = /(?:^|; )unsupported (?:path requested|URL format)/;

/**
 * True for what a managed endpoint, an agent or another program answers for an API that it does not have: there is nothing
 * to repair, the feature is just not there. False for every failure that may pass or that the user can do something about.
 */
export function isNotOffered(failure: Failure): boolean {
  switch (failure.kind) {
    case "notPrometheus":
      return missingStatuses.has(failure.status) || (failure.status === 400 && unsupportedPath.test(failure.detail));
    case "rejected":
      if (failure.status === 422) return failure.message.includes("unavailable with Prometheus Agent");
      return missingStatuses.has(failure.status) && isOfPath(failure.errorType, failure.status);
    default:
      return false;
  }
}

/** VictoriaMetrics' error type is the status; some gateways copy the envelope and leave the type out. */
function isOfPath(errorType: string, status: number): boolean {
  return ["not_found", "unavailable", "", String(status)].includes(errorType);
}
