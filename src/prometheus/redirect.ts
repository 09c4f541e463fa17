import type { Failure } from "../shared/errors.ts";

/** As many redirects as one request follows. */
export const maxRedirects = 3;

export interface RedirectedRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  /** The API path that was asked for, e.g. `/api/v1/query`. */
  readonly apiPath: string;
  /** Redirects followed so far. */
  readonly hops: number;
}

export type RedirectDecision =
  | { readonly follow: URL }
  | { readonly refuse: Extract<Failure, { kind: "redirected" }> }
  | undefined;

/**
 * What to do with an answer: `undefined` if it is no redirect. Followed are only redirects to the same origin (custom
 * headers carry credentials) and to the same API path, possibly below another prefix: a redirect may say where the API
 * is, it may not turn a query into a visit to a login page or into another request. 301, 302 and 303 make browsers
 * repeat a POST as GET without its form, so a POST is sent again only for 307 and 308.
 */
export function decideRedirect(
  request: RedirectedRequest,
  status: number,
  location: string | undefined,
): RedirectDecision {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  if (!URL.canParse(location, request.url.href)) return undefined;
  const target = new URL(location, request.url);
  const crossOrigin = target.origin !== request.url.origin;
  const keepsMethod = request.method === "GET" || status === 307 || status === 308;
  const keepsPath = target.pathname.replace(/\/+$/, "").endsWith(request.apiPath);
  if (!crossOrigin && keepsMethod && keepsPath && request.hops < maxRedirects) return { follow: target };
  // `javascript:` and the like have the origin "null"; their path is somebody's program.
  const to = target.origin === "null" ? target.protocol : target.origin + target.pathname;
  const httpsOrigin = isHttpsOfSame(request, target) ? { httpsOrigin: target.origin } : {};
  return { refuse: { kind: "redirected", status, to, crossOrigin, ...httpsOrigin } };
}

/** True for the very request that was asked for, by https of the same host, perhaps on another port. */
function isHttpsOfSame({ url, hops }: RedirectedRequest, target: URL): boolean {
  return (
    hops === 0 &&
    url.protocol === "http:" &&
    target.protocol === "https:" &&
    target.hostname === url.hostname &&
    target.pathname.replace(/\/+$/, "") === url.pathname
  );
}
