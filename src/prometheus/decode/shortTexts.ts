/** Longer texts seldom come again. */
const longest = 32;

/** A power of two; twice what the API has of field names, types and the labels of one job. */
const slots = 512;

/**
 * Remembers the last short texts by their bytes, so that a key that comes again in each of a million elements is neither
 * decoded nor kept again. A newer text takes the slot of an older one.
 */
export class ShortTexts {
  readonly #texts: string[] = new Array<string>(slots).fill("");
  readonly #bytes = new Uint8Array(slots * longest);
  /** Lengths in bytes; 0: the slot is free. */
  readonly #lengths = new Uint8Array(slots);

  /** The text of these bytes if it is remembered. */
  find(bytes: Uint8Array, from: number, to: number): string | undefined {
    const length = to - from;
    if (length === 0 || length > longest) return undefined;
    const slot = slotOf(bytes, from, to);
    if (this.#lengths[slot] !== length) return undefined;
    for (let i = 0, at = slot * longest; i < length; i++) {
      if (this.#bytes[at + i] !== bytes[from + i]) return undefined;
    }
    return this.#texts[slot];
  }

  /** Remembers the text of these bytes if they are few. */
  keep(bytes: Uint8Array, from: number, to: number, text: string): void {
    const length = to - from;
    if (length === 0 || length > longest) return;
    const slot = slotOf(bytes, from, to);
    for (let i = 0, at = slot * longest; i < length; i++) this.#bytes[at + i] = bytes[from + i] ?? 0;
    this.#lengths[slot] = length;
    this.#texts[slot] = text;
  }
}

function slotOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = to - from;
  for (let i = from; i < to; i++) hash = (hash * 31 + (bytes[i] ?? 0)) | 0;
  return (hash ^ (hash >>> 9) ^ (hash >>> 18)) & (slots - 1);
}
