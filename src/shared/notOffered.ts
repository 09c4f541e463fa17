import type { Failure } from "./errors.ts";
import type { Offer } from "./model/capabilities.ts";

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
      if (isOfAgent(failure)) return true;
      return missingStatuses.has(failure.status) && isOfPath(failure.errorType, failure.status);
    default:
      return false;
  }
}

/** Whether an endpoint is there, by the failure of a request to it, with the HTTP status that says so if there is one. */
export function offerAfter(failure: Failure): { readonly offer: Offer; readonly status: number | undefined } {
  const status = "status" in failure ? failure.status : undefined;
  if (failure.kind === "unauthorized") return { offer: "refused", status };
  return { offer: isNotOffered(failure) ? "notOffered" : "unknown", status };
}

/** True for what a Prometheus in agent mode, which stores nothing, answers for everything that needs its storage. */
export function isOfAgent(failure: Failure): boolean {
  return (
    failure.kind === "rejected" &&
    failure.status === 422 &&
    failure.message.includes("unavailable with Prometheus Agent")
  );
}

/** VictoriaMetrics' error type is the status; some gateways copy the envelope and leave the type out. */
function isOfPath(errorType: string, status: number): boolean {
  return ["not_found", "unavailable", "", String(status)].includes(errorType);
}
