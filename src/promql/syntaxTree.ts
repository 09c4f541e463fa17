import type { Span } from "./problems.ts";

/** PromQL's own names of what an expression yields. */
export type ValueType = "scalar" | "instant-vector" | "range-vector" | "string";

/**
 * A PromQL expression. Every part has its place, in UTF-16 code units of the text that it was parsed from; comments are not in the
 * tree. What the text lacks is there as `missing`, so that an unfinished expression has a tree too.
 */
export type Expression =
  | NumberLiteral
  | StringLiteral
  | Selector
  | Subquery
  | Call
  | Aggregation
  | BinaryExpression
  | UnaryExpression
  | Parentheses
  | VariableExpression
  | Missing;

/** A number or, since both are numbers of seconds, a duration. */
export interface NumberLiteral extends Span {
  readonly kind: "number";
  /** Of a duration: seconds. `NaN` also where the text is no number. */
  readonly value: number;
  readonly isDuration: boolean;
}

export interface StringLiteral extends Span {
  readonly kind: "string";
}

/** A name as it is written: in quotes, bare, or with variables in it. */
export interface Name extends Span {
  readonly isQuoted: boolean;
  /** What it names; `undefined` where only a run knows (variables) or where the quotes hold no string. */
  readonly text: string | undefined;
}

/** `name="value"`; a part that is missing has an empty place where it should stand. */
export interface Matcher extends Span {
  readonly kind: "matcher";
  readonly label: Name;
  readonly operator: Span & { readonly text: "=" | "!=" | "=~" | "!~" | undefined };
  /** With its quotes. */
  readonly value: Span & { readonly text: string | undefined };
}

/** What stands in braces besides matchers: the metric's quoted name, or a variable that holds whole matchers. */
export type BraceItem = Matcher | (Name & { readonly kind: "name" }) | (Span & { readonly kind: "variable" });

/** The braces of a selector, brackets included; `isClosed` is false where nothing closes them. */
export interface Braces extends Span {
  readonly items: readonly BraceItem[];
  readonly isClosed: boolean;
}

/** `[5m]`, brackets included. */
export interface RangeBrackets extends Span {
  readonly duration: DurationExpression;
  readonly isClosed: boolean;
}

/** `[1h:5m]`, brackets included. */
export interface SubqueryBrackets extends Span {
  readonly duration: DurationExpression;
  /** `undefined`: the server's evaluation interval. */
  readonly step: DurationExpression | undefined;
  readonly isClosed: boolean;
}

/** What stands behind a selector or subquery, in the order of the text. */
export type Modifier =
  | (Span & { readonly kind: "offset"; readonly duration: DurationExpression })
  | (Span & {
      readonly kind: "at";
      /** `start` and `end` stand for `start()` and `end()`; a number: unix seconds. */
      readonly time: Span & { readonly value: number | "start" | "end" | undefined };
    })
  | (Span & { readonly kind: "anchored" | "smoothed" })
  /** A variable that may hold a modifier. */
  | (Span & { readonly kind: "variable" });

/** An instant or, with brackets, a range selector. */
export interface Selector extends Span {
  readonly kind: "selector";
  /** The name in front of the braces. */
  readonly name: Name | undefined;
  readonly braces: Braces | undefined;
  readonly range: RangeBrackets | undefined;
  readonly modifiers: readonly Modifier[];
}

export interface Subquery extends Span {
  readonly kind: "subquery";
  readonly expression: Expression;
  readonly brackets: SubqueryBrackets;
  readonly modifiers: readonly Modifier[];
}

/** The arguments of a call, parentheses included. */
export interface Arguments extends Span {
  readonly items: readonly Expression[];
  /** Where each comma stands. */
  readonly commas: readonly number[];
  readonly isClosed: boolean;
}

export interface Call extends Span {
  readonly kind: "call";
  readonly name: Name;
  readonly arguments: Arguments;
}

/** `by (a, b)` and its likes: the word, then labels in parentheses; `labels` is `undefined` where none stand there. */
export interface Clause extends Span {
  readonly word: Span & { readonly text: string };
  readonly labels: LabelList | undefined;
}

/** Labels in parentheses, these included. */
export interface LabelList extends Span {
  readonly items: readonly Name[];
  readonly isClosed: boolean;
}

