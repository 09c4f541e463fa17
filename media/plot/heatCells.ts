import { shortNumber } from "../../src/shared/model/numberText.ts";
import { unitNumber } from "../../src/shared/model/units.ts";
import type { Heatmap } from "../../src/shared/protocol/results.ts";

/** A heatmap's numbers, read out of its buffer. */
export class HeatCells {
  readonly columns: number;
  readonly rows: number;
  /** Where columns begin, and the end of the last one. */
  readonly edges: Float64Array;
  /** The greatest count that can be drawn; 0 if there is none. */
  readonly most: number;
  readonly hasHoles: boolean;
  readonly hasData: boolean;
  readonly #boundaries: readonly number[];
  readonly #lower: Float64Array;
  readonly #upper: Float64Array;
  readonly #counts: Float64Array;

  constructor({ columns, boundaries, buffer }: Heatmap) {
    const all = new Float64Array(buffer);
    const rows = boundaries.length;
    this.columns = columns;
    this.rows = rows;
    this.#boundaries = boundaries;
    this.edges = all.subarray(0, columns + 1);
    this.#lower = all.subarray(columns + 1, columns + 1 + rows);
    this.#upper = all.subarray(columns + 1 + rows, columns + 1 + 2 * rows);
    this.#counts = all.subarray(columns + 1 + 2 * rows);
    let most = 0;
    let holes = 0;
    for (const count of this.#counts) {
      if (Number.isNaN(count)) holes++;
      else if (count > most && Number.isFinite(count)) most = count;
    }
    this.most = most;
    this.hasHoles = holes > 0;
    this.hasData = holes < this.#counts.length;
  }

  /** NaN: a hole. */
  count(row: number, column: number): number {
    return this.#counts[row * this.columns + column] ?? Number.NaN;
  }

  /** The part of all that was counted in a column, 0 to 1; NaN where that cannot be said. */
  share(row: number, column: number): number {
    let sum = 0;
    for (let one = 0; one < this.rows; one++) {
      const count = this.count(one, column);
      if (count > 0) sum += count;
    }
    return this.count(row, column) / sum;
  }

  /** The bound below row `k`, or above the last one. */
  bound(k: number): number {
    return (k < this.rows ? this.#lower[k] : this.#upper[k - 1]) ?? Number.NaN;
  }

  /** A row's values such as `(5ms, 10ms]`. */
  intervalText(row: number, unit: string | undefined): string {
    const rule = this.#boundaries[row];
    const bounds = [this.#lower[row], this.#upper[row]].map((bound) => unitNumber(bound ?? Number.NaN, unit));
    return `${rule === 1 || rule === 3 ? "[" : "("}${bounds.join(", ")}${rule === 0 || rule === 3 ? "]" : ")"}`;
  }

  /** The column that holds a time, or the nearest one. */
  columnAt(time: number): number {
    let column = 0;
    while (column < this.columns - 1 && (this.edges[column + 1] ?? 0) <= time) column++;
    return column;
  }
}

/** A share for people: `<0.1%` where rounding would make nothing of something, `>99.9%` where it would make all of most. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return "<0.1%";
  if (percent > 99.9 && percent < 100) return ">99.9%";
  return `${shortNumber(Number(percent.toFixed(1)))}%`;
}
