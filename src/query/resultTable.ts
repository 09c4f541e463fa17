import type { Series, UnixMs } from "../shared/model/answer.ts";
import { formatLabels } from "../shared/model/labels.ts";
import { valueText } from "../shared/model/numberText.ts";
import { comparePlaces, seriesPlace } from "../shared/model/seriesOrder.ts";
import type { SortKey, TableRow } from "../shared/protocol/results.ts";
import { type SeriesStatistics, seriesStatistics } from "./seriesStatistics.ts";

/** How many series are looked at before others have their turn. */
const sliceLength = 2000;

/** The series of one answer as rows that can be searched and sorted; names and statistics are made once, in slices. */
export class ResultTable {
  readonly #series: readonly Series[];
  readonly #pause: () => Promise<void>;
  /** Promises, so that those who ask together wait for one making. */
  #names: Promise<readonly string[]> | undefined;
  #statistics: Promise<readonly SeriesStatistics[]> | undefined;
  /** The last order asked for, since paging asks for it again and again. */
  #order: { readonly id: string; readonly rows: readonly number[] } | undefined;

  constructor(series: readonly Series[], pause: () => Promise<void>) {
    this.#series = series;
    this.#pause = pause;
  }

  names(): Promise<readonly string[]> {
    this.#names ??= this.#map(({ labels }) => formatLabels(labels)).catch((error: unknown) => {
      this.#names = undefined;
      throw error;
    });
    return this.#names;
  }

  statistics(): Promise<readonly SeriesStatistics[]> {
    this.#statistics ??= this.#map(statisticsOf, 50).catch((error: unknown) => {
      this.#statistics = undefined;
      throw error;
    });
    return this.#statistics;
  }

  /** Rows `from` to before `to` of those whose name contains `search` (case does not matter), and how many there are. */
  async page(params: {
    readonly from: number;
    readonly to: number;
    readonly sort: SortKey;
    readonly descending: boolean;
    readonly search: string;
  }): Promise<{ readonly rows: readonly TableRow[]; readonly total: number }> {
    const names = await this.names();
    const statistics = await this.statistics();
    const id = JSON.stringify([params.sort, params.descending, params.search]);
    if (this.#order?.id !== id) this.#order = { id, rows: await this.#sorted(params, names, statistics) };
    const { rows } = this.#order;
    const page = rows.slice(params.from, params.to).flatMap((index) => {
      const series = this.#series[index];
      const numbers = statistics[index];
      return series === undefined || numbers === undefined
        ? []
        : [tableRow(index, series, names[index] ?? "", numbers)];
    });
    return { rows: page, total: rows.length };
  }

  async #sorted(
    { sort, descending, search }: { readonly sort: SortKey; readonly descending: boolean; readonly search: string },
    names: readonly string[],
    statistics: readonly SeriesStatistics[],
  ): Promise<readonly number[]> {
    const wanted = search.toLowerCase();
    const rows = names.flatMap((name, index) => (name.toLowerCase().includes(wanted) ? [index] : []));
    await this.#pause();
    if (sort === "sent") return rows;
    const sign = descending ? -1 : 1;
    if (sort === "series") {
      const places = new Map(rows.map((index) => [index, seriesPlace(names[index] ?? "")]));
      const none = seriesPlace("");
      return rows.sort((a, b) => sign * comparePlaces(places.get(a) ?? none, places.get(b) ?? none));
    }
    const key = sort === "value" ? "last" : sort;
    // What is no number comes last in both directions.
    return rows.sort((a, b) => {
      const left = statistics[a]?.[key] ?? Number.NaN;
      const right = statistics[b]?.[key] ?? Number.NaN;
      if (Number.isNaN(left) || Number.isNaN(right))
        return Number(Number.isNaN(left)) - Number(Number.isNaN(right)) || a - b;
      return left === right ? a - b : sign * (left < right ? -1 : 1);
    });
  }

  async #map<T>(make: (series: Series) => T, slice = sliceLength): Promise<T[]> {
    const made: T[] = [];
    for (const [index, series] of this.#series.entries()) {
      made.push(make(series));
      if (index % slice === slice - 1) await this.#pause();
    }
    return made;
  }
}

/** A histogram counts with the number of its observations. */
function statisticsOf(series: Series): SeriesStatistics {
  return seriesStatistics(drawable(series));
}

/** The series as numbers: its own, and in place of each native histogram the count of its observations. */
export function drawable(series: Series): Series {
  const { histograms, times, values } = series;
  if (histograms.length === 0) return series;
  // Both are in the order of time; a series may have changed from one kind to the other and back.
  const length = times.length + histograms.length;
  const merged = { times: new Float64Array(length), values: new Float64Array(length) };
  let histogram = 0;
  for (let at = 0; at < length; at++) {
    const native = histograms[histogram];
    const float = times[at - histogram];
    const isNative = native !== undefined && (float === undefined || native.time <= float);
    merged.times[at] = (isNative ? native.time : float) ?? Number.NaN;
    merged.values[at] = (isNative ? native.count : values[at - histogram]) ?? Number.NaN;
    if (isNative) histogram++;
  }
  return { ...series, ...merged };
}

/** The time of the last point, a number or a histogram; `undefined`: there is none. */
export function newestTime({ times, histograms }: Series): UnixMs | undefined {
  const [number, histogram] = [times.at(-1), histograms.at(-1)?.time];
  return number === undefined || histogram === undefined ? (number ?? histogram) : Math.max(number, histogram);
}

function tableRow(index: number, series: Series, name: string, numbers: SeriesStatistics): TableRow {
  const newest = series.histograms.at(-1);
  const lastNumber = series.times.at(-1) ?? Number.NEGATIVE_INFINITY;
  const histogram = newest !== undefined && newest.time >= lastNumber ? newest : undefined;
  const value =
    histogram === undefined
      ? valueText(numbers.last)
      : `count ${valueText(histogram.count)} · sum ${valueText(histogram.sum)} · avg ${valueText(histogram.sum / histogram.count)}`;
  return {
    index,
    name,
    value,
    time: newestTime(series) ?? Number.NaN,
    last: valueText(numbers.last),
    min: valueText(numbers.min),
    max: valueText(numbers.max),
    mean: valueText(numbers.mean),
    count: numbers.count,
  };
}
