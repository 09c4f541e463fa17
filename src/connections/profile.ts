import { isIP } from "node:net";
import { parseDuration } from "../shared/model/time.ts";
import { headerProblem, secretHeaderProblem } from "./headerRules.ts";
import type { ProfileProblem } from "./profileProblem.ts";
import { isReference } from "./references.ts";
import { isTokenUrl, parseServerUrl } from "./serverUrl.ts";
import {
  boolean,
  integer,
  isRecord,
  listOf,
  object,
  oneOf,
  type Read,
  type Report,
  StrictObject,
  text,
  textsByName,
} from "./strictObject.ts";

/** The version of the stored form that this program writes. */
export const profileVersion = 1;

/** How a server knows who asks. Secrets themselves are never part of it; a `...Ref` says where else one is found. */
export type Auth =
  | { readonly type: "none" }
  | { readonly type: "bearer"; readonly tokenRef: string | undefined }
  | { readonly type: "basic"; readonly username: string; readonly passwordRef: string | undefined }
  | { readonly type: "raw" }
  | {
      readonly type: "oauth2";
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly scopes: readonly string[];
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly type: "command"; readonly command: readonly string[] };

/** Certificates of a connection; empty texts mean the built-in choice. */
export interface TlsOptions {
  /** As in Prometheus, in place of the built-in authorities. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly serverName: string;
  readonly insecureSkipVerify: boolean;
}

/** Colours a connection can be marked with. */
export const profileColors = ["red", "orange", "yellow", "green", "blue", "purple"] as const;
export type ProfileColor = (typeof profileColors)[number];

/** A connection without its secrets, checked and with its defaults filled in. */
export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly kind: "prometheus" | "scrape";
  readonly baseUrl: string;
  readonly origin: string;
  /** What was taken off the end of a pasted address. */
  readonly removedFromUrl: string | undefined;
  readonly auth: Auth;
  readonly headers: Readonly<Record<string, string>>;
  readonly secretHeaders: readonly string[];
  readonly queryParams: Readonly<Record<string, string>>;
  readonly secretQueryParams: readonly string[];
  readonly tls: TlsOptions;
  /** `undefined`: not said; else `system`, `none` or a URL. */
  readonly proxy: string | undefined;
  /** Our own client, or VS Code's `fetch`, which chooses proxy and certificates by itself. */
  readonly transport: "own" | "vscode";
  readonly method: "auto" | "GET" | "POST";
  readonly timeoutMs: number;
  readonly minStepMs: number | undefined;
  readonly maxSeries: number | undefined;
  readonly color: ProfileColor | undefined;
  readonly isProtected: boolean;
}

/** A profile that can be used, or everything that keeps it from being used. */
export type ParsedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | {
      readonly ok: false;
      readonly problems: readonly ProfileProblem[];
      readonly id: string | undefined;
      readonly name: string | undefined;
    };

/** True for a text that can be a connection's id: it stands in files and in names of stored secrets. */
export function isProfileId(value: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value);
}

/** True for a text that can be a connection's name: one visible line. */
export function isProfileName(value: string): boolean {
  return value.trim() !== "" && value.length <= 100 && !/[\p{Cc}\u2028\u2029]/u.test(value);
}

const idText = text("letters, digits, . _ - (at most 64, beginning with a letter or digit)", isProfileId);
const nameText = text("one line of at most 100 characters", isProfileName);
const filled = text("a text that is not empty", (value) => value !== "");
const reference = text('"$env:NAME" or "$file:/absolute/path"', isReference);
const usernameText = text("a text without colon and control characters", (value) => !/[:\p{Cc}]/u.test(value));
const tokenUrlText = text("an https URL, or an http one of this machine", isTokenUrl);
const duration = text('a duration such as "15s"', (value) => (parseDuration(value) ?? 0) > 0);

const readUrl: Read<ReturnType<typeof parseServerUrl> & { readonly ok: true }> = (value, path, report) => {
  if (typeof value !== "string") {
    report({ path, code: "wrongType", expected: "a URL" });
    return undefined;
  }
  const parsed = parseServerUrl(value);
  if (parsed.ok) return parsed;
  report({ path, code: "url", problem: parsed.problem });
  return undefined;
};

