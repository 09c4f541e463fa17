import { suggestedName } from "../connectionNames.ts";
import { withoutEmptySecret } from "./formHeaders.ts";
import type { FormAuth, FormDraft, FormState, FormStep } from "./formState.ts";

/** What each way to sign in asks for. */
const credentialSteps: Readonly<Record<FormAuth, readonly FormStep[]>> = {
  none: [],
  bearer: ["secret"],
  basic: ["username", "secret"],
  raw: ["secret"],
  oauth2: ["tokenUrl", "clientId", "scopes", "secret"],
  command: ["command"],
};

/** The steps on the way, which depend on how to sign in. Typing a header is part of its list. */
export function stepsOf({ draft }: FormState): readonly FormStep[] {
  return ["url", "name", "auth", ...credentialSteps[draft.auth], ...waySteps(draft), "headers", "test"];
}

/** Only the user knows whether the key is encrypted, and whether the proxy asks who comes. */
function waySteps({ keyFile, proxy }: FormDraft): readonly FormStep[] {
  return [
    ...(keyFile === "" ? [] : (["keyPassphrase"] as const)),
    ...(proxy === "" ? [] : (["proxyPassword"] as const)),
  ];
}

/** Steps that are part of another one. */
function listStep(step: FormStep): FormStep {
  return step === "header" || step === "secretName" || step === "secretValue" ? "headers" : step;
}

/** Number of the present step, from 1, and how many there are. */
export function progressOf(state: FormState): { readonly step: number; readonly total: number } {
  const steps = stepsOf(state);
  return { step: steps.indexOf(listStep(state.step)) + 1, total: steps.length };
}

/** The form one step back; `undefined` at the first one. Everything typed stays. */
export function back(state: FormState): FormState | undefined {
  if (state.step === "secretValue") return { ...state, step: "secretName" };
  if (state.step === "secretName") return { ...withoutEmptySecret(state), step: "headers" };
  if (listStep(state.step) !== state.step) return { ...state, step: "headers" };
  const steps = stepsOf(state);
  const previous = steps[steps.indexOf(state.step) - 1];
  return previous === undefined ? undefined : { ...state, step: previous };
}

/** The form at a step of the user's choice. */
export function goTo(state: FormState, step: FormStep): FormState {
  return { ...state, step };
}

/** The form one step on. */
export function forward(state: FormState): FormState {
  const steps = stepsOf(state);
  return { ...state, step: steps[steps.indexOf(state.step) + 1] ?? state.step };
}

/** The list of headers is complete. */
export function headersDone(state: FormState): FormState {
  return forward({ ...state, step: "headers" });
}

/** What stands in the input of the present step before the user types. */
export function prefilled(state: FormState): string {
  const { draft, step } = state;
  switch (step) {
    case "url":
      return draft.url;
    case "name":
      return draft.name === "" ? suggestedName(draft.url) : draft.name;
    case "username":
      return draft.username;
    case "tokenUrl":
      return draft.tokenUrl;
    case "clientId":
      return draft.clientId;
    case "scopes":
      return draft.scopes;
    case "command":
      return draft.command.length === 0 ? "" : JSON.stringify(draft.command);
    case "secret":
    case "keyPassphrase":
    case "proxyPassword":
      return draft[step];
    case "header": {
      const header = draft.headers[state.headerIndex];
      return header === undefined ? (state.headerBegun ?? "") : `${header.name}: ${header.value}`;
    }
    case "secretName":
      return draft.headers[state.headerIndex]?.name ?? "";
    case "secretValue":
      return draft.headers[state.headerIndex]?.value ?? "";
    default:
      return "";
  }
}
