import type { Failure } from "../shared/errors.ts";
import { editUrl, enterSecret, getInstead, retry } from "./answerActions.ts";
import type { FailureContext, FailureMessage } from "./failureWords.ts";

/** The server, or something before it, did not accept who asks. */
export function unauthorizedMessage(
  failure: Failure & { kind: "unauthorized" },
  context: FailureContext,
): FailureMessage {
  const { status, detail, scheme } = failure;
  const { server } = context;
  if (/no org id/i.test(detail)) {
    return {
      title: `${server} wants to know the tenant (${status})`,
      detail,
      next: "Add the header X-Scope-OrgID to the connection.",
      actions: [{ kind: "addTenantHeader" }],
    };
  }
  if (/missing authentication token/i.test(detail)) {
    return {
      title: `${server} wants requests signed for Amazon (${status})`,
      detail,
      next: "SigV4 is not supported yet; a signing proxy in between works. A wrong path gives this answer too.",
      actions: [editUrl],
    };
  }
  if (/non allow-listed POSTs/i.test(detail)) {
    return {
      title: `Grafana at ${server} lets no POST through to this data source (${status})`,
      detail,
      next: 'Set "method" of the connection to "GET" (or "auto", which tries both).',
      actions: getInstead(context),
    };
  }
  if (status === 403 && /\bverb=|\bis forbidden: User\b/.test(detail)) {
    return {
      title: `The rights given in Kubernetes do not allow this request to ${server} (403)`,
      detail,
      next: 'The credentials are known. Ask for the right that is named; "create" means POST, which "method": "GET" avoids.',
      actions: getInstead(context),
    };
  }
  if (status === 403 && /administrative rules|request blocked|web application firewall/i.test(detail)) {
    return {
      title: `A firewall before ${server} blocks this request (403)`,
      detail,
      next: "The credentials may be right. Ask whoever runs the firewall to allow it.",
    };
  }
  if (status === 401 && (scheme === "digest" || scheme === "negotiate" || scheme === "ntlm")) {
    return {
      title: `${server} wants ${schemeNames[scheme]}, which is not supported (401)`,
      detail,
      next: "Ask for an address of the server that takes a token, or a user name and password.",
      actions: [{ kind: "editConnection", at: "auth" }],
    };
  }
  if (status === 401) {
    const asksFor = scheme === undefined ? "" : ` The server asks for ${schemeNames[scheme]}.`;
    return {
      title: `${server} did not accept the credentials (401)`,
      detail,
      next: `Edit the connection: check how to sign in, and enter the token or password again.${asksFor}`,
      actions: [enterSecret],
    };
  }
  if (context.beyondQueries !== undefined) {
    return {
      title: `Your rights do not cover ${context.beyondQueries} of ${server} (403)`,
      detail,
      next: "Queries work all the same.",
      actions: [retry],
    };
  }
  return {
    title: `${server} refuses access (403)`,
    detail,
    next: "The credentials may be wrong or expired, or lack the right to query. A proxy may also block this request.",
    actions: [...getInstead(context), enterSecret],
  };
}

const schemeNames = {
  basic: "a user name and password (Basic)",
  bearer: "a bearer token",
  digest: "Digest authentication",
  negotiate: "Kerberos (Negotiate)",
  ntlm: "Windows sign-in (NTLM)",
} as const;
