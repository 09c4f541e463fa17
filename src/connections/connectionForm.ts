import { type HeaderProblem, headerProblem } from "./headerRules.ts";
import { isProfileName, type Profile } from "./profile.ts";
import { cleanToken, type SecretPurpose, secretProblem } from "./secrets.ts";
import { parseServerUrl, type UrlProblem } from "./serverUrl.ts";

/** The steps of setting up a connection. `headers` is the list of them, `header` one that is being typed. */
export type FormStep = "url" | "name" | "auth" | "username" | "secret" | "headers" | "header" | "test";

/** The ways to sign in that the form offers. */
export type FormAuth = "none" | "bearer" | "basic";

/** What the user has said so far. */
export interface FormDraft {
  readonly url: string;
  readonly name: string;
  readonly auth: FormAuth;
  readonly username: string;
  /** As typed in this form; empty: nothing typed. */
  readonly secret: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** The saved connection that the form changes. */
export interface EditedConnection {
  readonly id: string;
  readonly origin: string;
  /** What is stored for it, if anything. */
  readonly stored: { readonly purpose: SecretPurpose; readonly state: "found" | "unreadable" } | undefined;
}

/** The form at one moment. Steps are pure functions from one to the next. */
export interface FormState {
  readonly step: FormStep;
  readonly draft: FormDraft;
  /** Absent for a new connection. */
  readonly editing: EditedConnection | undefined;
  /** The id a new connection should get, if a file asks for it. */
  readonly wantedId: string | undefined;
  /** The origin to which the user agreed to send the stored secret from now on. */
  readonly confirmedOrigin: string | undefined;
  /** Index of the header being typed; its length: a new one. */
  readonly headerIndex: number;
}

/** What is wrong with an answer; sentences are made in the UI. */
export type FormProblem =
  | { readonly code: "url"; readonly problem: UrlProblem }
  | { readonly code: "header"; readonly problem: HeaderProblem | "twice" | "form" }
  | { readonly code: "nameInvalid" | "usernameInvalid" | "secretEmpty" | "secretInvalid" };

/** Said while typing; it does not keep the user from going on. */
export type FormNote =
  | { readonly code: "removed"; readonly removed: string; readonly baseUrl: string }
  | { readonly code: "schemeRemoved" };

const emptyDraft: FormDraft = { url: "", name: "", auth: "none", username: "", secret: "", headers: [] };

/** A form for a new connection. `wanted`: the id or name that a file uses for it; `url`: what a workspace suggests. */
export function newForm(wanted?: string, url = ""): FormState {
  return {
    step: "url",
    draft: { ...emptyDraft, url, name: wanted !== undefined && isProfileName(wanted) ? wanted : "" },
    editing: undefined,
    wantedId: wanted,
    confirmedOrigin: undefined,
    headerIndex: 0,
  };
}

/** A form that is filled with a saved connection; its secret is never read back into it. */
export function editForm(profile: Profile, stored: EditedConnection["stored"]): FormState {
  const { auth } = profile;
  return {
    ...newForm(),
    draft: {
      ...emptyDraft,
      url: profile.baseUrl,
      name: profile.name,
      auth: auth.type === "bearer" || auth.type === "basic" ? auth.type : "none",
      username: auth.type === "basic" ? auth.username : "",
      headers: Object.entries(profile.headers),
    },
    editing: { id: profile.id, origin: profile.origin, stored },
  };
}

/** The steps on the way, which depend on how to sign in. Typing a header is part of its list. */
export function stepsOf({ draft }: FormState): readonly FormStep[] {
  const credentials: readonly FormStep[] =
    draft.auth === "basic" ? ["username", "secret"] : draft.auth === "bearer" ? ["secret"] : [];
  return ["url", "name", "auth", ...credentials, "headers", "test"];
}

/** Number of the present step, from 1, and how many there are. */
export function progressOf(state: FormState): { readonly step: number; readonly total: number } {
  const steps = stepsOf(state);
  return { step: steps.indexOf(state.step === "header" ? "headers" : state.step) + 1, total: steps.length };
}

/** The form one step back; `undefined` at the first one. Everything typed stays. */
export function back(state: FormState): FormState | undefined {
  if (state.step === "header") return { ...state, step: "headers" };
  const steps = stepsOf(state);
  const previous = steps[steps.indexOf(state.step) - 1];
  return previous === undefined ? undefined : { ...state, step: previous };
}

/** The form at a step of the user's choice. */
export function goTo(state: FormState, step: FormStep): FormState {
  return { ...state, step };
}

function forward(state: FormState): FormState {
  const steps = stepsOf(state);
  return { ...state, step: steps[steps.indexOf(state.step) + 1] ?? state.step };
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
    case "secret":
      return draft.secret;
    case "header":
      return (draft.headers[state.headerIndex] ?? []).join(": ");
    default:
      return "";
  }
}

