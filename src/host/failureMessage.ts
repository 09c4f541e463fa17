import { assertNever } from "../shared/assert.ts";
import type { Failure, NotWrittenCode, PemProblem, PemRole } from "../shared/errors.ts";
import { formatDuration } from "../shared/model/time.ts";

/** A failure in words: what happened, what the server or system said (may be empty), and what to do next. */
export interface FailureMessage {
  readonly title: string;
  readonly detail: string;
  readonly next: string;
}

export interface FailureContext {
  /** How the server is called everywhere else: the connection's name or its origin. */
  readonly server: string;
}

/** The one place where failures become sentences. Details were cleaned of markup and secrets where they were made. */
export function describeFailure(failure: Failure, { server }: FailureContext): FailureMessage {
  switch (failure.kind) {
    case "cancelled":
      return { title: "Cancelled", detail: "", next: "Run it again when you like." };
    case "unreachable":
      return unreachable(failure, server);
    case "timedOut":
      return timedOut(failure, server);
    case "unauthorized":
      return unauthorized(failure, server);
    case "redirected":
      return redirected(failure, server);
    case "rejected":
      return rejected(failure, server);
    case "notPrometheus":
      return notPrometheus(failure, server);
    case "malformed":
      return {
        title: `${server} sent an answer that cannot be read`,
        detail: `Byte ${failure.offset.toLocaleString("en-US")}: expected ${failure.expected}.`,
        next: "A proxy on the way may have cut it, or changed it: try again, or ask for less data.",
      };
    case "tooLarge":
      return {
        title: `The answer of ${server} is larger than ${formatBytes(failure.allowed)}`,
        detail: "",
        next: "Ask for less: fewer series or a shorter range. For queries promqlWorkbench.query.maxResponseBytes sets the bound.",
      };
    case "misconfigured":
      return misconfigured(failure, server);
    case "notWritten":
      return notWritten(failure);
    case "exportTooLarge":
      return failure.to === "clipboard"
        ? {
            title: `This is more than the ${formatBytes(failure.allowed)} that are copied at most`,
            detail: "Nothing was copied.",
            next: "Export it to a file.",
          }
        : {
            title: `This is more than the ${formatBytes(failure.allowed)} that can be written to such a place`,
            detail: "Nothing was written.",
            next: "Export it to a folder of this machine.",
          };
    case "credential":
      return {
        title: `The credential of ${server} could not be read (${failure.source} ${failure.name}: ${failure.problem})`,
        detail: failure.detail,
        next: "Correct the connection.",
      };
    case "pemFile":
      return pemFile(failure);
    case "secretMissing":
      return {
        title: `The ${purposeName(failure.purpose)} for ${server} is not stored on this machine`,
        detail: "",
        next: "Edit the connection and enter it again. Secrets are not synchronised between machines.",
      };
    case "originChanged":
      return {
        title: `The secret of ${server} was given for ${failure.boundTo}`,
        detail: `The connection now points to ${failure.origin}.`,
        next: "Nothing was sent. Test the connection or run a query to confirm the new address, or edit it and enter the secret again.",
      };
    case "bug":
      return {
        title: "Something went wrong inside PromQL Workbench",
        detail: failure.detail,
        next: "The log has the details. Please report it.",
      };
    default:
      return assertNever(failure);
  }
}

/** The message as one text of up to three sentences, for places without room for parts. */
export function failureSentence(failure: Failure, context: FailureContext): string {
  const { title, detail, next } = describeFailure(failure, context);
  return [title, detail, next]
    .filter((part) => part !== "")
    .map((part) => (/[.!?…]$/.test(part) ? part : `${part}.`))
    .join(" ");
}

function unreachable({ code, detail }: Failure & { kind: "unreachable" }, server: string): FailureMessage {
  switch (code) {
    case "dns":
      return {
        title: `The name of ${server} cannot be found`,
        detail,
        next: "Check the host in the URL, and your VPN.",
      };
    case "refused":
      return {
        title: `${server} refuses connections`,
        detail,
        next: "Check the port, and whether the server is running.",
      };
    case "reset":
      return {
        title: `${server} closed the connection before it answered`,
        detail,
        next: "Try again. If it stays so, check whether the port expects https.",
      };
    case "tls":
      return {
        title: `No secure connection to ${server}`,
        detail,
        next: "Check the certificate, and whether this port speaks https at all.",
      };
    case "proxy":
      return {
        title: `No way through the proxy to ${server}`,
        detail,
        next: 'Check "proxy" of the connection, and http.proxy and http.noProxy of VS Code; "none" goes there directly.',
      };
    case "connectTimeout":
      return {
        title: `${server} does not answer to connections`,
        detail,
        next: "Check your VPN, firewall and the port.",
      };
    case "network":
      return { title: `${server} cannot be reached`, detail, next: "Check your network and the address." };
    default:
      return assertNever(code);
  }
}

