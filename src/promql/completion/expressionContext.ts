import { isComparison, isSetOperator } from "../data/operatorKinds.ts";
import { parameterAt, signatureOf } from "../data/signatures.ts";
import type { Token } from "../lexer.ts";
import type { Span } from "../problems.ts";
import { bracesContext, hasVariable } from "./bracesContext.ts";
import type { CompletionContext, CompletionInput, NextBracket, OperatorModifier } from "./completionContext.ts";
import type { CursorView } from "./cursorView.ts";
import { type Expected, type ExpressionFrame, ExpressionReader } from "./expressionState.ts";
import { listContext, stringArgumentContext } from "./labelListContext.ts";

const none: CompletionContext = { kind: "none" };

/** What may stand at the cursor where it is in no comment and in no variable. */
export function expressionContext(input: CompletionInput): CompletionContext {
  const { text, at } = input;
  const tokens = input.tokens.filter(({ kind }) => kind !== "comment");
  const typed = typedSpan({ ...input, tokens });
  const count = tokens.findIndex(({ to }) => to > typed.from);
  const before = count === -1 ? tokens.length : count;
  const reader = readUpTo(text, tokens, before, typed, input.place.endsAtBlankLine);
  const { frame, frames } = reader;
  const whole = { text, at, tokens, before, typed };
  switch (frame.kind) {
    case "braces":
      return bracesContext(whole, frame);
    case "labels":
      return listContext(whole, frame, frames);
    case "duration":
      return durationContext(text, at, typed, frame.isStep);
    case "expression":
      if (isString(text, typed)) return stringArgumentContext(whole, frame) ?? none;
      return inExpression(whole, frame);
  }
}

const wordKinds: ReadonlySet<Token["kind"]> = new Set([
  ...(["identifier", "keyword", "aggregation", "number", "duration", "badNumber", "variable"] as const),
]);

/** The word or string that the cursor is in or behind; words with dots and letters of any script are one, as UTF-8 names have them. */
function typedSpan({ text, at, tokens, touched }: CompletionInput): Span {
  if (touched === undefined) return { from: at, to: at };
  const sign = text.charAt(touched.from);
  if (touched.kind === "string" && at === touched.to) return { from: at, to: at };
  if (touched.kind === "string" || touched.kind === "unterminatedString") return touched;
  const isNamePart = (token: Token | undefined): boolean =>
    token !== undefined &&
    (wordKinds.has(token.kind) ||
      (token.kind === "unknown" && /^[.\p{L}\p{M}\p{N}\p{S}]/u.test(text.slice(token.from, token.to))));
  if (!isNamePart(touched) || sign === "!") return { from: at, to: at };
  let first = tokens.indexOf(touched);
  let last = first;
  while (isNamePart(tokens[first - 1]) && tokens[first - 1]?.to === tokens[first]?.from) first--;
  while (isNamePart(tokens[last + 1]) && tokens[last]?.to === tokens[last + 1]?.from) last++;
  return { from: tokens[first]?.from ?? at, to: tokens[last]?.to ?? at };
}

function isString(text: string, { from, to }: Span): boolean {
  return from < to && /^["'`]/.test(text.charAt(from));
}

function readUpTo(
  text: string,
  tokens: readonly Token[],
  before: number,
  typed: Span,
  endsAtBlankLine: boolean,
): ExpressionReader {
  const reader = new ExpressionReader(text, tokens);
  for (let i = 0; i < before; i++) reader.take(i);
  const last = tokens[before - 1];
  const { frame, frames } = reader;
  const isComplete = frames.length === 1 && frame.kind === "expression" && frame.expected.is === "operator";
  if (
    endsAtBlankLine &&
    last !== undefined &&
    isComplete &&
    /\n[ \t]*\r?\n|\r[ \t]*\r/.test(text.slice(last.to, typed.from))
  ) {
    reader.restart(before);
  }
  return reader;
}

function inExpression(view: CursorView, frame: ExpressionFrame): CompletionContext {
  const { text, tokens, before, typed } = view;
  const { expected } = frame;
  // Where nothing is typed yet, what follows is no part of the word to come.
  const next = typed.from === typed.to ? undefined : nextBracket(text, typed);
  switch (expected.is) {
    case "operand":
      return operandContext(view, frame, expected);
    case "operator":
      // A number or name that touches nothing is a word that is yet to be an operator.
      return /^[0-9]/.test(text.slice(typed.from, typed.from + 1))
        ? none
        : { kind: "operator", behind: expected.behind, mayGroup: expected.mayGroup, next, ...typed };
    case "arguments": {
      const isTouching = tokens[before - 1]?.to === view.at;
      return expected.isGrouped || isTouching ? none : { kind: "grouping", next, ...typed };
    }
    case "offset":
      return durationContext(text, view.at, typed, false);
    case "time":
      return /^[0-9]/.test(text.slice(typed.from, typed.from + 1)) ? none : { kind: "time", ...typed };
    default:
      return none;
  }
}

function operandContext(
  view: CursorView,
  frame: ExpressionFrame,
  expected: Extract<Expected, { is: "operand" }>,
): CompletionContext {
  const { text, typed } = view;
  if (hasVariable(text, typed, view.at) || /^[0-9]|^\.[0-9]/.test(text.slice(typed.from, typed.from + 2))) return none;
  const signature = frame.callee === undefined ? undefined : signatureOf(frame.callee);
  const parameter = signature === undefined ? undefined : parameterAt(signature, frame.argument);
  if (signature !== undefined && parameter === undefined) return none;
  const wants = parameter?.type;
  if (wants === "string") return stringArgumentContext(view, frame) ?? none;
  const next = nextBracket(text, typed);
  return { kind: "operand", callee: frame.callee, wants, modifiers: modifiersOf(expected), next, ...typed };
}

/** Behind a word also after blanks; where nothing is typed what follows is another operand. */
function nextBracket(text: string, { from, to }: Span): NextBracket {
  const form = from === to ? /^[({]/ : /^[ \t]*([({])/;
  const sign = form.exec(text.slice(to, to + 50))?.[0].trim();
  return sign === "(" || sign === "{" ? sign : undefined;
}

function modifiersOf({ operator, modified }: Extract<Expected, { is: "operand" }>): readonly OperatorModifier[] {
  if (operator === undefined) return [];
  const matching = ["on", "ignoring"] as const;
  if (isSetOperator(operator)) return modified === "no" ? matching : [];
  switch (modified) {
    case "no":
      return [...(isComparison(operator) ? (["bool"] as const) : []), ...matching, "fill"];
    case "bool":
      return [...matching, "fill"];
    case "matched":
      return ["group_left", "group_right", "fill"];
    case "grouped":
      return ["fill"];
  }
}

/** Of a number typed so far the units are wanted; a name may be that of a function. */
function durationContext(text: string, at: number, typed: Span, isStep: boolean): CompletionContext {
  const word = isString(text, typed) ? undefined : text.slice(typed.from, at);
  return word === undefined ? none : { kind: "duration", typed: word, isStep, ...typed };
}