/** A name for a server, from its host: `prometheus.example.com`, with the port if it is on this machine. */
export function suggestedName(url: string): string {
  const parsed = parseServerUrl(url);
  if (!parsed.ok) return "";
  const { hostname, host } = new URL(parsed.url.baseUrl);
  return /^(?:localhost|[\d.]+|\[.*\])$/.test(hostname) ? host : hostname;
}

/** Which secret the present choice needs. */
export function purposeOf({ auth }: FormDraft): SecretPurpose | undefined {
  if (auth === "none") return undefined;
  return auth === "bearer" ? "token" : "password";
}

/** True if leaving the secret empty keeps the stored one. */
export function canKeepSecret({ editing, draft }: FormState): boolean {
  return editing?.stored?.state === "found" && editing.stored.purpose === purposeOf(draft);
}

/** True if a secret is stored that cannot be read, so that typing one replaces it. */
export function replacesUnreadable({ editing, draft }: FormState): boolean {
  return editing?.stored?.state === "unreadable" && editing.stored.purpose === purposeOf(draft);
}

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
    case "secret": {
      const purpose = purposeOf(state.draft) ?? "token";
      const problem = secretProblem(purpose, typedSecret(purpose, answer));
      if (problem === "empty") return canKeepSecret(state) ? undefined : { code: "secretEmpty" };
      return problem === undefined ? undefined : { code: "secretInvalid" };
    }
    case "header":
      return headerAnswerProblem(state, answer);
    default:
      return undefined;
  }
}

/** What is worth saying about an acceptable `answer`. */
export function noteOn(state: FormState, answer: string): FormNote | undefined {
  if (state.step === "url") {
    const parsed = parseServerUrl(answer);
    if (!parsed.ok || parsed.url.removed === undefined) return undefined;
    return { code: "removed", removed: parsed.url.removed, baseUrl: parsed.url.baseUrl };
  }
  if (state.step !== "secret" || state.draft.auth !== "bearer") return undefined;
  return cleanToken(answer) !== answer.trim() ? { code: "schemeRemoved" } : undefined;
}

/** The form after an acceptable answer to a text step. Throws nothing: an unacceptable one leaves it as it is. */
export function answered(state: FormState, answer: string): FormState {
  if (problemWith(state, answer) !== undefined) return state;
  const { draft, step } = state;
  switch (step) {
    case "url": {
      const parsed = parseServerUrl(answer);
      if (!parsed.ok) return state;
      const { baseUrl, origin } = parsed.url;
      const before = parseServerUrl(draft.url);
      const staysThere = !before.ok || before.url.origin === origin;
      // What was typed for one server is not carried to another one, and a suggested name follows its host.
      const keepsName = draft.name !== suggestedName(draft.url);
      return forward({
        ...state,
        confirmedOrigin: staysThere ? state.confirmedOrigin : undefined,
        draft: {
          ...draft,
          url: baseUrl,
          secret: staysThere ? draft.secret : "",
          name: keepsName ? draft.name : "",
        },
      });
    }
    case "name":
      return forward({ ...state, draft: { ...draft, name: answer.trim() } });
    case "username":
      return forward({ ...state, draft: { ...draft, username: answer } });
    case "secret":
      return forward({ ...state, draft: { ...draft, secret: typedSecret(purposeOf(draft) ?? "token", answer) } });
    case "header":
      return withHeader(state, answer);
    default:
      return forward(state);
  }
}