const readHeaders: Read<Readonly<Record<string, string>>> = (value, path, report) => {
  const headers = textsByName(value, path, report);
  const seen = new Set<string>();
  for (const [name, one] of Object.entries(headers ?? {})) {
    const lower = name.toLowerCase();
    const problem = seen.has(lower) ? "twice" : headerProblem(name, one);
    if (problem !== undefined) report({ path: `${path}.${name}`, code: "header", problem });
    seen.add(lower);
  }
  return headers;
};

const readSecretHeaders: Read<readonly string[]> = (value, path, report) => {
  const names = listOf(filled)(value, path, report);
  for (const [i, name] of (names ?? []).entries()) {
    const problem = secretHeaderProblem(name);
    if (problem !== undefined) report({ path: `${path}.${i}`, code: "header", problem });
  }
  return names;
};

const commandWords: Read<readonly string[]> = (value, path, report) => {
  const words = listOf(text())(value, path, report);
  if (words === undefined || (words[0] ?? "") !== "") return words;
  report({ path, code: "wrongValue", expected: "a program and its arguments" });
  return undefined;
};

const readAuth: Read<Auth> = object((fields): Auth | undefined => {
  const type = fields.required("type", oneOf(["none", "bearer", "basic", "raw", "oauth2", "command"]));
  switch (type) {
    case undefined:
    case "none":
    case "raw":
      return type === undefined ? undefined : { type };
    case "bearer":
      return { type, tokenRef: fields.optional("tokenRef", reference) };
    case "basic": {
      const username = fields.required("username", usernameText);
      const passwordRef = fields.optional("passwordRef", reference);
      return username === undefined ? undefined : { type, username, passwordRef };
    }
    case "oauth2": {
      const tokenUrl = fields.required("tokenUrl", tokenUrlText);
      const clientId = fields.required("clientId", filled);
      const scopes = fields.optional("scopes", listOf(filled)) ?? [];
      const params = fields.optional("params", textsByName) ?? {};
      if (tokenUrl === undefined || clientId === undefined) return undefined;
      return { type, tokenUrl, clientId, scopes, params };
    }
    case "command": {
      const command = fields.required("command", commandWords);
      return command === undefined ? undefined : { type, command };
    }
  }
});

const noTls: TlsOptions = { caFile: "", certFile: "", keyFile: "", serverName: "", insecureSkipVerify: false };

const pemPath = text("an absolute path", (value) => value === "" || /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(value));
const hostName = text("a host name or address", (value) => isIP(value) !== 0 || /^[^\s\p{Cc}:/]*$/u.test(value));

const readTls: Read<TlsOptions> = object((fields, path, report) => {
  const tls = {
    caFile: fields.optional("caFile", pemPath) ?? "",
    certFile: fields.optional("certFile", pemPath) ?? "",
    keyFile: fields.optional("keyFile", pemPath) ?? "",
    serverName: fields.optional("serverName", hostName) ?? "",
    insecureSkipVerify: fields.optional("insecureSkipVerify", boolean) ?? false,
  };
  // A certificate is shown by signing with its key: one of them alone is a slip.
  if (tls.certFile === "" && tls.keyFile !== "") report({ path: `${path}.certFile`, code: "missing" });
  if (tls.keyFile === "" && tls.certFile !== "") report({ path: `${path}.keyFile`, code: "missing" });
  return tls;
});

/** Reads one element of the setting strictly: nothing unknown or ill-typed is passed over, nothing is guessed. */
export function parseProfile(raw: unknown): ParsedProfile {
  const { profile, problems } = readElement(raw);
  const unsupported = profile === undefined ? [] : unsupportedIn(profile);
  if (profile !== undefined && unsupported.length === 0) return { ok: true, profile };
  return {
    ok: false,
    problems: [...problems, ...unsupported.map((path): ProfileProblem => ({ path, code: "unsupported" }))],
    id: isRecord(raw) && typeof raw["id"] === "string" ? raw["id"] : undefined,
    name: isRecord(raw) && typeof raw["name"] === "string" ? raw["name"] : undefined,
  };
}

/** The profile of an element whose form is right, also where this version cannot honour it yet; `undefined` for any other. */
export function readableProfile(raw: unknown): Profile | undefined {
  return readElement(raw).profile;
}

/** The profile, or what is wrong with the form of the element. */
function readElement(raw: unknown): { readonly profile?: Profile; readonly problems: readonly ProfileProblem[] } {
  const problems: ProfileProblem[] = [];
  const report: Report = (problem) => problems.push(problem);
  if (!isRecord(raw)) return { problems: [{ path: "", code: "wrongType", expected: "an object" }] };
  const version = raw["version"];
  // Of a later version nothing else is known: it is neither judged nor touched.
  if (typeof version === "number" && version > profileVersion) {
    return { problems: [{ path: "version", code: "newerVersion", version }] };
  }
  const profile = readProfile(new StrictObject(raw, "", report), report);
  return profile !== undefined && problems.length === 0 ? { profile, problems } : { problems };
}

