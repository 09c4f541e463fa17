import type { Failure } from "../shared/errors.ts";
import { isOfAgent } from "../shared/notOffered.ts";
import { editUrl, lessData, retry, waitText } from "./answerActions.ts";
import type { FailureMessage } from "./failureWords.ts";

/** Limits of servers that a wider step or a shorter range stays below. */
const tooMuch =
  /too many samples|maximum resolution|too many points|exceed\w* (?:the )?(?:max|limit)|limit exceeded|err-mimir-max|try reducing|-search\.max(?:Samples|Points|Series|Unique)|number of matching timeseries exceeds|too many (?:unique )?(?:time ?)?series/i;

/** Error types of a query that may do better another time: what happened, and what to do next. */
const troubles: ReadonlyMap<string, readonly [what: string, next: string]> = new Map([
  ["execution", ["failed to execute the query", "Change the query or its range."]],
  ["execution_error", ["failed to execute the query", "Change the query or its range."]],
  ["canceled", ["cancelled the query", "Run it again."]],
  ["unavailable", ["is not ready to answer", "Try again in a moment."]],
  ["internal", ["had an internal error", "Try again; its own log says more."]],
  ["server_error", ["had an internal error", "Try again; its own log says more."]],
]);

/** A refusal in Prometheus' own envelope. */
export function rejectedMessage(failure: Failure & { kind: "rejected" }, server: string): FailureMessage {
  const { status, errorType, message } = failure;
  if (isOfAgent(failure)) {
    return {
      title: `${server} is a Prometheus in agent mode, which answers no queries`,
      detail: message,
      next: "Its targets can be looked at. Enter the URL of the server that it writes to for everything else.",
      actions: [editUrl],
    };
  }
  if (/no (?:valid )?org id/i.test(message)) {
    return {
      title: `${server} needs exactly one tenant`,
      detail: message,
      next: "Set the connection's header X-Scope-OrgID to one tenant.",
      actions: [{ kind: "addTenantHeader" }],
    };
  }
  if (status === 429 || errorType === "too_many_requests") {
    return {
      title: `${server} has too many queries to answer`,
      detail: message,
      next: waitText(failure.retryAfterSeconds),
      actions: [retry],
    };
  }
  if (failure.position === undefined && tooMuch.test(message)) {
    return {
      title: `The query asks for more than ${server} allows`,
      detail: message,
      next: "Ask for a wider step, a shorter range or fewer series.",
      actions: lessData,
    };
  }
  const type = errorType === String(status) ? verdictOf(failure) : errorType;
  const inTrouble = troubles.get(type);
  if (inTrouble !== undefined) {
    const [what, next] = inTrouble;
    return { title: `${server} ${what}`, detail: message, next, actions: [retry] };
  }
  switch (type) {
    case "bad_data":
      return { title: `${server} cannot read this query`, detail: message, next: "Correct the query." };
    case "not_found":
      return {
        title: `${server} does not offer this`,
        detail: message,
        next: "Other parts of the server may work. If none does, check the path of the URL.",
        actions: [editUrl],
      };
    default:
      return {
        title: `${server} refused the request (${status})`,
        detail: message === "" ? errorType : message,
        next: status >= 500 ? "Try again; the server's own log says more." : "Change the query or its range.",
        actions: [retry],
      };
  }
}

/** How VictoriaMetrics' parser and the checks after it say that the text itself is wrong. */
const unreadable =
  /^missing `query` arg|\bunparsed data|\bunexpected token|\bcannot (?:recognize|parse|find the first token|expand WITH)|\bunknown func\b|\bnumber of args\b|\bexpecting at least \d+ args/;

/** VictoriaMetrics has one status for all that is wrong with a query, and says it again where others say which of it. */
function verdictOf({ status, position, message }: Failure & { kind: "rejected" }): string {
  if (status !== 400 && status !== 422) return "";
  return position !== undefined || unreadable.test(message) ? "bad_data" : "execution";
}