function timedOut({ by, afterMs, detail }: Failure & { kind: "timedOut" }, server: string): FailureMessage {
  if (by === "server") {
    return {
      title: `${server} gave up on the query: it took too long`,
      detail,
      next: "Ask for a shorter range, a larger step or fewer series.",
    };
  }
  return {
    title: `${server} did not answer within ${formatDuration(afterMs)}`,
    detail,
    next: "Ask for less, or raise timeoutMs of the connection. The request was cancelled.",
  };
}

function unauthorized({ status, detail }: Failure & { kind: "unauthorized" }, server: string): FailureMessage {
  if (/no org id/i.test(detail)) {
    return {
      title: `${server} wants to know the tenant (${status})`,
      detail,
      next: "Add the header X-Scope-OrgID to the connection.",
    };
  }
  if (/missing authentication token/i.test(detail)) {
    return {
      title: `${server} wants requests signed for Amazon (${status})`,
      detail,
      next: "SigV4 is not supported yet; a signing proxy in between works. A wrong path gives this answer too.",
    };
  }
  if (status === 401) {
    return {
      title: `${server} did not accept the credentials (401)`,
      detail,
      next: "Edit the connection: check how to sign in, and enter the token or password again.",
    };
  }
  return {
    title: `${server} refuses access (403)`,
    detail,
    next: "The credentials may be wrong or expired, or lack the right to query. A proxy may also block this request.",
  };
}

function redirected({ status, to, crossOrigin }: Failure & { kind: "redirected" }, server: string): FailureMessage {
  if (isLoginPage(to)) {
    return {
      title: `${server} redirects to a login page (${status})`,
      detail: to,
      next: "The credentials were missing, wrong or expired. Edit the connection and enter them again.",
    };
  }
  if (crossOrigin) {
    return {
      title: `${server} redirects to another server (${status})`,
      detail: to,
      next: "It was not followed, since credentials stay where they were given for. If this is right, use that URL.",
    };
  }
  return {
    title: `${server} redirects to another path (${status})`,
    detail: to,
    next: "Check the path in the connection's URL; a prefix may be missing.",
  };
}

/** The words that login pages have in their paths, and some of them in two parts (`sign_in`). */
const loginWords =
  /(?:^|-)(?:login|logon|log-in|log-on|signin|signon|sign-in|sign-on|oauth|oidc|openid|saml|sso|authorize|authenticate)(?:-|$)/;

/** A prefix before the API's path says nothing: the target is the API then, and only its host or scheme is another. */
const apiTarget =
  /\/api\/v1\/(?:query|query_range|series|labels|label\/[^/]+\/values|metadata|targets|rules|alerts|status\/[^/]+)\/*$/;

/** Asks the path alone: a host may be called anything, such as `lesson.example` with its `sso`. */
function isLoginPage(target: string): boolean {
  const path = URL.canParse(target) ? new URL(target).pathname : target;
  if (apiTarget.test(path)) return false;
  return path.split("/").some((segment) => {
    const words = segment.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
    return loginWords.test(words.replace(/[^a-z]+/g, "-"));
  });
}

function rejected(failure: Failure & { kind: "rejected" }, server: string): FailureMessage {
  const { status, errorType, message } = failure;
  if (/no (?:valid )?org id/i.test(message)) {
    return {
      title: `${server} needs exactly one tenant`,
      detail: message,
      next: "Set the connection's header X-Scope-OrgID to one tenant.",
    };
  }
  switch (errorType) {
    case "bad_data":
      return { title: `${server} cannot read this query`, detail: message, next: "Correct the query." };
    case "execution":
    case "execution_error":
      return {
        title: `${server} failed to execute the query`,
        detail: message,
        next: "Change the query or its range.",
      };
    case "canceled":
      return { title: `${server} cancelled the query`, detail: message, next: "Run it again." };
    case "unavailable":
      return { title: `${server} is not ready to answer`, detail: message, next: "Try again in a moment." };
    case "internal":
    case "server_error":
      return { title: `${server} had an internal error`, detail: message, next: "Try again; its own log says more." };
    case "not_found":
      return { title: `${server} does not offer this`, detail: message, next: "Other parts of the server still work." };
    case "too_many_requests":
      return { title: `${server} has too many queries to answer`, detail: message, next: "Wait, then try again." };
    default:
      return {
        title: `${server} refused the request (${status})`,
        detail: message === "" ? errorType : message,
        next: status >= 500 ? "Try again; the server's own log says more." : "Change the query or its range.",
      };
  }
}

