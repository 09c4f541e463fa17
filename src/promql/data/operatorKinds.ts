import { promqlKeywords } from "./keywords.ts";

const comparisons: ReadonlySet<string> = new Set(["==", "!=", "<", ">", "<=", ">="]);

/** True for the operators that `bool` may stand behind. */
export function isComparison(operator: string | undefined): boolean {
  return operator !== undefined && comparisons.has(operator);
}

/** True for `and`, `or` and `unless`, in lower case. */
export function isSetOperator(operator: string | undefined): boolean {
  return operator !== undefined && promqlKeywords.get(operator) === "setOperator";
}
