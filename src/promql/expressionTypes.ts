import { promqlAggregations } from "./data/aggregations.ts";
import { metricsqlInfix } from "./data/metricsqlWords.ts";
import { signatureOf } from "./data/signatures.ts";
import { type Expression, fromLeaves, type ValueType } from "./syntaxTree.ts";

/** What each expression of a tree yields; nothing is known of variables and of what is missing. */
export type ExpressionTypes = ReadonlyMap<Expression, ValueType>;

/** Of every expression of a tree, whether or not it is right. */
export function typesOf(root: Expression): ExpressionTypes {
  const types = new Map<Expression, ValueType>();
  for (const one of fromLeaves(root)) {
    const type = typeOf(one, types);
    if (type !== undefined) types.set(one, type);
  }
  return types;
}

/** Those of its parts are in `types`. */
function typeOf(expression: Expression, types: ExpressionTypes): ValueType | undefined {
  switch (expression.kind) {
    case "number":
      return "scalar";
    case "string":
      return "string";
    case "selector":
      // A variable behind it may hold a range.
      if (expression.modifiers.some(({ kind }) => kind === "variable")) return undefined;
      return expression.range === undefined ? "instant-vector" : "range-vector";
    case "subquery":
      return "range-vector";
    case "call": {
      const name = expression.name.text ?? "";
      return promqlAggregations.has(name.toLowerCase()) ? undefined : signatureOf(name)?.result;
    }
    case "aggregation":
      return "instant-vector";
    case "binary": {
      const operator = expression.operator.text;
      if (operator === undefined || metricsqlInfix.has(operator)) return undefined;
      const sides = [types.get(expression.left), types.get(expression.right)];
      if (sides.includes("instant-vector")) return "instant-vector";
      return sides.every((side) => side === "scalar") ? "scalar" : undefined;
    }
    case "unary":
      return types.get(expression.operand);
    case "parentheses":
      return types.get(expression.expression);
    case "variable":
    case "missing":
      return undefined;
  }
}
