import type { ServerPosition } from "../shared/errors.ts";

/** What a server says went wrong, in Prometheus' own form. */
export interface ErrorEnvelope {
  readonly errorType: string;
  readonly error: string;
}

/** The error envelope in a parsed body; `undefined` for every other value. `errorType` is absent on some servers. */
export function asErrorEnvelope(body: unknown): ErrorEnvelope | undefined {
  if (!isRecord(body) || body["status"] !== "error") return undefined;
  const { error, errorType } = body;
  return {
    errorType: typeof errorType === "string" ? errorType : "",
    error: typeof error === "string" ? error : "",
  };
}

/** What other APIs put into their JSON errors: `message` (AWS), `error.message` (Google), `detail`, `error`, `errors`. */
export function foreignMessage(body: unknown): string {
  if (!isRecord(body)) return "";
  for (const key of ["message", "Message", "error", "error_description", "detail", "msg", "errors"]) {
    const value = body[key];
    if (typeof value === "string" && value !== "") return value;
    const first = Array.isArray(value) ? value[0] : value;
    if (isRecord(first)) return foreignMessage(first);
  }
  return "";
}

/** The plain values of an object, to be read by a person: `code: 7, ok: false`. Empty for what has none. */
export function plainFacts(body: unknown): string {
  if (!isRecord(body)) return "";
  return Object.entries(body)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([key, value]) => `${key}: ${value}`)
    .join(", ");
}

/**
 * Where the server's parser stopped: 1-based line, and column in UTF-8 bytes. Only for the parameter `query`: in a
 * `match[]` the position counts within that selector.
 */
export function parsePosition(message: string): ServerPosition | undefined {
  const match = /^(?:invalid parameter "([^"]+)": )?(\d{1,9}):(\d{1,9}): parse error: /.exec(message);
  if (match === null || (match[1] !== undefined && match[1] !== "query")) return undefined;
  return { line: Number(match[2]), column: Number(match[3]) };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
