import type { Failure } from "../../src/shared/errors.ts";

/** The places of a redirect: the connection's own server, and one of another origin that records whatever reaches it. */
export interface RedirectPlaces {
  /** `https://localhost:1234` */
  readonly own: string;
  /** The same without its scheme. */
  readonly ownHost: string;
  readonly ownPort: number;
  readonly other: string;
  readonly otherHost: string;
  /** The other server by https. */
  readonly otherTls: string;
  /** What was asked for, without its query string. */
  readonly path: string;
  /** Whatever the request carried, as a gateway puts it into an address. */
  readonly carried: string;
}

type Values = Readonly<Record<string, string | readonly string[]>>;

/** An answer that tells or tempts to go elsewhere, and what has to come of it. */
export interface RedirectCase {
  readonly title: string;
  /** Of the connection; plain http, this machine's address and GET by default. */
  readonly scheme?: "https";
  readonly host?: "127.0.0.1" | "localhost";
  readonly method?: "POST";
  /** Of the answer; 302 by default. */
  readonly status?: number;
  readonly location?: (places: RedirectPlaces) => string | readonly string[];
  readonly headers?: (places: RedirectPlaces) => Values;
  readonly body?: (places: RedirectPlaces) => string;
  /** `followed`: asked again at the same origin, and answered there; `refused`: not followed; else what the answer is. */
  readonly expected:
    | { readonly outcome: "followed" | "answered" }
    | { readonly outcome: "refused"; readonly crossOrigin: boolean; readonly upgrade?: true }
    | { readonly outcome: "failed"; readonly kind: Failure["kind"] };
}

const followed = { outcome: "followed" } as const;
const answered = { outcome: "answered" } as const;
const foreign = { outcome: "refused", crossOrigin: true } as const;
const refused = { outcome: "refused", crossOrigin: false } as const;
const noPrometheus = { outcome: "failed", kind: "notPrometheus" } as const;

/** Where the own server answers well. */
export const newPrefix = "/new";

const moved = ({ path }: RedirectPlaces) => newPrefix + path;
const good = '{"status":"success","data":{"resultType":"vector","result":[]}}';
const page = (head: string) => `<!DOCTYPE html><html><head>${head}</head><body>Moved</body></html>`;
const statuses = [301, 302, 303, 307, 308] as const;

