import type { DurationExpression, Expression, Modifier, Name, Selector } from "../../src/promql/syntaxTree.ts";

/** A tree as nested lists: which parts it has, and how they hang together. */
export function syntaxShape(text: string, expression: Expression): string {
  const words = ({ from, to }: { readonly from: number; readonly to: number }) => text.slice(from, to);
  const list = (...parts: readonly (string | undefined)[]) =>
    `(${parts.filter((part) => part !== undefined).join(" ")})`;
  const labels = (items: readonly Name[] | undefined) => `[${(items ?? []).map(words).join(" ")}]`;
  const duration = (one: DurationExpression): string => {
    switch (one.kind) {
      case "unary":
        return list(one.operator, duration(one.operand));
      case "binary":
        return list(one.operator.text, duration(one.left), duration(one.right));
      case "parentheses":
        return duration(one.expression);
      case "call":
        return list(one.name, ...one.items.map(duration));
      case "missing":
        return "?";
      default:
        return words(one);
    }
  };
  const modifier = (one: Modifier) => (one.kind === "offset" ? list("offset", duration(one.duration)) : words(one));
  const selector = ({ name, braces, range, modifiers }: Selector) => {
    const items = braces?.items.map((item) =>
      item.kind === "matcher" ? words(item.label) + (item.operator.text ?? "?") + words(item.value) : words(item),
    );
    const inside = items === undefined ? undefined : `{${items.join(" ")}}`;
    const parts = [name && words(name), inside, range && `[${duration(range.duration)}]`, ...modifiers.map(modifier)];
    return list("select", ...parts);
  };
  const shape = (one: Expression): string => {
    switch (one.kind) {
      case "selector":
        return selector(one);
      case "subquery": {
        const { brackets, modifiers } = one;
        const step = brackets.step === undefined ? "" : duration(brackets.step);
        return list(
          "subquery",
          shape(one.expression),
          `[${duration(brackets.duration)}:${step}]`,
          ...modifiers.map(modifier),
        );
      }
      case "call":
        return list("call", words(one.name), ...one.arguments.items.map(shape));
      case "aggregation": {
        const { grouping } = one;
        const clause = grouping && `${grouping.word.text}${labels(grouping.labels?.items)}`;
        return list("aggregate", words(one.name), clause, ...(one.arguments?.items ?? []).map(shape));
      }
      case "binary": {
        const clauses = [one.matching, one.grouping].map(
          (clause) => clause && `${clause.word.text}${labels(clause.labels?.items)}`,
        );
        const fills = one.fills.map(({ word, value }) => list(word.text, value && shape(value)));
        return list(words(one.operator), one.bool && "bool", ...clauses, ...fills, shape(one.left), shape(one.right));
      }
      case "unary":
        return list(one.operator, shape(one.operand));
      case "parentheses":
        return list("in", shape(one.expression));
      case "missing":
        return "?";
      default:
        return words(one);
    }
  };
  return shape(expression);
}
