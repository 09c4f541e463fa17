import { lexPromql } from "./lexer.ts";
import type { Span } from "./problems.ts";
import {
  type Arguments,
  type Clause,
  childrenOf,
  type DurationExpression,
  type Expression,
  type LabelList,
  type Selector,
} from "./syntaxTree.ts";

/** As many steps as a selection grows by within one expression; chains of operators have one for each of them. */
const mostSteps = 60;

/**
 * The pieces of an expression around `offset`, from the smallest to the whole: the word or what is in quotes, matcher, braces,
 * selector, argument, call and so on. Each holds the one before it and is longer. Not recursive.
 */
export function selectionSpans(text: string, root: Expression, offset: number): readonly Span[] {
  const spans: Span[] = [root];
  for (let at: Expression | undefined = root; at !== undefined && touches(at, offset); ) {
    spans.push(at, ...partsOf(at, offset));
    // Where two touch, the one that begins there.
    at = childrenOf(at).findLast((one) => touches(one, offset));
  }
  spans.push(...wordsAt(text, root, offset));
  return nested(spans.filter((one) => touches(one, offset)));
}

function touches({ from, to }: Span, offset: number): boolean {
  return from <= offset && offset <= to;
}

/** One inside the other, the smallest first; what only overlaps another one is left out. */
function nested(spans: readonly Span[]): readonly Span[] {
  const sorted = spans.filter(({ from, to }) => to > from).sort((a, b) => a.to - a.from - (b.to - b.from));
  const chain: Span[] = [];
  for (const span of sorted) {
    const last = chain.at(-1);
    const isAround =
      last === undefined || (span.from <= last.from && last.to <= span.to && span.to - span.from > last.to - last.from);
    if (isAround) chain.push({ from: span.from, to: span.to });
  }
  return chain.length <= mostSteps ? chain : [...chain.slice(0, mostSteps - 1), ...chain.slice(-1)];
}

/** The word at a place; of a string what is in its quotes too. */
function wordsAt(text: string, root: Span, offset: number): readonly Span[] {
  const token = lexPromql(text, root.from, root.to).findLast((one) => touches(one, offset) && one.kind !== "comment");
  if (token === undefined) return [];
  if (token.kind !== "string") return [token];
  const inside = { from: token.from + 1, to: token.to - 1 };
  return [token, inside, ...wordInside(text, inside, offset)];
}

function wordInside(text: string, { from, to }: Span, offset: number): readonly Span[] {
  if (offset < from || offset > to) return [];
  const isLetter = (at: number) => /[\p{L}\p{N}_]/u.test(text.charAt(at));
  let start = offset;
  let end = offset;
  while (start > from && isLetter(start - 1)) start--;
  while (end < to && isLetter(end)) end++;
  return [{ from: start, to: end }];
}

/** Pieces of an expression that are no expressions themselves. */
function partsOf(expression: Expression, offset: number): readonly Span[] {
  switch (expression.kind) {
    case "selector":
      return selectorParts(expression, offset);
    case "subquery":
      return [
        ...bracketParts(expression.brackets, [expression.brackets.duration, ...present(expression.brackets.step)]),
        ...expression.modifiers,
        { from: expression.from, to: expression.brackets.to },
      ];
    case "call":
      return argumentParts(expression.arguments);
    case "aggregation":
      return [...clauseParts(expression.grouping), ...present(expression.arguments).flatMap(argumentParts)];
    case "binary":
      return [...clauseParts(expression.matching), ...clauseParts(expression.grouping), ...expression.fills];
    case "parentheses":
      return [inside(expression, expression.isClosed)];
    default:
      return [];
  }
}

function selectorParts({ from, name, braces, range, modifiers }: Selector, offset: number): readonly Span[] {
  const item = braces?.items.find((one) => touches(one, offset));
  const matcher = item?.kind === "matcher" ? [item.label, item.value] : [];
  const core = braces?.to ?? name?.to ?? from;
  return [
    ...present(item),
    ...matcher,
    ...present(braces).flatMap((one) => [one, inside(one, one.isClosed)]),
    ...present(range).flatMap((one) => bracketParts(one, [one.duration])),
    ...modifiers,
    { from, to: core },
    { from, to: range?.to ?? core },
  ];
}

function bracketParts(
  brackets: Span & { readonly isClosed: boolean },
  durations: readonly DurationExpression[],
): readonly Span[] {
  return [brackets, inside(brackets, brackets.isClosed), ...durations];
}

function clauseParts(clause: Clause | undefined): readonly Span[] {
  return clause === undefined ? [] : [clause, ...present(clause.labels).flatMap(listParts)];
}

function listParts(list: LabelList): readonly Span[] {
  return [...list.items, inside(list, list.isClosed), list];
}

function argumentParts(list: Arguments): readonly Span[] {
  return [list, inside(list, list.isClosed)];
}

/** What is between brackets. */
function inside({ from, to }: Span, isClosed: boolean): Span {
  return { from: from + 1, to: isClosed ? to - 1 : to };
}

function present<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
