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

/** An end of addresses that are copied from a request or from a server's own page. */
interface PastedEnd {
  /** Of the path; no group. */
  readonly form: RegExp;
  /** Names of parameters that go with it; any other may be one that the server wants. */
  readonly parameter?: RegExp;
  /** True: without such a parameter it may be where a server is. */
  readonly isKeptAlone?: boolean;
  /** True: the page keeps its state behind `#`. */
  readonly hasFragment?: boolean;
}

const graphParameter = /^g\d+\./;

/**
 * `/api/v1` followed by anything but Prometheus' endpoints stays: the API server of Kubernetes proxies to services below
 * `/api/v1/namespaces/`. So do pages whose names are as good for the place of a server, such as `/rules` and `/alerts`.
 */
const pastedEnds: readonly PastedEnd[] = [
  { form: /\/api\/v1\/*$/ },
  {
    form: /\/api\/v1\/(?:query|query_range|query_exemplars|format_query|parse_query|series|labels|label\/[^/]+\/values|targets|targets\/metadata|scrape_pools|rules|alerts|metadata|alertmanagers|status\/\w+)\/*$/,
    parameter:
      /^(?:query|time|start|end|step|timeout|limit|limit_per_metric|stats|lookback_delta|match\[\]|match_target|metric|state|scrapePool|type)$/,
  },
  { form: /\/(?:(?:classic|new)\/)?graph\/*$/, parameter: graphParameter },
  // The page of Prometheus 3.
  { form: /\/query\/*$/, parameter: graphParameter, isKeptAlone: true },
  { form: /\/vmui\/*$/, parameter: graphParameter, hasFragment: true },
];

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
  const end = pastedEndOf(url);
  const names = [...url.searchParams.keys()];
  if (url.search !== "" && (end === undefined || !names.every((name) => end.parameter?.test(name) === true))) {
    return { ok: false, problem: "query" };
  }
  if (url.hash !== "" && end?.hasFragment !== true) return { ok: false, problem: "fragment" };
  const removed = end === undefined ? undefined : end.form.exec(url.pathname)?.[0];
  const path = url.pathname.slice(0, url.pathname.length - (removed?.length ?? 0)).replace(/\/+$/, "");
  return {
    ok: true,
    url: { baseUrl: url.origin + besideOf(path, end), origin: url.origin, removed: removed?.replace(/\/+$/, "") },
  };
}

function pastedEndOf({ pathname, searchParams }: URL): PastedEnd | undefined {
  return pastedEnds.find(
    ({ form, isKeptAlone }) => form.test(pathname) && (isKeptAlone !== true || searchParams.size > 0),
  );
}

/** Where the API is that a page belongs to: a tenant of VictoriaMetrics' cluster has its page one level above it. */
function besideOf(path: string, page: PastedEnd | undefined): string {
  return page?.hasFragment === true && /\/select\/[^/]+$/.test(path) ? `${path}/prometheus` : path;
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
