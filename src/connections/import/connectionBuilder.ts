import { Buffer } from "node:buffer";
import { isSensitiveName } from "../../shared/model/sensitiveName.ts";
import { type HeaderProblem, headerProblem, secretHeaderProblem } from "../headerRules.ts";
import { isProfileName } from "../profile.ts";
import { cleanSecret, type SecretPurpose, secretProblem } from "../secrets.ts";
import { parseServerUrl } from "../serverUrl.ts";
import { type GrafanaValue, type ValuePart, valueOfParts } from "./grafanaValue.ts";
import type { ImportedConnection, ImportedSecret, NotTaken, NotTakenCode } from "./importResult.ts";

/** Remarks on what is not taken; more than these are counted only, since a file may be made of nothing else. */
const mostRemarks = 500;

/** Collects what was not taken over. */
export class Remarks {
  readonly #list: NotTaken[] = [];

  add(place: string, code: NotTakenCode, detail?: string): void {
    if (this.#list.length === mostRemarks) this.#list.push({ place: "", code: "tooMany" });
    if (this.#list.length < mostRemarks) this.#list.push({ place, code, ...(detail === undefined ? {} : { detail }) });
  }

  get list(): readonly NotTaken[] {
    return this.#list;
  }
}

/** Puts a connection together: what may stand in the settings here, what is secret there. */
export class ConnectionBuilder {
  readonly #name: string;
  readonly #remarks: Remarks;
  readonly #rest: Record<string, unknown> = {};
  readonly #tls: Record<string, string | boolean> = {};
  readonly #headers = new Map<string, string>();
  readonly #secretHeaders: string[] = [];
  readonly #queryParams = new Map<string, string>();
  readonly #secretQueryParams: string[] = [];
  readonly #secrets: ImportedSecret[] = [];
  #auth: Readonly<Record<string, unknown>> | undefined;
  #url: string | undefined;
  #askUrl: string | undefined;
  #askUsername = false;
  #userInfo: { readonly place: string; readonly username: string; readonly password: string } | undefined;

  constructor(name: string, remarks: Remarks) {
    this.#name = name;
    this.#remarks = remarks;
  }

  /** Sets a plain key of the element. */
  set(key: "method" | "minStep" | "timeoutMs" | "proxy", value: unknown): void {
    this.#rest[key] = value;
  }

  setTls(key: "caFile" | "certFile" | "keyFile" | "serverName" | "insecureSkipVerify", value: string | boolean): void {
    this.#tls[key] = value;
  }

  /** Takes an address apart: user info becomes basic sign-in and a query parameters. What is no address is asked for. */
  address(text: string, place: string): void {
    const address = text.trim();
    const url = /^https?:\/\//i.test(address) && URL.canParse(address) ? new URL(address) : undefined;
    if (url === undefined) {
      // What has a user, password or token inside is not shown.
      this.askUrl(/[@?#]/.test(address) ? "" : address);
      return;
    }
    // A name alone may well be a token, which must not get into the settings.
    if (url.password !== "") {
      this.#userInfo = { place, username: decoded(url.username), password: decoded(url.password) };
    } else if (url.username !== "")
      this.#remarks.add(place, "wrongValue", "an address with user and password, or none");
    for (const [name, value] of url.searchParams) this.queryParam(name, value, place);
    const parsed = parseServerUrl(url.origin + url.pathname);
    if (parsed.ok) this.#url = parsed.url.baseUrl;
    else this.askUrl("");
  }

  /** The person has to say where the server is; `prefilled` is no secret. */
  askUrl(prefilled: string): void {
    this.#askUrl = prefilled;
  }

  /** A way to sign in. Only one is sent: of a second one nothing is taken. */
  signIn(place: string, auth: Readonly<Record<string, unknown>>): boolean {
    if (this.#auth !== undefined) this.#remarks.add(place, "secondCredential");
    const isFirst = this.#auth === undefined;
    this.#auth ??= auth;
    return isFirst;
  }

  basic(place: string, username: string | undefined, password: GrafanaValue, passwordPlace: string): void {
    const passwordRef = password.kind === "reference" ? { passwordRef: password.ref } : {};
    const isTaken = this.signIn(place, {
      type: "basic",
      ...(username === undefined ? {} : { username }),
      ...passwordRef,
    });
    if (!isTaken) return;
    this.#askUsername = username === undefined;
    this.#store("password", password, passwordPlace);
  }

  bearer(place: string, token: GrafanaValue, tokenPlace: string): void {
    const tokenRef = token.kind === "reference" ? { tokenRef: token.ref } : {};
    if (this.signIn(place, { type: "bearer", ...tokenRef })) this.#store("token", token, tokenPlace);
  }

  /** A whole value of `Authorization`: bearer and basic where it is one of them, else as it is. */
  authorization(parts: readonly ValuePart[], place: string): void {
    const [first, ...others] = parts;
    const text = first?.kind === "text" ? first.text.trimStart() : "";
    const scheme = /^bearer(?:\s+|$)/i.exec(text)?.[0];
    if (scheme !== undefined) {
      const rest = text.slice(scheme.length);
      const token = rest === "" ? others : [{ kind: "text" as const, text: rest }, ...others];
      this.bearer(place, valueOfParts(token), place);
      return;
    }
    const value = valueOfParts(parts);
    const credentials = value.kind === "text" ? basicCredentials(value.text) : undefined;
    if (credentials !== undefined) {
      this.basic(place, credentials.username, { kind: "text", text: credentials.password }, place);
    } else if (this.signIn(place, { type: "raw" })) {
      // A reference may hold any scheme, and our raw form refers to nothing.
      if (value.kind === "text") this.secret("authorization", value.text, place);
      else this.#remarks.add(place, value.kind);
    }
  }

  /** A header whose value is kept secret; `undefined`: the value has to be entered. */
  secretHeader(name: string, value: string | undefined, place: string): void {
    if (!this.#mayAddHeader(name, secretHeaderProblem(name), place)) return;
    this.#secretHeaders.push(name);
    if (value !== undefined) this.secret(`header:${name}`, value, place);
  }

  /** A header that may stand in the settings, unless its name says that it is a credential. */
  header(name: string, value: string, place: string): void {
    if (isSensitiveName(name)) this.secretHeader(name, value, place);
    else if (this.#mayAddHeader(name, headerProblem(name, value), place)) this.#headers.set(name, value);
  }

  #mayAddHeader(name: string, problem: HeaderProblem | undefined, place: string): boolean {
    const names = [...this.#headers.keys(), ...this.#secretHeaders].map((one) => one.toLowerCase());
    const isTwice = names.includes(name.toLowerCase());
    if (problem !== undefined || isTwice) this.#remarks.add(place, problem === undefined ? "severalValues" : "header");
    return problem === undefined && !isTwice;
  }

  /** A parameter of every request; one that is named like a credential is kept secret. */
  queryParam(name: string, value: string, place: string): void {
    if (name === "" || this.#queryParams.has(name) || this.#secretQueryParams.includes(name)) {
      this.#remarks.add(place, name === "" ? "wrongValue" : "severalValues");
    } else if (isSensitiveName(name)) {
      this.#secretQueryParams.push(name);
      this.secret(`query:${name}`, value, place);
    } else this.#queryParams.set(name, value);
  }

  /** Stores a secret, as far as it can be sent. An empty one is none: it has to be entered. */
  secret(purpose: SecretPurpose, value: string, place: string): void {
    // A block of YAML ends with a line end, which is no part of a password.
    let end = value.length;
    while (end > 0 && "\r\n".includes(value.charAt(end - 1))) end--;
    const cleaned = cleanSecret(purpose, value.slice(0, end));
    const problem = secretProblem(purpose, cleaned);
    if (problem === undefined) this.#secrets.push({ purpose, value: cleaned });
    else if (problem === "characters") this.#remarks.add(place, "secretCharacters");
  }

  #store(purpose: SecretPurpose, value: GrafanaValue, place: string): void {
    if (value.kind === "text") this.secret(purpose, value.text, place);
    else if (value.kind === "mixed") this.#remarks.add(place, "mixed");
  }

  build(): ImportedConnection {
    const { place, username, password } = this.#userInfo ?? { place: "", username: "", password: "" };
    if (this.#userInfo !== undefined) this.basic(place, username, { kind: "text", text: password }, place);
    for (const [half, other] of [
      ["certFile", "keyFile"],
      ["keyFile", "certFile"],
    ] as const) {
      if (this.#tls[half] === undefined || this.#tls[other] !== undefined) continue;
      this.#remarks.add(`tls.${half}`, "halfPair", String(this.#tls[half]));
      delete this.#tls[half];
      break;
    }
    const lists = {
      headers: Object.fromEntries(this.#headers),
      secretHeaders: this.#secretHeaders,
      queryParams: Object.fromEntries(this.#queryParams),
      secretQueryParams: this.#secretQueryParams,
      tls: this.#tls,
    };
    const filled = Object.entries(lists).filter(([, value]) => Object.keys(value).length > 0);
    const url = this.#url === undefined ? {} : { url: this.#url };
    return {
      name: isProfileName(this.#name) ? this.#name.trim() : "",
      wantedId: undefined,
      element: { ...url, auth: this.#auth ?? { type: "none" }, ...Object.fromEntries(filled), ...this.#rest },
      secrets: this.#secrets,
      askUrl: this.#url === undefined ? (this.#askUrl ?? "") : undefined,
      askUsername: this.#askUsername,
    };
  }
}

/** A percent-encoded part of an address; one that is encoded wrongly stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** User and password of `Basic ...`; `undefined` for another scheme or what is not their encoding. */
function basicCredentials(header: string): { readonly username: string; readonly password: string } | undefined {
  const encoded = /^\s*basic\s+([A-Za-z0-9+/]+={0,2})\s*$/i.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, "base64");
  const text = bytes.toString("utf8");
  const colon = text.indexOf(":");
  const isWhole = Buffer.from(text, "utf8").equals(bytes) && !/\p{Cc}/u.test(text);
  if (colon < 0 || !isWhole || encoded.replace(/=+$/, "") !== bytes.toString("base64").replace(/=+$/, ""))
    return undefined;
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
