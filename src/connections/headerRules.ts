/** What is wrong with a header of a profile. */
export type HeaderProblem = "name" | "reserved" | "credential" | "value";

/** Headers that the HTTP client sets itself. */
const reserved = new Set([
  ...["accept", "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "expect"],
  ...["host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "user-agent"],
]);

/** Headers whose value is a secret by definition, so that it must not stand in a settings file. */
const credentials = new Set(["authorization", "cookie", "proxy-authorization"]);

/** A token of RFC 9110. */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Visible characters, blank and tab of Latin-1: all that HTTP/1.1 can carry. Excludes CR, LF and NUL. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The first thing wrong with a plain header; `undefined` if it may be sent. */
export function headerProblem(name: string, value: string): HeaderProblem | undefined {
  if (!headerName.test(name)) return "name";
  const lower = name.toLowerCase();
  if (credentials.has(lower)) return "credential";
  if (reserved.has(lower)) return "reserved";
  return headerValue.test(value) ? undefined : "value";
}

/** What keeps a name from being that of a secret header; `Authorization` is a way to sign in. */
export function secretHeaderProblem(name: string): HeaderProblem | undefined {
  if (!headerName.test(name)) return "name";
  const lower = name.toLowerCase();
  if (lower === "authorization" || lower === "proxy-authorization") return "credential";
  return reserved.has(lower) ? "reserved" : undefined;
}

/** True for a text that can be the value of a header. */
export function isHeaderValue(value: string): boolean {
  return headerValue.test(value);
}
