import type { FailureAction } from "../shared/failureAction.ts";
import type { SecretDrafts } from "./credentials.ts";
import { type HeaderProblem, headerProblem, secretHeaderProblem } from "./headerRules.ts";
import { type Auth, isProfileName, type Profile } from "./profile.ts";
import { isReference } from "./references.ts";
import { hasUnboundCredential, type SecretNeed, secretNeedsOf } from "./secretNeeds.ts";
import { cleanSecret, cleanToken, type SecretPurpose, secretProblem } from "./secrets.ts";
import { isTokenUrl, parseServerUrl, type UrlProblem } from "./serverUrl.ts";

/**
 * The steps of setting up a connection. `headers` is the list of everything that goes with each request; `header`, `secretName`
 * and `secretValue` are what is being typed of it.
 */
export type FormStep =
  | "url"
  | "name"
  | "auth"
  | "username"
  | "tokenUrl"
  | "clientId"
  | "scopes"
  | "command"
  | "secret"
  | "headers"
  | "header"
  | "secretName"
  | "secretValue"
  | "test";

/** The ways to sign in. */
export type FormAuth = Auth["type"];

/** One thing that goes with every request; a secret one is typed in this form (empty: the stored one stays). */
export interface FormHeader {
  readonly kind: "header" | "secretHeader" | "secretParam";
  readonly name: string;
  readonly value: string;
}

/** What the user has said so far. */
export interface FormDraft {
  readonly url: string;
  readonly name: string;
  readonly auth: FormAuth;
  readonly username: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Apart by blanks, as RFC 6749 writes them. */
  readonly scopes: string;
  readonly params: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** As typed in this form, or a reference (`$env:NAME`, `$file:/path`); empty: nothing typed. */
  readonly secret: string;
  readonly headers: readonly FormHeader[];
}

/** The saved connection that the form changes. */
export interface EditedConnection {
  readonly id: string;
  readonly needs: readonly SecretNeed[];
  /** Where credentials go that are not stored here; `undefined`: it has none. */
  readonly unboundOrigin: string | undefined;
  /** What is stored for it. */
  readonly stored: ReadonlyMap<SecretPurpose, "found" | "unreadable">;
}

/** The form at one moment. Steps are pure functions from one to the next. */
export interface FormState {
  readonly step: FormStep;
  readonly draft: FormDraft;
  /** Absent for a new connection. */
  readonly editing: EditedConnection | undefined;
  /** The id a new connection should get, if a file asks for it. */
  readonly wantedId: string | undefined;
  /** Origins to which the user agreed to send stored secrets from now on. */
  readonly confirmed: readonly string[];
  /** Index of the header being typed; its length: a new one. */
  readonly headerIndex: number;
  /** What is being typed where it is a secret. */
  readonly headerKind: FormHeader["kind"];
  /** What stands in the input of a new header before the user types. */
  readonly headerBegun?: string;
}

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
        | "paramInvalid";
    };

/** Said while typing; it does not keep the user from going on. */
export type FormNote =
  | { readonly code: "removed"; readonly removed: string; readonly baseUrl: string }
  | { readonly code: "metricsPage" | "schemeRemoved" };

const emptyDraft: FormDraft = {
  ...{ url: "", name: "", auth: "none", username: "", tokenUrl: "", clientId: "", scopes: "", secret: "" },
  ...{ params: {}, command: [], headers: [] },
};

/** A form for a new connection. `wanted`: the id or name that a file uses for it; `url`: what a workspace suggests. */
export function newForm(wanted?: string, url = ""): FormState {
  return {
    step: "url",
    draft: { ...emptyDraft, url, name: wanted !== undefined && isProfileName(wanted) ? wanted : "" },
    editing: undefined,
    wantedId: wanted,
    confirmed: [],
    headerIndex: 0,
    headerKind: "header",
  };
}

