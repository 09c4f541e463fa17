import { Buffer } from "node:buffer";
import { AppError } from "../shared/errors.ts";
import type { ProxyChoice } from "../shared/model/source.ts";
import { isExemptFromProxy } from "./noProxy.ts";
import { isLoopback } from "./serverUrl.ts";

/** VS Code's `http.*` settings, as found. */
export interface EditorProxy {
  readonly proxy: unknown;
  readonly noProxy: unknown;
  readonly proxySupport: unknown;
  readonly proxyAuthorization: unknown;
}

export interface ProxyQuestion {
  /** Origin of the server. */
  readonly origin: string;
  /** What the profile says: `system`, `none` or a URL; `undefined` is `system`. */
  readonly wanted: string | undefined;
  /** `Proxy-Authorization` for a URL of the profile, whose own user info is not used. */
  readonly authorization: string | undefined;
  readonly editor: EditorProxy;
  readonly environment: (name: string) => string | undefined;
}

const direct: ProxyChoice = { kind: "direct" };

/**
 * Which proxy a request goes through. What the profile names is taken as it is, also for this machine itself. `system` is
 * what VS Code does: `http.proxy`, else the variables of the environment (lower case first, and for https `HTTPS_PROXY`,
 * `ALL_PROXY`, then `HTTP_PROXY`), unless `http.noProxy` or `NO_PROXY` exempts the server or it is this machine. Throws
 * `misconfigured` for a proxy that cannot be used: going around it silently would send requests where they should not go.
 */
export function chooseProxy({ origin, wanted, authorization, editor, environment }: ProxyQuestion): ProxyChoice {
  if (wanted === "none") return direct;
  if (wanted !== undefined && wanted !== "system") {
    return { kind: "proxy", origin: proxyUrl(wanted, "proxy").origin, authorization };
  }
  if (editor.proxySupport === "off" || isLoopback(origin)) return direct;
  const exempt = [...textsOf(editor.noProxy), variable("no_proxy", environment).value ?? ""].join(",");
  if (isExemptFromProxy(origin, exempt)) return direct;
  const ofEditor = textsOf(editor.proxy)[0];
  const found =
    ofEditor === undefined ? proxyOfEnvironment(origin, environment) : { name: "http.proxy", value: ofEditor };
  if (found.value === undefined) return direct;
  const url = proxyUrl(found.value, found.name);
  const [ofSettings] = found.name === "http.proxy" ? textsOf(editor.proxyAuthorization) : [];
  return { kind: "proxy", origin: url.origin, authorization: ofSettings ?? basicOf(url) };
}

interface Found {
  /** Where it stands, for a person to look. */
  readonly name: string;
  readonly value: string | undefined;
}

function proxyOfEnvironment(origin: string, environment: ProxyQuestion["environment"]): Found {
  const names = origin.startsWith("https:") ? ["https_proxy", "all_proxy", "http_proxy"] : ["http_proxy", "all_proxy"];
  const found = names.map((name) => variable(name, environment));
  return found.find(({ value }) => value !== undefined) ?? { name: "", value: undefined };
}

function variable(name: string, environment: ProxyQuestion["environment"]): Found {
  for (const one of [name, name.toUpperCase()]) {
    const value = environment(one)?.trim() ?? "";
    if (value !== "") return { name: one, value };
  }
  return { name, value: undefined };
}

function textsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((one) => (typeof one === "string" && one.trim() !== "" ? [one.trim()] : []));
}

/** `proxy:3128` is taken for http, as curl does. `source` is where it stands; the value may hold a password. */
function proxyUrl(text: string, source: string): URL {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url === undefined || url.hostname === "") throw unusable("proxyUrl", source);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw unusable("proxyScheme", `${source}: ${url.protocol}`);
  return url;
}

function unusable(what: "proxyUrl" | "proxyScheme", detail: string): AppError {
  return new AppError({ kind: "misconfigured", what, detail });
}

function basicOf({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`, "utf8").toString("base64")}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
