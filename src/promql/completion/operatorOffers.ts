import { operatorDocs } from "../data/operatorDocs.ts";
import type { CompletionContext, NextBracket } from "./completionContext.ts";
import type { Offer } from "./offer.ts";
import { keywordOffer } from "./operandOffers.ts";

const arithmetic = ["+", "-", "*", "/", "%", "^"] as const;
const comparisons = ["==", "!=", ">", "<", ">=", "<="] as const;
const trims = ["</", ">/"] as const;
const words = ["and", "or", "unless", "atan2"] as const;

/** What may follow an operand. */
export function operatorOffers(context: Extract<CompletionContext, { kind: "operator" }>): readonly Offer[] {
  const { behind, mayGroup, next } = context;
  const isSelected = behind === "instantSelector" || behind === "rangeSelector" || behind === "subquery";
  return [
    ...(mayGroup ? groupingOffers(next) : []),
    ...(behind === "rangeSelector" || behind === "subquery" ? [] : [rangeOffer(behind)]),
    ...(isSelected ? [keywordOffer("offset", next, 1), atOffer] : []),
    ...arithmetic.map((sign) => signOffer(sign, 2)),
    ...comparisons.map((sign) => signOffer(sign, 3)),
    ...words.map((word) => keywordOffer(word, next, 4)),
    ...trims.map((sign) => signOffer(sign, 8)),
    ...(isSelected ? ["anchored", "smoothed"].map((word) => keywordOffer(word, next, 9)) : []),
  ];
}

/** `by` and `without`. */
export function groupingOffers(next: NextBracket): readonly Offer[] {
  return [keywordOffer("by", next, 0), keywordOffer("without", next, 0)];
}

function rangeOffer(behind: string): Offer {
  const isSelector = behind === "instantSelector";
  return {
    kind: "operator",
    label: isSelector ? "[5m]" : "[1h:5m]",
    insert: isSelector ? `[\${1:5m}]` : `[\${1:1h}:\${2:5m}]`,
    isSnippet: true,
    detail: isSelector
      ? "the samples of the last 5 minutes"
      : "subquery: this expression every 5 minutes of the last hour",
    rank: 1,
  };
}

const atOffer: Offer = {
  kind: "operator",
  label: "@",
  insert: "@ ",
  detail: "at a fixed time",
  help: { table: "operator", key: "@" },
  rank: 1,
  next: "suggest",
};

function signOffer(sign: string, rank: number): Offer {
  const docs = operatorDocs.get(sign);
  return {
    kind: "operator",
    label: sign,
    insert: `${sign} `,
    ...(docs === undefined ? {} : { detail: docs.summary }),
    help: { table: "operator", key: sign },
    rank,
  };
}

/** How a label may be compared with a value. */
export const matcherOffers: readonly Offer[] = [
  { sign: "=", detail: "is this value" },
  { sign: "!=", detail: "is another value, or missing" },
  { sign: "=~", detail: "matches this regular expression from end to end" },
  { sign: "!~", detail: "does not match this regular expression" },
].map(({ sign, detail }, rank) => ({
  kind: "operator",
  label: sign,
  insert: `${sign}"$1"`,
  isSnippet: true,
  detail,
  rank,
  next: "suggest",
}));
