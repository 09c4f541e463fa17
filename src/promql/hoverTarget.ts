import type { DirectiveKey } from "./data/directiveKeys.ts";
import type { Directive } from "./directives.ts";
import type { Span } from "./problems.ts";
import {
  type Aggregation,
  type BinaryExpression,
  type Clause,
  childrenOf,
  type DurationExpression,
  type Expression,
  type Matcher,
  type Modifier,
  metricOf,
  type Name,
  type Selector,
  selectorsIn,
} from "./syntaxTree.ts";

/** What stands at a place of an expression or of a directive, for help about it. */
export type HoverTarget = Span &
  (
    | { readonly kind: "metric"; readonly name: string }
    /** `metrics`: whose label it is, as far as the text tells. */
    | { readonly kind: "label"; readonly name: string; readonly metrics: readonly string[] }
    | { readonly kind: "function" | "aggregation"; readonly name: string }
    /** In lower case. */
    | { readonly kind: "keyword" | "operator"; readonly word: string }
    | { readonly kind: "number"; readonly value: number }
    | { readonly kind: "duration"; readonly seconds: number }
    /** In unix seconds. */
    | { readonly kind: "moment"; readonly seconds: number }
    | { readonly kind: "directive"; readonly key: DirectiveKey }
  );

/** As many metrics as a label is said to be of. */
const mostMetrics = 3;

/**
 * What stands at `offset` of an expression: in the sign behind it or, where that means nothing, in the one before it. Variables are
 * not looked for, see `placeAt` of variableScopes.ts. Not recursive: chains may be thousands of operators deep.
 */
export function hoverTargetAt(text: string, root: Expression, offset: number): HoverTarget | undefined {
  return (
    targetIn(text, expressionsOver(root, offset), offset) ??
    targetIn(text, expressionsOver(root, offset - 1), offset - 1)
  );
}

/** The expressions that hold the sign behind `offset`, the outermost first. */
export function expressionsOver(root: Expression, offset: number): readonly Expression[] {
  const path: Expression[] = [];
  for (let at: Expression | undefined = root; at !== undefined && holds(at, offset); ) {
    path.push(at);
    at = childrenOf(at).find((one) => holds(one, offset));
  }
  return path;
}

/** What stands at `offset` of a comment with directives: a key, or the duration behind one. */
export function directiveTargetAt(directives: readonly Directive[], offset: number): HoverTarget | undefined {
  const directive = directives.find((one) => one.from <= offset && offset <= one.to);
  if (directive === undefined) return undefined;
  const { key, keySpan, valueSpan, value } = directive;
  if (offset <= keySpan.to) return { kind: "directive", key, from: directive.from, to: keySpan.to };
  const isDuration = value?.key === "range" || value?.key === "step";
  if (!isDuration || offset < valueSpan.from) return undefined;
  return { kind: "duration", seconds: value.value / 1000, from: valueSpan.from, to: valueSpan.to };
}

function holds({ from, to }: Span, offset: number): boolean {
  return from <= offset && offset < to;
}

function targetIn(text: string, path: readonly Expression[], offset: number): HoverTarget | undefined {
  const inner = path.at(-1);
  switch (inner?.kind) {
    case "number":
      return numberTarget(inner);
    case "selector":
      return selectorTarget(text, inner, offset);
    case "subquery": {
      const { duration, step } = inner.brackets;
      return (
        durationTarget(duration, offset) ??
        (step && durationTarget(step, offset)) ??
        modifierTarget(text, inner.modifiers, offset)
      );
    }
    case "call":
      return nameTarget("function", inner.name, offset);
    case "aggregation":
      return aggregationTarget(inner, offset);
    case "binary":
      return binaryTarget(inner, offset);
    default:
      return undefined;
  }
}

function numberTarget({
  value,
  isDuration,
  from,
  to,
}: Span & { readonly value: number; readonly isDuration: boolean }) {
  // What cannot be read is told as a problem.
  if (isDuration && Number.isNaN(value)) return undefined;
  return isDuration
    ? ({ kind: "duration", seconds: value, from, to } as const)
    : ({ kind: "number", value, from, to } as const);
}

function nameTarget(
  kind: "metric" | "function" | "aggregation",
  { text, from, to }: Name,
  offset: number,
): HoverTarget | undefined {
  return text === undefined || !holds({ from, to }, offset) ? undefined : { kind, name: text, from, to };
}

function wordTarget(
  word: (Span & { readonly text: string | undefined }) | undefined,
  kind: "keyword" | "operator",
  offset: number,
) {
  if (word?.text === undefined || !holds(word, offset)) return undefined;
  return { kind, word: word.text.toLowerCase(), from: word.from, to: word.to } as const;
}

