import { type HeaderProblem, headerProblem, secretHeaderProblem } from "../headerRules.ts";
import { isProfileName } from "../profile.ts";
import { cleanSecret, cleanToken, secretProblem } from "../secrets.ts";
import { isTokenUrl, parseServerUrl, type UrlProblem } from "../serverUrl.ts";
import { parseCommand } from "./commandWords.ts";
import { isTwice, splitHeader } from "./formHeaders.ts";
import { canKeepSecret, stepPurpose } from "./formSecrets.ts";
import type { FormState } from "./formState.ts";

/** What is wrong with an answer; sentences are made in the UI. */
export type FormProblem =
  | { readonly code: "url"; readonly problem: UrlProblem }
  | { readonly code: "header"; readonly problem: HeaderProblem | "twice" | "form" }
  | {
      readonly code:
        | "nameInvalid"
        | "usernameInvalid"
        | "secretEmpty"
        | "secretInvalid"
        | "tokenUrlInvalid"
        | "clientIdEmpty"
        | "commandInvalid"
        | "paramInvalid"
        | "proxyUserInvalid";
    };

/** Said while typing; it does not keep the user from going on. */
export type FormNote =
  | { readonly code: "removed"; readonly removed: string; readonly baseUrl: string }
  | { readonly code: "metricsPage" | "schemeRemoved" };

/** What is wrong with `answer` at the present step; `undefined` if the form may go on. */
export function problemWith(state: FormState, answer: string): FormProblem | undefined {
  switch (state.step) {
    case "url": {
      const parsed = parseServerUrl(answer);
      return parsed.ok ? undefined : { code: "url", problem: parsed.problem };
    }
    case "name":
      return isProfileName(answer.trim()) ? undefined : { code: "nameInvalid" };
    case "username":
      return answer === "" || /[:\p{Cc}]/u.test(answer) ? { code: "usernameInvalid" } : undefined;
    case "tokenUrl":
      return isTokenUrl(answer.trim()) ? undefined : { code: "tokenUrlInvalid" };
    case "clientId":
      return answer.trim() === "" ? { code: "clientIdEmpty" } : undefined;
    case "command":
      return parseCommand(answer) === undefined ? { code: "commandInvalid" } : undefined;
    case "secret":
    case "secretValue": {
      const purpose = stepPurpose(state) ?? "token";
      const problem = secretProblem(purpose, cleanSecret(purpose, answer));
      if (problem === "empty") return canKeepSecret(state) ? undefined : { code: "secretEmpty" };
      return problem === undefined ? undefined : { code: "secretInvalid" };
    }
    case "keyPassphrase":
    case "proxyPassword":
      return waySecretProblem(state.step, answer);
    case "header":
      return headerAnswerProblem(state, answer);
    case "secretName":
      return secretNameProblem(state, answer.trim());
    default:
      return undefined;
  }
}

/** Nothing typed is right: there may be none, and a stored one stays. */
function waySecretProblem(step: "keyPassphrase" | "proxyPassword", answer: string): FormProblem | undefined {
  if (answer === "") return undefined;
  if (step === "proxyPassword" && !answer.includes(":")) return { code: "proxyUserInvalid" };
  return secretProblem(step, answer) === undefined ? undefined : { code: "secretInvalid" };
}

function headerAnswerProblem(state: FormState, answer: string): FormProblem | undefined {
  if (answer.trim() === "") return undefined;
  const header = splitHeader(answer);
  if (header === undefined || header.value === "") return { code: "header", problem: "form" };
  const problem = isTwice(state, header) ? "twice" : headerProblem(header.name, header.value);
  return problem === undefined ? undefined : { code: "header", problem };
}

function secretNameProblem(state: FormState, name: string): FormProblem | undefined {
  const { headerKind: kind } = state;
  if (kind === "secretParam")
    return name === "" || isTwice(state, { kind, name }) ? { code: "paramInvalid" } : undefined;
  // A credential's usual header is what this is for, but `Authorization` is a way to sign in.
  const problem = isTwice(state, { kind, name }) ? "twice" : secretHeaderProblem(name);
  return problem === undefined ? undefined : { code: "header", problem };
}

/** What is worth saying about an acceptable `answer`. */
export function noteOn(state: FormState, answer: string): FormNote | undefined {
  if (state.step === "url") {
    const parsed = parseServerUrl(answer);
    if (!parsed.ok) return undefined;
    // Not refused: there are servers whose API is below such a path.
    if (parsed.url.baseUrl.endsWith("/metrics")) return { code: "metricsPage" };
    if (parsed.url.removed === undefined) return undefined;
    return { code: "removed", removed: parsed.url.removed, baseUrl: parsed.url.baseUrl };
  }
  if (state.step !== "secret" || state.draft.auth !== "bearer") return undefined;
  return cleanToken(answer) !== answer.trim() ? { code: "schemeRemoved" } : undefined;
}
