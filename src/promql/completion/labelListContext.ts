import { insideQuotes, isClosed, quoteAt } from "./bracesContext.ts";
import type { CompletionContext } from "./completionContext.ts";
import type { CursorView } from "./cursorView.ts";
import type { ExpressionFrame, Frame, LabelsFrame } from "./expressionState.ts";
import { looseString } from "./looseString.ts";
import { type SelectorScope, scopesAmong } from "./selectorScope.ts";

/** What may stand in the parentheses behind `by`, `on` and their likes. */
export function listContext(view: CursorView, frame: LabelsFrame, frames: readonly Frame[]): CompletionContext {
  const { text, at, tokens, before, typed } = view;
  const previous = tokens[before - 1];
  // Two labels with nothing between them are none.
  const isNext = previous?.kind === "comma" || before - 1 === frame.open;
  if (!isNext) return { kind: "none" };
  const quote = quoteAt(text, typed);
  const end = listEnd(view);
  const around = frames.findLast((one) => one.kind === "expression");
  return {
    kind: "listedLabel",
    scopes: groupedScopes(view, frame, end, around),
    quote,
    isClosed: quote === undefined || isClosed(text, typed),
    isArgument: false,
    others: othersIn(view, frame.open, end),
    ...(quote === undefined ? typed : insideQuotes(text, at, typed)),
  };
}

/** Index of the token behind the list's labels: its closing parenthesis, or what cannot stand in it. */
function listEnd({ tokens, before, typed }: CursorView): number {
  let at = before;
  while (at < tokens.length) {
    const token = tokens[at];
    if (token === undefined) break;
    const { kind, from } = token;
    const isLabel = kind === "identifier" || kind === "keyword" || kind === "aggregation" || kind === "string";
    if (!isLabel && kind !== "comma" && from >= typed.to) break;
    at++;
  }
  return at;
}

function othersIn({ text, tokens, typed }: CursorView, open: number, end: number): readonly string[] {
  return tokens.slice(open + 1, end).flatMap(({ kind, from, to }) => {
    if (kind === "comma" || (from < typed.to && typed.from < to)) return [];
    const written = text.slice(from, to);
    return [kind === "string" ? looseString(written) : written];
  });
}

/** The selectors of what is grouped: the aggregation's arguments, or the operands of the operator. */
function groupedScopes(
  { text, tokens }: CursorView,
  { word, open }: LabelsFrame,
  end: number,
  around: ExpressionFrame | undefined,
): readonly SelectorScope[] {
  const next = tokens[end];
  const behind = next?.kind === "close" && text.charAt(next.from) === ")" ? end + 1 : end;
  if (word === "by" || word === "without") {
    const opener = tokens[behind];
    if (opener !== undefined && text.charAt(opener.from) === "(") {
      return scopesAmong(text, tokens, behind + 1, closing(text, tokens, behind));
    }
    const before = tokens[open - 2];
    if (before !== undefined && text.charAt(before.from) === ")") {
      return scopesAmong(text, tokens, opening(text, tokens, open - 2) + 1, open - 2);
    }
    return [];
  }
  const left = () => scopesAmong(text, tokens, around?.begins ?? 0, open - 1);
  const right = () => scopesAmong(text, tokens, behind, operandEnd(tokens, behind));
  // The labels to copy are those of the side that has one series for many.
  const wanted = word === "group_left" ? right() : word === "group_right" ? left() : [];
  return wanted.length > 0 ? wanted : [...left(), ...right()];
}

/** Index of the parenthesis that closes the one at `open`, or of the last token's end. */
function closing(text: string, tokens: readonly { readonly from: number }[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const sign = text.charAt(tokens[i]?.from ?? -1);
    if (sign === "(") depth++;
    else if (sign === ")" && --depth === 0) return i;
  }
  return tokens.length;
}

function opening(text: string, tokens: readonly { readonly from: number }[], close: number): number {
  let depth = 0;
  for (let i = close; i >= 0; i--) {
    const sign = text.charAt(tokens[i]?.from ?? -1);
    if (sign === ")") depth++;
    else if (sign === "(" && --depth === 0) return i;
  }
  return -1;
}

/** Where the expression around ends: at a comma or bracket that is not opened within. */
function operandEnd(tokens: CursorView["tokens"], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    const kind = tokens[i]?.kind;
    if (kind === "open") depth++;
    else if (kind === "close" && depth-- === 0) return i;
    else if (kind === "comma" && depth === 0) return i;
  }
  return tokens.length;
}

/** Arguments that are names of labels, by function: from the first to the last of them, a new label aside. */
const labelArguments: ReadonlyMap<string, { readonly from: number; readonly to: number }> = new Map([
  ["label_replace", { from: 3, to: 3 }],
  ["label_join", { from: 3, to: Number.POSITIVE_INFINITY }],
  ["sort_by_label", { from: 1, to: Number.POSITIVE_INFINITY }],
  ["sort_by_label_desc", { from: 1, to: Number.POSITIVE_INFINITY }],
]);

/** A label's name as the argument of a function; `undefined`: the argument at hand is something else. */
export function stringArgumentContext(view: CursorView, frame: ExpressionFrame): CompletionContext | undefined {
  const { text, at, tokens, typed } = view;
  const { callee, argument, open } = frame;
  const range = labelArguments.get(callee ?? "");
  // A new label may well overwrite one that is there.
  const isTarget = argument === 1 && (callee === "label_replace" || callee === "label_join");
  const isLabel = isTarget || (range !== undefined && range.from <= argument && argument <= range.to);
  if (!isLabel || frame.expected.is !== "operand") return undefined;
  const quote = quoteAt(text, typed);
  return {
    kind: "listedLabel",
    scopes: scopesAmong(text, tokens, open + 1, closing(text, tokens, open)),
    quote,
    isClosed: quote !== undefined && isClosed(text, typed),
    isArgument: true,
    others: [],
    ...(quote === undefined ? typed : insideQuotes(text, at, typed)),
  };
}
