import { lexPromql } from "./lexer.ts";

/**
 * An expression without its comments, each of which becomes a blank; a `#` in a string begins none. For titles, and for text of
 * servers: a comment in a `.promql` file may be a directive or a separator, and those are for the user to write.
 */
export function withoutComments(expression: string): string {
  let out = "";
  let at = 0;
  for (const { kind, from, to } of lexPromql(expression, 0, expression.length)) {
    if (kind !== "comment") continue;
    out += `${expression.slice(at, from)} `;
    at = to;
  }
  return (out + expression.slice(at)).trim();
}
