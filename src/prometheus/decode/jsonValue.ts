import { AppError } from "../../shared/errors.ts";
import { NamePacker } from "../../shared/model/names.ts";
import { feed } from "./feed.ts";
import { type JsonHandler, JsonTokens } from "./jsonTokens.ts";
import { parseNumber } from "./numbers.ts";
import { ShortTexts } from "./shortTexts.ts";
import { TextReader } from "./textReader.ts";

/** In a path: whichever element of an array. */
export const anyElement = Symbol("any element");

/** Keys of objects, from the top, and where an array is on the way, `anyElement`. */
export type JsonPath = readonly (string | typeof anyElement)[];

export interface JsonValueOptions {
  /** The document's limit in bytes. */
  readonly maxBytes: number;
  /**
   * The object that becomes a `Map`. One with 100,000 keys as an object would hold the event loop for
   * long: whenever it grows and when its keys are listed.
   */
  readonly mapAt?: JsonPath;
  /** The array that becomes `PackedNames` if all its elements are strings. */
  readonly packAt?: JsonPath;
  /** The array of which only the first elements are kept; the others are only counted. Several arrays share the count. */
  readonly keepFirst?: { readonly at: JsonPath; readonly count: number };
}

type Container = unknown[] | Record<string, unknown> | Map<string, unknown>;

/** Stands for an open array. */
const array: unknown[] = [];

/** No single string may have more bytes, however long the document may be. */
const longestText = 64 * 1024 * 1024;

/**
 * Builds the values of one JSON document from chunks cut anywhere, the same as `JSON.parse` of the whole: keys are
 * properties of the object itself whatever they are called, and of repeated ones the last counts.
 */
export class JsonValueBuilder implements JsonHandler {
  readonly isDone = false;
  readonly #tokens: JsonTokens;
  readonly #text = new TextReader(() => this.#tokens.offset);
  readonly #shortTexts = new ShortTexts();
  readonly #mapAt: JsonPath | undefined;
  readonly #packAt: JsonPath | undefined;
  readonly #keepFirst: JsonValueOptions["keepFirst"];
  /** How many containers are open around the elements of the array that is cut; -1: it is not open. */
  #cutDepth = -1;
  #kept = 0;
  #omitted = 0;
  /** Elements of the array that is packed, and how many containers are open around them; -1: it is not open. */
  #packer: NamePacker | undefined;
  #packDepth = -1;
  /** Open containers; an array is only made when it ends, from its elements on `#elements`. */
  readonly #open: Container[] = [];
  /** By container: the key of an object's current value, or where an array's elements begin. */
  readonly #keys: string[] = [];
  readonly #starts: number[] = [];
  /** Elements of all open arrays, so that each array gets exactly its size. Grows only, what lies above is left over. */
  readonly #elements: unknown[] = [];
  #top = 0;
  #root: unknown;

  constructor({ mapAt, packAt, keepFirst, maxBytes }: Partial<JsonValueOptions> = {}) {
    this.#tokens = new JsonTokens(this, Math.min(maxBytes ?? longestText, longestText));
    this.#mapAt = mapAt;
    this.#packAt = packAt;
    this.#keepFirst = keepFirst;
  }

  /** Elements left out of the arrays that are cut. */
  get omitted(): number {
    return this.#omitted;
  }

  /** Takes the next piece of the document; throws `malformed` with the byte offset in the whole. */
  write(chunk: Uint8Array): void {
    this.#tokens.write(chunk);
  }

  /** The value; throws `malformed` if the document ended early. */
  end(): unknown {
    this.#tokens.end();
    return this.#root;
  }

  beginObject(): void {
    this.#open.push(this.#isAt(this.#mapAt) ? new Map() : {});
    this.#keys.push("");
    this.#starts.push(0);
  }

  endObject(): void {
    const container = this.#open.pop();
    this.#keys.pop();
    this.#starts.pop();
    this.#put(container);
  }

  beginArray(): void {
    if (this.#isAt(this.#keepFirst?.at)) {
      this.#cutDepth = this.#open.length + 1;
      // A key that comes again stands for the same array, of which only the last counts.
      if (this.#keepFirst?.at.includes(anyElement) !== true) {
        this.#kept = 0;
        this.#omitted = 0;
      }
    }
    if (this.#isAt(this.#packAt)) {
      this.#packDepth = this.#open.length + 1;
      this.#packer = new NamePacker();
    }
    this.#open.push(array);
    this.#keys.push("");
    this.#starts.push(this.#top);
  }

