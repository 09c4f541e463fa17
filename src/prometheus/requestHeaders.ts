export type Method = "GET" | "POST";

/** Headers that describe the message itself; a connection cannot set them without breaking it. */
const framingHeaders: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "content-type",
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * All headers of a request, names in lower case. `credentials` are the connection's own; they may replace `Accept` and
 * `User-Agent`, but nothing that frames the message. `Accept` is exactly one type, since some auth proxies answer 401
 * instead of a login page only then.
 */
export function requestHeaders(
  method: Method,
  userAgent: string,
  credentials: Readonly<Record<string, string>>,
): Record<string, string> {
  const headers: Record<string, string> = { accept: "application/json", "user-agent": userAgent };
  for (const [name, value] of Object.entries(credentials)) {
    if (!framingHeaders.has(name.toLowerCase())) headers[name.toLowerCase()] = value;
  }
  headers["accept-encoding"] = "gzip, deflate";
  if (method === "POST") headers["content-type"] = "application/x-www-form-urlencoded";
  return headers;
}
