import { throwIfCancelled } from "../shared/abort.ts";
import { quoteString } from "../shared/model/labels.ts";
import { blockLength, type NameBlock, type Names, nameIn, PackedNames, SelectedNames } from "../shared/model/names.ts";

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

/** How long the search may hold the event loop, in milliseconds. */
const turnMs = 8;

/** The names that match, in their order. Gives way to other work; throws `cancelled` once `signal` is aborted. */
export async function filterNames(
  names: PackedNames,
  pattern: NamePattern,
  { signal, pause }: { readonly signal: AbortSignal; readonly pause: () => Promise<void> },
): Promise<Names> {
  const found = new Uint32Array(names.length);
  let count = 0;
  let turnEnds = performance.now() + turnMs;
  for (const [number, block] of names.blocks.entries()) {
    for (const index of matchesIn(block, pattern)) found[count++] = number * blockLength + index;
    if (performance.now() > turnEnds) {
      await pause();
      throwIfCancelled(signal);
      turnEnds = performance.now() + turnMs;
    }
  }
  return new SelectedNames(names, found.slice(0, count));
}

/** Indexes of the names in a block that match. Looks through the block's text as a whole: most names are never cut out. */
function matchesIn(block: NameBlock, { words, prefix }: NamePattern): readonly number[] {
  const lower = block.text.toLowerCase();
  // A letter may become two (İ), and then nothing stands where it stood.
  const { text, starts } = lower.length === block.text.length ? { text: lower, starts: block.starts } : lowered(block);
  const [rarest = "", ...others] = [prefix, ...words].sort((a, b) => b.length - a.length);
  const indexes: number[] = [];
  for (let index = 0; index < starts.length - 1; index++) {
    const at = text.indexOf(rarest, starts[index]);
    if (at === -1) break;
    while ((starts[index + 1] ?? 0) <= at) index++;
    const name = nameIn({ text, starts }, index);
    if (name.startsWith(prefix) && others.every((word) => name.includes(word))) indexes.push(index);
  }
  return indexes;
}

function lowered(block: NameBlock): NameBlock {
  const [one] = PackedNames.of(
    Array.from({ length: block.starts.length - 1 }, (_, i) => nameIn(block, i).toLowerCase()),
  ).blocks;
  return one ?? block;
}

/** The one text that a name has to contain and nothing else; `undefined` for a pattern that says more or less than that. */
export function onlyPart({ words: [only, ...others], prefix }: NamePattern): string | undefined {
  return prefix === "" && others.length === 0 ? only : undefined;
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
