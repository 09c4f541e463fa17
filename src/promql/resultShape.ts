import { typesOf } from "./expressionTypes.ts";
import { longestRead } from "./limits.ts";
import { parseExpression } from "./parser.ts";

/**
 * True if an expression is a string or a range (`up[5m]`, or a subquery): such an answer has no range query. What cannot be read, or
 * holds a variable in the wrong place to tell, is not held back: the server decides.
 */
export function isInstantOnly(expression: string): boolean {
  if (expression.length > longestRead) return false;
  const root = parseExpression(expression).expression;
  const type = typesOf(root).get(root);
  return type === "range-vector" || type === "string";
}
