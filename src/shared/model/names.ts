/** A list of names; an array of strings is one. */
export interface Names extends Iterable<string> {
  readonly length: number;
  at(index: number): string | undefined;
}

/** Names of one block: a power of two, so that a name's block is found by its index. */
const blockBits = 12;

/** How many names a block of `PackedNames` has; only the last may have fewer. */
export const blockLength = 1 << blockBits;

/** Some names in UTF-8, each followed by a line feed; `starts[i]` is where name `i` begins, one past the last the end. */
export interface NameBlock {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
}

const encoder = new TextEncoder();
/** A byte order mark is a letter of a name like any other. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Names as bytes in few large arrays, which the garbage collector does not look into. A million strings would be moved
 * about as they are made, and hold the event loop for a tenth of a second and more.
 */
export class PackedNames implements Names {
  readonly blocks: readonly NameBlock[];
  readonly length: number;
  /** Where in the blocks each name stands, if they are in another order or not all; name `i` of block `b`: `b * blockLength + i`. */
  readonly order: Uint32Array | undefined;

  constructor(blocks: readonly NameBlock[], length: number, order?: Uint32Array) {
    this.blocks = blocks;
    this.length = length;
    this.order = order;
  }

  static of(names: Iterable<string>): PackedNames {
    const packer = new NamePacker();
    for (const name of names) packer.add(name);
    return packer.end();
  }

  at(index: number): string | undefined {
    if (index < 0 || index >= this.length) return undefined;
    const place = this.order?.[index] ?? index;
    const block = this.blocks[place >> blockBits];
    return block === undefined ? undefined : nameIn(block, place & (blockLength - 1));
  }

  *[Symbol.iterator](): Generator<string, undefined> {
    for (let i = 0; i < this.length; i++) yield this.at(i) ?? "";
  }
}

/** Whether a list is packed. No question of its class: each bundle has one of its own. */
export function isPacked(names: Names): names is PackedNames {
  return "blocks" in names;
}

/** The name at an index of the block, which has to be one. */
export function nameIn({ bytes, starts }: NameBlock, index: number): string {
  return decoder.decode(bytes.subarray(starts[index], (starts[index + 1] ?? 0) - 1));
}

/** All names of the block in one text, each followed by a line feed. */
export function textOf({ bytes }: NameBlock): string {
  return decoder.decode(bytes);
}

/** Below 0 if the name at place `a` of the blocks comes before the one at `b` by UTF-8 bytes, which is by code points. */
export function compareNames(blocks: readonly NameBlock[], a: number, b: number): number {
  const one = blocks[a >> blockBits];
  const other = blocks[b >> blockBits];
  if (one === undefined || other === undefined) throw new RangeError(`no names at ${a} and ${b}`);
  const indexA = a & (blockLength - 1);
  const indexB = b & (blockLength - 1);
  let i = one.starts[indexA] ?? 0;
  let j = other.starts[indexB] ?? 0;
  const lengthA = (one.starts[indexA + 1] ?? 0) - i;
  const lengthB = (other.starts[indexB + 1] ?? 0) - j;
  const end = i + Math.min(lengthA, lengthB) - 1;
  for (; i < end; i++, j++) {
    const difference = (one.bytes[i] ?? 0) - (other.bytes[j] ?? 0);
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}

/** Collects names into `PackedNames`. What is no Unicode in them becomes U+FFFD. */
export class NamePacker {
  readonly #blocks: NameBlock[] = [];
  /** The block that is open; its bytes grow by doubling. */
  #bytes = new Uint8Array(1024);
  readonly #starts = new Uint32Array(blockLength + 1);
  #count = 0;

  get length(): number {
    return this.#blocks.length * blockLength + this.#count;
  }

  add(name: string): void {
    // A UTF-16 code unit takes at most three bytes.
    const at = this.#makeRoom(name.length * 3);
    this.#put(at + encoder.encodeInto(name, this.#bytes.subarray(at)).written);
  }

  /** Adds a name in UTF-8. */
  addBytes(bytes: Uint8Array, from: number, to: number): void {
    let at = this.#makeRoom(to - from);
    let all = 0;
    for (let i = from; i < to; i++) {
      const byte = bytes[i] ?? 0;
      this.#bytes[at++] = byte;
      all |= byte;
    }
    if (all < 0x80) this.#put(at);
    else this.add(decoder.decode(bytes.subarray(from, to)));
  }

  end(): PackedNames {
    const { length } = this;
    if (this.#count > 0) this.#close();
    return new PackedNames(this.#blocks, length);
  }

  /** Makes room for so many bytes and a line feed; answers where they go. */
  #makeRoom(count: number): number {
    const at = this.#starts[this.#count] ?? 0;
    if (at + count >= this.#bytes.length) {
      const bytes = new Uint8Array(2 * (at + count));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    return at;
  }

  /** Ends the name whose bytes reach up to `end`. */
  #put(end: number): void {
    this.#bytes[end] = 10;
    this.#starts[++this.#count] = end + 1;
    if (this.#count === blockLength) this.#close();
  }

  #close(): void {
    const starts = this.#starts.slice(0, this.#count + 1);
    this.#blocks.push({ bytes: this.#bytes.slice(0, starts.at(-1)), starts });
    this.#count = 0;
  }
}
