import { AppError } from "../../shared/errors.ts";

/** Names and values come again in series after series; this many different ones are remembered. */
const mostInterned = 20_000;

/** Longer texts are seldom repeated and would cost more to look up than to make. */
const longestInterned = 128;

/** Turns spans of JSON strings into text. */
export class TextReader {
  readonly #interned = new Map<string, string>();

  /** The text of a JSON string's inside. Bytes that are no UTF-8 become U+FFFD; escapes are those of JSON. */
  read(bytes: Uint8Array, from: number, to: number, escaped: boolean): string {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("utf8");
    if (!escaped) return text;
    try {
      return JSON.parse(`"${text}"`) as string;
    } catch (cause) {
      throw new AppError({ kind: "malformed", offset: from, expected: "a valid escape in a string" }, { cause });
    }
  }

  /** The same, answering one and the same string for the same bytes. */
  interned(bytes: Uint8Array, from: number, to: number, escaped: boolean): string {
    const text = this.read(bytes, from, to, escaped);
    if (text.length > longestInterned) return text;
    const known = this.#interned.get(text);
    if (known !== undefined) return known;
    if (this.#interned.size < mostInterned) this.#interned.set(text, text);
    return text;
  }
}
