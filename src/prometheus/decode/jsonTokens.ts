import { AppError } from "../../shared/errors.ts";

/** What a consumer is told of a document, in order. Spans are of the current buffer and valid during the call only. */
export interface JsonHandler {
  beginObject(): void;
  endObject(): void;
  beginArray(): void;
  endArray(): void;
  /** `escaped`: the span holds backslashes. The quotes are outside the span. */
  key(bytes: Uint8Array, from: number, to: number, escaped: boolean): void;
  string(bytes: Uint8Array, from: number, to: number, escaped: boolean): void;
  number(bytes: Uint8Array, from: number, to: number): void;
  literal(value: boolean | null): void;
  /**
   * Called where an array's element may begin, before it is looked at. A consumer that knows what comes may read ahead
   * itself: it answers where it stopped, at the same kind of place, or `from` if it read nothing.
   */
  readAhead?(bytes: Uint8Array, from: number, to: number): number;
  /** True stops the reading at once: nothing more is told. */
  readonly isDone: boolean;
}

const quote = 34;
const comma = 44;
const colon = 58;
const backslash = 92;
const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;

/** What may come next. */
const value = 0;
const valueOrEnd = 1;
const key = 2;
const keyOrEnd = 3;
const afterKey = 4;
const afterValue = 5;
const nothing = 6;

const inObject = 1;
const inArray = 2;

/** Bytes of a single string or number, unless said otherwise: what a label or a message can be with much room. */
const longestToken = 32 * 1024 * 1024;

/** Bytes of a number that a chunk's end has cut: it is looked at again from its start, so it must not grow for long. */
const longestWord = 64 * 1024;

/**
 * Reads one JSON document (RFC 8259) from chunks cut anywhere. A token that a chunk's end cuts is kept and joined with
 * the next chunk. Nesting costs a byte a level and no call stack. Throws `malformed` with the offset in the whole document.
 */
export class JsonTokens {
  readonly #handler: JsonHandler;
  readonly #longest: number;
  #expected = value;
  #stack = new Uint8Array(64);
  #depth = 0;
  /** Room for what a chunk's end has cut; it grows by doubling, so that a long string is not copied again and again. */
  #room = new Uint8Array(1024);
  /** Bytes of a token that are kept there for the next chunk. */
  #carried = 0;
  /** Bytes of the carry that are known to hold no end of its string. */
  #scanned = 0;
  #offset = 0;
  #started = false;

  /** `longest`: no single string or number may have more bytes. */
  constructor(handler: JsonHandler, longest = longestToken) {
    this.#handler = handler;
    this.#longest = longest;
  }

  /** Bytes told of so far; those of a token not yet whole are not among them. */
  get offset(): number {
    return this.#offset;
  }

