import { Turns } from "../platform/turns.ts";
import { quoteString } from "../shared/model/labels.ts";
import { blockLength, type NameBlock, nameIn, PackedNames, textOf } from "../shared/model/names.ts";
import { escapeRe2 } from "../shared/model/re2.ts";

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

/** The names that match, in their order. Gives way to other work; throws `cancelled` once `signal` is aborted. */
export async function filterNames(
  { blocks, length, order }: PackedNames,
  pattern: NamePattern,
  signal: AbortSignal,
): Promise<PackedNames> {
  const isFound = new Uint8Array(blocks.length * blockLength);
  let count = 0;
  const turns = new Turns(signal);
  for (const [number, block] of blocks.entries()) {
    const indexes = matchesIn(block, pattern);
    for (const index of indexes) isFound[number * blockLength + index] = 1;
    count += indexes.length;
    if (turns.isOver) await turns.next();
  }
  const found = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < length; i++) {
    const place = order?.[i] ?? i;
    if (isFound[place] === 1) found[at++] = place;
  }
  return new PackedNames(blocks, at, found);
}

/** Indexes of the names in a block that match. Looks through the block's text as a whole: most names are never cut out. */
function matchesIn(block: NameBlock, { words, prefix }: NamePattern): readonly number[] {
  const { bytes, starts } = block;
  const isMatch = (name: string) => name.startsWith(prefix) && words.every((word) => name.includes(word));
  const text = textOf(block);
  const indexes: number[] = [];
  // Only where all letters are ASCII does each stand in the lowered text where its byte stands.
  if (text.length < bytes.length) {
    for (let index = 0; index < starts.length - 1; index++) {
      if (isMatch(nameIn(block, index).toLowerCase())) indexes.push(index);
    }
    return indexes;
  }
  const lower = text.toLowerCase();
  const rarest = [prefix, ...words].reduce((a, b) => (b.length > a.length ? b : a));
  for (let index = 0; index < starts.length - 1; index++) {
    const at = lower.indexOf(rarest, starts[index]);
    if (at === -1) break;
    while ((starts[index + 1] ?? 0) <= at) index++;
    if (isMatch(lower.slice(starts[index], (starts[index + 1] ?? 0) - 1))) indexes.push(index);
  }
  return indexes;
}

/** The one text that a name has to contain and nothing else; `undefined` for a pattern that says more or less than that. */
export function onlyPart({ words: [only, ...others], prefix }: NamePattern): string | undefined {
  return prefix === "" && others.length === 0 ? only : undefined;
}

/** Words that a server is asked for at most: they are sent in every order. */
const mostWords = 3;

/** Whether a selector cannot say all of a pattern, so that what a server found has to be filtered here. */
export function saysTooMuch({ words }: NamePattern): boolean {
  return words.length > mostWords;
}

/**
 * The pattern as a selector of metric names for the server, RE2 and anchored as PromQL's `=~` is. Of more than three words it
 * has the longest ones, which fit fewest names.
 */
export function selectorOf(pattern: NamePattern): string {
  const { words, prefix } = pattern;
  const sent = saysTooMuch(pattern) ? words.toSorted((a, b) => b.length - a.length).slice(0, mostWords) : words;
  const alternatives = permutations(sent).map((order) => order.map(escapeRe2).join(".*"));
  const body = alternatives.length > 1 ? `(?:${alternatives.join("|")})` : (alternatives[0] ?? "");
  const expression = prefix === "" ? `.*${body}.*` : `${escapeRe2(prefix)}.*${body}${body === "" ? "" : ".*"}`;
  return `{__name__=~${quoteString(`(?i)${expression}`)}}`;
}

/** RE2 has no "and": the words in every order. */
function permutations(words: readonly string[]): readonly (readonly string[])[] {
  if (words.length < 2) return [words];
  return words.flatMap((word, i) => permutations(words.toSpliced(i, 1)).map((rest) => [word, ...rest]));
}
