import type { ServerPosition } from "../shared/errors.ts";

/** What VictoriaMetrics says against a query, without the query itself, and where it stopped reading. */
export interface QueryVerdict {
  readonly reason: string;
  readonly position: ServerPosition | undefined;
}

/**
 * The words around the query, which it quotes as a whole before it says what is wrong: `QueryHandler` and
 * `QueryRangeHandler` in app/vmselect/prometheus/prometheus.go.
 */
const wrapping =
  /^error when executing query="((?:[^"\\]|\\.)*)" (?:for|on the time range) \([^()]{0,200}\): (?:cannot execute query: )?/s;

/** Its parser's way to say where it stopped: by what it has not read (`Context` in metricsql's lexer.go). */
const unread = /(?:\bunparsed data(?: left)?: |\bcannot recognize )"((?:[^"\\]|\\.)*)"$/s;

/** No query is as long as that (VictoriaMetrics takes 16 KiB), and an expression has only so much room to go back in. */
const maxLength = 128 * 1024;

/** `undefined` for an error that is not VictoriaMetrics' about a query. */
export function readQueryVerdict(error: string): QueryVerdict | undefined {
  const match = error.length > maxLength ? null : wrapping.exec(error);
  if (match === null) return undefined;
  const reason = error.slice(match[0].length);
  const rest = unread.exec(reason)?.[1];
  const query = unquoted(match[1] ?? "");
  return { reason, position: rest === undefined ? undefined : startOf(unquoted(rest), query) };
}

/** Where `rest` begins if `query` ends with it: with a token put back, what is said to be left is not its end. */
function startOf(rest: string, query: string): ServerPosition | undefined {
  if (!query.endsWith(rest)) return undefined;
  const lines = query.slice(0, query.length - rest.length).split("\n");
  return { line: lines.length, column: Buffer.byteLength(lines.at(-1) ?? "", "utf8") + 1 };
}

const escapes: Readonly<Record<string, string>> = { a: "\u0007", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** The text of what Go's `%q` wrote. Bytes that are no UTF-8 (`\xff`) do not occur: the query was ours. */
function unquoted(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gs, (_, x, u, long, one: string) => {
    const code = x ?? u ?? long;
    if (code === undefined) return escapes[one] ?? one;
    const point = Number.parseInt(code, 16);
    return point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
  });
}
