import { assertNever } from "../shared/assert.ts";
import type { Failure } from "../shared/errors.ts";
import type { FailureAction } from "../shared/failureAction.ts";
import { formatDuration } from "../shared/model/time.ts";
import type { FailureContext, FailureMessage } from "./failureWords.ts";
import { isLoginPage } from "./loginPage.ts";

type Of<K extends Failure["kind"]> = Extract<Failure, { kind: K }>;

const retry: FailureAction = { kind: "retry" };
const editUrl: FailureAction = { kind: "editConnection", at: "url" };
const enterSecret: FailureAction = { kind: "enterSecret" };
const lessData: readonly FailureAction[] = [{ kind: "widerStep" }, { kind: "shorterRange" }];

/** GET is worth a button only where the connection insists on POST: otherwise it was tried already. */
function getInstead({ method }: FailureContext): readonly FailureAction[] {
  return method === "POST" ? [{ kind: "useMethodGet" }] : [];
}

/** The server, or something before it, did not accept who asks. */
export function unauthorizedMessage(failure: Of<"unauthorized">, context: FailureContext): FailureMessage {
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

/** A redirect that was not followed. */
export function redirectedMessage(failure: Of<"redirected">, server: string): FailureMessage {
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

/** Limits of servers that a wider step or a shorter range stays below. */
const tooMuch =
  /too many samples|maximum resolution|too many points|exceed\w* (?:the )?(?:max|limit)|limit exceeded|err-mimir-max|try reducing|-search\.max(?:Samples|Points|Series|Unique)|number of matching timeseries exceeds|too many (?:unique )?(?:time ?)?series/i;

/** A refusal in Prometheus' own envelope. */
export function rejectedMessage(failure: Of<"rejected">, server: string): FailureMessage {
  const { status, errorType, message } = failure;
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
  switch (errorType === String(status) ? verdictOf(failure) : errorType) {
    case "bad_data":
      return { title: `${server} cannot read this query`, detail: message, next: "Correct the query." };
    case "execution":
    case "execution_error":
      return {
        title: `${server} failed to execute the query`,
        detail: message,
        next: "Change the query or its range.",
        actions: [retry],
      };
    case "canceled":
      return {
        title: `${server} cancelled the query`,
        detail: message,
        next: "Run it again.",
        actions: [retry],
      };
    case "unavailable":
      return {
        title: `${server} is not ready to answer`,
        detail: message,
        next: "Try again in a moment.",
        actions: [retry],
      };
    case "internal":
    case "server_error":
      return {
        title: `${server} had an internal error`,
        detail: message,
        next: "Try again; its own log says more.",
        actions: [retry],
      };
    case "not_found":
      return { title: `${server} does not offer this`, detail: message, next: "Other parts of the server still work." };
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
function verdictOf({ status, position, message }: Of<"rejected">): string {
  if (status !== 400 && status !== 422) return "";
  return position !== undefined || unreadable.test(message) ? "bad_data" : "execution";
}

function waitText(retryAfterSeconds: number | undefined): string {
  if (retryAfterSeconds === undefined) return "Wait a moment, then try again.";
  return `Try again in ${formatDuration(Math.max(1, Math.ceil(retryAfterSeconds)) * 1000)}.`;
}

/** An answer that is none of Prometheus': known ones by their words, then by status, then by what they consist of. */
export function notPrometheusMessage(failure: Of<"notPrometheus">, context: FailureContext): FailureMessage {
  return knownGateway(failure, context) ?? knownStatus(failure, context) ?? unknownContent(failure, context.server);
}

/** Nginx, Go, Apache and HAProxy, asked by plain http where they expect TLS. */
const httpOnHttpsPort = /HTTP request (?:was sent )?to (?:an )?HTTPS (?:server|port)|plain HTTP to an SSL-enabled/i;

function knownGateway(failure: Of<"notPrometheus">, context: FailureContext): FailureMessage | undefined {
  const { status, content, detail } = failure;
  const { server } = context;
  if (/authentication to data source failed/i.test(detail)) {
    return {
      title: `Grafana at ${server} could not sign in to the server behind it`,
      detail,
      next: "Your own token is fine; correct the credentials in Grafana's data source.",
      actions: [retry],
    };
  }
  if (httpOnHttpsPort.test(detail)) {
    return {
      title: `${server} expects https`,
      detail,
      next: "Begin the connection's URL with https://.",
      actions: [{ kind: "useHttps" }],
    };
  }
  if (status === 400 && /no required SSL certificate/i.test(detail)) {
    return {
      title: `The gateway at ${server} wants a client certificate`,
      detail,
      next: "Set tls.certFile and tls.keyFile of the connection to one that the server's authority issued.",
      actions: [{ kind: "openSettings" }],
    };
  }
  if (status === 400 && /SSL certificate error/i.test(detail)) {
    return {
      title: `The gateway at ${server} did not accept the client certificate`,
      detail,
      next: "Check that it has not expired, and that the server's authority issued it: tls.certFile and tls.keyFile of the connection.",
      actions: [{ kind: "openSettings" }],
    };
  }
  if (status === 400 && /\bmissing route for\b/i.test(detail)) {
    return {
      title: `The vmauth at ${server} has no route to this path (400)`,
      detail,
      next: "The credentials were accepted. Check the path of the URL, or ask for a route to it.",
      actions: [editUrl],
    };
  }
  if (status === 400 && /\bunsupported (?:path requested|URL format)/i.test(detail)) {
    return {
      title: `${server} is VictoriaMetrics and has no Prometheus API at this path (400)`,
      detail,
      next: "Check the path of the URL. A cluster's ends in /select/0/prometheus, with the number of your tenant.",
      actions: [editUrl],
    };
  }
  // An exporter has nothing at /metrics/api/v1/query; many answer with their own start page.
  if (/\/metrics$/.test(context.baseUrl ?? "") && (status === 404 || content === "html")) {
    return {
      title: `${server} has no Prometheus API below /metrics`,
      detail,
      next: "This looks like the address of an exporter's page. Enter the URL of the Prometheus server that scrapes it.",
      actions: [editUrl],
    };
  }
  return content === "exposition" ? exporterPage(server, detail) : undefined;
}

function knownStatus(failure: Of<"notPrometheus">, context: FailureContext): FailureMessage | undefined {
  const { status, detail, retryAfterSeconds } = failure;
  const { server } = context;
  switch (status) {
    case 404:
      return {
        title: `${server} has no Prometheus API at this path (404)`,
        detail,
        next: "Check the path of the URL. Managed services want a prefix; many also lack targets, rules and alerts.",
        actions: [editUrl],
      };
    case 405:
      return {
        title: `${server} does not allow this kind of request (405)`,
        detail,
        next: 'Set "method" of the connection to "GET" (or "auto", which tries both).',
        actions: [...getInstead(context), editUrl],
      };
    case 413:
    case 414:
    case 431:
      return {
        title: `The request is too long for ${server} (${status})`,
        detail,
        next: "Shorten the query, or use POST.",
        actions: [retry],
      };
    case 422:
      return {
        title: `${server} cannot work on this query (422)`,
        detail,
        next: "Change the query or its range.",
        actions: [...lessData, retry],
      };
    case 429:
      return {
        title: `${server} asks to slow down (429)`,
        detail,
        next: waitText(retryAfterSeconds),
        actions: [retry],
      };
    case 499:
      return {
        title: `A gateway before ${server} gave the request up (499)`,
        detail,
        next: "Try again. If it stays so, the gateway waits for less time than the query takes.",
        actions: [retry, ...lessData],
      };
    case 502:
      return {
        title: `The gateway at ${server} cannot reach the server behind it (502)`,
        detail,
        next: "Try again; if it stays so, that server is down.",
        actions: [retry],
      };
    case 503:
      return {
        title: `${server} is starting or overloaded (503)`,
        detail,
        next: waitText(retryAfterSeconds),
        actions: [retry],
      };
  }
  if (status < 500) return undefined;
  return {
    title: `${server} answered with an error (${status})`,
    detail,
    next: "Try again; its own log says more.",
    actions: [retry],
  };
}

function unknownContent({ status, content, detail }: Of<"notPrometheus">, server: string): FailureMessage {
  const actions = [editUrl];
  switch (content) {
    case "html":
      return {
        title: `${server} answered with a web page instead of data (${status})`,
        detail,
        next: "This is often a login page: check the credentials. It may also be the wrong path.",
        actions: [enterSecret, editUrl],
      };
    case "empty":
      return {
        title: `${server} sent an empty answer (${status})`,
        detail,
        next: "Check the path of the URL.",
        actions,
      };
    case "json":
      return {
        title: `${server} answered with JSON that is not Prometheus' (${status})`,
        detail,
        next: "Check the path of the URL: another API answers there.",
        actions,
      };
    case "text":
      return {
        title: `${server} answered with plain text instead of data (${status})`,
        detail,
        next: "Check the URL: this may not be a Prometheus server.",
        actions,
      };
    case "exposition":
      return exporterPage(server, detail);
    default:
      return assertNever(content);
  }
}

function exporterPage(server: string, detail: string): FailureMessage {
  return {
    title: `${server} sent metrics, not an answer to a query`,
    detail,
    next: "This is an exporter's /metrics page. Enter the URL of the Prometheus server that scrapes it.",
    actions: [editUrl],
  };
}