function selectorTarget(text: string, selector: Selector, offset: number): HoverTarget | undefined {
  const { name, braces, range, modifiers } = selector;
  const metric = name && nameTarget("metric", name, offset);
  if (metric !== undefined) return metric;
  for (const item of braces?.items ?? []) {
    if (!holds(item, offset)) continue;
    if (item.kind === "name") return nameTarget("metric", item, offset);
    return item.kind === "matcher" ? matcherTarget(selector, item, offset) : undefined;
  }
  return (range && durationTarget(range.duration, offset)) ?? modifierTarget(text, modifiers, offset);
}

function matcherTarget(
  selector: Selector,
  { label, operator, value }: Matcher,
  offset: number,
): HoverTarget | undefined {
  const isName = label.text === "__name__" && operator.text === "=";
  if (isName && value.text !== undefined && holds(value, offset)) {
    return { kind: "metric", name: value.text, from: value.from, to: value.to };
  }
  return labelTarget([selector], label, offset) ?? wordTarget(operator, "operator", offset);
}

function labelTarget(
  selectors: readonly Selector[],
  { text, from, to }: Name,
  offset: number,
): HoverTarget | undefined {
  if (text === undefined || !holds({ from, to }, offset)) return undefined;
  const metrics = new Set(selectors.flatMap((one) => metricOf(one) ?? []));
  return { kind: "label", name: text, metrics: [...metrics].slice(0, mostMetrics), from, to };
}

function clauseTarget(
  clause: Clause | undefined,
  of: () => readonly Selector[],
  offset: number,
): HoverTarget | undefined {
  if (clause === undefined || !holds(clause, offset)) return undefined;
  const label = clause.labels?.items.find((one) => holds(one, offset));
  return label === undefined ? wordTarget(clause.word, "keyword", offset) : labelTarget(of(), label, offset);
}

function aggregationTarget(aggregation: Aggregation, offset: number): HoverTarget | undefined {
  const { name, grouping } = aggregation;
  return nameTarget("aggregation", name, offset) ?? clauseTarget(grouping, () => selectorsIn(aggregation), offset);
}

function binaryTarget(binary: BinaryExpression, offset: number): HoverTarget | undefined {
  const { operator, bool, matching, grouping, fills } = binary;
  const isWord = /^[a-z]/.test(operator.text ?? "");
  const selectors = () => selectorsIn(binary);
  const fill = fills.find((one) => holds(one, offset));
  return (
    wordTarget(operator, isWord ? "keyword" : "operator", offset) ??
    wordTarget(bool && { ...bool, text: "bool" }, "keyword", offset) ??
    clauseTarget(matching, selectors, offset) ??
    clauseTarget(grouping, selectors, offset) ??
    wordTarget(fill?.word, "keyword", offset)
  );
}

function modifierTarget(text: string, modifiers: readonly Modifier[], offset: number): HoverTarget | undefined {
  const modifier = modifiers.find((one) => holds(one, offset));
  switch (modifier?.kind) {
    case "offset":
      return firstWord(text, modifier, "keyword", offset) ?? durationTarget(modifier.duration, offset);
    case "at": {
      const { from, to, value } = modifier.time;
      const isMoment = typeof value === "number" && Number.isFinite(value);
      if (isMoment && holds({ from, to }, offset)) return { kind: "moment", seconds: value, from, to };
      return firstWord(text, modifier, "operator", offset);
    }
    case "anchored":
    case "smoothed":
      return firstWord(text, modifier, "keyword", offset);
    default:
      return undefined;
  }
}

/** The word or sign that a modifier begins with. */
function firstWord(text: string, { from, to }: Span, kind: "keyword" | "operator", offset: number) {
  const word = /^(?:@|[A-Za-z]+)/.exec(text.slice(from, Math.min(to, from + 20)))?.[0] ?? "";
  return wordTarget({ text: word, from, to: from + word.length }, kind, offset);
}

/** In brackets and behind `offset`. */
function durationTarget(root: DurationExpression, offset: number): HoverTarget | undefined {
  let at: DurationExpression | undefined = root;
  while (at !== undefined && holds(at, offset)) {
    switch (at.kind) {
      case "number":
        // Without a unit it is a number of seconds here.
        return Number.isNaN(at.value) ? undefined : { kind: "duration", seconds: at.value, from: at.from, to: at.to };
      case "unary":
        at = at.operand;
        break;
      case "parentheses":
        at = at.expression;
        break;
      case "binary": {
        const operator = wordTarget(at.operator, "operator", offset);
        if (operator !== undefined) return operator;
        at = [at.left, at.right].find((one) => holds(one, offset));
        break;
      }
      case "call": {
        const item: DurationExpression | undefined = at.items.find((one) => holds(one, offset));
        if (item === undefined) {
          const name = { text: at.name, isQuoted: false, from: at.from, to: at.from + at.name.length };
          return nameTarget("function", name, offset);
        }
        at = item;
        break;
      }
      default:
        return undefined;
    }
  }
  return undefined;
}
