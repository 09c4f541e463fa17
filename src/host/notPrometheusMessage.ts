import { assertNever } from "../shared/assert.ts";
import type { Failure } from "../shared/errors.ts";
import { editUrl, enterSecret, getInstead, lessData, retry, waitText } from "./answerActions.ts";
import type { FailureContext, FailureMessage } from "./failureWords.ts";

/** An answer that is none of Prometheus': known ones by their words, then by status, then by what they consist of. */
export function notPrometheusMessage(
  failure: Failure & { kind: "notPrometheus" },
  context: FailureContext,
): FailureMessage {
  return knownGateway(failure, context) ?? knownStatus(failure, context) ?? unknownContent(failure, context.server);
}

/** Nginx, Go, Apache and HAProxy, asked by plain http where they expect TLS. */
const httpOnHttpsPort = /HTTP request (?:was sent )?to (?:an )?HTTPS (?:server|port)|plain HTTP to an SSL-enabled/i;

function knownGateway(
  failure: Failure & { kind: "notPrometheus" },
  context: FailureContext,
): FailureMessage | undefined {
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

function knownStatus(
  failure: Failure & { kind: "notPrometheus" },
  context: FailureContext,
): FailureMessage | undefined {
  const { status, detail, retryAfterSeconds } = failure;
  const { server } = context;
  switch (status) {
    case 404:
      return {
        title: `${server} has no Prometheus API at this path (404)`,
        detail,
        next: "Check the path of the URL. Many servers want a prefix: Mimir and Cortex /prometheus, Grafana Cloud /api/prom, a cluster of VictoriaMetrics /select/0/prometheus.",
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

function unknownContent(
  { status, content, detail }: Failure & { kind: "notPrometheus" },
  server: string,
): FailureMessage {
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
