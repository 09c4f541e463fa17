import { escapeRe2 } from "../../shared/model/re2.ts";
import type { CompletionContext } from "./completionContext.ts";
import { isBareMetric, labelText, snippetText, stringOf, textInQuotes } from "./nameText.ts";
import type { Offer } from "./offer.ts";
import { operandRanks } from "./operandOffers.ts";

/** A metric as far as it is known. */
export interface KnownMetric {
  readonly name: string;
  /** The server's word for it, such as `counter`. */
  readonly type: string | undefined;
  /** It stands elsewhere in the file. */
  readonly isUsed: boolean;
}

/** Functions that make sense of counters only. */
const counterFunctions: ReadonlySet<string> = new Set(["rate", "irate", "increase", "resets"]);

/** A metric for the place of an operand: a name in braces where it cannot stand bare. */
export function metricOffer(
  { name, type, isUsed }: KnownMetric,
  { callee, next }: Extract<CompletionContext, { kind: "operand" }>,
): Offer {
  const isWanted = callee !== undefined && counterFunctions.has(callee) && isCounter(name, type);
  const rank = isUsed ? operandRanks.usedMetric : isWanted ? operandRanks.wantedMetric : operandRanks.metric;
  const base = {
    kind: "metric",
    label: name,
    ...(type === undefined || type === "" ? {} : { detail: type }),
    rank,
  } as const;
  if (isBareMetric(name)) return { ...base, insert: name };
  const quoted = stringOf(name);
  // Braces that stand there already take the name in: what they hold follows it.
  return next === "{" ? { ...base, insert: `{${quoted}, `, takesBrace: true } : { ...base, insert: `{${quoted}}` };
}

/**
 * Metrics of the same file that no server has named: none may be asked, or they are another's. A name that is just being typed is
 * none of them.
 */
export function usedMetricOffers(
  used: ReadonlySet<string>,
  context: Extract<CompletionContext, { kind: "operand" }>,
  { told, typed }: { readonly told: ReadonlySet<string>; readonly typed: readonly string[] },
): readonly Offer[] {
  if (context.wants === "scalar") return [];
  const left = [...used].filter((name) => !told.has(name) && !typed.includes(name));
  return left.map((name) => metricOffer({ name, type: undefined, isUsed: true }, context));
}

function isCounter(name: string, type: string | undefined): boolean {
  if (type !== undefined && type !== "" && type !== "unknown" && type !== "histogram" && type !== "summary")
    return type === "counter";
  return /_(?:total|count|sum|bucket)$/.test(name);
}

/** A metric's name inside the quotes of a selector's braces. */
export function quotedMetricOffer(
  { name, type }: KnownMetric,
  { quote }: Extract<CompletionContext, { kind: "labelName" }>,
): Offer | undefined {
  const insert = quote === undefined ? undefined : textInQuotes(name, quote);
  if (insert === undefined) return undefined;
  return { kind: "metric", label: name, insert, filter: insert, detail: type || "metric", rank: 10 };
}

/** The name of a label in the braces of a selector; without an operator behind it, with one and room for a value. */
export function labelOffer(
  name: string,
  { quote, isFollowedByOperator, scope }: Extract<CompletionContext, { kind: "labelName" }>,
): Offer | undefined {
  const text = quote === undefined ? labelText(name) : textInQuotes(name, quote);
  if (text === undefined) return undefined;
  const isMatched = scope.matchers.some(({ label }) => label === name);
  const base = { kind: "label", label: name, filter: text, rank: labelRank(name) + (isMatched ? 5 : 0) } as const;
  if (quote !== undefined || isFollowedByOperator) return { ...base, insert: text };
  return { ...base, insert: `${snippetText(text)}="$1"`, isSnippet: true, next: "suggest" };
}

/** The name of a label in a list or as an argument. */
export function listedLabelOffer(
  name: string,
  { quote, isClosed, isArgument }: Extract<CompletionContext, { kind: "listedLabel" }>,
): Offer | undefined {
  if (quote === undefined) {
    const text = isArgument ? stringOf(name) : labelText(name);
    return { kind: "label", label: name, insert: text, filter: text, rank: labelRank(name) };
  }
  const text = textInQuotes(name, quote);
  if (text === undefined) return undefined;
  return { kind: "label", label: name, insert: isClosed ? text : text + quote, filter: text, rank: labelRank(name) };
}

/** The name of a label between the double braces of a legend. */
export function legendLabelOffer(
  name: string,
  { isClosed }: Extract<CompletionContext, { kind: "legendLabel" }>,
): Offer | undefined {
  // Anything else is no label to a legend.
  if (!/^[A-Za-z0-9_.]+$/.test(name)) return undefined;
  return { kind: "label", label: name, insert: isClosed ? name : `${name}}}`, rank: labelRank(name) };
}

function labelRank(name: string): number {
  return name.startsWith("__") ? 20 : 1;
}

/** Longer values are of no use in a list. */
const longestValue = 1000;

/** A value of a label: as text, or as a regular expression that matches it, between the quotes at hand or with its own. */
export function valueOffer(
  value: string,
  { operator, quote, isClosed }: Extract<CompletionContext, { kind: "labelValue" }>,
): Offer | undefined {
  if (value.length > longestValue) return undefined;
  const isRegex = operator === "=~" || operator === "!~";
  const meant = isRegex ? escapeRe2(value) : value;
  const base = { kind: "value", label: value, rank: 1 } as const;
  if (quote === undefined) {
    const text = stringOf(meant);
    return { ...base, insert: text, filter: text };
  }
  const text = textInQuotes(meant, quote);
  if (text === undefined) return undefined;
  return { ...base, insert: isClosed ? text : text + quote, filter: text };
}
