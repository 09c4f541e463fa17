/** What a keyword is for: its place in an expression follows from it. */
export type KeywordRole = "setOperator" | "arithmeticOperator" | "grouping" | "matching" | "fill" | "bool" | "modifier";

/**
 * Words that Prometheus 3.14 reserves outside braces, by lower-case name; in text their case does not matter. Most of them
 * are still legal metric and label names, which only a parser can tell.
 */
export const promqlKeywords: ReadonlyMap<string, KeywordRole> = new Map<string, KeywordRole>([
  ["and", "setOperator"],
  ["or", "setOperator"],
  ["unless", "setOperator"],
  ["atan2", "arithmeticOperator"],
  ["by", "grouping"],
  ["without", "grouping"],
  ["on", "matching"],
  ["ignoring", "matching"],
  ["group_left", "matching"],
  ["group_right", "matching"],
  ["fill", "fill"],
  ["fill_left", "fill"],
  ["fill_right", "fill"],
  ["bool", "bool"],
  ["offset", "modifier"],
  ["anchored", "modifier"],
  ["smoothed", "modifier"],
]);
