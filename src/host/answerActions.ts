import type { FailureAction } from "../shared/failureAction.ts";
import { formatDuration } from "../shared/model/time.ts";
import type { FailureContext } from "./failureWords.ts";

/** What can be done about an answer that is not the wanted one. */
export const retry: FailureAction = { kind: "retry" };
export const editUrl: FailureAction = { kind: "editConnection", at: "url" };
export const enterSecret: FailureAction = { kind: "enterSecret" };
export const lessData: readonly FailureAction[] = [{ kind: "widerStep" }, { kind: "shorterRange" }];

/** GET is worth a button only where the connection insists on POST: otherwise it was tried already. */
export function getInstead({ method }: FailureContext): readonly FailureAction[] {
  return method === "POST" ? [{ kind: "useMethodGet" }] : [];
}

/** How long to wait, as far as the server has said it. */
export function waitText(retryAfterSeconds: number | undefined): string {
  if (retryAfterSeconds === undefined) return "Wait a moment, then try again.";
  return `Try again in ${formatDuration(Math.max(1, Math.ceil(retryAfterSeconds)) * 1000)}.`;
}