/** A form that is filled with a saved connection; its secrets are never read back into it. */
export function editForm(profile: Profile, stored: EditedConnection["stored"]): FormState {
  const { auth, headers, secretHeaders, secretQueryParams } = profile;
  const unboundOrigin = hasUnboundCredential(profile) ? profile.origin : undefined;
  const secret = (kind: FormHeader["kind"]) => (name: string) => ({ kind, name, value: "" });
  return {
    ...newForm(),
    draft: {
      ...emptyDraft,
      url: profile.baseUrl,
      name: profile.name,
      auth: auth.type,
      ...(auth.type === "basic" ? { username: auth.username, secret: auth.passwordRef ?? "" } : {}),
      ...(auth.type === "bearer" ? { secret: auth.tokenRef ?? "" } : {}),
      ...(auth.type === "command" ? { command: auth.command } : {}),
      ...(auth.type === "oauth2"
        ? { tokenUrl: auth.tokenUrl, clientId: auth.clientId, scopes: auth.scopes.join(" "), params: auth.params }
        : {}),
      headers: [
        ...Object.entries(headers).map(([name, value]): FormHeader => ({ kind: "header", name, value })),
        ...secretHeaders.map(secret("secretHeader")),
        ...secretQueryParams.map(secret("secretParam")),
      ],
    },
    editing: { id: profile.id, needs: secretNeedsOf(profile), unboundOrigin, stored },
  };
}

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
  return ["url", "name", "auth", ...credentialSteps[draft.auth], "headers", "test"];
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

