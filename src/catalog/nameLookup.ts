import { Turns } from "../platform/turns.ts";
import { blockLength, compareNames, PackedNames } from "../shared/model/names.ts";

/** Names that fit what was typed, the best first; `isCut`: there are more. */
export interface LookedUp {
  readonly names: readonly string[];
  readonly isCut: boolean;
}

/** How well a name fits: it begins so, a word in it does, or the letters follow each other from a word's beginning on. */
type Fit = "prefix" | "word" | "letters";

/**
 * At most `limit` of the ascending names that fit: what begins exactly like `typed`, found by halving; then what an editor would
 * find in upper or lower case alike, as long as a word of the name begins with the first letter. Gives way to other work; throws
 * `cancelled` once `signal` is aborted.
 */
export async function lookUpNames(
  names: PackedNames,
  typed: string,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<LookedUp> {
  if (typed === "") return first(names, 0, names.length, limit);
  const from = lowerBound(names, typed);
  // No name has a sign behind U+10FFFF.
  const to = lowerBound(names, `${typed}\u{10ffff}`);
  if (to - from >= limit) return { ...first(names, from, to, limit), isCut: true };
  const found: Record<Fit, number[]> = { prefix: [], word: [], letters: [] };
  const needle = lowered(new TextEncoder().encode(typed));
  let count = to - from;
  const turns = new Turns(signal);
  for (let i = 0; i < names.length; i++) {
    if (i === from) i = to;
    if (i >= names.length) break;
    const fit = fitOf(names, i, needle);
    if (fit !== undefined) {
      count++;
      if (found[fit].length < limit) found[fit].push(i);
    }
    // The clock is not looked at for each name.
    if (i % 512 === 0 && turns.isOver) await turns.next();
  }
  const begun = Array.from({ length: to - from }, (_, i) => from + i);
  const indexes = [...begun, ...found.prefix, ...found.word, ...found.letters].slice(0, limit);
  return { names: indexes.map((index) => names.at(index) ?? ""), isCut: count > limit };
}

function first(names: PackedNames, from: number, to: number, limit: number): LookedUp {
  const end = Math.min(to, from + limit);
  return { names: Array.from({ length: end - from }, (_, i) => names.at(from + i) ?? ""), isCut: to > end };
}

/** Index of the first name that is not below `text`. */
function lowerBound({ blocks, length, order }: PackedNames, text: string): number {
  const [sought] = PackedNames.of([text]).blocks;
  if (sought === undefined) return 0;
  // Names are compared by their place in blocks: the text gets one behind all others.
  const all = [...blocks, sought];
  const place = blocks.length * blockLength;
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareNames(all, order?.[middle] ?? middle, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function fitOf({ blocks, order }: PackedNames, index: number, needle: Uint8Array): Fit | undefined {
  const place = order?.[index] ?? index;
  const block = blocks[Math.floor(place / blockLength)];
  if (block === undefined) return undefined;
  const { bytes, starts } = block;
  const at = place % blockLength;
  const from = starts[at] ?? 0;
  const to = (starts[at + 1] ?? 0) - 1;
  let earliest = -1;
  for (let i = from; i + needle.length <= to; i++) {
    if (lower(bytes[i] ?? 0) !== needle[0] || !beginsWord(bytes, i, from)) continue;
    if (earliest === -1) earliest = i;
    if (stands(bytes, i, needle)) return i === from ? "prefix" : "word";
  }
  return earliest !== -1 && follows(bytes, earliest, to, needle) ? "letters" : undefined;
}

/** True if the bytes from `at` on, the line feed behind a name included, are those of `needle`. */
function stands(bytes: Uint8Array, at: number, needle: Uint8Array): boolean {
  for (let i = 1; i < needle.length; i++) if (lower(bytes[at + i] ?? 0) !== needle[i]) return false;
  return true;
}

function follows(bytes: Uint8Array, from: number, to: number, needle: Uint8Array): boolean {
  let next = 0;
  for (let i = from; i < to && next < needle.length; i++) if (lower(bytes[i] ?? 0) === needle[next]) next++;
  return next === needle.length;
}

/** At the name's beginning, behind a sign that is no letter or digit, and at a capital behind a small letter. */
function beginsWord(bytes: Uint8Array, at: number, from: number): boolean {
  if (at === from) return true;
  const before = bytes[at - 1] ?? 0;
  const here = bytes[at] ?? 0;
  if (isSmall(before)) return here >= 65 && here <= 90;
  return !((before >= 65 && before <= 90) || (before >= 48 && before <= 57));
}

function isSmall(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || byte >= 0x80;
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}

function lowered(bytes: Uint8Array): Uint8Array {
  return bytes.map(lower);
}