function notPrometheus(failure: Failure & { kind: "notPrometheus" }, server: string): FailureMessage {
  const { status, content, detail, retryAfterSeconds } = failure;
  const wait =
    retryAfterSeconds === undefined
      ? "Wait a moment, then try again."
      : `Try again in ${formatDuration(Math.max(1, Math.ceil(retryAfterSeconds)) * 1000)}.`;
  if (/authentication to data source failed/i.test(detail)) {
    return {
      title: `Grafana at ${server} could not sign in to the server behind it`,
      detail,
      next: "Your own token is fine; correct the credentials in Grafana's data source.",
    };
  }
  if (/HTTP request to an HTTPS server/i.test(detail)) {
    return { title: `${server} expects https`, detail, next: "Begin the connection's URL with https://." };
  }
  if (content === "exposition") {
    return {
      title: `${server} sent metrics, not an answer to a query`,
      detail,
      next: "This is an exporter's /metrics page. Enter the URL of the Prometheus server that scrapes it.",
    };
  }
  switch (status) {
    case 404:
      return {
        title: `${server} has no Prometheus API at this path (404)`,
        detail,
        next: "Check the path of the URL. Managed services want a prefix; many also lack targets, rules and alerts.",
      };
    case 405:
      return {
        title: `${server} does not allow this kind of request (405)`,
        detail,
        next: 'Set "method" of the connection to "GET" (or "auto", which tries both).',
      };
    case 413:
    case 414:
    case 431:
      return {
        title: `The request is too long for ${server} (${status})`,
        detail,
        next: "Shorten the query, or use POST.",
      };
    case 422:
      return {
        title: `${server} cannot work on this query (422)`,
        detail,
        next: "Change the query or its range.",
      };
    case 429:
      return { title: `${server} asks to slow down (429)`, detail, next: wait };
    case 502:
      return {
        title: `The gateway at ${server} cannot reach the server behind it (502)`,
        detail,
        next: "Try again; if it stays so, that server is down.",
      };
    case 503:
      return { title: `${server} is starting or overloaded (503)`, detail, next: wait };
  }
  if (status >= 500) {
    return { title: `${server} answered with an error (${status})`, detail, next: "Try again; its own log says more." };
  }
  switch (content) {
    case "html":
      return {
        title: `${server} answered with a web page instead of data (${status})`,
        detail,
        next: "This is often a login page: check the credentials. It may also be the wrong path.",
      };
    case "empty":
      return { title: `${server} sent an empty answer (${status})`, detail, next: "Check the path of the URL." };
    case "json":
      return {
        title: `${server} answered with JSON that is not Prometheus' (${status})`,
        detail,
        next: "Check the path of the URL: another API answers there.",
      };
    case "text":
      return {
        title: `${server} answered with plain text instead of data (${status})`,
        detail,
        next: "Check the URL: this may not be a Prometheus server.",
      };
    default:
      return assertNever(content);
  }
}

const notWrittenTexts: Readonly<Record<NotWrittenCode, readonly [what: string, next: string]>> = {
  diskFull: ["was not written: the disk is full", "Free some space, or choose another disk."],
  denied: ["may not be written", "Choose a folder that you may write to, or close the program that has the file open."],
  folderGone: ["was not written: its folder is not there", "Choose another folder."],
  inUse: ["is in use by another program", "Close it there and try again, or choose another name."],
  notAFile: ["is not a file", "Choose another name."],
  other: ["could not be written", "Try again, or choose another folder."],
};

function notWritten({ code, file, detail }: Failure & { kind: "notWritten" }): FailureMessage {
  const [what, next] = notWrittenTexts[code];
  return { title: `The file ${file} ${what}`, detail, next };
}

const pemRoles: Readonly<Record<PemRole, string>> = {
  caFile: "certificate authority (tls.caFile)",
  certFile: "client certificate (tls.certFile)",
  keyFile: "client key (tls.keyFile)",
};

