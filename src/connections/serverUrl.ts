/** Why a text is no address of a server. */
export type UrlProblem = "empty" | "notUrl" | "scheme" | "userInfo" | "query" | "fragment";

/** An address as requests are made of it. */
export interface ServerUrl {
  /** Origin and path without trailing slash; `/api/v1/...` is appended to it. */
  readonly baseUrl: string;
  readonly origin: string;
  /** The part of a pasted API or graph address that was taken off. */
  readonly removed: string | undefined;
}

/**
 * The end of an address that was copied from a request or from the server's own page. `/api/v1` followed by anything
 * but Prometheus' endpoints stays: the API server of Kubernetes proxies to services below `/api/v1/namespaces/`.
 */
const pastedEnd =
  /\/(?:api\/v1(?:\/(?:query|query_range|query_exemplars|format_query|parse_query|series|labels|label\/[^/]+\/values|targets|targets\/metadata|scrape_pools|rules|alerts|metadata|alertmanagers|status\/\w+))?|graph)\/*$/;

/** Parameters of the server's graph page, such as `g0.expr`. */
function isGraphPage({ pathname, searchParams }: URL): boolean {
  return /\/graph\/*$/.test(pathname) && [...searchParams.keys()].every((key) => /^g\d+\./.test(key));
}

const longestUrl = 2048;

/** Reads the address of a server as a person types or pastes it. */
export function parseServerUrl(
  text: string,
): { readonly ok: true; readonly url: ServerUrl } | { readonly ok: false; readonly problem: UrlProblem } {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: false, problem: "empty" };
  // No server's address is that long; expressions below take their time with one.
  if (trimmed.length > longestUrl) return { ok: false, problem: "notUrl" };
  if (!/^https?:\/\//i.test(trimmed)) return { ok: false, problem: "scheme" };
  if (!URL.canParse(trimmed)) return { ok: false, problem: "notUrl" };
  const url = new URL(trimmed);
  if (url.username !== "" || url.password !== "") return { ok: false, problem: "userInfo" };
  if (url.search !== "" && !isGraphPage(url)) return { ok: false, problem: "query" };
  if (url.hash !== "") return { ok: false, problem: "fragment" };
  const pasted = pastedEnd.exec(url.pathname);
  const path = url.pathname.slice(0, pasted?.index ?? url.pathname.length).replace(/\/+$/, "");
  return {
    ok: true,
    url: { baseUrl: url.origin + path, origin: url.origin, removed: pasted?.[0].replace(/\/+$/, "") },
  };
}

/** True if what is sent to this origin does not leave the machine. */
export function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** True for an address that a client secret may be sent to: over https, or on this machine; without user info. */
export function isTokenUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { origin, username, password, hash } = new URL(text);
  return !isReadableOnTheWay(origin) && username === "" && password === "" && hash === "";
}

/** True if others on the way can read what is sent to this origin; `proxy` is what a profile says of it. */
export function isReadableOnTheWay(origin: string, proxy?: string): boolean {
  if (!origin.startsWith("http:")) return false;
  const leavesByProxy = proxy !== undefined && URL.canParse(proxy) && !isLoopback(proxy);
  return leavesByProxy || !isLoopback(origin);
}
