import type { Series, UnixMs } from "../shared/model/answer.ts";
import type { HeatmapRemark } from "../shared/protocol/results.ts";
import { columnEdges, columnOf, readSteps, type StepGrid, stepGrid, stepOf } from "./heatmapGrid.ts";
import { type GroupRows, groupRows, isInterval } from "./heatmapGroupRows.ts";
import { type HeatmapGroup, heatmapGroups } from "./heatmapGroups.ts";
import { type HeatmapRow, rowOf } from "./heatmapRows.ts";

/** Buckets of native histograms that are read before others have their turn. */
const sliceLength = 16_384;

/** A difference of two counts below this part of them comes of their digits; as `smallDeltaTolerance` in Prometheus. */
const noise = 1e-12;

/** One map: which cells there are and what each of them holds. */
export interface HeatmapCells {
  readonly grid: StepGrid;
  /** Ascending and disjoint. */
  readonly rows: readonly HeatmapRow[];
  /** Where columns begin, and the end of the last one. */
  readonly edges: Float64Array;
  /** Row by row from the lowest, column by column: what the query returned for a step, or its mean; NaN where nothing is known. */
  readonly counts: Float64Array;
  readonly remarks: readonly HeatmapRemark[];
}

export interface HeatmapInput {
  readonly group: HeatmapGroup;
  /** The window of the answer. */
  readonly from: UnixMs;
  readonly to: UnixMs;
  readonly stepMs: number;
  /** The part to draw; `null` on either side: up to that side. */
  readonly zoom: { readonly from: UnixMs | null; readonly to: UnixMs | null };
  readonly maxColumns: number;
  /** Awaited between pieces of work, so that others have their turn. */
  readonly pause: () => Promise<void>;
}

/** The maps of one answer; groups and rows are worked out once. */
export class Heatmaps {
  readonly #series: readonly Series[];
  readonly #pause: () => Promise<void>;
  #groups: ReturnType<typeof heatmapGroups> | undefined;
  /** Of the group asked for last, since zooming asks for it again and again. */
  #rows: { readonly group: HeatmapGroup; readonly rows: GroupRows } | undefined;

  constructor(series: readonly Series[], pause: () => Promise<void>) {
    this.#series = series;
    this.#pause = pause;
  }

  async groups(): Promise<{ readonly groups: readonly HeatmapGroup[]; readonly others: number }> {
    this.#groups ??= heatmapGroups(this.#series, this.#pause);
    return this.#groups;
  }