/** A secret header that never got its value is none. */
function withoutEmptySecret(state: FormState): FormState {
  const header = state.draft.headers[state.headerIndex];
  const isEmpty = header !== undefined && header.value === "" && !isStored(state, headerPurpose(header), "found");
  return isEmpty ? withoutHeader(state, state.headerIndex) : state;
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
    case "tokenUrl":
      return draft.tokenUrl;
    case "clientId":
      return draft.clientId;
    case "scopes":
      return draft.scopes;
    case "command":
      return draft.command.length === 0 ? "" : JSON.stringify(draft.command);
    case "secret":
      return draft.secret;
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

/** A name for a server, from its host: `prometheus.example.com`, with the port if it is on this machine. */
export function suggestedName(url: string): string {
  const parsed = parseServerUrl(url);
  if (!parsed.ok) return "";
  const { hostname, host } = new URL(parsed.url.baseUrl);
  return /^(?:localhost|[\d.]+|\[.*\])$/.test(hostname) ? host : hostname;
}

/** Which secret the present way to sign in needs. */
export function purposeOf({ auth }: FormDraft): SecretPurpose | undefined {
  const purposes = { bearer: "token", basic: "password", raw: "authorization", oauth2: "clientSecret" } as const;
  return auth === "none" || auth === "command" ? undefined : purposes[auth];
}

/** Which secret the step that is open asks for. */
export function stepPurpose({ draft, step, headerIndex }: FormState): SecretPurpose | undefined {
  if (step === "secret") return purposeOf(draft);
  const header = step === "secretValue" ? draft.headers[headerIndex] : undefined;
  return header && headerPurpose(header);
}

function headerPurpose({ kind, name }: FormHeader): SecretPurpose | undefined {
  if (kind === "header") return undefined;
  return kind === "secretHeader" ? `header:${name}` : `query:${name}`;
}

/** True for a secret that is typed as a reference to where it is, which is no secret itself. */
function isReferred({ auth, secret }: FormDraft): boolean {
  return (auth === "bearer" || auth === "basic") && isReference(secret);
}

/** The secrets that the draft needs, each with where it goes and what was typed (empty: nothing). */
function draftNeeds(
  draft: FormDraft,
): readonly (Pick<SecretNeed, "purpose" | "origin"> & { readonly typed: string })[] {
  const parsed = parseServerUrl(draft.url);
  if (!parsed.ok) return [];
  const { origin } = parsed.url;
  const purpose = purposeOf(draft);
  const isIssued = draft.auth === "oauth2" && isTokenUrl(draft.tokenUrl);
  const own =
    purpose === undefined || isReferred(draft)
      ? []
      : [{ purpose, origin: isIssued ? new URL(draft.tokenUrl).origin : origin, typed: draft.secret }];
  const others = draft.headers.flatMap((header) => {
    const named = headerPurpose(header);
    return named === undefined ? [] : [{ purpose: named, origin, typed: header.value }];
  });
  return [...own, ...others];
}

/** What was typed of secrets, and where stored ones may go. */
export function secretDrafts(state: FormState): SecretDrafts {
  const typed = draftNeeds(state.draft).filter((need) => need.typed !== "");
  return { typed: new Map(typed.map(({ purpose, typed: value }) => [purpose, value])), confirmed: state.confirmed };
}

function isStored({ editing }: FormState, purpose: SecretPurpose | undefined, state: "found" | "unreadable"): boolean {
  return purpose !== undefined && editing?.stored.get(purpose) === state;
}

/** True if leaving the open step's secret empty keeps the stored one. */
export function canKeepSecret(state: FormState): boolean {
  return isStored(state, stepPurpose(state), "found");
}

/** True if a secret is stored for the open step that cannot be read, so that typing one replaces it. */
export function replacesUnreadable(state: FormState): boolean {
  return isStored(state, stepPurpose(state), "unreadable");
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
    case "header":
      return headerAnswerProblem(state, answer);
    case "secretName":
      return secretNameProblem(state, answer.trim());
    default:
      return undefined;
  }
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
        confirmed: staysThere ? state.confirmed : [],
        draft: {
          ...draft,
          url: baseUrl,
          secret: staysThere || draft.auth === "oauth2" || isReferred(draft) ? draft.secret : "",
          headers: staysThere ? draft.headers : draft.headers.map(withoutTypedSecret),
          name: keepsName ? draft.name : "",
        },
      });
    }
    case "name":
      return forward({ ...state, draft: { ...draft, name: answer.trim() } });
    case "username":
      return forward({ ...state, draft: { ...draft, username: answer } });
    case "tokenUrl": {
      const tokenUrl = answer.trim();
      const staysThere = isTokenUrl(draft.tokenUrl) && new URL(draft.tokenUrl).origin === new URL(tokenUrl).origin;
      return forward({ ...state, draft: { ...draft, tokenUrl, secret: staysThere ? draft.secret : "" } });
    }
    case "clientId":
      return forward({ ...state, draft: { ...draft, clientId: answer.trim() } });
    case "scopes":
      return forward({ ...state, draft: { ...draft, scopes: answer.trim().replace(/\s+/g, " ") } });
    case "command":
      return forward({ ...state, draft: { ...draft, command: parseCommand(answer) ?? [] } });
    case "secret":
      return forward({ ...state, draft: { ...draft, secret: cleanSecret(purposeOf(draft) ?? "token", answer) } });
    case "header":
      return withHeader(state, answer);
    case "secretName":
      return withSecretName(state, answer.trim());
    case "secretValue":
      return withSecretValue(state, answer);
    default:
      return forward(state);
  }
}

/** The form after a choice of how to sign in; a secret typed for another way is dropped. */
export function withAuth(state: FormState, auth: FormAuth): FormState {
  const secret = auth === state.draft.auth ? state.draft.secret : "";
  return forward({ ...state, draft: { ...state.draft, auth, secret } });
}

/** Opens one header of the list for typing; an index past the end is a new one, of this kind. */
export function openHeader(state: FormState, index: number, kind: FormHeader["kind"] = "header"): FormState {
  const headerKind = state.draft.headers[index]?.kind ?? kind;
  return {
    ...state,
    headerBegun: "",
    step: headerKind === "header" ? "header" : "secretName",
    headerIndex: index,
    headerKind,
  };
}

/** The header that names the tenant in Mimir, Cortex and Loki. */
const tenantHeader = "X-Scope-OrgID";

