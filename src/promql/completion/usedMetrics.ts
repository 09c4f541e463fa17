import { lexPromql } from "../lexer.ts";
import { scopesAmong } from "./selectorScope.ts";

/** How much of a text is looked through, in UTF-16 code units. */
const mostText = 200_000;

/** The metrics that a text names, as far as its beginning tells; those of unfinished selectors too. */
export function usedMetrics(text: string): ReadonlySet<string> {
  const tokens = lexPromql(text, 0, Math.min(text.length, mostText)).filter(({ kind }) => kind !== "comment");
  const scopes = scopesAmong(text, tokens, 0, tokens.length, 1000);
  return new Set(scopes.flatMap(({ metric }) => metric ?? []));
}
