import { assertNever } from "../shared/assert.ts";
import type { Failure, NotWrittenCode, PemProblem, PemRole } from "../shared/errors.ts";
import { credentialMessage } from "./credentialMessage.ts";
import type { FailureContext, FailureMessage } from "./failureWords.ts";
import { notPrometheusMessage } from "./notPrometheusMessage.ts";
import { redirectedMessage } from "./redirectedMessage.ts";
import { rejectedMessage } from "./rejectedMessage.ts";
import { unauthorizedMessage } from "./unauthorizedMessage.ts";
import { timedOutMessage, unreachableMessage } from "./unreachableMessage.ts";

export type { FailureContext, FailureMessage } from "./failureWords.ts";

/** The one place where failures become sentences. Details were cleaned of markup and secrets where they were made. */
export function describeFailure(failure: Failure, context: FailureContext): FailureMessage {
  const { server } = context;
  switch (failure.kind) {
    case "cancelled":
      return { title: "Cancelled", detail: "", next: "Run it again when you like." };
    case "unreachable":
      return unreachableMessage(failure, server);
    case "timedOut":
      return timedOutMessage(failure, server);
    case "unauthorized":
      return unauthorizedMessage(failure, context);
    case "redirected":
      return redirectedMessage(failure, server);
    case "rejected":
      return rejectedMessage(failure, server);
    case "notPrometheus":
      return notPrometheusMessage(failure, context);
    case "malformed":
      return {
        title: `${server} sent an answer that cannot be read`,
        detail: `Byte ${failure.offset.toLocaleString("en-US")}: expected ${failure.expected}.`,
        next: "A proxy on the way may have cut it, or changed it: try again, or ask for less data.",
        actions: [{ kind: "retry" }],
      };
    case "tooLarge":
      return {
        title: `The answer of ${server} is larger than ${formatBytes(failure.allowed)}`,
        detail: "",
        next: "Ask for less: fewer series or a shorter range. For queries promqlWorkbench.query.maxResponseBytes sets the bound.",
        actions: [{ kind: "widerStep" }, { kind: "shorterRange" }],
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
      return credentialMessage(failure, server);
    case "pemFile":
      return pemFile(failure);
    case "secretMissing":
      return {
        title: `The ${purposeName(failure.purpose)} for ${server} is not stored on this machine`,
        detail: "",
        next: "Edit the connection and enter it again. Secrets are not synchronised between machines.",
        actions: [{ kind: "enterSecret" }],
      };
    case "originChanged":
      return {
        title: `The secret of ${server} was given for ${failure.boundTo}`,
        detail: `The connection now points to ${failure.origin}.`,
        next: "Nothing was sent. Test the connection or run a query to confirm the new address, or edit it and enter the secret again.",
        actions: [{ kind: "testConnection" }, { kind: "enterSecret" }],
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
    actions: [
      { kind: problem === "passphraseMissing" || problem === "passphraseWrong" ? "replaceSecret" : "openSettings" },
      { kind: "retry" },
    ],
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
        actions: [{ kind: "openSettings" }],
      };
    case "proxyScheme":
      return {
        title: "This kind of proxy is not supported",
        detail,
        next: 'Nothing was sent. Use an http or https proxy, set "proxy" of the connection, or let VS Code send with "transport": "vscode".',
        actions: [{ kind: "openSettings" }],
      };
    case "plainHttpConsent":
      return {
        title: `${server} uses plain http, and its secret would be readable on the way`,
        detail,
        next: "Use https, or test the connection and confirm there that the secret may be sent.",
        actions: [{ kind: "testConnection" }, { kind: "useHttps" }],
      };
    case "plainHttpProxyConsent":
      return {
        title: `The proxy of ${server} is asked over plain http, and its password would be readable on the way`,
        detail,
        next: "Nothing was sent. Use an https proxy, or test the connection and confirm there that the password may be sent.",
        actions: [{ kind: "testConnection" }, { kind: "openSettings" }],
      };
    case "secretCharacters":
      return {
        title: `The ${purposeName(detail)} for ${server} contains characters that cannot be sent`,
        detail: "",
        next: "Edit the connection and enter it again without line breaks.",
        actions: [{ kind: "enterSecret" }],
      };
    case "secretNewer":
      return {
        title: `The ${purposeName(detail)} for ${server} was stored by a newer PromQL Workbench`,
        detail: "It was left as it is.",
        next: "Update the extension, or edit the connection and enter it again.",
        actions: [{ kind: "enterSecret" }],
      };
    case "secretDamaged":
      return {
        title: `The stored ${purposeName(detail)} for ${server} cannot be read`,
        detail: "It was left as it is.",
        next: "Edit the connection and enter it again.",
        actions: [{ kind: "enterSecret" }],
      };
    case "settingsFile":
      return {
        title: "The connections in your settings were not changed as wanted",
        detail,
        next: 'Open it with "PromQL: Open Connection Settings" and edit promqlWorkbench.connections there.',
        actions: [{ kind: "openSettings" }],
      };
    case "settingsNotRead":
      return {
        title: "Your settings were saved, but VS Code does not read the connections from there",
        detail,
        next: "A secret that you entered is kept for them. Reload the window; if that changes nothing, look into the settings.",
        actions: [{ kind: "openSettings" }],
      };
    case "variableForm":
      return {
        title: `The form ${detail} of Grafana's variables is not known here`,
        detail: "",
        next: `Nothing was sent. Write \${name} or \${name:regex}, and give the name a value with "# @var name=value".`,
      };
    case "variableCycle":
      return {
        title: `The value of the variable ${detail} leads back to itself`,
        detail: "",
        next: "Nothing was sent. Take a reference out of one of the @var values that lead back.",
      };
    case "variableSize":
      return {
        title: `The value of the variable ${detail} is made of too many others`,
        detail: "",
        next: "Nothing was sent. Write the value without so many references.",
      };
    case "range":
      return { title: "This time range cannot be asked for", detail, next: "Choose another start or end." };
    case "step":
      return {
        title: "This step cannot be used",
        detail,
        next: "Choose a larger step or a shorter range.",
        actions: [{ kind: "widerStep" }, { kind: "shorterRange" }],
      };
    case "request":
      return {
        title: `The request to ${server} cannot be sent`,
        detail,
        next: "Check the URL and the headers of the connection.",
        actions: [{ kind: "editConnection", at: "url" }],
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
