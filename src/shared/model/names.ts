/** A list of names; an array of strings is one. */
export interface Names extends Iterable<string> {
  readonly length: number;
  at(index: number): string | undefined;
}

/** Names of one block: a power of two, so that a name's block is found by its index. */
const blockBits = 12;

/** How many names a block of `PackedNames` has; only the last may have fewer. */
export const blockLength = 1 << blockBits;

/** Some names in one text, each followed by a line feed; `starts[i]` is where name `i` begins, one past the last the end. */
export interface NameBlock {
  readonly text: string;
  readonly starts: Uint32Array;
}

/**
 * Names in few large texts. A million strings of their own would be moved about by the garbage collector as they are
 * made, and hold the event loop for a tenth of a second and more.
 */
export class PackedNames implements Names {
  readonly blocks: readonly NameBlock[];
  readonly length: number;
  /** True if the names ascend by UTF-16 code units. */
  readonly isAscending: boolean;

  constructor(blocks: readonly NameBlock[], length: number, isAscending: boolean) {
    this.blocks = blocks;
    this.length = length;
    this.isAscending = isAscending;
  }

  static of(names: Iterable<string>): PackedNames {
    const packer = new NamePacker();
    for (const name of names) packer.add(name);
    return packer.end();
  }

  at(index: number): string | undefined {
    const block = this.blocks[index >> blockBits];
    return block === undefined || index < 0 || index >= this.length
      ? undefined
      : nameIn(block, index & (blockLength - 1));
  }

  *[Symbol.iterator](): Generator<string, undefined> {
    for (const block of this.blocks) {
      for (let i = 0; i + 1 < block.starts.length; i++) yield nameIn(block, i);
    }
  }
}

/** Whether a list is packed. No question of its class: each bundle has one of its own. */
export function isPacked(names: Names): names is PackedNames {
  return "blocks" in names && "isAscending" in names;
}

/** The name at an index of the block, which has to be one. */
export function nameIn({ text, starts }: NameBlock, index: number): string {
  return text.slice(starts[index], (starts[index + 1] ?? 0) - 1);
}

/** Collects names into `PackedNames`. */
export class NamePacker {
  readonly #blocks: NameBlock[] = [];
  #open: string[] = [];
  #last: string | undefined;
  #isAscending = true;

  get length(): number {
    return this.#blocks.length * blockLength + this.#open.length;
  }

  add(name: string): void {
    if (this.#last !== undefined && this.#last > name) this.#isAscending = false;
    this.#last = name;
    this.#open.push(name);
    if (this.#open.length === blockLength) this.#close();
  }

  end(): PackedNames {
    const { length } = this;
    if (this.#open.length > 0) this.#close();
    return new PackedNames(this.#blocks, length, this.#isAscending);
  }

  #close(): void {
    const starts = new Uint32Array(this.#open.length + 1);
    for (let i = 0, at = 0; i < this.#open.length; i++) {
      at += (this.#open[i]?.length ?? 0) + 1;
      starts[i + 1] = at;
    }
    this.#open.push("");
    this.#blocks.push({ text: this.#open.join("\n"), starts });
    this.#open = [];
  }
}

/** Some of the names of a list, by their indexes. */
export class SelectedNames implements Names {
  readonly #names: Names;
  readonly #indexes: Uint32Array;

  constructor(names: Names, indexes: Uint32Array) {
    this.#names = names;
    this.#indexes = indexes;
  }

  get length(): number {
    return this.#indexes.length;
  }

  at(index: number): string | undefined {
    const own = this.#indexes[index];
    return own === undefined ? undefined : this.#names.at(own);
  }

  *[Symbol.iterator](): Generator<string, undefined> {
    for (const index of this.#indexes) yield this.#names.at(index) ?? "";
  }
}
