/** Binary operators of MetricsQL that are names to Prometheus, which has no name behind an operand. In lower case. */
export const metricsqlInfix: ReadonlySet<string> = new Set(["default", "if", "ifnot", "limit"]);
