import type { CredentialFailure, CredentialProblem, CredentialSource } from "../shared/errors.ts";
import type { FailureAction } from "../shared/failureAction.ts";
import { formatDuration } from "../shared/model/time.ts";
import type { FailureMessage } from "./failureWords.ts";

const edit: FailureAction = { kind: "editConnection", at: "credential" };
const retry: FailureAction = { kind: "retry" };

/** Why a credential could not be read from where the connection says, and what to do. */
export function credentialMessage(failure: CredentialFailure, server: string): FailureMessage {
  const { source, problem, name, detail, code, isRenewal = false } = failure;
  if (source === "keyring") return keyringMessage(failure, server);
  const what = `${subjects[source]} ${name}, which ${server} signs in with,`;
  const { next, actions = [edit] } = advice(source, failure);
  return {
    title: `${what} ${verdict(source, problem, code)}`,
    detail,
    next: `${isRenewal ? `${server} answered 401 to the credential before.` : "Nothing was sent."} ${next}`,
    actions,
  };
}

/** It may have been wanted to send a secret or to store one. */
function keyringMessage({ problem, detail }: CredentialFailure, server: string): FailureMessage {
  const happened = problem === "timedOut" ? "did not answer in time" : "could not be opened";
  return {
    title: `The system's keyring, which keeps the secrets of ${server}, ${happened}`,
    detail,
    next: "Unlock it (Keychain, GNOME Keyring, KWallet) and try again. If this machine has none, let the connection take its secret from $env: or $file: instead.",
    actions: [retry, edit],
  };
}

type Named = Exclude<CredentialSource, "keyring">;

const subjects: Readonly<Record<Named, string>> = {
  env: "The environment variable",
  file: "The file",
  command: "The credential command",
  oauth2: "The token server",
};

function verdict(source: Named, problem: CredentialProblem, code: string | undefined): string {
  const read = source === "command" ? "printed" : source === "oauth2" ? "sent" : "holds";
  switch (problem) {
    case "unset":
      return source === "env" ? "is not set" : "is not set up";
    case "empty":
      return source === "env" || source === "file" ? "is empty" : `${read} nothing`;
    case "notFound":
      return source === "oauth2" ? "has no such address" : "is not there";
    case "unreadable":
      return source === "command" ? "may not be run" : "cannot be read";
    case "failed":
      return code === undefined ? "failed" : `failed (${code})`;
    case "timedOut":
      if (source === "file") return "could not be read in time";
      return source === "command" ? "did not end in time" : "did not answer in time";
    case "tooLarge":
      return `${read} too much for a credential`;
    case "characters":
      return `${read} characters that cannot be sent`;
    case "notAllowed":
      return "is not used in Restricted Mode";
    case "refused":
      return code === undefined ? "refused to give a token" : `refused to give a token (${code})`;
    case "badAnswer":
      return `${read} something without a token in it`;
    case "unreachable":
      return "cannot be reached";
    case "shellScript":
      return "is a script that needs a shell";
  }
}

interface Advice {
  readonly next: string;
  readonly actions?: readonly FailureAction[];
}

function advice(source: Named, { problem, afterMs }: CredentialFailure): Advice {
  switch (problem) {
    case "notAllowed":
      return { next: "Trust this workspace to use it.", actions: [{ kind: "manageTrust" }] };
    case "unset":
    case "empty":
      return source === "env"
        ? {
            next: "Set it where VS Code is started, then restart the extensions, or VS Code if it still has the old environment.",
            actions: [{ kind: "restartExtensions" }, edit],
          }
        : { next: emptyAdvice[source], actions: [retry, edit] };
    case "notFound":
      return { next: `Check ${places[source]} in the connection.` };
    case "unreadable":
      return { next: "Check who may read it.", actions: [retry, edit] };
    case "failed":
      return {
        next: "Run it in a terminal to see what it wants: you may have to sign in there again.",
        actions: [retry, edit],
      };
    case "timedOut": {
      const had = afterMs === undefined ? undefined : `It had ${formatDuration(afterMs)} (timeoutMs of the connection)`;
      const next =
        source === "command"
          ? `Run it in a terminal: it may wait for an answer there. ${had ?? "It has 20 s"} and no input.`
          : `Try again; check your VPN and ${places[source]}.${had === undefined ? "" : ` ${had}.`}`;
      return { next, actions: [retry, edit] };
    }
    case "tooLarge":
      return { next: `Check ${places[source]}: more than 64 KB is no credential.` };
    case "characters":
      return { next: "It has to be one line of plain characters." };
    case "refused":
      return {
        next: "Check client id, secret and scopes of the connection.",
        actions: [{ kind: "enterSecret" }, edit],
      };
    case "badAnswer":
      return { next: badAnswerAdvice[source], actions: [edit, retry] };
    case "shellScript":
      return {
        next: 'No shell is used, and Windows runs a .cmd or .bat in one only. Write "cmd.exe", "/d", "/c" before it in the list, or name the program that it starts.',
      };
    case "unreachable":
      return { next: "Check its address, your VPN and the proxy.", actions: [retry, edit] };
  }
}

const places: Readonly<Record<Named, string>> = {
  env: "the variable's name",
  file: "the path",
  command: "the program and its path",
  oauth2: "the token URL",
};

const emptyAdvice: Readonly<Record<Named, string>> = {
  env: "Set it.",
  file: "Write the credential into it; it is read again each time it changes.",
  command: "It has to print the credential as its first line, or as JSON with access_token.",
  oauth2: "Check the token URL.",
};

const badAnswerAdvice: Readonly<Record<Named, string>> = {
  ...emptyAdvice,
  command: "It has to print a token as its first line, or JSON with access_token.",
  oauth2: "Check the token URL: a token server answers with JSON that has access_token.",
};