/** The form after a choice of how to sign in; a secret typed for another way is dropped. */
export function withAuth(state: FormState, auth: FormAuth): FormState {
  const secret = auth === state.draft.auth ? state.draft.secret : "";
  return forward({ ...state, draft: { ...state.draft, auth, secret } });
}

/** Opens one header of the list for typing; an index past the end is a new one. */
export function openHeader(state: FormState, index: number): FormState {
  return { ...state, step: "header", headerIndex: index };
}

/** The form without one header. */
export function withoutHeader(state: FormState, index: number): FormState {
  return { ...state, draft: { ...state.draft, headers: state.draft.headers.toSpliced(index, 1) } };
}

/** The list of headers is complete. */
export function headersDone(state: FormState): FormState {
  return forward({ ...state, step: "headers" });
}

/** The stored secret may be sent to the draft's origin. */
export function withConfirmedOrigin(state: FormState): FormState {
  const parsed = parseServerUrl(state.draft.url);
  return parsed.ok ? { ...state, confirmedOrigin: parsed.url.origin } : state;
}

/** The origins between which a kept secret would move without the user's word; `undefined`: it stays or was confirmed. */
export function unconfirmedMove(state: FormState): { readonly from: string; readonly to: string } | undefined {
  const { draft, editing } = state;
  const parsed = parseServerUrl(draft.url);
  if (!parsed.ok || editing === undefined || draft.secret !== "" || !canKeepSecret(state)) return undefined;
  const to = parsed.url.origin;
  return to === editing.origin || to === state.confirmedOrigin ? undefined : { from: editing.origin, to };
}

function typedSecret(purpose: SecretPurpose, answer: string): string {
  return purpose === "token" ? cleanToken(answer) : answer;
}

function splitHeader(answer: string): readonly [name: string, value: string] | undefined {
  const colon = answer.indexOf(":");
  return colon < 1 ? undefined : [answer.slice(0, colon).trim(), answer.slice(colon + 1).trim()];
}

function headerAnswerProblem({ draft, headerIndex }: FormState, answer: string): FormProblem | undefined {
  if (answer.trim() === "") return undefined;
  const header = splitHeader(answer);
  if (header === undefined || header[1] === "") return { code: "header", problem: "form" };
  const [name, value] = header;
  const isTwice = draft.headers.some(([one], i) => i !== headerIndex && one.toLowerCase() === name.toLowerCase());
  const problem = isTwice ? "twice" : headerProblem(name, value);
  return problem === undefined ? undefined : { code: "header", problem };
}

/** An empty answer takes the header away. */
function withHeader(state: FormState, answer: string): FormState {
  const header = splitHeader(answer);
  const { draft, headerIndex } = state;
  const headers = draft.headers.toSpliced(headerIndex, 1, ...(header === undefined ? [] : [header]));
  return { ...state, step: "headers", draft: { ...draft, headers } };
}

/** An id that stands well in a file, made of a name: `Production EU` gives `production-eu`, or `production-eu-2` if taken. */
export function idFromName(name: string, taken: ReadonlySet<string>): string {
  const base =
    name
      .normalize("NFKD")
      .replace(/\p{M}+/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9._]+/g, "-")
      .replace(/^[^a-z0-9]+|-+$/g, "")
      .slice(0, 56) || "connection";
  let id = base;
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`;
  return id;
}

/** The keys of the stored element that the form decides; `undefined` takes one away. Others keep what they hold. */
export function storedChanges({ draft }: FormState, id: string): Readonly<Record<string, unknown>> {
  const { auth } = draft;
  return {
    version: 1,
    id,
    name: draft.name,
    url: draft.url,
    auth: auth === "basic" ? { type: auth, username: draft.username } : { type: auth },
    headers: draft.headers.length === 0 ? undefined : Object.fromEntries(draft.headers),
  };
}
