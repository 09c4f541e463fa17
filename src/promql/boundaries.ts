import { promqlKeywords } from "./data/keywords.ts";
import type { Token } from "./lexer.ts";

/** A place where one expression surely ended and another one begins. */
export interface Boundary {
  readonly last: Token;
  readonly next: Token;
  /** What begins with `next` is complete too, as far as tokens tell. */
  readonly nextIsComplete: boolean;
}

export interface BoundaryScan {
  readonly boundaries: readonly Boundary[];
  /** The outermost bracket, or the raw string, that nothing closes. */
  readonly unclosed: Token | undefined;
}

/** A word that a selector's braces or a call's parentheses may follow. A variable may stand for such a word. */
function isName(token: Token): boolean {
  return (
    token.kind === "identifier" || token.kind === "aggregation" || token.kind === "keyword" || token.kind === "variable"
  );
}

/**
 * Looks for places where what stands before is a complete expression and what follows cannot continue it, by tokens alone:
 * in doubt there is no boundary, so that no expression is ever cut in two. Linear.
 */
export function scanBoundaries(text: string, tokens: readonly Token[]): BoundaryScan {
  const pairs: { readonly last: Token; readonly next: Token }[] = [];
  const open: Token[] = [];
  let rawString: Token | undefined;
  let complete = false;
  let completeAfterClose = true;
  let beforePrevious: Token | undefined;
  let previous: Token | undefined;

  for (const token of tokens) {
    if (token.kind === "comment") continue;
    if (open.length === 0) {
      if (complete && previous !== undefined && startsAnew(text, token, previous))
        pairs.push({ last: previous, next: token });
      if (token.kind === "open") completeAfterClose = !demandsOperandAfter(text, token, previous, beforePrevious);
      else complete = canEndExpression(text, token);
    }
    if (token.kind === "open") {
      open.push(token);
      complete = false;
    } else if (token.kind === "close" && open.length > 0) {
      open.pop();
      if (open.length === 0) complete = completeAfterClose;
    } else if (token.kind === "unterminatedString" && text.charAt(token.from) === "`") {
      rawString = token;
    }
    beforePrevious = previous;
    previous = token;
  }
  const boundaries = pairs.map((pair, i) => ({ ...pair, nextIsComplete: complete || i < pairs.length - 1 }));
  return { boundaries, unclosed: rawString ?? open[0] };
}

function keywordRole(text: string, token: Token) {
  return token.kind === "keyword" ? promqlKeywords.get(text.slice(token.from, token.to).toLowerCase()) : undefined;
}

/** True if an expression may end with `token`, outside brackets. A bracket's own end is decided when it closes. */
function canEndExpression(text: string, token: Token): boolean {
  switch (token.kind) {
    case "number":
    case "duration":
    case "string":
    case "identifier":
    case "aggregation":
    case "variable":
      return true;
    case "keyword":
      // `x[5m] anchored` ends; a metric may be called `fill`. The other keywords want something after them.
      return keywordRole(text, token) === "fill" || isRangeModifier(text, token);
    default:
      return false;
  }
}

function isRangeModifier(text: string, token: Token): boolean {
  return keywordRole(text, token) === "modifier" && text.slice(token.from, token.to).toLowerCase() !== "offset";
}

/** True if `token` begins an operand and cannot belong to the complete expression that ends with `previous`. */
function startsAnew(text: string, token: Token, previous: Token): boolean {
  switch (token.kind) {
    case "number":
    case "duration":
    case "string":
    case "identifier":
    case "aggregation":
    case "variable":
    case "unterminatedString":
    case "badNumber":
      return true;
    case "keyword":
      // Fill modifiers stand after an operator only, and an operator is no complete expression.
      return keywordRole(text, token) === "fill";
    case "open":
      return text.charAt(token.from) !== "[" && !isName(previous);
    default:
      return false;
  }
}

/** True for the parentheses of `on (...)`, `fill (...)` and of a `by (...)` that stands before its argument. */
function demandsOperandAfter(
  text: string,
  bracket: Token,
  previous: Token | undefined,
  beforePrevious: Token | undefined,
): boolean {
  if (previous === undefined || text.charAt(bracket.from) !== "(") return false;
  const role = keywordRole(text, previous);
  if (role === "matching" || role === "fill") return true;
  return role === "grouping" && beforePrevious?.kind !== "close";
}