/** The form where a failure's action wants something corrected; `undefined` for an action that is not done in a form. */
export function corrected(state: FormState, action: FailureAction): FormState | undefined {
  switch (action.kind) {
    case "editConnection":
      return goTo(state, action.at === "credential" ? credentialStep(state) : action.at);
    case "enterSecret":
      return goTo(state, secretStep(state));
    case "addTenantHeader": {
      const { headers } = state.draft;
      const existing = headers.findIndex(({ name }) => name.toLowerCase() === tenantHeader.toLowerCase());
      return existing < 0
        ? { ...openHeader(state, headers.length), headerBegun: `${tenantHeader}: ` }
        : openHeader(state, existing);
    }
    case "useHttps": {
      const url = httpsUrl(state.draft.url, action.origin);
      // As if it had been typed: what was given for the other address is not carried to this one.
      return url === undefined ? undefined : goTo(answered(goTo(state, "url"), url), "url");
    }
    default:
      return undefined;
  }
}

/** Where it is said how to come by the credential. */
function credentialStep({ draft: { auth } }: FormState): FormStep {
  if (auth === "oauth2") return "tokenUrl";
  if (auth === "command") return "command";
  return auth === "none" ? "auth" : "secret";
}

/** Where the secret is typed: that of signing in before those that go along. */
function secretStep(state: FormState): FormStep {
  if (purposeOf(state.draft) !== undefined) return "secret";
  return state.draft.headers.some(({ kind }) => kind !== "header") ? "headers" : credentialStep(state);
}

/** The same address by https; another `origin` only if it is https of the same host. */
function httpsUrl(text: string, origin: string | undefined): string | undefined {
  const parsed = parseServerUrl(text);
  if (!parsed.ok || !parsed.url.origin.startsWith("http:")) return undefined;
  const { baseUrl } = parsed.url;
  const to = new URL(origin ?? baseUrl.replace(/^http:/, "https:"));
  const isSameHost = to.protocol === "https:" && to.hostname === new URL(baseUrl).hostname;
  return isSameHost ? to.origin + baseUrl.slice(parsed.url.origin.length) : undefined;
}

/** The form without one header. */
export function withoutHeader(state: FormState, index: number): FormState {
  return { ...state, draft: { ...state.draft, headers: state.draft.headers.toSpliced(index, 1) } };
}

/** The list of headers is complete. */
export function headersDone(state: FormState): FormState {
  return forward({ ...state, step: "headers" });
}

/** Stored secrets may be sent to this origin. */
export function withConfirmedOrigin(state: FormState, origin: string): FormState {
  return { ...state, confirmed: [...state.confirmed, origin] };
}

/** The origins between which a kept secret would move without the user's word; `undefined`: they stay or were confirmed. */
export function unconfirmedMove(state: FormState): { readonly from: string; readonly to: string } | undefined {
  const { draft, editing, confirmed } = state;
  const target = parseServerUrl(draft.url);
  const unbound = editing?.unboundOrigin;
  const isUnbound = draft.auth === "oauth2" || draft.auth === "command" || isReferred(draft);
  if (target.ok && unbound !== undefined && isUnbound) {
    const to = target.url.origin;
    if (unbound !== to && !confirmed.includes(to)) return { from: unbound, to };
  }
  for (const { purpose, origin: to, typed } of draftNeeds(draft)) {
    const from = editing?.needs.find((need) => need.purpose === purpose)?.origin;
    const isKept = typed === "" && isStored(state, purpose, "found");
    if (isKept && from !== undefined && from !== to && !confirmed.includes(to)) return { from, to };
  }
  return undefined;
}

/** True if a typed secret takes the place of one that cannot be read. */
export function replacesAnyUnreadable(state: FormState): boolean {
  return draftNeeds(state.draft).some(({ purpose, typed }) => typed !== "" && isStored(state, purpose, "unreadable"));
}

/**
 * The words of a command: a JSON list of texts, or words apart by blanks, with quotes around what has blanks inside. There is
 * no shell: nothing else means anything. `undefined` where that cannot be read.
 */
