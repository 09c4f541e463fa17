import type { Span } from "../problems.ts";
import { readString } from "../stringValue.ts";
import type {
  Aggregation,
  BinaryExpression,
  BraceItem,
  Clause,
  DurationExpression,
  Expression,
  Modifier,
  Name,
  Selector,
} from "../syntaxTree.ts";
import { durationText, numberText, quotedText } from "./canonicalLiterals.ts";

/**
 * An expression in one line as Prometheus prints it (`promql/parser/printer.go`). What only a run knows stays as it is written.
 * Not recursive: chains may be thousands of operators deep.
 */
export function canonicalText(text: string, root: Expression): string {
  return joinedPieces(root, (node) => piecesOf(text, node));
}

function joinedPieces<Node extends object>(
  root: Node,
  piecesOfNode: (node: Node) => readonly (Node | string)[],
): string {
  const out: string[] = [];
  const waiting: (Node | string)[] = [root];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (typeof one === "string") out.push(one);
    else for (const piece of piecesOfNode(one).toReversed()) waiting.push(piece);
  }
  return out.join("");
}

type Pieces = readonly (Expression | string)[];

function piecesOf(text: string, node: Expression): Pieces {
  switch (node.kind) {
    case "number":
      return [node.isDuration ? durationText(node.value) : numberText(node.value)];
    case "string":
      return [stringText(text, node)];
    case "variable":
    case "missing":
      return [text.slice(node.from, node.to)];
    case "selector":
      return [selectorText(text, node)];
    case "subquery": {
      const { duration, step } = node.brackets;
      const brackets = `[${rangeText(text, duration)}:${step === undefined ? "" : rangeText(text, step)}]`;
      return [node.expression, brackets, modifiersText(text, node.modifiers, ["at", "offset", "variable"])];
    }
    case "call":
      return [nameText(text, node.name), "(", ...listed(node.arguments.items), ")"];
    case "aggregation":
      return aggregationPieces(text, node);
    case "binary":
      return [node.left, ` ${operatorText(text, node)} `, node.right];
    case "unary":
      return unaryPieces(node);
    case "parentheses":
      return ["(", node.expression, ")"];
  }
}

function listed(items: readonly Expression[]): Pieces {
  return items.flatMap((item, i) => (i === 0 ? [item] : [", ", item]));
}

/** The server reads a sign before a number as part of it. */
function unaryPieces({ operator, operand }: Extract<Expression, { kind: "unary" }>): Pieces {
  let sign = operator === "-" ? -1 : 1;
  let inner = operand;
  for (; inner.kind === "unary"; inner = inner.operand) if (inner.operator === "-") sign = -sign;
  if (inner.kind !== "number") return [operator, operand];
  return [inner.isDuration ? durationText(sign * inner.value) : numberText(sign * inner.value)];
}

function aggregationPieces(text: string, { name, grouping, arguments: list }: Aggregation): Pieces {
  const labels = grouping?.labels?.items ?? [];
  const isMeant = grouping !== undefined && (grouping.word.text === "without" || labels.length > 0);
  return [
    name.text === undefined ? nameText(text, name) : nameText(text, name).toLowerCase(),
    isMeant ? ` ${clauseText(text, grouping)} (` : "(",
    ...listed(list?.items ?? []),
    ")",
  ];
}

function clauseText(text: string, { word, labels }: Clause): string {
  return `${word.text} (${(labels?.items ?? []).map((label) => nameText(text, label)).join(", ")})`;
}

function operatorText(text: string, { operator, bool, matching, grouping, fills }: BinaryExpression): string {
  const hasMatching =
    matching !== undefined &&
    (matching.word.text === "on" || grouping !== undefined || (matching.labels?.items ?? []).length > 0);
  return [
    operator.text ?? text.slice(operator.from, operator.to),
    ...(bool === undefined ? [] : ["bool"]),
    ...(hasMatching ? [clauseText(text, matching)] : []),
    ...(grouping === undefined ? [] : [clauseText(text, grouping)]),
    ...fillTexts(text, fills),
  ].join(" ");
}

function fillTexts(text: string, fills: BinaryExpression["fills"]): readonly string[] {
  const side = (word: string): string | undefined => {
    const value = fills.findLast((fill) => fill.word.text === word || fill.word.text === "fill")?.value;
    return value && canonicalText(text, value);
  };
  const [left, right] = [side("fill_left"), side("fill_right")];
  if (left !== undefined && left === right) return [`fill (${left})`];
  return [
    ...(left === undefined ? [] : [`fill_left (${left})`]),
    ...(right === undefined ? [] : [`fill_right (${right})`]),
  ];
}

