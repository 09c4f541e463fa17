import { promqlAggregations } from "./data/aggregations.ts";
import { promqlKeywords } from "./data/keywords.ts";

/**
 * What a token is. The last three are errors: `unterminatedString` ends at its line's end (`` ` ``: at the text's end),
 * `badNumber` is a whole word that begins like a number, `unknown` is one character.
 */
export type TokenKind =
  | "comment"
  | "string"
  | "number"
  | "duration"
  | "identifier"
  | "keyword"
  | "aggregation"
  | "operator"
  | "open"
  | "close"
  | "comma"
  | "colon"
  | "variable"
  | "unterminatedString"
  | "badNumber"
  | "unknown";

/** A piece of text, from (inclusive) to (exclusive) in UTF-16 code units of the whole text. */
export interface Token {
  readonly kind: TokenKind;
  readonly from: number;
  readonly to: number;
}

/** True for the kinds that no valid expression contains. */
export function isErrorToken(token: Token): boolean {
  return token.kind === "unterminatedString" || token.kind === "badNumber" || token.kind === "unknown";
}

// Sticky and free of nested repetition, so each attempt is linear in what it looks at.
const wordForm = /[A-Za-z_][A-Za-z0-9_]*/y;
const metricForm = /[A-Za-z_:][A-Za-z0-9_:]*/y;
// Numbers and durations are those of Prometheus and, beyond them, of MetricsQL: `8Gi`, `0b11`, `1.5h`, `5i` (steps). Only their
// units in lower case are told apart: `5m` are minutes, `5M` is a number.
const numberForm =
  /(?:0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|0[bB][01]+|0[oO][0-7]+|(?:[0-9]+(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?|\.[0-9]+(?:_[0-9]+)*)(?:[eE][+-]?[0-9]+(?:_[0-9]+)*|[kKmMgGtT][iI]?[bB]?)?)(?![A-Za-z0-9_.])/y;
const durationForm =
  /[0-9]+(?:\.[0-9]+)?(?:[mM][sS]|[msShHdDwWyYiI])(?:[0-9]+(?:\.[0-9]+)?(?:[mM][sS]|[msShHdDwWiI]))*(?![A-Za-z0-9_])/y;
const numberLikeForm = /[A-Za-z0-9_.]+/y;
// With the forms of Grafana's that we do not fill in, such as `${name.text}`, so that each is one thing to speak of.
const variableForm =
  /\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*(?:\.[^:{}$"'`\r\n]+)?(?::[^{}$"'`\r\n]+)?\})|\[\[[A-Za-z_]\w*(?::\w+)?\]\]/y;
const operatorForm = /=~|==|=|!=|!~|<=|<\/|<|>=|>\/|>|[-+*/%^@]/y;
const commentForm = /#[^\n\r]*/y;

/** End of the match of a sticky form at `at`, or -1. */
function matchEnd(form: RegExp, text: string, at: number): number {
  form.lastIndex = at;
  return form.test(text) ? form.lastIndex : -1;
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13;
}

function isWhitespace(code: number, at: number): boolean {
  return code === 32 || code === 9 || isLineEnd(code) || (code === 0xfeff && at === 0);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The word's kind outside braces. `Inf` and `NaN` are numbers in any case, as in Prometheus' `lex.go`. */
function wordKind(word: string): TokenKind {
  const lower = word.toLowerCase();
  if (lower === "inf" || lower === "nan") return "number";
  if (promqlKeywords.has(lower)) return "keyword";
  if (promqlAggregations.has(lower)) return "aggregation";
  return "identifier";
}

/** Braces hold label names only; square brackets hold durations, where `:` is a sign and not part of a name. */
type Place = "expression" | "braces" | "brackets";

function placeAfter(bracket: string, place: Place): Place {
  switch (bracket) {
    case "{":
      return "braces";
    case "[":
      return "brackets";
    case "}":
    case "]":
      return "expression";
    default:
      // A parenthesis never stands in a selector, so the brace was left open; brackets may hold `step()`.
      return place === "braces" ? "expression" : place;
  }
}

/**
 * Cuts PromQL 3.14, with our variable references and MetricsQL's numbers, into tokens in ascending order; only blanks, line ends and a leading byte
 * order mark lie between them. Total (any text has tokens) and linear. `[from, to)` bounds what is read; offsets are those
 * of the whole text. Variables inside strings stay part of their string.
 */
export function lexPromql(text: string, from = 0, to = text.length): readonly Token[] {
  // Forms look ahead; a text cut at `to` keeps them from seeing past it.
  const source = to < text.length ? text.slice(0, to) : text;
  const tokens: Token[] = [];
  let place: Place = "expression";
  let at = from;
  while (at < source.length) {
    if (isWhitespace(source.charCodeAt(at), at)) {
      at++;
      continue;
    }
    const token = readToken(source, at, place);
    tokens.push(token);
    if (token.kind === "open" || token.kind === "close") place = placeAfter(source.charAt(at), place);
    at = token.to;
  }
  return tokens;
}

/** The token that begins at `at`, where no whitespace stands. */
function readToken(text: string, at: number, place: Place): Token {
  const code = text.charCodeAt(at);
  const sign = text.charAt(at);
  if (sign === "#") return { kind: "comment", from: at, to: matchEnd(commentForm, text, at) };
  if (sign === '"' || sign === "'") return readQuoted(text, at);
  if (sign === "`") {
    const end = text.indexOf("`", at + 1);
    return end === -1
      ? { kind: "unterminatedString", from: at, to: text.length }
      : { kind: "string", from: at, to: end + 1 };
  }
  if (isDigit(code) || (sign === "." && isDigit(text.charCodeAt(at + 1)))) return readNumber(text, at);
  const wordEnd = matchEnd(place === "expression" ? metricForm : wordForm, text, at);
  if (wordEnd === -1) return readSign(text, at);
  return { kind: place === "braces" ? "identifier" : wordKind(text.slice(at, wordEnd)), from: at, to: wordEnd };
}

function readQuoted(text: string, from: number): Token {
  const quote = text.charCodeAt(from);
  let at = from + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) return { kind: "string", from, to: at + 1 };
    if (isLineEnd(code)) break;
    const escapesNext = code === 92 && at + 1 < text.length && !isLineEnd(text.charCodeAt(at + 1));
    at += escapesNext ? 2 : 1;
  }
  return { kind: "unterminatedString", from, to: at };
}

function readNumber(text: string, from: number): Token {
  // First, because `5m` reads as five millions too.
  const duration = matchEnd(durationForm, text, from);
  if (duration !== -1) return { kind: "duration", from, to: duration };
  const number = matchEnd(numberForm, text, from);
  if (number !== -1) return { kind: "number", from, to: number };
  return { kind: "badNumber", from, to: matchEnd(numberLikeForm, text, from) };
}

function readSign(text: string, from: number): Token {
  const variable = matchEnd(variableForm, text, from);
  if (variable !== -1) return { kind: "variable", from, to: variable };
  const kind = signKinds.get(text.charAt(from));
  if (kind !== undefined) return { kind, from, to: from + 1 };
  const operator = matchEnd(operatorForm, text, from);
  if (operator !== -1) return { kind: "operator", from, to: operator };
  return { kind: "unknown", from, to: from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1) };
}

const signKinds: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ["(", "open"],
  ["[", "open"],
  ["{", "open"],
  [")", "close"],
  ["]", "close"],
  ["}", "close"],
  [",", "comma"],
  [":", "colon"],
]);
