import { type Aggregation, type Call, type Expression, metricOf, selectorsIn } from "./syntaxTree.ts";

/** Something about a part of a query that its author may not have meant; true whatever the rest of the query does. */
export type Remark =
  /** A function that takes each fall for a restart is given a metric that falls by nature. */
  | { readonly code: "rateOfGauge"; readonly function: string; readonly metric: string }
  /** A function that knows no restarts is given a counter. */
  | { readonly code: "deltaOfCounter"; readonly function: string; readonly metric: string }
  /** A counter's own value; `byName`: nobody but its name says that it is one. */
  | { readonly code: "rawCounter"; readonly metric: string; readonly byName: boolean }
  /** The buckets of classic histograms lose their bounds before the function gets them. */
  | { readonly code: "bucketsWithoutLe"; readonly function: string };

const forCounters: ReadonlySet<string> = new Set(["rate", "irate", "increase"]);
const forGauges: ReadonlySet<string> = new Set(["delta", "idelta", "deriv", "predict_linear"]);
/** These look at series, not at their values. */
const countsSeries: ReadonlySet<string> = new Set(["count", "group"]);

/**
 * What is to be said of a metric whose selector `path` ends with, the outermost expression first. `type`: the metric's as the
 * server tells it, empty where it does not.
 */
export function metricRemarks(path: readonly Expression[], type: string): readonly Remark[] {
  const selector = path.at(-1);
  const metric = selector?.kind === "selector" ? metricOf(selector) : undefined;
  if (selector?.kind !== "selector" || metric === undefined) return [];
  const around = path.slice(0, -1).findLast(({ kind }) => kind !== "parentheses");
  const called = around?.kind === "call" ? (around.name.text ?? "") : "";
  if (type === "gauge" && forCounters.has(called)) return [{ code: "rateOfGauge", function: called, metric }];
  if (type === "counter" && forGauges.has(called)) return [{ code: "deltaOfCounter", function: called, metric }];
  const byName = (type === "" || type === "unknown") && /_total$/.test(metric) && !metric.includes(":");
  const isCounter = type === "counter" || byName;
  const isRaw = selector.range === undefined && !path.some((one) => usesSeries(one));
  return isCounter && isRaw ? [{ code: "rawCounter", metric, byName }] : [];
}

/** True for what makes something else of values than they are. */
function usesSeries(expression: Expression): boolean {
  if (expression.kind === "call" || expression.kind === "subquery") return true;
  return expression.kind === "aggregation" && countsSeries.has((expression.name.text ?? "").toLowerCase());
}

/** Functions that need the bounds of buckets, and which of their arguments has them. */
const bucketArguments: ReadonlyMap<string, number> = new Map([
  ["histogram_quantile", 1],
  ["histogram_quantiles", 0],
  ["histogram_fraction", 2],
]);

/** What is to be said of a call. */
export function callRemarks(call: Call): readonly Remark[] {
  const name = call.name.text ?? "";
  let argument = call.arguments.items[bucketArguments.get(name) ?? -1];
  while (argument?.kind === "parentheses") argument = argument.expression;
  if (argument?.kind !== "aggregation" || !losesLe(argument)) return [];
  const isClassic = selectorsIn(argument).some((one) => metricOf(one)?.endsWith("_bucket") === true);
  return isClassic ? [{ code: "bucketsWithoutLe", function: name }] : [];
}

/** True for an aggregation that surely drops the label `le`. */
function losesLe({ name, grouping }: Aggregation): boolean {
  // These keep the labels of what they choose.
  if (/^(?:topk|bottomk|limitk|limit_ratio)$/i.test(name.text ?? "")) return false;
  if (grouping === undefined) return true;
  const labels = grouping.labels;
  // A variable, or what is being typed, may be `le`.
  if (labels === undefined || !labels.isClosed || labels.items.some(({ text }) => text === undefined)) return false;
  const hasLe = labels.items.some(({ text }) => text === "le");
  return grouping.word.text.toLowerCase() === "by" ? !hasLe : hasLe;
}
