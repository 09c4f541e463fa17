import { units } from "../../shared/model/units.ts";
import { directiveDocs } from "../data/directiveDocs.ts";
import { type DirectiveKey, directiveKeys, directiveModes, directiveViews } from "../data/directiveKeys.ts";
import type { CompletionContext } from "./completionContext.ts";
import { durationsOf } from "./durationOffers.ts";
import type { Offer } from "./offer.ts";

/** A connection as a directive names it. */
export interface ConnectionChoice {
  readonly id: string;
  readonly name: string;
}

/** Keys of directives, `@` included. */
export function directiveKeyOffers({ isSpaced = false, prefix = "" } = {}): readonly Offer[] {
  return directiveKeys.map((key, index) => ({
    kind: "directive",
    label: `${prefix}@${key}`,
    insert: `${prefix}@${key}${isSpaced ? "" : " "}`,
    detail: directiveDocs[key].value,
    help: { table: "directive", key },
    rank: index,
    ...(hasValues(key) ? { next: "suggest" } : {}),
  }));
}

function hasValues(key: DirectiveKey): boolean {
  return key !== "title" && key !== "legend" && key !== "var";
}

/** What may begin a comment line. */
export function commentOffers({
  separators,
  directives,
}: Extract<CompletionContext, { kind: "commentStart" }>): readonly Offer[] {
  const marks: readonly Offer[] = [
    { kind: "separator", label: "# %%", insert: "# %% ", detail: "a query of its own", rank: 50 },
    {
      kind: "separator",
      label: "# %% [markdown]",
      insert: "# %% [markdown]\n# ",
      detail: "a block of notes",
      rank: 51,
    },
  ];
  return [...(directives ? directiveKeyOffers({ prefix: "# " }) : []), ...(separators ? marks : [])];
}

const ranges = ["15m", "30m", "1h", "3h", "6h", "12h", "1d", "2d", "7d", "30d"] as const;
const steps = ["15s", "30s", "1m", "5m", "10m", "1h"] as const;
const moments = ["now", "now-15m", "now-1h", "now-6h", "now-1d", "now-7d"] as const;

/** Values of a directive; of those that hold any text none. */
export function directiveValueOffers(key: DirectiveKey, connections: readonly ConnectionChoice[]): readonly Offer[] {
  switch (key) {
    case "connection":
      return connections.map(({ id, name }, rank) => ({
        kind: "connection",
        label: id,
        insert: id,
        ...(name === id ? {} : { detail: name }),
        rank,
      }));
    case "mode":
      return choices(directiveModes, {
        instant: "one value of each series, at one moment",
        range: "values through time",
      });
    case "view":
      return choices(directiveViews, {});
    case "unit":
      return units.map(({ id, title }, rank) => ({ kind: "choice", label: id, insert: id, detail: title, rank }));
    case "range":
      return durationsOf(ranges, 0);
    case "step":
      return durationsOf(steps, 0);
    case "start":
    case "end":
    case "time":
      return choices(moments, {});
    case "max-series":
      return choices(["100", "1000", "10000"], {});
    case "title":
    case "legend":
    case "var":
      return [];
  }
}

function choices(texts: readonly string[], details: Readonly<Record<string, string>>): readonly Offer[] {
  return texts.map((text, rank) => {
    const detail = details[text];
    return { kind: "choice", label: text, insert: text, ...(detail === undefined ? {} : { detail }), rank };
  });
}
