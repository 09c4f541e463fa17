import { AppError } from "../shared/errors.ts";
import type { UnixMs } from "../shared/model/answer.ts";
import type { Heatmap } from "../shared/protocol/results.ts";
import type { Heatmaps } from "./heatmap.ts";

/** Maps that are offered by name. */
const mostGroups = 500;

/** A column narrower than this many pixels shows nothing. */
const columnWidth = 3;

/** One map of an answer as the panel gets it. `from`, `to`: the part to draw; throws `bug` for a map that is not there. */
export async function heatmapAnswer(
  heatmaps: Heatmaps,
  {
    group: index,
    width,
    from,
    to,
    window,
  }: {
    readonly group: number;
    readonly width: number;
    readonly from: UnixMs | null;
    readonly to: UnixMs | null;
    readonly window: { readonly from: UnixMs; readonly to: UnixMs; readonly stepMs: number };
  },
): Promise<Omit<Heatmap, "guessedUnit">> {
  const { groups, others } = await heatmaps.groups();
  const group = groups[index];
  if (group === undefined) throw new AppError({ kind: "bug", detail: "no such heatmap" });
  const cells = await heatmaps.cells({ group, ...window, zoom: { from, to }, maxColumns: width / columnWidth });
  const { rows, edges, counts, grid, remarks } = cells;
  const columns = [
    edges,
    Float64Array.from(rows, ({ lower }) => lower),
    Float64Array.from(rows, ({ upper }) => upper),
    counts,
  ];
  const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    all.set(column, at);
    at += column.length;
  }
  return {
    groups: groups.slice(0, mostGroups).map(({ name }) => name),
    groupsTotal: groups.length,
    group: index,
    otherSeries: others,
    columns: grid.columns,
    boundaries: rows.map(({ boundaries }) => boundaries),
    stepsPerColumn: grid.stepsPerColumn,
    remarks,
    buffer: all.buffer,
  };
}