export const redirects: readonly RedirectCase[] = [
  // The same origin
  ...statuses.map(
    (status): RedirectCase => ({ title: `${status} to another prefix`, status, location: moved, expected: followed }),
  ),
  ...statuses.map(
    (status): RedirectCase => ({
      title: `${status} of a POST to another prefix`,
      method: "POST",
      status,
      location: ({ own, path }) => own + newPrefix + path,
      expected: status === 307 || status === 308 ? followed : refused,
    }),
  ),
  {
    title: "a relative path",
    location: ({ path }) => `${"../".repeat(path.split("/").length - 2)}new${path}`,
    expected: followed,
  },
  { title: "a query alone", location: () => "?again=1", expected: refused },
  {
    title: "user info before the own host",
    location: ({ ownHost, path }) => `http://somebody:else@${ownHost}${newPrefix}${path}`,
    expected: followed,
  },
  {
    title: "the own address as one number",
    location: ({ ownPort, path }) => `http://2130706433:${ownPort}${newPrefix}${path}`,
    expected: followed,
  },
  {
    title: "the own address in hex and octal",
    location: ({ ownPort, path }) => `http://0x7f.0.0.01:${ownPort}${newPrefix}${path}`,
    expected: followed,
  },
  {
    title: "the own address in digits of full width",
    location: ({ ownPort, path }) => `http://${encodeURIComponent("１２７.０.０.１")}:${ownPort}${newPrefix}${path}`,
    expected: followed,
  },
  {
    title: "the own origin in capitals, behind blanks and a tab",
    host: "localhost",
    location: ({ ownPort, path }) => `  HT\tTP://LOCALHOST:${ownPort}${newPrefix}${path}`,
    expected: followed,
  },
  { title: "the login page", location: () => "/login?next=%2Fapi", expected: refused },
  {
    title: "an endpoint that writes",
    method: "POST",
    status: 307,
    location: () => "/api/v1/admin/tsdb/delete_series?match[]=up",
    expected: refused,
  },
  {
    title: "the other host in the fragment",
    location: ({ own, otherHost, path }) => `${own}#@${otherHost}${path}`,
    expected: refused,
  },
  {
    title: "the other server's address in the path",
    location: ({ other, path }) => `${newPrefix}/${other}${path}`,
    expected: followed,
  },
  { title: "a circle", location: ({ path }) => path, expected: refused },
  { title: "no text", location: () => "", expected: refused },
  {
    title: "one prefix more each time",
    location: ({ path }) => `/more${path}`,
    expected: refused,
  },
  // Other origins
  ...statuses.flatMap((status): RedirectCase[] => [
    {
      title: `${status} to another port`,
      status,
      location: ({ other, path }) => other + path,
      expected: foreign,
    },
    {
      title: `${status} of a POST to another port`,
      method: "POST",
      status,
      location: ({ other, path }) => other + path,
      expected: foreign,
    },
  ]),
  {
    title: "another address with the same port",
    location: ({ ownPort, path }) => `http://127.0.0.2:${ownPort}${path}`,
    expected: foreign,
  },
  {
    title: "the own machine by its name",
    location: ({ ownPort, path }) => `http://localhost:${ownPort}${path}`,
    expected: foreign,
  },
  {
    title: "the own machine by its address",
    host: "localhost",
    location: ({ ownPort, path }) => `http://127.0.0.1:${ownPort}${path}`,
    expected: foreign,
  },
  {
    title: "the own machine by IPv6",
    host: "localhost",
    location: ({ ownPort, path }) => `http://[::1]:${ownPort}${path}`,
    expected: foreign,
  },
  {
    title: "the own address within an IPv6 one",
    location: ({ ownPort, path }) => `http://[::ffff:127.0.0.1]:${ownPort}${path}`,
    expected: foreign,
  },
  {
    title: "any address",
    location: ({ ownPort, path }) => `http://0.0.0.0:${ownPort}${path}`,
    expected: foreign,
  },
  {
    title: "a name below the own one",
    host: "localhost",
    location: ({ ownPort, path }) => `http://api.localhost:${ownPort}${path}`,
    expected: foreign,
  },
  {
    title: "a name that begins with the own one",
    host: "localhost",
    location: ({ ownPort, path }) => `http://localhost.evil.example:${ownPort}${path}`,
    expected: foreign,
  },
  {
    title: "the own name with a dot behind it",
    host: "localhost",
    location: ({ ownPort, path }) => `http://localhost.:${ownPort}${path}`,
    expected: foreign,
  },
  {
    title: "the own name with a letter of another script",
    host: "localhost",
    location: ({ ownPort, path }) => `http://l%D0%BEcalhost:${ownPort}${path}`,
    expected: foreign,
  },
  {
    title: "the same name as it is asked for in DNS",
    host: "localhost",
    location: ({ ownPort, path }) => `http://xn--lcalhost-nbh:${ownPort}${path}`,
    expected: foreign,
  },
  { title: "no scheme", location: ({ otherHost, path }) => `//${otherHost}${path}`, expected: foreign },
  { title: "many slashes", location: ({ otherHost, path }) => `/////${otherHost}${path}`, expected: foreign },
  {
    title: "backslashes",
    location: ({ otherHost, path }) => `\\\\${otherHost}${path.replaceAll("/", "\\")}`,
    expected: foreign,
  },
  { title: "a slash and a backslash", location: ({ otherHost, path }) => `/\\${otherHost}${path}`, expected: foreign },
  {
    title: "a tab between two slashes",
    location: ({ otherHost, path }) => `/\t/${otherHost}${path}`,
    expected: foreign,
  },
  {
    title: "the own host as user info",
    location: ({ ownHost, otherHost, path }) => `http://${ownHost}@${otherHost}${path}`,
    expected: foreign,
  },
  {
    title: "the own origin, encoded, as user info",
    location: ({ own, otherHost, path }) => `http://${encodeURIComponent(`${own}/`)}@${otherHost}${path}`,
    expected: foreign,
  },
  {
    title: "a backslash after the own host",
    location: ({ otherHost, ownHost, path }) => `http://${otherHost}\\@${ownHost}${path}`,
    expected: foreign,
  },
  {
    title: "the other server by https",
    location: ({ otherTls, path }) => otherTls + path,
    // The same host and the same request: the person may change the URL.
    expected: { ...foreign, upgrade: true },
  },
  {
    title: "https to http on the same port",
    scheme: "https",
    location: ({ ownHost, path }) => `http://${ownHost}${path}`,
    expected: foreign,
  },
  {
    title: "https to http on another port",
    scheme: "https",
    method: "POST",
    status: 307,
    location: ({ other, path }) => other + path,
    expected: foreign,
  },
  {
    title: "https to https on another port",
    scheme: "https",
    location: ({ otherTls, path }) => otherTls + path,
    expected: foreign,
  },
  { title: "https to another prefix", scheme: "https", location: moved, expected: followed },
  {
    title: "a login page elsewhere",
    location: ({ other }) => `${other}/oauth2/authorize?redirect_uri=x`,
    expected: foreign,
  },
  {
    title: "elsewhere after one hop that was followed",
    location: ({ other, path }) => (path.startsWith("/hop") ? other + path : `/hop${path}`),
    expected: foreign,
  },
  {
    title: "elsewhere, with what the request carried in the query",
    location: ({ other, path, carried }) => `${other}${path}?seen=${encodeURIComponent(carried)}`,
    expected: foreign,
  },
  {
    title: "elsewhere, with what the request carried in the path",
    location: ({ other, path, carried }) => `${other}/${encodeURIComponent(carried)}${path}`,
    expected: foreign,
  },
  {
    title: "two places, the own one first",
    location: ({ own, other, path }) => [own + newPrefix + path, other + path],
    // Read as one address: HTTP joins them by a comma.
    expected: { outcome: "followed" },
  },
  {
    title: "two places, the own one last",
    location: ({ own, other, path }) => [other + path, own + newPrefix + path],
    expected: foreign,
  },
  // No place at all
  ...[
    "file:///etc/passwd",
    "data:application/json,{}",
    "javascript:fetch('/')",
    "ftp://127.0.0.1/",
    "ws://127.0.0.1/",
  ].map((target): RedirectCase => ({ title: `to ${target}`, location: () => target, expected: foreign })),
  { title: "no target", expected: noPrometheus },
  { title: "a target that is no URL", location: () => "http://[", expected: noPrometheus },
  // What is no redirect
  ...[201, 300, 304, 305, 306].map(
    (status): RedirectCase => ({
      title: `${status} with a target`,
      status,
      location: ({ other, path }) => other + path,
      expected: noPrometheus,
    }),
  ),
  {
    title: "401 with a target",
    status: 401,
    location: ({ other, path }) => other + path,
    headers: ({ other }) => ({ "WWW-Authenticate": `Bearer realm="${other}/token",authorization_uri="${other}"` }),
    expected: { outcome: "failed", kind: "unauthorized" },
  },
  {
    title: "a page that refreshes itself elsewhere",
    status: 200,
    headers: () => ({ "Content-Type": "text/html" }),
    body: ({ other, path }) => page(`<meta http-equiv="refresh" content="0; url=${other}${path}">`),
    expected: noPrometheus,
  },
  {
    title: "a page that goes elsewhere by a script, a form and a picture",
    status: 200,
    headers: () => ({ "Content-Type": "text/html" }),
    body: ({ other }) =>
      page(`<script>location="${other}"</script><img src="${other}/pixel"><form action="${other}"></form>`),
    expected: noPrometheus,
  },
  {
    title: "an answer with headers that point elsewhere",
    status: 200,
    headers: ({ other, otherHost, path }) => ({
      ...{ Refresh: `0; url=${other}${path}`, "Content-Location": other + path, "Alt-Svc": `h2="${otherHost}"; ma=60` },
      ...{ Link: `<${other}/pixel>; rel=preload`, "Set-Cookie": "session=1; Domain=127.0.0.1" },
    }),
    body: () => good,
    expected: answered,
  },
  {
    title: "a refreshing failure",
    status: 503,
    headers: ({ other, path }) => ({ Refresh: `0; url=${other}${path}` }),
    expected: noPrometheus,
  },
];
