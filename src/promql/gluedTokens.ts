import type { Token, TokenKind } from "./lexer.ts";

/** What a variable may be a part of: `http_$x_total`, `${n}m`. */
const glueable: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ...(["identifier", "keyword", "aggregation", "number", "duration", "badNumber", "variable"] as const),
]);

/** The tokens with words that hold a variable as one token of the kind `variable`: only a run knows what they say. */
export function gluedTokens(tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some(({ kind }) => kind === "variable")) return tokens;
  const glued: Token[] = [];
  for (const token of tokens) {
    const last = glued.at(-1);
    const touches = last !== undefined && last.to === token.from && glueable.has(last.kind) && glueable.has(token.kind);
    if (touches && (last.kind === "variable" || token.kind === "variable")) {
      glued[glued.length - 1] = { kind: "variable", from: last.from, to: token.to };
    } else glued.push(token);
  }
  return glued;
}
