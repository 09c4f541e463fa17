import { lexPromql } from "./lexer.ts";

/**
 * True if an expression is a string or ends in a range (`up[5m]`, also with `offset` or `@` behind it): such an answer has
 * no range query. By its last words only, so a doubtful expression is not held back: the server decides.
 */
export function isInstantOnly(expression: string): boolean {
  const tokens = lexPromql(expression, 0, expression.length).filter(({ kind }) => kind !== "comment");
  const [first] = tokens;
  if (tokens.length === 1 && first?.kind === "string") return true;
  const word = (index: number): string => {
    const token = tokens.at(index);
    return token === undefined ? "" : expression.slice(token.from, token.to);
  };
  let end = -1;
  // At most `offset 5m`, `offset -5m`, `@ 123`, `@ start()` in any order.
  for (let modifiers = 0; modifiers < 2; modifiers++) {
    if (word(end - 1).toLowerCase() === "offset" || word(end - 1) === "@") end -= 2;
    else if (word(end - 1) === "-" && word(end - 2).toLowerCase() === "offset") end -= 3;
    else if (word(end) === ")" && word(end - 1) === "(" && word(end - 3) === "@") end -= 4;
  }
  // A subquery `[1h:5m]` ends in a bracket too and is a range all the same.
  return word(end) === "]";
}