function selectorText(text: string, { name, braces, range, modifiers }: Selector): string {
  const items = (braces?.items ?? []).map((item) => braceItemText(text, item)).sort();
  const inside = items.length === 0 && name !== undefined ? "" : `{${items.join(",")}}`;
  const brackets = range === undefined ? "" : `[${rangeText(text, range.duration)}]`;
  const kinds =
    range === undefined
      ? (["at", "anchored", "smoothed", "offset", "variable"] as const)
      : (["anchored", "smoothed", "at", "offset", "variable"] as const);
  const metric = name === undefined ? "" : text.slice(name.from, name.to);
  return `${metric}${inside}${brackets}${modifiersText(text, modifiers, kinds)}`;
}

function braceItemText(text: string, item: BraceItem): string {
  switch (item.kind) {
    case "matcher":
      return `${nameText(text, item.label)}${item.operator.text}${stringText(text, item.value)}`;
    case "name":
      return `__name__=${stringText(text, item)}`;
    case "variable":
      return text.slice(item.from, item.to);
  }
}

/** A name of a label or function, in quotes only where it needs them. */
function nameText(text: string, name: Name): string {
  if (name.text === undefined) return text.slice(name.from, name.to);
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name.text) ? name.text : quotedText(name.text);
}

function stringText(text: string, { from, to }: Span): string {
  const written = text.slice(from, to);
  const reading = /^["'`]/.test(written) ? readString(written) : undefined;
  return reading?.ok ? quotedText(reading.value) : written;
}

function modifiersText(text: string, modifiers: readonly Modifier[], order: readonly Modifier["kind"][]): string {
  const texts = order.flatMap((kind) => modifiers.filter((one) => one.kind === kind));
  return texts.map((modifier) => modifierText(text, modifier)).join("");
}

function modifierText(text: string, modifier: Modifier): string {
  switch (modifier.kind) {
    case "offset": {
      const offset = rangeText(text, modifier.duration);
      return offset === "0s" ? "" : ` offset ${offset}`;
    }
    case "at":
      return ` @ ${timeText(text, modifier.time)}`;
    case "anchored":
    case "smoothed":
      return ` ${modifier.kind}`;
    case "variable":
      return ` ${text.slice(modifier.from, modifier.to)}`;
  }
}

function timeText(text: string, { value, from, to }: Extract<Modifier, { kind: "at" }>["time"]): string {
  if (value === undefined) return text.slice(from, to);
  return typeof value === "number" ? (Math.round(value * 1000) / 1000).toFixed(3) : `${value}()`;
}

/** A number alone is one of seconds here. */
function rangeText(text: string, duration: DurationExpression): string {
  const seconds = constantOf(duration);
  if (seconds !== undefined) return durationText(seconds);
  return joinedPieces(duration, (node): readonly (DurationExpression | string)[] => {
    switch (node.kind) {
      case "number":
        return [node.isDuration ? durationText(node.value) : numberText(node.value)];
      case "unary":
        return [node.operator === "-" ? "-" : "", node.operand];
      case "binary":
        return [node.left, ` ${node.operator.text} `, node.right];
      case "parentheses":
        return parenthesisPieces(node.expression);
      case "call":
        return [`${node.name}(`, ...node.items.flatMap((item, i) => (i === 0 ? [item] : [", ", item])), ")"];
      default:
        return [text.slice(node.from, node.to)];
    }
  });
}

/** The server keeps one pair, and none around a number. */
function parenthesisPieces(inside: DurationExpression): readonly (DurationExpression | string)[] {
  let inner = inside;
  while (inner.kind === "parentheses") inner = inner.expression;
  return inner.kind === "number" ? [inner] : ["(", inner, ")"];
}

function constantOf(duration: DurationExpression): number | undefined {
  let sign = 1;
  let inner = duration;
  while (inner.kind === "unary" || inner.kind === "parentheses") {
    if (inner.kind === "unary" && inner.operator === "-") sign = -sign;
    inner = inner.kind === "unary" ? inner.operand : inner.expression;
  }
  return inner.kind === "number" ? sign * inner.value : undefined;
}