const pemTexts: Readonly<Record<PemProblem, readonly [what: string, next: string]>> = {
  notFound: ["is not there", "Correct the path in the connection, or put the file there."],
  unreadable: ["cannot be read", "Check that it is a file, and that you may read it."],
  tooLarge: ["is larger than 1 MiB", "A PEM file is far smaller. Correct the path in the connection."],
  notPem: [
    "is not in PEM form",
    "It has to begin with -----BEGIN. A .p12, .pfx or .der file can be converted by openssl.",
  ],
  keyMismatch: [
    "does not belong to the certificate",
    "Name the key that the certificate in tls.certFile was made for.",
  ],
  passphraseMissing: ["is encrypted", "Enter its passphrase with the connection."],
  passphraseWrong: ["cannot be decrypted", "Enter its passphrase again. If it is right, the file is damaged."],
};

/** `server` is not in it: nothing has been sent there. */
function pemFile({ role, problem, file, detail }: Failure & { kind: "pemFile" }): FailureMessage {
  const [what, next] = pemTexts[problem];
  return {
    title: `The ${pemRoles[role]} ${what}`,
    detail: [file, detail].filter((part) => part !== "").join(": "),
    next,
  };
}

function misconfigured({ what, detail }: Failure & { kind: "misconfigured" }, server: string): FailureMessage {
  switch (what) {
    case "connectionUnknown":
      return {
        title: `The connection ${detail} is not set up here`,
        detail: "",
        next: "Add this connection, or choose another one.",
      };
    case "targetUrl":
      return { title: "This target's address cannot be opened", detail, next: "Only http and https pages are opened." };
    case "noAnswer":
      return { title: "There is no result here to do this with", detail: "", next: "Run a query first." };
    case "answerReplaced":
      return {
        title: "A newer answer has taken the place of this one",
        detail: "",
        next: "Look at it, then try again.",
      };
    case "exportFormat":
      return { title: "An export cannot be asked for like this", detail, next: "Name a format and a file." };
    case "exportTooWide":
      return {
        title: "A table with a column for each series would be almost empty",
        detail,
        next: "Export it as CSV with one row per sample.",
      };
    case "blockGone":
      return {
        title: "The query of this result is no longer in its file",
        detail: "",
        next: "Run it from the text where it is now, or from the history.",
      };
    case "blockChanged":
      return {
        title: "The text of this query has changed since it was run",
        detail: "",
        next: "Nothing was sent. Run it from the text, where you see what is sent.",
      };
    case "connectionMoved":
      return {
        title: `${server} points to another address by now`,
        detail,
        next: "Nothing was sent. Run the query again.",
      };
    case "proxyUrl":
      return {
        title: `The address of the proxy in ${detail} cannot be read`,
        detail: "",
        next: "Nothing was sent. Write it as http://proxy.example.com:3128.",
      };
    case "proxyScheme":
      return {
        title: "This kind of proxy is not supported",
        detail,
        next: 'Nothing was sent. Use an http or https proxy, set "proxy" of the connection, or let VS Code send with "transport": "vscode".',
      };
    case "plainHttpConsent":
      return {
        title: `${server} uses plain http, and its secret would be readable on the way`,
        detail,
        next: "Use https, or test the connection and confirm there that the secret may be sent.",
      };
    case "secretCharacters":
      return {
        title: `The ${purposeName(detail)} for ${server} contains characters that cannot be sent`,
        detail: "",
        next: "Edit the connection and enter it again without line breaks.",
      };
    case "secretNewer":
      return {
        title: `The ${purposeName(detail)} for ${server} was stored by a newer PromQL Workbench`,
        detail: "It was left as it is.",
        next: "Update the extension, or edit the connection and enter it again.",
      };
    case "secretDamaged":
      return {
        title: `The stored ${purposeName(detail)} for ${server} cannot be read`,
        detail: "It was left as it is.",
        next: "Edit the connection and enter it again.",
      };
    case "settingsFile":
      return {
        title: "The connections in your settings were not changed as wanted",
        detail,
        next: 'Open it with "PromQL: Open Connection Settings" and edit promqlWorkbench.connections there.',
      };
    case "range":
      return { title: "This time range cannot be asked for", detail, next: "Choose another start or end." };
    case "step":
      return { title: "This step cannot be used", detail, next: "Choose a larger step or a shorter range." };
    case "request":
      return {
        title: `The request to ${server} cannot be sent`,
        detail,
        next: "Check the URL and the headers of the connection.",
      };
    default:
      return { title: `A setting is wrong: ${what}`, detail, next: "Correct it and try again." };
  }
}

function purposeName(purpose: string): string {
  return purpose === "token" || purpose === "password" ? purpose : "secret";
}

function formatBytes(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB"];
  const exponent = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const size = bytes / 1024 ** exponent;
  return `${Number.isInteger(size) ? size : size.toFixed(1)} ${units[exponent]}`;
}
