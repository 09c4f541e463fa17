import type { Series } from "../../shared/model/answer.ts";
import { valueText } from "../../shared/model/numberText.ts";
import { drawable } from "../resultTable.ts";
import { seriesStatistics } from "../seriesStatistics.ts";

/** Titles of the cells of a series: of its statistics, or of its one value. */
export function cellTitles(isRange: boolean): readonly string[] {
  return isRange ? ["Last", "Min", "Max", "Mean", "Count"] : ["Value"];
}

/** The numbers of a series' samples, or its one value. Of native histograms the numbers are those of their counts. */
export function seriesCells(series: Series, isRange: boolean): readonly string[] {
  return isRange ? rangeCells(series) : instantCells(series);
}

function rangeCells(series: Series): readonly string[] {
  const { last, min, max, mean, count } = seriesStatistics(drawable(series));
  return [...[last, min, max, mean].map(valueText), String(count)];
}

function instantCells({ values, histograms }: Series): readonly string[] {
  const native = histograms.at(-1);
  if (native === undefined) return [valueText(values.at(-1) ?? Number.NaN)];
  const { count, sum } = native;
  return [`count ${valueText(count)} · sum ${valueText(sum)} · avg ${valueText(sum / count)}`];
}

/** Said above statistics of native histograms. */
export const histogramNote = "Of native histograms these are the numbers of their counts.";
