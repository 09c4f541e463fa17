import { lexPromql } from "../lexer.ts";
import { parseExpression } from "../parser.ts";
import type { Span } from "../problems.ts";
import { childrenOf, type Expression } from "../syntaxTree.ts";
import { canonicalText } from "./canonicalText.ts";
import { type Layout, type Part, writeLayout } from "./layout.ts";
import { type MatcherSeparator, PartWriter } from "./parts.ts";
import { haveSameWords } from "./sameWords.ts";

export interface FormatOptions {
  /** An expression that is longer in one line is split, as is one that holds a comment. As on the server, its indentation does not count. */
  readonly maxWidth?: number;
  /** What ends a line of the result. */
  readonly eol?: string;
  /**
   * The server's own spelling too, not only its layout: sorted matchers, its numbers, durations and quotes. It has no place for
   * comments: a text with comments is then left alone.
   */
  readonly canonical?: boolean;
}

/**
 * Between matchers: Grafana's query builder and most mixins write a blank there, as everybody does behind every other comma. The
 * server's formatter writes none, so its spelling has none.
 */
const betweenMatchers = { canonical: ",", author: ", " } as const;

/**
 * Lays an expression out as `promtool promql format` does, over lines where it is too long for one. Words stay as they are written and
 * comments where they are: one at a line's end there, others above what follows them. `undefined`: a text that has problems, or
 * that only MetricsQL knows, is left alone.
 */
export function formatExpression(
  text: string,
  place: Span = { from: 0, to: text.length },
  { maxWidth = 100, eol = "\n", canonical = false }: FormatOptions = {},
): string | undefined {
  const { expression, problems } = parseExpression(text, place);
  if (problems.length > 0 || expression.kind === "missing") return undefined;
  if (!canonical) return laidOut(text, place, expression, { maxWidth, eol, separator: betweenMatchers.author });
  if (lexPromql(text, place.from, place.to).some(({ kind }) => kind === "comment")) return undefined;
  const written = canonicalText(text, expression);
  const whole = { from: 0, to: written.length };
  const again = parseExpression(written, whole);
  if (again.problems.length > 0) return undefined;
  return laidOut(written, whole, again.expression, { maxWidth, eol, separator: betweenMatchers.canonical });
}

interface LayoutOptions {
  readonly maxWidth: number;
  readonly eol: string;
  readonly separator: MatcherSeparator;
}

function laidOut(
  text: string,
  place: Span,
  root: Expression,
  { maxWidth, eol, separator }: LayoutOptions,
): string | undefined {
  const source = { text, tokens: lexPromql(text, place.from, place.to) };
  const layouts = layoutsOf(root, new PartWriter(source, separator), maxWidth);
  const result = writeLayout(root, (node) => layouts.get(node) ?? { parts: [], isSplit: false }, source, eol);
  // What a text means is not ours to change: where a reading of it missed a word, it stays as it is.
  return haveSameWords(text.slice(place.from, place.to), result) ? result : undefined;
}

/** How each node of a tree is written. From the leaves up: what is short enough for a line depends on what is inside. */
function layoutsOf(root: Expression, writer: PartWriter, maxWidth: number): ReadonlyMap<Expression, Layout> {
  const layouts = new Map<Expression, Layout & { readonly width: number }>();
  for (const node of parentsFirst(root).toReversed()) {
    const parts = writer.partsOf(node);
    const width = parts.reduce((sum, part) => sum + widthOf(part, layouts), 0);
    layouts.set(node, { parts, width, isSplit: width > maxWidth || writer.holdsComment(node) });
  }
  return layouts;
}

function parentsFirst(root: Expression): readonly Expression[] {
  const found: Expression[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    found.push(node);
    for (const child of childrenOf(node)) waiting.push(child);
  }
  return found;
}

function widthOf(part: Part, widths: ReadonlyMap<Expression, { readonly width: number }>): number {
  switch (part.kind) {
    case "word":
      return part.text.length;
    case "space":
      return 1;
    case "break":
      return part.unsplit.length;
    case "line":
      return 0;
    case "node":
      return widths.get(part.node)?.width ?? 0;
  }
}
