import { momentDocs } from "../data/keywordDocs.ts";
import type { CompletionContext } from "./completionContext.ts";
import type { Offer } from "./offer.ts";
import { builtinVariableOffers } from "./variableOffers.ts";

const units: readonly (readonly [sign: string, title: string])[] = [
  ["m", "minutes"],
  ["h", "hours"],
  ["s", "seconds"],
  ["d", "days"],
  ["w", "weeks"],
  ["ms", "milliseconds"],
  ["y", "years"],
];

const ranges = ["5m", "1m", "10m", "15m", "30m", "1h", "6h", "1d", "7d"] as const;
const steps = ["1m", "5m", "15s", "30s", "10m", "1h"] as const;

/** Durations and the variables that hold one; behind a number its units. */
export function durationOffers({ typed, isStep }: Extract<CompletionContext, { kind: "duration" }>): readonly Offer[] {
  const number = /^[0-9][0-9A-Za-z_.]*?(?=[a-z]*$)/.exec(typed)?.[0];
  if (number !== undefined) {
    return units.map(([sign, title]) => ({
      kind: "duration",
      label: `${number}${sign}`,
      insert: `${number}${sign}`,
      detail: title,
      rank: 0,
    }));
  }
  return [...builtinVariableOffers("$", { isDuration: true }), ...durationsOf(isStep ? steps : ranges, 10)];
}

/** Plain durations in the order given. */
export function durationsOf(durations: readonly string[], rank: number): readonly Offer[] {
  return durations.map((text) => ({ kind: "duration", label: text, insert: text, rank }));
}

/** What may stand behind `@`. */
export const timeOffers: readonly Offer[] = ["start", "end"].map((word, rank) => ({
  kind: "keyword",
  label: `${word}()`,
  insert: `${word}()`,
  detail: momentDocs.get(word)?.summary ?? "",
  help: { table: "moment", key: word },
  rank,
}));
