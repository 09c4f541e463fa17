import { lexPromql, type Token } from "./lexer.ts";

/**
 * True if an expression is a string or ends in a range (`up[5m]`, also with `offset` or `@` behind it): such an answer has
 * no range query. By its last words only, so a doubtful expression is not held back: the server decides.
 */
export function isInstantOnly(expression: string): boolean {
  const tokens = withoutParentheses(
    expression,
    lexPromql(expression, 0, expression.length).filter(({ kind }) => kind !== "comment"),
  );
  const [first] = tokens;
  if (tokens.length === 1 && first?.kind === "string") return true;
  const word = (index: number): string => {
    const token = tokens.at(index);
    return token === undefined ? "" : expression.slice(token.from, token.to);
  };
  let end = -1;
  const isModifier = (index: number): boolean => word(index).toLowerCase() === "offset" || word(index) === "@";
  // At most `offset 5m`, `offset -5m`, `@ 123`, `@ -1`, `@ start()` and `smoothed` or `anchored`, in any order.
  for (let modifiers = 0; modifiers < 3; modifiers++) {
    if (/^(?:smoothed|anchored)$/i.test(word(end))) end -= 1;
    else if (isModifier(end - 1)) end -= 2;
    else if (/^[+-]$/.test(word(end - 1)) && isModifier(end - 2)) end -= 3;
    else if (word(end) === ")" && word(end - 1) === "(" && word(end - 3) === "@") end -= 4;
  }
  // A subquery `[1h:5m]` ends in a bracket too and is a range all the same.
  return word(end) === "]";
}

/** The tokens inside parentheses that enclose the whole expression, however many. */
function withoutParentheses(expression: string, tokens: readonly Token[]): readonly Token[] {
  const sign = (token: Token | undefined): string =>
    token === undefined ? "" : expression.slice(token.from, token.to);
  let inner = tokens;
  while (inner.length > 2 && sign(inner[0]) === "(" && sign(inner.at(-1)) === ")") {
    let depth = 0;
    const closes = inner.findIndex((token) => {
      if (sign(token) === "(") depth++;
      else if (sign(token) === ")") depth--;
      return depth === 0;
    });
    if (closes !== inner.length - 1) break;
    inner = inner.slice(1, -1);
  }
  return inner;
}
