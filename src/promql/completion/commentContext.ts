import { readDirectives } from "../directives.ts";
import type { Token } from "../lexer.ts";
import { isBlank } from "../lines.ts";
import type { CompletionContext, CompletionPlace } from "./completionContext.ts";

/** What every separator line begins like. */
const longestMark = "# %% [markdown]";

const none: CompletionContext = { kind: "none" };

/** What may stand in a comment: directives and their values, or a separator where nothing else is written. */
export function commentContext(text: string, at: number, comment: Token, place: CompletionPlace): CompletionContext {
  const before = text.slice(comment.from, at);
  const isFirst = comment.from === 0 || isLineEnd(text.charAt(comment.from - 1));
  const restIsBlank = /^[ \t]*$/.test(text.slice(at, Math.min(comment.to, at + 1000)));
  const isEmpty = /^#[ \t]*$/.test(before);
  const separators = isFirst && restIsBlank && !place.isCell && longestMark.startsWith(before);
  const directives = isEmpty && restIsBlank && place.kind === "query";
  if (separators || directives) {
    return { kind: "commentStart", separators, directives, from: comment.from, to: comment.to };
  }
  if (place.kind === "markdown") return none;
  return directiveContext(text, at, comment);
}

function isLineEnd(sign: string): boolean {
  return sign === "\n" || sign === "\r" || sign === "\ufeff";
}

function directiveContext(text: string, at: number, comment: Token): CompletionContext {
  const known = readDirectives(text, comment, []);
  const current = known.findLast(({ from }) => from < at);
  const key = keyAt(text, at, comment);
  if (current === undefined) {
    const isFirstWord = key !== undefined && /^#[ \t]*$/.test(text.slice(comment.from, key.from));
    return isFirstWord ? { kind: "directiveKey", ...key } : none;
  }
  if (at <= current.keySpan.to) return { kind: "directiveKey", from: current.from, to: current.keySpan.to };
  const { valueSpan } = current;
  const isQuoted = isInQuotes(text.slice(current.keySpan.to, at));
  if (key !== undefined && !isQuoted) return { kind: "directiveKey", ...key };
  if (isQuoted) return none;
  const isEmpty = valueSpan.from === valueSpan.to;
  if (isEmpty || at < valueSpan.from) return { kind: "directiveValue", key: current.key, from: at, to: at };
  if (at <= valueSpan.to) return { kind: "directiveValue", key: current.key, ...valueSpan };
  // Behind a value and a blank another directive may begin.
  return { kind: "directiveKey", from: at, to: at };
}

/** The `@word` that the cursor is in or behind, blanks or the comment's sign before it. */
function keyAt(text: string, at: number, comment: Token): { readonly from: number; readonly to: number } | undefined {
  let from = at;
  while (from > comment.from && isKeySign(text.charAt(from - 1))) from--;
  if (text.charAt(from - 1) !== "@") return undefined;
  from--;
  const previous = text.charAt(from - 1);
  if (from <= comment.from || !(isBlank(previous) || previous === "#")) return undefined;
  let to = at;
  while (to < comment.to && isKeySign(text.charAt(to))) to++;
  return { from, to };
}

function isKeySign(sign: string): boolean {
  return /^[A-Za-z0-9_-]$/.test(sign);
}

function isInQuotes(text: string): boolean {
  let isOpen = false;
  for (let i = 0; i < text.length; i++) {
    if (text.charAt(i) === "\\" && isOpen) i++;
    else if (text.charAt(i) === '"') isOpen = !isOpen;
  }
  return isOpen;
}