  endArray(): void {
    const isPacked = this.#open.length === this.#packDepth;
    if (isPacked) this.#packDepth = -1;
    if (this.#open.length === this.#cutDepth) this.#cutDepth = -1;
    this.#open.pop();
    this.#keys.pop();
    const start = this.#starts.pop() ?? 0;
    if (isPacked) {
      this.#put(this.#packer?.end());
      return;
    }
    const elements = this.#elements.slice(start, this.#top);
    this.#top = start;
    this.#put(elements);
  }

  key(bytes: Uint8Array, from: number, to: number, escaped: boolean): void {
    this.#keys[this.#keys.length - 1] = this.#short(bytes, from, to, escaped);
  }

  string(bytes: Uint8Array, from: number, to: number, escaped: boolean): void {
    if (this.#open.length === this.#packDepth && !escaped) {
      this.#packer?.addBytes(bytes, from, to);
      return;
    }
    // Elements of arrays are names, which are all different.
    const isElement = this.#open.at(-1) === array;
    this.#put(isElement ? this.#text.read(bytes, from, to, escaped) : this.#short(bytes, from, to, escaped));
  }

  number(bytes: Uint8Array, from: number, to: number): void {
    this.#put(parseNumber(bytes, from, to));
  }

  literal(value: boolean | null): void {
    this.#put(value);
  }

  #short(bytes: Uint8Array, from: number, to: number, escaped: boolean): string {
    if (escaped) return this.#text.read(bytes, from, to, true);
    const known = this.#shortTexts.find(bytes, from, to);
    if (known !== undefined) return known;
    const text = this.#text.read(bytes, from, to, false);
    this.#shortTexts.keep(bytes, from, to, text);
    return text;
  }

  /** Whether what begins now lies at `path`. */
  #isAt(path: JsonPath | undefined): boolean {
    return (
      path?.length === this.#open.length &&
      path.every((key, depth) =>
        key === anyElement ? this.#open[depth] === array : this.#keys[depth] === key && this.#open[depth] !== array,
      )
    );
  }

  #put(value: unknown): void {
    const depth = this.#open.length - 1;
    const container = this.#open[depth];
    if (container === undefined) this.#root = value;
    else if (container === array) this.#putElement(value);
    else if (container instanceof Map) container.set(this.#keys[depth] ?? "", value);
    else setOwn(container as Record<string, unknown>, this.#keys[depth] ?? "", value);
  }

  #putElement(value: unknown): void {
    if (this.#open.length === this.#packDepth) {
      if (typeof value === "string") {
        this.#packer?.add(value);
        return;
      }
      // Whoever asked for names finds out what stands there instead.
      this.#packDepth = -1;
      for (const name of this.#packer?.end() ?? []) this.#elements[this.#top++] = name;
    }
    if (this.#open.length === this.#cutDepth) {
      if (this.#kept >= (this.#keepFirst?.count ?? 0)) {
        this.#omitted++;
        return;
      }
      this.#kept++;
    }
    this.#elements[this.#top++] = value;
  }
}

/** `__proto__` is a legal name of a label or metric; assigning it would set the prototype. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
}

/** A document's value and the beginning of its text, for those who find that it is none of the API's. */
export interface ReadJson {
  readonly value: unknown;
  readonly beginning: string;
  /** Elements left out of the arrays of `keepFirst`. */
  readonly omitted: number;
}

/** As much of the text is kept as is read of an answer that explains a failure. */
const keptBytes = 64 * 1024;

/**
 * Reads a decompressed body as JSON while it arrives, giving way to other work again and again. Throws `malformed`,
 * `tooLarge`, and `cancelled` once `signal` is aborted.
 */
export async function readJson(
  body: AsyncIterable<Uint8Array>,
  { signal, ...options }: JsonValueOptions & { readonly signal: AbortSignal },
): Promise<ReadJson> {
  const { maxBytes } = options;
  const builder = new JsonValueBuilder(options);
  const beginning: Uint8Array[] = [];
  let size = 0;
  const write = (slice: Uint8Array): boolean => {
    if (size < keptBytes) beginning.push(Uint8Array.from(slice.subarray(0, keptBytes - size)));
    size += slice.length;
    if (size > maxBytes) throw new AppError({ kind: "tooLarge", limit: "bytes", allowed: maxBytes });
    builder.write(slice);
    return true;
  };
  await feed(body, write, signal);
  return {
    value: builder.end(),
    beginning: Buffer.concat(beginning)
      .toString("utf8")
      .replace(/^\ufeff/, ""),
    omitted: builder.omitted,
  };
}
