import { promqlKeywords } from "./data/keywords.ts";
import type { Token } from "./lexer.ts";
import { isBlankLine, scanLines } from "./lines.ts";

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
  const words = tokens.filter(({ kind }) => kind !== "comment");
  const pairs: { readonly last: Token; readonly next: Token }[] = [];
  const open: Token[] = [];
  let rawString: Token | undefined;
  let complete = false;
  let completeAfterClose = true;

  let continuation: Continuation | undefined;

  for (const [i, token] of words.entries()) {
    if (open.length === 0) {
      const previous = words[i - 1];
      const mayTakeBrackets = previous !== undefined && isName(previous) && continuation === undefined;
      continuation = complete ? continuationBy(text, words, i) : undefined;
      if (
        complete &&
        continuation === undefined &&
        previous !== undefined &&
        startsAnew(text, words, i, mayTakeBrackets)
      )
        pairs.push({ last: previous, next: token });
      if (token.kind === "open") completeAfterClose = !demandsOperandAfter(text, token, previous, words[i - 2]);
      else complete = continuation === undefined ? canEndExpression(text, token) : continuation === "end";
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
  }
  const boundaries = pairs.map((pair, i) => ({ ...pair, nextIsComplete: complete || i < pairs.length - 1 }));
  return { boundaries, unclosed: rawString ?? open[0] };
}

/** How a word carries on the complete expression before it: as an operator that wants an operand, or as its end. */
type Continuation = "operator" | "end";

/**
 * What a word of MetricsQL at `i` does behind a complete expression; `undefined` where it may be a metric's name, as all of them
 * are in Prometheus: a word counts only where what follows it cannot stand behind a name.
 */
function continuationBy(text: string, words: readonly Token[], i: number): Continuation | undefined {
  const token = words[i];
  const next = words[i + 1];
  if (token?.kind !== "identifier") return undefined;
  const isAfterCall = words[i - 1]?.kind === "close";
  switch (text.slice(token.from, token.to).toLowerCase()) {
    case "default":
    case "if":
    case "ifnot":
      return next !== undefined && isOperandOf(text, token, next) ? "operator" : undefined;
    case "limit": {
      const isNumber = next?.kind === "number" || next?.kind === "variable";
      return isAfterCall && isNumber && isOperandOf(text, token, next) ? "operator" : undefined;
    }
    case "keep_metric_names":
      return isAfterCall && !(next?.kind === "open" && next.from === token.to) ? "end" : undefined;
    default:
      return undefined;
  }
}

/** True if `next` can be an operand of the operator `word` and cannot stand behind a metric of that name; never after a blank line. */
function isOperandOf(text: string, word: Token, next: Token): boolean {
  const gap = text.slice(word.to, next.from);
  const isApart = scanLines(gap)
    .slice(1, -1)
    .some((line) => isBlankLine(gap, line));
  if (isApart) return false;
  switch (next.kind) {
    case "keyword":
      return keywordRole(text, next) === "matching";
    case "open": {
      const sign = text.charAt(next.from);
      // `default {a="b"}` is written with a blank, the metric `default{a="b"}` without.
      return sign === "(" || (sign === "{" && gap !== "");
    }
    case "operator":
      // `default -1`, and `default - 1` of a metric.
      return (
        /^[-+]$/.test(text.slice(next.from, next.to)) && gap !== "" && /^\S/.test(text.slice(next.to, next.to + 1))
      );
    default:
      return startsOperand(next);
  }
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

/** True for a token that begins an operand and is nothing else. */
function startsOperand({ kind }: Token): boolean {
  switch (kind) {
    case "number":
    case "duration":
    case "string":
    case "identifier":
    case "aggregation":
    case "variable":
    case "unterminatedString":
    case "badNumber":
      return true;
    default:
      return false;
  }
}

/** True if the word at `i` begins an operand and cannot belong to the complete expression before it. */
function startsAnew(text: string, words: readonly Token[], i: number, mayTakeBrackets: boolean): boolean {
  const token = words[i];
  if (token === undefined) return false;
  // Fill modifiers stand after an operator only, and an operator is no complete expression.
  if (token.kind === "keyword") return keywordRole(text, token) === "fill";
  if (token.kind !== "open") return startsOperand(token);
  if (text.charAt(token.from) === "[") return false;
  return !mayTakeBrackets || (words[i - 1]?.kind === "identifier" && setsName(text, words, i));
}

/** True for braces at `i` that name a metric, `{"a.b", c="d"}` or `{__name__="a"}`: no selector has two names. */
function setsName(text: string, words: readonly Token[], i: number): boolean {
  let end = i + 1;
  while (words[end] !== undefined && words[end]?.kind !== "open" && words[end]?.kind !== "close") end++;
  const brace = words[i];
  if (brace === undefined || text.charAt(brace.from) !== "{" || words[end]?.kind !== "close") return false;
  const inside = words.slice(i + 1, end);
  return inside.some((token, at) => {
    if (at > 0 && inside[at - 1]?.kind !== "comma") return false;
    const next = inside[at + 1];
    if (next?.kind === "operator") return text.slice(token.from, token.to) === "__name__";
    return token.kind === "string" && (next === undefined || next.kind === "comma");
  });
}

/** True for the parentheses of `on (...)`, `fill (...)`, MetricsQL's `WITH (...)` and of a `by (...)` before its argument. */
function demandsOperandAfter(
  text: string,
  bracket: Token,
  previous: Token | undefined,
  beforePrevious: Token | undefined,
): boolean {
  if (previous === undefined || text.charAt(bracket.from) !== "(") return false;
  // Nothing that can be called has this name.
  if (previous.kind === "identifier" && /^with$/i.test(text.slice(previous.from, previous.to))) return true;
  const role = keywordRole(text, previous);
  if (role === "matching" || role === "fill") return true;
  return role === "grouping" && beforePrevious?.kind !== "close";
}
