import { type DirectiveKey, directiveKeys } from "./data/directiveKeys.ts";
import { type DirectiveValue, readDirectiveValue } from "./directiveValue.ts";
import { isBlank } from "./lines.ts";
import { nearest } from "./nearest.ts";
import type { Problem, Span } from "./problems.ts";

/** One `@key value`. Offsets are those of the file; `from` is at `@`, `to` behind the value. */
export interface Directive extends Span {
  readonly key: DirectiveKey;
  /** Without `@`. */
  readonly keySpan: Span;
  /** Trimmed, quotes included; empty where the value is missing. */
  readonly valueSpan: Span;
  /** `undefined` where the value is wrong; then it has no effect. */
  readonly value: DirectiveValue | undefined;
}

const knownKeys: ReadonlySet<string> = new Set(directiveKeys);

function isKnownKey(word: string): word is DirectiveKey {
  return knownKeys.has(word);
}

/**
 * Reads a comment's directives: its first word is `@key`, further ones follow after a blank if their key is known. Any other
 * comment has none, and that is no problem. `comment` begins at `#`; findings are appended to `problems`.
 */
export function readDirectives(text: string, comment: Span, problems: Problem[]): readonly Directive[] {
  const first = skipBlanks(text, comment.from + 1, comment.to);
  if (knownKeyAt(text, first, comment.to) !== undefined) return readKnown(text, first, comment.to, problems);
  const unknown = unknownKeyAt(text, first, comment.to);
  if (unknown !== undefined) problems.push({ code: "unknownDirective", ...unknown });
  return [];
}

/** A `@word` that looks like a directive and is none, and what was probably meant. */
interface UnknownKey extends Span {
  readonly key: string;
  readonly suggestion: DirectiveKey | undefined;
}

/** The `@word` at `at` whose word is no key, or that is joined to its value; `undefined` for a known key and for other text. */
function unknownKeyAt(text: string, at: number, lineEnd: number): UnknownKey | undefined {
  const name = /^@([A-Za-z][A-Za-z0-9_-]*)/.exec(text.slice(at, Math.min(lineEnd, at + 64)))?.[1];
  if (name === undefined) return undefined;
  const to = at + 1 + name.length;
  const next = to < lineEnd ? text.charAt(to) : " ";
  if (isBlank(next)) {
    return isKnownKey(name) ? undefined : { key: name, suggestion: nearest(name, directiveKeys), from: at, to };
  }
  // `@range=6h` is a slip; `@end()` or `@mail:` in a sentence is none of our business.
  const isJoined = isKnownKey(name) && (next === "=" || next === ":");
  return isJoined ? { key: name + next, suggestion: name, from: at, to: to + 1 } : undefined;
}

/** Reads `@key value @key value ...` from `from`, where a known key begins, to the line's end. */
function readKnown(text: string, from: number, lineEnd: number, problems: Problem[]): readonly Directive[] {
  const directives: Directive[] = [];
  let at: number | undefined = from;
  let mayQuote = true;
  while (at !== undefined) {
    const start: number = at;
    const key = knownKeyAt(text, start, lineEnd);
    if (key === undefined) break;
    const keyEnd = start + 1 + key.length;
    const end: ValueEnd = valueEnd(text, keyEnd, lineEnd, mayQuote);
    const valueTo = skipBlanksBack(text, keyEnd, end.to);
    const valueFrom = skipBlanks(text, keyEnd, valueTo);
    const raw = text.slice(valueFrom, valueTo);
    const { value, expected } = readDirectiveValue(key, raw);
    const span = { from: start, to: valueTo };
    if (expected !== undefined) {
      const place = raw === "" ? span : { from: valueFrom, to: valueTo };
      problems.push({ code: "badValue", key, value: raw, expected, ...place });
    }
    if (value !== undefined && holdsAnything.has(key)) reportSlips(text, key, end.words, lineEnd, problems);
    directives.push({
      ...span,
      key,
      keySpan: { from: start + 1, to: keyEnd },
      valueSpan: { from: valueFrom, to: valueTo },
      value,
    });
    at = end.nextKey;
    mayQuote = end.mayQuote;
  }
  return directives;
}

/** Keys with values that may be any text, a misspelt directive among it; other values are wrong with one. */
const holdsAnything: ReadonlySet<DirectiveKey> = new Set(["connection", "title", "legend", "unit", "var"]);

/** Reports words of a value of `key` that were probably meant as the next directive. `words` are the places of their `@`. */
function reportSlips(
  text: string,
  key: DirectiveKey,
  words: readonly number[],
  lineEnd: number,
  problems: Problem[],
): void {
  for (const at of words) {
    const unknown = unknownKeyAt(text, at, lineEnd);
    if (unknown?.suggestion !== undefined) problems.push({ code: "unknownDirective", ...unknown, within: key });
  }
}

/** The known key whose `@` stands at `at`, if a blank or the line's end follows it. */
function knownKeyAt(text: string, at: number, lineEnd: number): DirectiveKey | undefined {
  if (text.charAt(at) !== "@") return undefined;
  let end = at + 1;
  while (end < lineEnd && !isBlank(text.charAt(end))) {
    // No key is longer; a line of a million signs is not copied for each `@` in it.
    if (end - at > longestKey) return undefined;
    end++;
  }
  const word = text.slice(at + 1, end);
  return isKnownKey(word) ? word : undefined;
}

const longestKey = Math.max(...directiveKeys.map((key) => key.length));

interface ValueEnd {
  readonly to: number;
  readonly nextKey?: number;
  /** Where an `@` behind a blank begins no key, outside quotes. */
  readonly words: readonly number[];
  /** False once a `"` has no partner: then none behind it has one, and none is looked for again. */
  readonly mayQuote: boolean;
}

/** A value ends before a blank followed by `@` and a known key, or at the line's end; `"..."` holds anything. */
function valueEnd(text: string, from: number, lineEnd: number, mayQuoteBefore: boolean): ValueEnd {
  let mayQuote = mayQuoteBefore;
  const words: number[] = [];
  for (let at = from; at < lineEnd; at++) {
    const sign = text.charAt(at);
    if (sign === '"' && mayQuote) {
      const close = closingQuote(text, at, lineEnd);
      // A lone `"`, as in `5" disk`, is a sign like any other.
      if (close === undefined) mayQuote = false;
      else at = close;
    } else if (sign === "@" && isBlank(text.charAt(at - 1))) {
      if (knownKeyAt(text, at, lineEnd) !== undefined) return { to: at, nextKey: at, words, mayQuote };
      words.push(at);
    }
  }
  return { to: lineEnd, words, mayQuote };
}

function closingQuote(text: string, open: number, lineEnd: number): number | undefined {
  for (let at = open + 1; at < lineEnd; at++) {
    const sign = text.charAt(at);
    if (sign === "\\") at++;
    else if (sign === '"') return at;
  }
  return undefined;
}

function skipBlanks(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isBlank(text.charAt(at))) at++;
  return at;
}

function skipBlanksBack(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && isBlank(text.charAt(at - 1))) at--;
  return at;
}
