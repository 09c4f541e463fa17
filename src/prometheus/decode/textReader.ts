import { AppError } from "../../shared/errors.ts";

/** Names and values come again in series after series; this many different ones are remembered. */
const mostInterned = 20_000;

/** Longer texts are seldom repeated and would cost more to look up than to make. */
const longestInterned = 128;

/** Turns spans of JSON strings into text. */
export class TextReader {
  readonly #bufferStart: () => number;
  readonly #interned = new Map<string, string>();
  #bytes: Uint8Array = new Uint8Array(0);
  #buffer: Buffer = Buffer.alloc(0);

  /** `bufferStart`: where the buffer that spans are of begins in the whole document, in bytes. */
  constructor(bufferStart: () => number) {
    this.#bufferStart = bufferStart;
  }

  /** The text of a JSON string's inside. Bytes that are no UTF-8 become U+FFFD; escapes are those of JSON. */
  read(bytes: Uint8Array, from: number, to: number, escaped: boolean): string {
    // A view for each string would cost as much as the string itself.
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const text = this.#buffer.toString("utf8", from, to);
    if (!escaped) return text;
    try {
      return JSON.parse(`"${text}"`) as string;
    } catch (cause) {
      const offset = this.#bufferStart() + from;
      throw new AppError({ kind: "malformed", offset, expected: "a valid escape in a string" }, { cause });
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
