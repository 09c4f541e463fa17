import type { Heatmap, HeatmapRemark, ResultSummary } from "../../src/shared/protocol/results.ts";
import type { HeatCells } from "../plot/heatCells.ts";
import { countText } from "./facts.ts";

const remarkTexts: Readonly<Record<HeatmapRemark, string>> = {
  runningTotals: "These are running totals since each target's start; use rate() or increase() to see what came when.",
  notCumulative: "At some times a bucket counts less than one below it: there it is drawn as empty.",
  resolutions: "Buckets of several resolutions share rows.",
  joinedRows: "There are too many buckets to draw: neighbours share rows, their counts added up.",
};

/** What must be said about a heatmap, so that nothing passes for whole or exact that is not. */
export function heatmapNotes(map: Heatmap, cells: HeatCells, result: ResultSummary): readonly string[] {
  const notes = map.remarks.map((remark) => remarkTexts[remark]);
  if (cells.rows === 0) notes.push("These histograms have no buckets: nothing was observed.");
  else if (!cells.hasData) notes.push("There is no data here.");
  else if (cells.most === 0) notes.push("Nothing was counted here.");
  if (map.stepsPerColumn > 1) notes.push(`Each column is the mean of ${map.stepsPerColumn} steps.`);
  if (map.otherSeries > 0)
    notes.push(`${countText(map.otherSeries, "series")} of the answer without buckets: not drawn.`);
  if (result.seriesShown < result.seriesTotal || result.serverHasMore !== "no" || result.cut !== undefined) {
    notes.push("Not all series are here, so buckets may be missing: a row then holds what those between counted too.");
  }
  return notes;
}

/** What a picture of a heatmap has to say besides: which one it is, and the notes. */
export function pictureNote({ groups, group, groupsTotal }: Heatmap, notes: readonly string[]): string {
  const which = groupsTotal > 1 ? [`One of ${groupsTotal} histograms: ${groups[group] ?? ""}.`] : [];
  return [...which, ...notes].join(" ");
}