export interface Aggregation extends Span {
  readonly kind: "aggregation";
  readonly name: Name;
  /** `by` or `without`, in front of the arguments or behind them. */
  readonly grouping: Clause | undefined;
  readonly arguments: Arguments | undefined;
}

/** `fill (0)` and its likes. */
export interface FillClause extends Span {
  readonly word: Span & { readonly text: string };
  readonly value: Expression | undefined;
}

export interface BinaryExpression extends Span {
  readonly kind: "binary";
  /** In lower case; `undefined`: a variable. */
  readonly operator: Span & { readonly text: string | undefined };
  readonly bool: Span | undefined;
  /** `on` or `ignoring`. */
  readonly matching: Clause | undefined;
  /** `group_left` or `group_right`. */
  readonly grouping: Clause | undefined;
  readonly fills: readonly FillClause[];
  readonly left: Expression;
  readonly right: Expression;
}

export interface UnaryExpression extends Span {
  readonly kind: "unary";
  readonly operator: "+" | "-";
  readonly operand: Expression;
}

export interface Parentheses extends Span {
  readonly kind: "parentheses";
  readonly expression: Expression;
  readonly isClosed: boolean;
}

/** A variable in the place of an operand: of no known type. */
export interface VariableExpression extends Span {
  readonly kind: "variable";
}

/** An operand that is not there; its place is where it should stand, and empty, or what cannot be read. */
export interface Missing extends Span {
  readonly kind: "missing";
}

/** What stands in brackets and behind `offset`. */
export type DurationExpression =
  | NumberLiteral
  | VariableExpression
  | Missing
  | (Span & { readonly kind: "unary"; readonly operator: "+" | "-"; readonly operand: DurationExpression })
  | (Span & {
      readonly kind: "binary";
      readonly operator: Span & { readonly text: string };
      readonly left: DurationExpression;
      readonly right: DurationExpression;
    })
  | (Span & { readonly kind: "parentheses"; readonly expression: DurationExpression })
  | (Span & {
      readonly kind: "call";
      readonly name: "step" | "range" | "min_of" | "max_of";
      readonly items: readonly DurationExpression[];
    });

/** The expressions right below one, in the order of the text. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "subquery":
    case "parentheses":
      return [expression.expression];
    case "unary":
      return [expression.operand];
    case "call":
      return expression.arguments.items;
    case "aggregation":
      return expression.arguments?.items ?? [];
    case "binary":
      return [
        expression.left,
        ...expression.fills.flatMap(({ value }) => (value === undefined ? [] : [value])),
        expression.right,
      ];
    default:
      return [];
  }
}

/**
 * The expressions around a place, the outermost first: each holds `offset`, its ends included. Empty where the tree ends before it
 * or begins behind it.
 */
export function pathAt(root: Expression, offset: number): readonly Expression[] {
  const path: Expression[] = [];
  let at: Expression | undefined = root;
  while (at !== undefined && at.from <= offset && offset <= at.to) {
    path.push(at);
    // Where two touch, the one that begins there: `a+|b`.
    at = childrenOf(at).findLast(({ from, to }) => from <= offset && offset <= to);
  }
  return path;
}

/** All expressions of a tree, each behind those that it consists of. Not recursive: chains may be thousands of operators deep. */
export function fromLeaves(root: Expression): readonly Expression[] {
  const order: Expression[] = [];
  const left: Expression[] = [root];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    order.push(one);
    // One by one: a call of a hostile text has more arguments than a call of ours may have.
    for (const child of childrenOf(one)) left.push(child);
  }
  return order.reverse();
}

/** All selectors of an expression in the order of the text. */
export function selectorsIn(root: Expression): readonly Selector[] {
  return fromLeaves(root).filter((one) => one.kind === "selector");
}

/** The metric a selector names, in front of its braces or in them; `undefined` where it names none or a variable does. */
export function metricOf(selector: Selector): string | undefined {
  if (selector.name !== undefined) return selector.name.text;
  for (const item of selector.braces?.items ?? []) {
    if (item.kind === "name") return item.text;
    if (item.kind === "matcher" && item.label.text === "__name__" && item.operator.text === "=") return item.value.text;
  }
  return undefined;
}
