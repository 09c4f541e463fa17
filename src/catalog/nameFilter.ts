import { throwIfCancelled } from "../shared/abort.ts";
import { quoteString } from "../shared/model/labels.ts";

/** What a person is looking for in a list of names. */
export interface NamePattern {
  /** All of these occur somewhere in the name, upper or lower case alike. */
  readonly words: readonly string[];
  /** The name begins like this, from a leading `^`. */
  readonly prefix: string;
}

/** Reads what was typed: words apart by blanks, each of which has to occur; `^` before the first one: it is the beginning. */
export function parseNamePattern(text: string): NamePattern {
  const [first = "", ...others] = text.trim().split(/\s+/);
  const isPrefix = first.startsWith("^");
  const words = [...(isPrefix ? [] : [first]), ...others].map((word) => word.toLowerCase());
  return { words: words.filter((word) => word !== ""), prefix: isPrefix ? first.slice(1).toLowerCase() : "" };
}

/** True for a pattern that lets everything through. */
export function isEmptyPattern({ words, prefix }: NamePattern): boolean {
  return words.length === 0 && prefix === "";
}

/** Names looked at between two looks at the clock. */
const slice = 4096;

/** How long the search may hold the event loop, in milliseconds. */
const turnMs = 8;

/** The names that match, in their order. Gives way to other work; throws `cancelled` once `signal` is aborted. */
export async function filterNames(
  names: readonly string[],
  { words, prefix }: NamePattern,
  { signal, pause }: { readonly signal: AbortSignal; readonly pause: () => Promise<void> },
): Promise<readonly string[]> {
  const found: string[] = [];
  // Literals, never a user's expression: this is the quickest way to compare without regard to case, and copies nothing.
  const tests = [...(prefix === "" ? [] : [`^${escapeRe2(prefix)}`]), ...words.map(escapeRe2)].map(
    (literal) => new RegExp(literal, "i"),
  );
  let turnEnds = performance.now() + turnMs;
  for (let from = 0; from < names.length; from += slice) {
    const to = Math.min(from + slice, names.length);
    for (let i = from; i < to; i++) {
      const name = names[i] ?? "";
      if (tests.every((one) => one.test(name))) found.push(name);
    }
    if (performance.now() > turnEnds) {
      await pause();
      throwIfCancelled(signal);
      turnEnds = performance.now() + turnMs;
    }
  }
  return found;
}

/** The pattern as a selector of metric names for the server, RE2 and anchored as PromQL's `=~` is. */
export function selectorOf({ words, prefix }: NamePattern): string {
  const alternatives = permutations(words.slice(0, 3)).map((order) => order.map(escapeRe2).join(".*"));
  const body = alternatives.length > 1 ? `(?:${alternatives.join("|")})` : (alternatives[0] ?? "");
  const expression = prefix === "" ? `.*${body}.*` : `${escapeRe2(prefix)}.*${body}${body === "" ? "" : ".*"}`;
  return `{__name__=~${quoteString(`(?i)${expression}`)}}`;
}

/** RE2 has no "and": the words in every order. */
function permutations(words: readonly string[]): readonly (readonly string[])[] {
  if (words.length < 2) return [words];
  return words.flatMap((word, i) => permutations(words.toSpliced(i, 1)).map((rest) => [word, ...rest]));
}

/** Text that an RE2 expression takes literally. */
export function escapeRe2(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
}
