import type { Failure } from "../shared/errors.ts";
import { editUrl, enterSecret } from "./answerActions.ts";
import type { FailureMessage } from "./failureWords.ts";
import { isLoginPage } from "./loginPage.ts";

/** A redirect that was not followed. */
export function redirectedMessage(failure: Failure & { kind: "redirected" }, server: string): FailureMessage {
  const { status, to, crossOrigin, httpsOrigin } = failure;
  if (isLoginPage(to)) {
    return {
      title: `${server} redirects to a login page (${status})`,
      detail: to,
      next: "The credentials were missing, wrong or expired. Edit the connection and enter them again.",
      actions: [enterSecret],
    };
  }
  if (httpsOrigin !== undefined) {
    return {
      title: `${server} wants https (${status})`,
      detail: to,
      next: "It was not followed, since credentials stay where they were given for. Begin the connection's URL with https://.",
      actions: [{ kind: "useHttps", origin: httpsOrigin }],
    };
  }
  if (crossOrigin) {
    return {
      title: `${server} redirects to another server (${status})`,
      detail: to,
      next: "It was not followed, since credentials stay where they were given for. If this is right, use that URL.",
      actions: [editUrl],
    };
  }
  return {
    title: `${server} redirects to another path (${status})`,
    detail: to,
    next: "Check the path in the connection's URL; a prefix may be missing.",
    actions: [editUrl],
  };
}
