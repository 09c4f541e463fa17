import { quoteString, withoutVariables } from "../shared/model/labels.ts";
import { lexPromql } from "./lexer.ts";

/**
 * An expression of a server or a link with strings in which nothing reads as a variable, such as `name="mssql$sqlexpress"`; the
 * values of the strings are the same. Variables outside strings stay.
 */
export function literalStrings(expression: string): string {
  let out = "";
  let at = 0;
  for (const { kind, from, to } of lexPromql(expression)) {
    if (kind !== "string") continue;
    out += expression.slice(at, from) + literalString(expression.slice(from, to));
    at = to;
  }
  return out + expression.slice(at);
}

/** A raw string has no way to write a sign by its number: where one is needed it becomes a quoted one. */
function literalString(text: string): string {
  const isRaw = text.startsWith("`");
  const isLiteral = withoutVariables(text) === text;
  return isRaw && !isLiteral ? withoutVariables(quoteString(text.slice(1, -1))) : withoutVariables(text);
}
