import { metricsqlAggregations, metricsqlFunctions } from "../data/metricsqlFunctions.ts";
import { metricsqlInfix } from "../data/metricsqlWords.ts";
import type { CompletionContext } from "./completionContext.ts";
import type { Offer } from "./offer.ts";
import { operandRanks } from "./operandOffers.ts";

const detail = "MetricsQL: VictoriaMetrics alone knows it";

/** Functions and aggregations that VictoriaMetrics adds to those of Prometheus. */
export function metricsqlOperands({ next }: Extract<CompletionContext, { kind: "operand" }>): readonly Offer[] {
  const offer = (kind: Offer["kind"], name: string): Offer => ({
    kind,
    label: name,
    insert: next === "(" ? name : `${name}($0)`,
    isSnippet: next !== "(",
    detail,
    rank: operandRanks.lesser,
  });
  return [
    ...[...metricsqlFunctions].map((name) => offer("function", name)),
    ...[...metricsqlAggregations].map((name) => offer("aggregation", name)),
  ];
}

/** Words that VictoriaMetrics takes behind an operand. */
export const metricsqlOperators: readonly Offer[] = [...metricsqlInfix, "keep_metric_names"].map((word) => ({
  kind: "keyword",
  label: word,
  insert: `${word} `,
  detail,
  rank: 9,
}));