function readProfile(fields: StrictObject, report: Report): Profile | undefined {
  fields.optional("version", integer(1, profileVersion));
  const id = fields.required("id", idText);
  const name = fields.required("name", nameText);
  const kind = fields.optional("kind", oneOf(["prometheus", "scrape"])) ?? "prometheus";
  const url = fields.required("url", readUrl)?.url;
  const auth = fields.optional("auth", readAuth) ?? { type: "none" };
  const minStep = fields.optional("minStep", duration);
  const rest = {
    headers: fields.optional("headers", readHeaders) ?? {},
    secretHeaders: fields.optional("secretHeaders", readSecretHeaders) ?? [],
    queryParams: fields.optional("queryParams", textsByName) ?? {},
    secretQueryParams: fields.optional("secretQueryParams", listOf(filled)) ?? [],
    tls: fields.optional("tls", readTls) ?? noTls,
    proxy: fields.optional("proxy", readProxy),
    transport: fields.optional("transport", oneOf(["own", "vscode"])) ?? "own",
    method: fields.optional("method", oneOf(["auto", "GET", "POST"])) ?? "auto",
    timeoutMs:
      fields.optional("timeoutMs", integer(100, kind === "scrape" ? 60_000 : 600_000)) ??
      (kind === "scrape" ? 5000 : 30_000),
    minStepMs: minStep === undefined ? undefined : parseDuration(minStep),
    maxSeries: fields.optional("maxSeries", integer(1, 1_000_000)),
    color: fields.optional("color", oneOf(profileColors)),
    isProtected: fields.optional("protected", boolean) ?? false,
  };
  fields.finish();
  for (const key of Object.keys(rest.queryParams)) {
    if (key === "") report({ path: "queryParams", code: "wrongValue", expected: "parameters with a name" });
  }
  const names = [...Object.keys(rest.headers), ...rest.secretHeaders].map((header) => header.toLowerCase());
  for (const [i, header] of rest.secretHeaders.entries()) {
    const isTwice = names.indexOf(header.toLowerCase()) < Object.keys(rest.headers).length + i;
    if (isTwice) report({ path: `secretHeaders.${i}`, code: "header", problem: "twice" });
  }
  for (const [i, param] of rest.secretQueryParams.entries()) {
    const isTwice = rest.secretQueryParams.indexOf(param) < i || Object.hasOwn(rest.queryParams, param);
    if (isTwice) report({ path: `secretQueryParams.${i}`, code: "wrongValue", expected: "a name that is there once" });
  }
  for (const path of chosenByEditor(rest)) report({ path, code: "notWithEditor" });
  if (id === undefined || name === undefined || url === undefined) return undefined;
  const { baseUrl, origin, removed } = url;
  return { id, name, kind, baseUrl, origin, removedFromUrl: removed, auth, ...rest };
}

const readProxy: Read<string> = (value, path, report) =>
  value === "system" || value === "none" ? value : proxyText(value, path, report);

/** Without user name and password, which are a secret, and without a path, which no proxy has. */
const proxyText = text(
  '"system", "none" or the http or https URL of a proxy, without user name and path',
  (value) => /^https?:\/\/[^\s/?#@]+\/?$/i.test(value) && URL.canParse(value),
);

/** Places of what a profile leaves to VS Code's `fetch` and yet wants otherwise. */
function chosenByEditor({ transport, tls, proxy }: Pick<Profile, "transport" | "tls" | "proxy">): string[] {
  if (transport === "own") return [];
  const files = (["caFile", "certFile", "keyFile", "serverName"] as const).filter((key) => tls[key] !== "");
  const paths = files.map((key) => `tls.${key}`);
  if (tls.insecureSkipVerify) paths.push("tls.insecureSkipVerify");
  if (proxy !== undefined && proxy !== "system") paths.push("proxy");
  return paths;
}

/** Places of valid keys that this version cannot honour yet; a profile that uses one is not used at all. */
function unsupportedIn(profile: Profile): string[] {
  const paths: string[] = [];
  if (profile.kind === "scrape") paths.push("kind");
  return paths;
}
