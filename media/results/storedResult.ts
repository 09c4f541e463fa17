import type { PanelChoices, RunSnapshot, Snapshot } from "../../src/shared/protocol/results.ts";

/**
 * What is kept of a panel for the time when its window is opened again: the query, where it went and a picture of the
 * chart, but no data that could be asked about.
 */
export interface StoredResult {
  readonly version: 1;
  /** Of the file; the host finds it by this. */
  readonly uri: string;
  readonly file: string;
  readonly keptAt: number | null;
  readonly key: string;
  readonly title: string;
  readonly server: string;
  readonly origin: string;
  readonly query: string;
  /** The expression as written. */
  readonly text: string;
  readonly choices: PanelChoices;
  /** When the answer arrived. */
  readonly at: number;
  /** Range, step, counts and all that must be said of the answer. */
  readonly facts: readonly string[];
  /** A `data:` URL of a picture that this page drew; empty: the chart was not looked at. */
  readonly picture: string;
}

/** A greater picture is not worth its room in VS Code's storage. */
const mostPictureCharacters = 300_000;

/** What is to be stored of a run; `undefined`: it has no answer yet. */
export function storedOf(
  { uri, file, keptAt }: Snapshot,
  run: RunSnapshot,
  { picture, facts }: { readonly picture: string; readonly facts: readonly string[] },
): StoredResult | undefined {
  const result = run.range?.result ?? run.instant?.result;
  if (result === undefined) return undefined;
  const { finishedAt: at, query } = result;
  const { key, title, target, text, choices } = run;
  return {
    version: 1,
    ...{
      uri,
      file,
      keptAt: keptAt ?? null,
      key,
      title,
      server: target.name,
      origin: target.origin,
      query,
      text,
      facts,
      choices,
      at,
    },
    picture: picture.length <= mostPictureCharacters ? picture : "",
  };
}

/** Reads what was stored, maybe by another version: `undefined` unless all of it is there. */
export function readStored(value: unknown): StoredResult | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { version, keptAt, choices, at, facts, ...texts } = value as Partial<Record<keyof StoredResult, unknown>>;
  const names = ["uri", "file", "key", "title", "server", "origin", "query", "text", "picture"] as const;
  const isWhole =
    version === 1 &&
    names.every((name) => typeof texts[name] === "string") &&
    typeof at === "number" &&
    (keptAt === null || typeof keptAt === "number") &&
    Array.isArray(facts) &&
    facts.every((fact) => typeof fact === "string") &&
    isChoices(choices);
  return isWhole ? (value as StoredResult) : undefined;
}

function isChoices(value: unknown): value is PanelChoices {
  if (typeof value !== "object" || value === null) return false;
  const { maxSeries, ...texts } = value as Partial<Record<keyof PanelChoices, unknown>>;
  const names = ["mode", "start", "end", "time", "step", "compare"] as const;
  return typeof maxSeries === "number" && names.every((name) => typeof texts[name] === "string");
}
