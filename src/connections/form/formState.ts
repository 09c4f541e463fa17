import type { Bindings } from "../movedSecrets.ts";
import { type Auth, isProfileName, type Profile } from "../profile.ts";
import { isNamedProxy } from "../secretNeeds.ts";
import type { OriginMove } from "../secrets.ts";

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
  | "keyPassphrase"
  | "proxyPassword"
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
  /** The client's key and the proxy that the settings name, which the form does not change; empty: none. */
  readonly keyFile: string;
  readonly proxy: string;
  /** As typed; empty: nothing typed. */
  readonly keyPassphrase: string;
  readonly proxyPassword: string;
  readonly headers: readonly FormHeader[];
}

/** The saved connection that the form changes. */
export interface EditedConnection {
  readonly id: string;
  readonly bindings: Bindings;
}

/** The form at one moment. Steps are pure functions from one to the next. */
export interface FormState {
  readonly step: FormStep;
  readonly draft: FormDraft;
  /** Absent for a new connection. */
  readonly editing: EditedConnection | undefined;
  /** The id a new connection should get, if a file asks for it. */
  readonly wantedId: string | undefined;
  /** What the user agreed to send elsewhere from now on. */
  readonly confirmed: readonly OriginMove[];
  /** Index of the header being typed; its length: a new one. */
  readonly headerIndex: number;
  /** What is being typed where it is a secret. */
  readonly headerKind: FormHeader["kind"];
  /** What stands in the input of a new header before the user types. */
  readonly headerBegun?: string;
}

const emptyDraft: FormDraft = {
  ...{ url: "", name: "", auth: "none", username: "", tokenUrl: "", clientId: "", scopes: "", secret: "" },
  ...{ keyFile: "", proxy: "", keyPassphrase: "", proxyPassword: "", params: {}, command: [], headers: [] },
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
export function editForm(profile: Profile, bindings: Bindings): FormState {
  const { auth, headers, secretHeaders, secretQueryParams, tls, proxy } = profile;
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
      keyFile: tls.keyFile,
      proxy: isNamedProxy(proxy) ? proxy : "",
      headers: [
        ...Object.entries(headers).map(([name, value]): FormHeader => ({ kind: "header", name, value })),
        ...secretHeaders.map(secret("secretHeader")),
        ...secretQueryParams.map(secret("secretParam")),
      ],
    },
    editing: { id: profile.id, bindings },
  };
}