  write(chunk: Uint8Array): void {
    const carried = this.#carried;
    const length = carried + chunk.length;
    let bytes = chunk;
    if (carried > 0) {
      if (length > this.#longest) this.#fail(`a string below ${this.#longest / 2 ** 20} MiB`, 0);
      this.#makeRoom(length);
      this.#room.set(chunk, carried);
      bytes = this.#room.subarray(0, length);
    }
    const used = this.#read(bytes, false);
    this.#offset += used;
    this.#carried = length - used;
    if (carried > 0) this.#room.copyWithin(0, used, length);
    else {
      this.#makeRoom(this.#carried);
      this.#room.set(chunk.subarray(used));
    }
  }

  /** Ends the document; throws `malformed` if it is not whole. */
  end(): void {
    const used = this.#read(this.#room.subarray(0, this.#carried), true);
    if (used < this.#carried) this.#fail("the rest of the document", this.#carried);
    this.#offset += used;
    if (this.#expected !== nothing) this.#fail("the rest of the document", 0);
  }

  #makeRoom(length: number): void {
    if (length <= this.#room.length) return;
    const room = new Uint8Array(Math.max(length, this.#room.length * 2));
    room.set(this.#room.subarray(0, this.#carried));
    this.#room = room;
  }

  #fail(expected: string, at: number): never {
    throw new AppError({ kind: "malformed", offset: this.#offset + at, expected });
  }

  /** Reads whole tokens; answers how many bytes are used up. */
  #read(bytes: Uint8Array, isLast: boolean): number {
    const handler = this.#handler;
    const to = bytes.length;
    let at = 0;
    if (!this.#started && to > 0) {
      // A byte order mark is no JSON, but some gateways send it.
      if (bytes[0] === 0xef) {
        if (to < 3) return isLast ? this.#fail("JSON", 0) : 0;
        if (bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3;
      }
      this.#started = true;
    }
    while (at < to) {
      const code = bytes[at] ?? 0;
      if (code === 32 || code === 10 || code === 13 || code === 9) {
        at++;
        continue;
      }
      switch (this.#expected) {
        case value:
        case valueOrEnd: {
          if (code === closeBracket && this.#expected === valueOrEnd) {
            at++;
            this.#close();
            handler.endArray();
            break;
          }
          if (this.#depth > 0 && this.#stack[this.#depth - 1] === inArray && handler.readAhead !== undefined) {
            const reached = handler.readAhead(bytes, at, to);
            if (handler.isDone) return reached;
            if (reached > at) {
              at = reached;
              // The reader stops behind an element, at the comma or bracket.
              this.#expected = afterValue;
              break;
            }
          }
          const next = this.#value(bytes, at, to, code, isLast);
          if (next === -1) return at;
          at = next;
          break;
        }
        case key:
        case keyOrEnd: {
          if (code === closeBrace && this.#expected === keyOrEnd) {
            at++;
            this.#close();
            handler.endObject();
            break;
          }
          if (code !== quote) this.#fail("a key", at);
          const end = this.#stringEnd(bytes, at, to);
          if (end === -1) return at;
          handler.key(bytes, at + 1, end, this.#escaped);
          at = end + 1;
          this.#expected = afterKey;
          break;
        }
        case afterKey:
          if (code !== colon) this.#fail("a colon", at);
          at++;
          this.#expected = value;
          break;
        case afterValue: {
          const container = this.#stack[this.#depth - 1];
          if (code === comma) this.#expected = container === inObject ? key : value;
          else if (code === closeBrace && container === inObject) {
            this.#close();
            handler.endObject();
          } else if (code === closeBracket && container === inArray) {
            this.#close();
            handler.endArray();
          } else this.#fail("a comma or the end", at);
          at++;
          break;
        }
        default:
          this.#fail("nothing more", at);
      }
      if (handler.isDone) return at;
    }
    return at;
  }

  /** Reads the value that begins with `code`; -1 if the chunk ends before it does. */
  #value(bytes: Uint8Array, at: number, to: number, code: number, isLast: boolean): number {
    const handler = this.#handler;
    if (code === quote) {
      const end = this.#stringEnd(bytes, at, to);
      if (end === -1) return -1;
      handler.string(bytes, at + 1, end, this.#escaped);
      this.#valueDone();
      return end + 1;
    }
    if (code === openBrace) {
      this.#open(inObject, keyOrEnd);
      handler.beginObject();
      return at + 1;
    }
    if (code === openBracket) {
      this.#open(inArray, valueOrEnd);
      handler.beginArray();
      return at + 1;
    }
    let end = at;
    while (end < to && isWordByte(bytes[end] ?? 0)) end++;
    if (end === at) this.#fail("a value", at);
    if (end === to && !isLast) {
      if (end - at > longestWord) this.#fail("a number below 64 KiB", at);
      return -1;
    }
    const word = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString("latin1");
    if (word === "true" || word === "false") handler.literal(word === "true");
    else if (word === "null") handler.literal(null);
    else if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word)) handler.number(bytes, at, end);
    else this.#fail("a value", at);
    this.#valueDone();
    return end;
  }

  #escaped = false;

  /** Index of the closing quote of the string that opens at `at`; -1 if it is not there yet. */
  #stringEnd(bytes: Uint8Array, at: number, to: number): number {
    let i = at + 1;
    if (this.#scanned > 0) i = at + this.#scanned;
    else this.#escaped = false;
    for (; i < to; i++) {
      const code = bytes[i] ?? 0;
      if (code === quote) {
        this.#scanned = 0;
        return i;
      }
      if (code === backslash) {
        this.#escaped = true;
        if (i + 1 >= to) break;
        i++;
      } else if (code < 32) this.#fail("a string without control characters", i);
    }
    this.#scanned = i - at;
    return -1;
  }

  #open(container: number, expected: number): void {
    if (this.#depth === this.#stack.length) {
      const stack = new Uint8Array(this.#stack.length * 2);
      stack.set(this.#stack);
      this.#stack = stack;
    }
    this.#stack[this.#depth++] = container;
    this.#expected = expected;
  }

  #close(): void {
    this.#depth--;
    this.#valueDone();
  }

  #valueDone(): void {
    this.#expected = this.#depth === 0 ? nothing : afterValue;
  }
}

function isWordByte(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 43 ||
    code === 45 ||
    code === 46
  );
}
