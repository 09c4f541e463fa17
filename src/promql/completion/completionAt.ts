import { lexPromql } from "../lexer.ts";
import type { Span } from "../problems.ts";
import { commentContext } from "./commentContext.ts";
import type { CompletionContext, CompletionPlace } from "./completionContext.ts";
import { expressionContext } from "./expressionContext.ts";
import { variableContext } from "./variableContext.ts";

/** How much of a huge block is read on each side of the cursor, in UTF-16 code units. */
const mostText = 50_000;

/** What may stand at `offset`, which lies in `place` or at one of its ends. Any text and place has an answer, the broken ones too. */
export function completionAt(text: string, offset: number, place: CompletionPlace): CompletionContext {
  const at = Math.min(Math.max(offset, place.from, 0), place.to, text.length);
  const window = windowAround(text, at, place);
  // A text that ends there keeps every part of the reading from seeing past it.
  const source = window.to < text.length ? text.slice(0, window.to) : text;
  const tokens = lexPromql(source, window.from);
  const touched = tokens.find(({ from, to }) => from < at && at <= to);
  if (touched?.kind === "comment") return commentContext(source, at, touched, place);
  if (place.kind === "markdown") return { kind: "none" };
  return (
    variableContext({ text: source, at, tokens, touched, from: window.from }) ??
    expressionContext({ text: source, at, tokens, touched, place })
  );
}

/** Whole lines around the cursor: most strings, and all comments, end with their line. */
function windowAround(text: string, at: number, place: Span): Span {
  let from = place.from;
  let to = place.to;
  if (at - from > mostText) {
    const lineEnd = text.lastIndexOf("\n", at - mostText);
    from = Math.max(from, lineEnd === -1 ? at - mostText : lineEnd + 1);
  }
  if (to - at > mostText) {
    const lineEnd = text.indexOf("\n", at + mostText);
    to = Math.min(to, lineEnd === -1 ? at + mostText : lineEnd);
  }
  return { from, to };
}
