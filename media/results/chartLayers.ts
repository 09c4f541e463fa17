import type { Stroke } from "../../src/shared/model/strokes.ts";
import { parseDuration } from "../../src/shared/model/time.ts";
import type { LegendRow, OfResult, RunSnapshot } from "../../src/shared/protocol/results.ts";

/** An answer whose lines are in the chart: the run's own, the one it is compared with, or that of another block. */
export interface Layer {
  readonly of: OfResult;
  readonly kind: "main" | "before" | "other";
  readonly run: RunSnapshot;
  /** Added to its times, so that it lies over the main answer. */
  readonly shiftMs: number;
}

/** A line of the chart with its row in the legend. */
export interface ChartRow extends LegendRow {
  /** The same in the next answer, where the same series may stand at another place. */
  readonly id: string;
  readonly layer: number;
  /** As it is shown: the legend template filled in, with what tells layers apart. */
  readonly title: string;
  readonly isBefore: boolean;
  readonly stroke: Stroke;
}

/** The range answer of a run that can be drawn with others. */
export function drawableRange(run: RunSnapshot) {
  const result = run.range?.result;
  return result !== undefined && result.type === "matrix" && result.seriesTotal > 0 ? result : undefined;
}

/** The layers of a chart: the answer looked at, the earlier one it is compared with, and those of other blocks. */
export function layersOf(
  main: { readonly of: OfResult; readonly run: RunSnapshot },
  runs: readonly RunSnapshot[],
  others: readonly string[],
): readonly Layer[] {
  const { of, run } = main;
  const layers: Layer[] = [{ of, run, kind: "main", shiftMs: 0 }];
  // An earlier answer to another question would lie at the wrong place under the wrong name.
  const isOfOneRun = run.before?.isStale === false && run.range?.isStale === false;
  const before = isOfOneRun ? run.before?.result : undefined;
  const sent = run.range?.result?.sent;
  if (of.part === "range" && before?.sent !== undefined && sent !== undefined && before.type === "matrix") {
    const shiftMs = sent.start - before.sent.start;
    // Of two answers that continue others one comes first.
    if (shiftMs === parseDuration(run.choices.compare)) {
      layers.push({ of: { key: run.key, part: "before", id: before.id }, run, kind: "before", shiftMs });
    }
  }
  for (const other of runs) {
    const result = drawableRange(other);
    if (other.key === run.key || result === undefined || !others.includes(other.key)) continue;
    layers.push({ of: { key: other.key, part: "range", id: result.id }, run: other, kind: "other", shiftMs: 0 });
  }
  return layers;
}

/** What stands before the names of a layer's lines. */
export function prefixOf({ kind, run }: Layer, main: RunSnapshot): string {
  if (kind === "main") return "";
  if (kind === "before") return `${run.choices.compare} earlier · `;
  const server = run.target.name === main.target.name ? "" : ` (${run.target.name})`;
  return `${run.title}${server} · `;
}

/** The legend template with labels filled in, or the whole selector. */
export function nameOf({ legend }: RunSnapshot, row: LegendRow): string {
  if (legend === undefined || legend === "") return row.name;
  return (
    legend.replace(
      /\{\{\s*(.+?)\s*\}\}/g,
      (_all, label: string) => row.labels.find(([name]) => name === label)?.[1] ?? "",
    ) || row.name
  );
}
