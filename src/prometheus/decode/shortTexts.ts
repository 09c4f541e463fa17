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

  /** The text of these bytes, made by `read` unless it is remembered. */
  get(bytes: Uint8Array, from: number, to: number, read: () => string): string {
    const length = to - from;
    if (length === 0 || length > longest) return read();
    let hash = length;
    for (let i = from; i < to; i++) hash = (hash * 31 + (bytes[i] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 9) ^ (hash >>> 18)) & (slots - 1);
    const start = slot * longest;
    if (this.#lengths[slot] === length) {
      let same = 0;
      while (same < length && this.#bytes[start + same] === bytes[from + same]) same++;
      if (same === length) return this.#texts[slot] ?? "";
    }
    const text = read();
    this.#bytes.set(bytes.subarray(from, to), start);
    this.#lengths[slot] = length;
    this.#texts[slot] = text;
    return text;
  }
}