  async cells(input: Omit<HeatmapInput, "pause">): Promise<HeatmapCells> {
    const { group } = input;
    if (this.#rows?.group !== group) this.#rows = { group, rows: await groupRows(group, this.#pause) };
    return heatmapCells({ ...input, pause: this.#pause }, this.#rows.rows);
  }
}

/**
 * The cells of a map. Where buckets share a row their counts are added up; where steps share a column it has their mean: a
 * sum would grow with the steps that a column happens to have, and rates or windows that overlap cannot be added at all.
 */
export async function heatmapCells(input: HeatmapInput, known?: GroupRows): Promise<HeatmapCells> {
  const { group, pause } = input;
  const { rows, remarks } = known ?? (await groupRows(group, pause));
  const grid = stepGrid({ ...input, series: group.buckets.map(({ series }) => series) });
  const counts = new Float64Array(rows.length * grid.columns);
  const cells: Cells = { grid, rows, counts, pause };
  const falls = group.kind === "classic" && (await fillClassic(group, cells));
  if (group.kind === "vmrange") await fillRanges(group, cells);
  if (group.kind === "native") await fillNative(group, cells);
  return {
    grid,
    rows,
    edges: columnEdges(grid),
    counts,
    remarks: falls ? [...remarks, "notCumulative"] : remarks,
  };
}

interface Cells {
  readonly grid: StepGrid;
  readonly rows: readonly HeatmapRow[];
  /** While steps are read: the sum over those of each column. */
  readonly counts: Float64Array;
  readonly pause: () => Promise<void>;
}

function add({ grid, counts }: Cells, row: number, step: number, count: number): void {
  const cell = row * grid.columns + columnOf(grid, step);
  counts[cell] = (counts[cell] ?? 0) + count;
}

/** Which steps something is known about. */
class KnownSteps {
  readonly #grid: StepGrid;
  readonly #isKnown: Uint8Array;
  readonly #perColumn: Uint32Array;

  constructor(grid: StepGrid) {
    this.#grid = grid;
    this.#isKnown = new Uint8Array(grid.steps);
    this.#perColumn = new Uint32Array(grid.columns);
  }

  add(step: number): void {
    if (this.#isKnown[step] !== 0) return;
    this.#isKnown[step] = 1;
    const column = columnOf(this.#grid, step);
    this.#perColumn[column] = (this.#perColumn[column] ?? 0) + 1;
  }

  clear(): void {
    this.#isKnown.fill(0);
    this.#perColumn.fill(0);
  }

  /** Makes the sums of a row their means over the known steps of each column; without one the cell is a hole. */
  toMeans({ counts }: Cells, row: number): void {
    const first = row * this.#perColumn.length;
    this.#perColumn.forEach((steps, column) => {
      counts[first + column] = steps === 0 ? Number.NaN : (counts[first + column] ?? 0) / steps;
    });
  }
}

/**
 * Each row less those below it: what the bucket at its upper bound counted, less what the one at the row below's did. Where
 * one of these two has no point at a time there is a hole, since how many observations lie between them is not known; a
 * bucket inside of a row that several share is not needed for that. True if some bucket counted less than one below it:
 * then, as in `histogram_quantile`, it is taken to have counted as many.
 */
async function fillClassic({ buckets }: HeatmapGroup, cells: Cells): Promise<boolean> {
  const { grid, rows, pause } = cells;
  // What is counted up to here, and what was up to the row's lower bound.
  const highest = new Float64Array(grid.steps);
  let lowest = highest.slice();
  let below: Float64Array | undefined;
  let falls = false;
  const known = new KnownSteps(grid);
  const rowAt = (upper: number) => rowOf(rows, { lower: upper, upper });
  for (let i = 0; i < buckets.length; ) {
    const upper = buckets[i]?.upper ?? Number.NaN;
    const counted = new Float64Array(grid.steps).fill(Number.NaN);
    for (; i < buckets.length && buckets[i]?.upper === upper; i++) {
      const series = buckets[i]?.series;
      if (series === undefined) continue;
      await readSteps(series, grid, pause, (step, value) => {
        const before = counted[step] ?? Number.NaN;
        counted[step] = (Number.isNaN(before) ? 0 : before) + value;
      });
    }
    for (let step = 0; step < grid.steps; step++) {
      const value = counted[step] ?? Number.NaN;
      const least = highest[step] ?? 0;
      if (value - least < -slackOf(value, least)) falls = true;
      if (value > least) highest[step] = value;
    }
    // Rows ascend as the buckets do: one is done when the next bucket is of another.
    const row = rowAt(upper);
    const next = buckets[i];
    if (next === undefined || rowAt(next.upper) !== row) {
      for (let step = 0; step < grid.steps; step++) {
        if (Number.isNaN(counted[step]) || (below !== undefined && Number.isNaN(below[step]))) continue;
        const [from, to] = [lowest[step] ?? 0, highest[step] ?? 0];
        known.add(step);
        add(cells, row, step, to - from > slackOf(to, from) ? to - from : 0);
      }
      known.toMeans(cells, row);
      known.clear();
      lowest = highest.slice();
      below = counted;
    }
    await pause();
  }
  return falls;
}

/** How much two counts may differ that are the same but for their digits. */
function slackOf(a: number, b: number): number {
  return noise * Math.max(Math.abs(a), Math.abs(b));
}

/** Buckets that hold only their own; one that is not sent while others are has counted nothing yet. */
async function fillRanges({ buckets }: HeatmapGroup, cells: Cells): Promise<void> {
  const { grid, rows, pause } = cells;
  const known = new KnownSteps(grid);
  for (const { series, lower, upper } of buckets) {
    const row = rowOf(rows, { lower, upper });
    await readSteps(series, grid, pause, (step, value) => {
      known.add(step);
      add(cells, row, step, value);
    });
  }
  for (let row = 0; row < rows.length; row++) known.toMeans(cells, row);
}

async function fillNative({ buckets: [only] }: HeatmapGroup, cells: Cells): Promise<void> {
  const { grid, rows } = cells;
  const known = new KnownSteps(grid);
  let read = 0;
  for (const { time, buckets } of only?.series.histograms ?? []) {
    const step = stepOf(grid, time);
    if (step < 0 || step >= grid.steps) continue;
    known.add(step);
    let row = -1;
    for (const bucket of buckets) {
      if (!isInterval(bucket) || Number.isNaN(bucket.count)) continue;
      // Buckets ascend, mostly each in the row above the last one's.
      const above = rows[row + 1];
      const isNext = above !== undefined && above.lower === bucket.lower && above.upper === bucket.upper;
      row = isNext ? row + 1 : rowOf(rows, bucket);
      add(cells, row, step, bucket.count);
    }
    read += buckets.length + 1;
    if (read > sliceLength) {
      read = 0;
      await cells.pause();
    }
  }
  for (let row = 0; row < rows.length; row++) known.toMeans(cells, row);
}
