import type { Span } from "../problems.ts";
import type { Quote } from "../variableReferences.ts";
import type { CompletionContext } from "./completionContext.ts";
import type { CursorView } from "./cursorView.ts";
import type { BracesFrame } from "./expressionState.ts";
import { looseString } from "./looseString.ts";
import { matcherOperator, readSelector } from "./selectorScope.ts";

/** What may stand in the braces of a selector: a label's name, an operator or a value. */
export function bracesContext(view: CursorView, frame: BracesFrame): CompletionContext {
  const { text, at, tokens, before, typed } = view;
  const quote = quoteAt(text, typed);
  switch (frame.part) {
    case "label": {
      if (hasVariable(text, typed, at)) return { kind: "none" };
      const { scope, namesMetric } = readSelector(text, tokens, frame.open, at);
      const inside = quote === undefined ? typed : insideQuotes(text, at, typed);
      const isFollowedByOperator = /^[ \t]*[=!]/.test(text.slice(typed.to, typed.to + 20));
      return { kind: "labelName", scope, quote, mayBeMetric: !namesMetric, isFollowedByOperator, ...inside };
    }
    case "operator": {
      if (quote !== undefined || typed.from < typed.to) return { kind: "none" };
      // A lone `!` is no operator yet; one with a blank behind it never is.
      const previous = tokens[before - 1];
      if (previous?.kind === "unknown" && previous.to < at) return { kind: "none" };
      const from = text.charAt(at - 1) === "!" ? at - 1 : at;
      return { kind: "matcherOperator", from, to: at };
    }
    case "value":
      return valueContext(view, frame, quote);
    case "end":
      return { kind: "none" };
  }
}

function valueContext(view: CursorView, frame: BracesFrame, quote: Quote | undefined): CompletionContext {
  const { text, at, tokens, before, typed } = view;
  const sign = tokens[before - 1];
  const label = tokens[before - 2];
  if (sign === undefined || (label?.kind !== "identifier" && label?.kind !== "string")) return { kind: "none" };
  const operator = matcherOperator(text.slice(sign.from, sign.to));
  if (operator === undefined || (quote === undefined && typed.from < typed.to)) return { kind: "none" };
  const { scope } = readSelector(text, tokens, frame.open, at);
  const written = text.slice(label.from, label.to);
  const closed = isClosed(text, typed) && !opensAnother(text.slice(at, typed.to - 1));
  const inside = quote === undefined ? typed : { ...insideQuotes(text, at, typed), ...(closed ? {} : { to: at }) };
  const isRegex = operator === "=~" || operator === "!~";
  const span = isRegex ? lastAlternative(text, at, inside) : inside;
  return {
    kind: "labelValue",
    label: label.kind === "string" ? looseString(written) : written,
    operator,
    scope,
    quote,
    isClosed: closed,
    typed: typedValue(text.slice(span.from, at), quote, isRegex),
    ...span,
  };
}

/** True for a word with a variable in it: what it names, a run says. */
export function hasVariable(text: string, { from }: Span, at: number): boolean {
  return /\$|\[\[/.test(text.slice(from, at));
}

/** The quote of the string at the cursor. */
export function quoteAt(text: string, { from, to }: Span): Quote | undefined {
  const sign = from < to ? text.charAt(from) : "";
  return sign === '"' || sign === "'" || sign === "`" ? sign : undefined;
}

/** True for a string that ends with its quote. */
export function isClosed(text: string, { from, to }: Span): boolean {
  return to - from > 1 && text.charAt(to - 1) === text.charAt(from);
}

/** True where a string's end is the beginning of the next one, which stands behind a matching sign: `a{b="|} / c{d="e"}`. */
function opensAnother(rest: string): boolean {
  return /[{,][ \t]*[A-Za-z_]\w*[ \t]*(?:=~?|!=|!~)[ \t]*$/.test(rest.slice(-200));
}

/** The string's content on the cursor's line; of one that nothing closes, what stands before the cursor. */
export function insideQuotes(text: string, at: number, string: Span): Span {
  let from = string.from + 1;
  const lineStart = Math.max(text.lastIndexOf("\n", at - 1), text.lastIndexOf("\r", at - 1)) + 1;
  from = Math.max(from, lineStart);
  if (!isClosed(text, string)) return { from, to: at };
  const lineEnd = /[\r\n]/.exec(text.slice(at, string.to - 1))?.index;
  return { from, to: lineEnd === undefined ? string.to - 1 : at + lineEnd };
}

/** The alternative of a regular expression that the cursor is in: from `|` or `(` to `|` or `)`, those behind a backslash aside. */
function lastAlternative(text: string, at: number, { from, to }: Span): Span {
  let begin = from;
  for (let i = from; i < at; i++) {
    const sign = text.charAt(i);
    if (sign === "\\") {
      // In quotes a backslash of the expression is written twice.
      while (i + 1 < at && text.charAt(i + 1) === "\\") i++;
      i++;
    } else if (sign === "|" || sign === "(") begin = text.startsWith("(?:", i) && i + 3 <= at ? i + 3 : i + 1;
  }
  const end = /[|)]/.exec(text.slice(at, to))?.index;
  return { from: Math.min(begin, at), to: end === undefined ? to : at + end };
}

function typedValue(written: string, quote: Quote | undefined, isRegex: boolean): string {
  const value = quote === undefined ? "" : looseString(quote + written);
  return isRegex ? value.replace(/\\(.)/g, "$1") : value;
}
