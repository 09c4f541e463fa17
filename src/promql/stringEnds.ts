import { lexPromql } from "./lexer.ts";
import { parseExpression } from "./parser.ts";
import type { Span } from "./problems.ts";
import type { SyntaxProblem } from "./syntaxProblems.ts";

/** Where the quote that closes a string belongs: at an empty place, or instead of what stands there. */
export interface StringEnd extends Span {
  /** No other end is as likely. */
  readonly isSure: boolean;
}

/** With more ends, none is tried: a try reads all of the expression. */
const mostTried = 5;

/**
 * Where a string that nothing closes (`open`, up to the end of its line) was probably meant to end: in front of a sign that ends what
 * it stands in, so that the rest can be read. `undefined`: a backslash keeps every end from being one.
 */
export function probableEnd(text: string, place: Span, open: Span): StringEnd | undefined {
  const bracket = bracketAround(text, place.from, open.from);
  const found = endsWithin(text, open, bracket);
  const [nearest] = found;
  if (nearest !== undefined && found.length > mostTried) return { ...nearest, isSure: false };
  const tried = found
    .map((end) => ({ end, faults: faultsWith(text, place, open, end) }))
    .filter(({ faults }) => !faults.includes("unclosedString"));
  // Another quote in front of such a sign is a slip for the one that was meant.
  const slips = tried.filter(({ end: { from, to } }) => from < to);
  const likely = slips.length > 0 ? slips : tried;
  const readable = likely.filter(({ faults }) => faults.length === 0);
  const left = readable.length > 0 ? readable : likely;
  const [first] = left;
  if (first !== undefined) return { ...first.end, isSure: left.length === 1 };
  const last = endBefore(text, open, open.to, bracket === undefined ? /\s/ : /[\s)\]},]/);
  return last === undefined ? undefined : { ...last, isSure: nearest === undefined };
}

/** The bracket that is open at `to`, if one is. */
function bracketAround(text: string, from: number, to: number): string | undefined {
  const open: string[] = [];
  for (const token of lexPromql(text, from, to)) {
    if (token.kind === "open") open.push(text.charAt(token.from));
    else if (token.kind === "close") open.pop();
  }
  return open.at(-1);
}

const closers: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["{", "}"],
]);
/** A comma may be part of a label's value; with a label behind it, it hardly is. */
const nextLabel = /,\s*[A-Za-z_]\w*\s*[=!]/y;

/** The first ends in front of a comma or of what closes `bracket`, in the order of the text. */
function endsWithin(text: string, open: Span, bracket: string | undefined): readonly Span[] {
  const closer = closers.get(bracket ?? "");
  if (closer === undefined) return [];
  const ends: Span[] = [];
  let depth = 0;
  for (let at = open.from + 1; at < open.to && ends.length <= mostTried; at++) {
    const sign = text.charAt(at);
    if (sign === "\\" && text.charAt(open.from) !== "`") at++;
    else if (sign === bracket) depth++;
    else if (sign === closer && depth > 0) depth--;
    else if (depth === 0 && (sign === closer || (sign === "," && partsHere(text, at, bracket)))) {
      const end = endBefore(text, open, at, /[\s,]/);
      if (end !== undefined) ends.push(end);
    }
  }
  return ends;
}

function partsHere(text: string, comma: number, bracket: string | undefined): boolean {
  if (bracket !== "{") return true;
  nextLabel.lastIndex = comma;
  return nextLabel.test(text);
}

/** The end in front of `at` and of what `loose` takes for no part of the string. */
function endBefore(text: string, open: Span, at: number, loose: RegExp): Span | undefined {
  let end = at;
  while (end > open.from + 1 && loose.test(text.charAt(end - 1))) end--;
  if (isEscaped(text, open, end)) end = at;
  if (isEscaped(text, open, end)) return undefined;
  const last = text.charAt(end - 1);
  const isSlip =
    end - 1 > open.from &&
    /["'`]/.test(last) &&
    !isEscaped(text, open, end - 1) &&
    // A second one of its kind closes what the first has opened.
    text.indexOf(last, open.from) === end - 1;
  return { from: isSlip ? end - 1 : end, to: end };
}

/** True where a backslash takes the sign at `at` for the string. */
function isEscaped(text: string, { from }: Span, at: number): boolean {
  if (text.charAt(from) === "`") return false;
  let before = at;
  while (before > from + 1 && text.charAt(before - 1) === "\\") before--;
  return (at - before) % 2 === 1;
}

/** What is wrong with the form of the expression if the string ends there. */
function faultsWith(text: string, place: Span, open: Span, { from, to }: Span): readonly SyntaxProblem["code"][] {
  const closed = text.slice(place.from, from) + text.charAt(open.from) + text.slice(to, place.to);
  return parseExpression(closed).problems.flatMap(({ code }) => (code === "metricsqlOnly" ? [] : code));
}
