import { promqlAggregations } from "../data/aggregations.ts";
import { promqlFunctions } from "../data/functions.ts";
import { keywordDocs } from "../data/keywordDocs.ts";
import { signatureOf } from "../data/signatures.ts";
import type { CompletionContext, NextBracket, OperatorModifier } from "./completionContext.ts";
import type { Offer } from "./offer.ts";

/** The order in which offers of an operand come. Metrics come first: most of what is typed is one. */
export const operandRanks = {
  modifier: 5,
  usedMetric: 10,
  wantedMetric: 15,
  metric: 20,
  call: 30,
  lesser: 40,
} as const;

/** Functions, aggregations and what modifies the operator before, for the place of an operand. Metrics are for a server to name. */
export function operandOffers(context: Extract<CompletionContext, { kind: "operand" }>): readonly Offer[] {
  const { modifiers, next, wants, from, to } = context;
  const functions = [...promqlFunctions.values()].flatMap(({ name }) => functionOffer(name, context) ?? []);
  if (wants === "scalar") return functions;
  const aggregations = [...promqlAggregations.keys()].flatMap((name) => aggregationOffers(name, next));
  return [
    ...modifiers.flatMap((word) => modifierOffers(word, from === to ? undefined : next)),
    ...functions,
    ...aggregations,
  ];
}

function functionOffer(
  name: string,
  { next, wants }: Extract<CompletionContext, { kind: "operand" }>,
): Offer | undefined {
  const signature = signatureOf(name);
  if (signature === undefined) return undefined;
  // A number is wanted: of a vector's functions only `scalar` makes one.
  if (wants === "scalar" && signature.result !== "scalar") return undefined;
  const { isExperimental, parameters } = signature;
  const takesNothing = parameters.length === 0;
  return {
    kind: "function",
    label: name,
    ...inserted(name, next, takesNothing ? "()" : "($0)"),
    detail: `${isExperimental ? "experimental · " : ""}${promqlFunctions.get(name)?.signature ?? ""}`,
    help: { table: "function", key: name },
    rank: isExperimental ? operandRanks.lesser : operandRanks.call,
    ...(takesNothing ? {} : { next: "signature" }),
  };
}

function aggregationOffers(name: string, next: NextBracket): readonly Offer[] {
  const row = promqlAggregations.get(name);
  if (row === undefined) return [];
  const detail = `${row.experimental ? "experimental · " : ""}${row.signature}`;
  const help = { table: "aggregation", key: name } as const;
  const rank = row.experimental ? operandRanks.lesser : operandRanks.call;
  const plain: Offer = {
    kind: "aggregation",
    label: name,
    ...inserted(name, next, "($0)"),
    ...{ detail, help, rank, next: "signature" },
  };
  if (next === "(") return [plain];
  const grouped: Offer = {
    kind: "aggregation",
    label: `${name} by`,
    insert: `${name} by ($1) ($0)`,
    isSnippet: true,
    ...{ detail: "grouped by labels", help, rank: rank + 1, next: "suggest" },
  };
  return [plain, grouped];
}

/** A name with its parentheses, unless these stand there already. */
function inserted(name: string, next: NextBracket, parentheses: string): Pick<Offer, "insert" | "isSnippet"> {
  if (next === "(") return { insert: name };
  return { insert: `${name}${parentheses}`, isSnippet: parentheses.includes("$") };
}

function modifierOffers(word: OperatorModifier, next: NextBracket): readonly Offer[] {
  const words = word === "fill" ? ["fill", "fill_left", "fill_right"] : [word];
  return words.map((one) =>
    keywordOffer(one, next, one.startsWith("fill") ? operandRanks.lesser : operandRanks.modifier),
  );
}

const withLabels: ReadonlySet<string> = new Set([
  ...["by", "without", "on", "ignoring", "group_left", "group_right", "fill", "fill_left", "fill_right"],
]);

const withMore: ReadonlySet<string> = new Set(["offset", "bool", "and", "or", "unless", "atan2"]);

/** A word of the language, with the parentheses that follow it or the blank before what does. */
export function keywordOffer(word: string, next: NextBracket, rank: number): Offer {
  const docs = keywordDocs.get(word);
  const takesLabels = withLabels.has(word) && !word.startsWith("fill");
  return {
    kind: "keyword",
    label: word,
    ...(withLabels.has(word) ? inserted(word, next, " ($0)") : { insert: withMore.has(word) ? `${word} ` : word }),
    ...(docs?.flag === undefined ? {} : { detail: `experimental · --enable-feature=${docs.flag}` }),
    help: { table: "keyword", key: word },
    rank,
    ...(takesLabels || word === "offset" ? { next: "suggest" } : {}),
  };
}
