import type { HistogramSample } from "../../shared/model/answer.ts";
import { valueText } from "../../shared/model/numberText.ts";
import { textCell } from "./csvText.ts";
import { histogramText } from "./exportSubject.ts";

/** Titles of the columns of native histograms. */
export const histogramTitles = ["count", "sum", "avg", "histogram"] as const;

/** The cells of a native histogram, the last one the whole of it as text. */
export function histogramCells(sample: HistogramSample): string {
  const numbers = [sample.count, sample.sum, sample.sum / sample.count].map(valueText);
  return [...numbers, textCell(histogramText(sample))].join(",");
}

/** The cells where there is no native histogram. */
export const noHistogram = ",,,";