export function parseCommand(text: string): readonly string[] | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith("[")) {
    try {
      const list: unknown = JSON.parse(trimmed);
      const isWords = Array.isArray(list) && list.every((word) => typeof word === "string");
      return isWords && (list[0] ?? "") !== "" ? list : undefined;
    } catch {
      return undefined;
    }
  }
  const words = trimmed.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
  const isWhole = /^(?:\s*(?:"[^"]+"|'[^']+'|[^\s"']+)(?=\s|$))+$/.test(trimmed);
  return isWhole ? words.map((word) => word.replace(/^(["'])(.*)\1$/s, "$2")) : undefined;
}

function withoutTypedSecret(header: FormHeader): FormHeader {
  return header.kind === "header" ? header : { ...header, value: "" };
}

function splitHeader(answer: string): FormHeader | undefined {
  const colon = answer.indexOf(":");
  if (colon < 1) return undefined;
  return { kind: "header", name: answer.slice(0, colon).trim(), value: answer.slice(colon + 1).trim() };
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

/** Names of headers are the same in upper and lower case, whether they are secret or not; those of parameters are not. */
function isTwice({ draft, headerIndex }: FormState, { kind, name }: Pick<FormHeader, "kind" | "name">): boolean {
  return draft.headers.some((one, i) => {
    if (i === headerIndex || (one.kind === "secretParam") !== (kind === "secretParam")) return false;
    return kind === "secretParam" ? one.name === name : one.name.toLowerCase() === name.toLowerCase();
  });
}

/** An empty answer takes the header away. */
function withHeader(state: FormState, answer: string): FormState {
  const header = splitHeader(answer);
  const { draft, headerIndex } = state;
  const headers = draft.headers.toSpliced(headerIndex, 1, ...(header === undefined ? [] : [header]));
  return { ...state, step: "headers", draft: { ...draft, headers } };
}

function withSecretName(state: FormState, name: string): FormState {
  const { draft, headerIndex, headerKind: kind } = state;
  const before = draft.headers[headerIndex];
  const value = before?.name === name ? before.value : "";
  const headers = draft.headers.toSpliced(headerIndex, 1, { kind, name, value });
  return { ...state, step: "secretValue", draft: { ...draft, headers } };
}

function withSecretValue(state: FormState, answer: string): FormState {
  const { draft, headerIndex } = state;
  const headers = draft.headers.map((one, i) =>
    i === headerIndex ? { ...one, value: cleanSecret(headerPurpose(one) ?? "token", answer) } : one,
  );
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
  const { headers } = draft;
  const plain = headers.filter(({ kind }) => kind === "header").map(({ name, value }) => [name, value] as const);
  const names = (wanted: FormHeader["kind"]) => {
    const found = headers.filter(({ kind }) => kind === wanted).map(({ name }) => name);
    return found.length === 0 ? undefined : found;
  };
  return {
    version: 1,
    id,
    name: draft.name,
    url: draft.url,
    auth: storedAuth(draft),
    headers: plain.length === 0 ? undefined : Object.fromEntries(plain),
    secretHeaders: names("secretHeader"),
    secretQueryParams: names("secretParam"),
  };
}

function storedAuth(draft: FormDraft): Readonly<Record<string, unknown>> {
  const { auth, username, secret, tokenUrl, clientId, scopes, params, command } = draft;
  const referred = isReferred(draft);
  switch (auth) {
    case "none":
    case "raw":
      return { type: auth };
    case "bearer":
      return { type: auth, ...(referred ? { tokenRef: secret } : {}) };
    case "basic":
      return { type: auth, username, ...(referred ? { passwordRef: secret } : {}) };
    case "oauth2":
      return {
        ...{ type: auth, tokenUrl, clientId },
        ...(scopes === "" ? {} : { scopes: scopes.split(" ") }),
        ...(Object.keys(params).length === 0 ? {} : { params }),
      };
    case "command":
      return { type: auth, command };
  }
}
