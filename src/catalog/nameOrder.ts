import { Turns } from "../platform/turns.ts";
import { blockLength, compareNames, isPacked, type NameBlock, type Names, PackedNames } from "../shared/model/names.ts";

/** Names handled between two yields: a tenth of a millisecond. */
const namesAtOnce = 1024;

/**
 * The list packed and ascending by UTF-8 bytes, as Prometheus sends it. Gives way to other work; throws `cancelled` once
 * `signal` is aborted.
 */
export function ascending(names: Names, signal: AbortSignal): Promise<PackedNames> {
  return new Turns(signal).run(sorted(isPacked(names) ? names : PackedNames.of(names)));
}

/** Sorts where the names stand, each block for itself and then all together: no name moves, and none becomes a string. */
function* sorted(names: PackedNames): Generator<void, PackedNames> {
  const { blocks, length, order } = names;
  if (order !== undefined || (yield* isAscending(names))) return names;
  const runs: Uint32Array[] = [];
  for (let from = 0; from < length; from += blockLength) {
    const run = new Uint32Array(Math.min(blockLength, length - from)).map((_, i) => from + i);
    runs.push(run.sort((a, b) => compareNames(blocks, a, b)));
    yield;
  }
  return new PackedNames(blocks, length, yield* merged(blocks, runs, length));
}

function* isAscending({ blocks, length }: PackedNames): Generator<void, boolean> {
  for (let i = 1; i < length; i++) {
    if (compareNames(blocks, i - 1, i) > 0) return false;
    if (i % namesAtOnce === 0) yield;
  }
  return true;
}

/** The runs, of which each has the places of its own block, as one. */
function* merged(
  blocks: readonly NameBlock[],
  runs: readonly Uint32Array[],
  length: number,
): Generator<void, Uint32Array> {
  const order = new Uint32Array(length);
  /** How far each run is merged. */
  const done = new Uint32Array(runs.length);
  /** The least of what is left of each run, the least of all last. */
  const heads = Uint32Array.from(runs, ([first = 0]) => first).sort((a, b) => compareNames(blocks, b, a));
  let count = heads.length;
  for (let i = 0; i < length; i++) {
    const least = heads[--count] ?? 0;
    order[i] = least;
    if (i % namesAtOnce === 0) yield;
    const run = Math.floor(least / blockLength);
    const at = (done[run] ?? 0) + 1;
    done[run] = at;
    const next = runs[run]?.[at];
    if (next === undefined) continue;
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareNames(blocks, heads[middle] ?? 0, next) > 0) low = middle + 1;
      else high = middle;
    }
    heads.copyWithin(low + 1, low, count++);
    heads[low] = next;
  }
  return order;
}
