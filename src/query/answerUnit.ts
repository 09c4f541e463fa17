import { guessUnit } from "../promql/unitGuess.ts";
import type { Series } from "../shared/model/answer.ts";

/**
 * The unit of an answer's values as they are drawn and listed, as far as the query's names tell it. In place of a native
 * histogram stands its number of observations, which has another unit than what was observed.
 */
export function guessAnswerUnit(query: string, series: readonly Series[]): string | undefined {
  if (!series.some(({ histograms }) => histograms.length > 0)) return guessUnit(query);
  const ofCounts = guessUnit(`histogram_count(${query}\n)`);
  const hasNumbers = series.some(({ times }) => times.length > 0);
  return hasNumbers && ofCounts !== guessUnit(query) ? undefined : ofCounts;
}
