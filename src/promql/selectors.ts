import { literalSeconds } from "./durationParser.ts";
import { parseExpression } from "./parser.ts";
import {
  childrenOf,
  type DurationExpression,
  type Expression,
  type Matcher,
  type Modifier,
  metricOf,
  type Selector,
  type Subquery,
} from "./syntaxTree.ts";

/** A selector of an expression, as it is written there without its range. */
export interface SelectorFact {
  /** The metric's name; `undefined` where only labels select. */
  readonly name: string | undefined;
  /** Name and matchers. */
  readonly text: string;
  /** True if labels are asked for beside the name. */
  readonly hasMatchers: boolean;
  /**
   * How far back the expression reads it at one moment, in ms: its own range and those of subqueries around it. 0: it has none, and
   * the server looks back as it does for the present value.
   */
  readonly rangeMs: number;
  /** `offset` with its duration, or empty. */
  readonly offset: string;
  /** The same in ms; positive: earlier. */
  readonly offsetMs: number;
  /** True if the text says in a way of its own when to look: by an `@`, a duration to be computed, or a subquery that is moved. */
  readonly isPinned: boolean;
}

/** How far back a server looks for the present value. */
export const lookbackMs = 5 * 60_000;

/** What stands around an expression. */
interface Surroundings {
  /** The ranges of subqueries, added up. */
  readonly rangeMs: number;
  /** Those of a subquery that is made of this selector alone: they move it as its own do. */
  readonly modifiers: readonly Modifier[];
  readonly isPinned: boolean;
}

/** The selectors of an expression in the order of the text, each as often as it stands there. Total: any text has some or none. */
export function selectorsOf(expression: string): readonly SelectorFact[] {
  const facts: SelectorFact[] = [];
  const root = parseExpression(expression).expression;
  const left: [Expression, Surroundings][] = [[root, { rangeMs: 0, modifiers: [], isPinned: false }]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [one, around] = next;
    if (one.kind === "selector" && one.braces?.isClosed !== false) facts.push(factOf(expression, one, around));
    const inside = one.kind === "subquery" ? within(one, around) : { ...around, modifiers: [] };
    for (const child of operandsOf(one).toReversed()) left.push([child, inside]);
  }
  return facts;
}

/** True where an expression is one selector and nothing else, but for parentheses. */
export function isLoneSelector(expression: string): boolean {
  let one = parseExpression(expression).expression;
  while (one.kind === "parentheses") one = one.expression;
  return one.kind === "selector" || (one.kind === "subquery" && one.expression.kind === "selector");
}

/** The second argument of `info` chooses labels of another metric, and is no query by itself. */
function operandsOf(expression: Expression): readonly Expression[] {
  const children = childrenOf(expression);
  return expression.kind === "call" && expression.name.text === "info" ? children.slice(0, 1) : children;
}

function within({ expression, brackets, modifiers }: Subquery, around: Surroundings): Surroundings {
  const ms = millisecondsOf(brackets.duration);
  const isOfSelector = expression.kind === "selector";
  const isPinned = around.isPinned || ms === undefined || (!isOfSelector && modifiers.length > 0);
  // At its first step a subquery looks back from there.
  const rangeMs = around.rangeMs + (ms === undefined ? 0 : ms + lookbackMs);
  return { rangeMs, isPinned, modifiers: isOfSelector ? modifiers : [] };
}

function factOf(text: string, selector: Selector, around: Surroundings): SelectorFact {
  const { from, to, name, braces, range } = selector;
  const modifiers = [...selector.modifiers, ...around.modifiers];
  const rangeMs = range === undefined ? 0 : millisecondsOf(range.duration);
  const offset = modifiers.find((modifier) => modifier.kind === "offset");
  const offsetMs = offset === undefined ? 0 : millisecondsOf(offset.duration);
  return {
    name: metricOf(selector),
    text: text.slice(from, braces?.to ?? name?.to ?? to),
    hasMatchers: (braces?.items ?? []).some((item) => item.kind === "matcher" && !isNameOf(selector, item)),
    rangeMs: (rangeMs ?? 0) + around.rangeMs,
    offset: offset === undefined ? "" : text.slice(offset.from, offset.to),
    offsetMs: offsetMs ?? 0,
    isPinned: around.isPinned || rangeMs === undefined || offsetMs === undefined || modifiers.some(isMoment),
  };
}

/** `{__name__="up"}` names the metric and asks for no label beside it. */
function isNameOf({ name }: Selector, { label, operator }: Matcher): boolean {
  return name === undefined && label.text === "__name__" && operator.text === "=";
}

function isMoment({ kind }: Modifier): boolean {
  return kind === "at" || kind === "variable";
}

/** `undefined` where it has to be computed. */
function millisecondsOf(duration: DurationExpression): number | undefined {
  const seconds = literalSeconds(duration);
  return seconds === undefined ? undefined : seconds * 1000;
}
