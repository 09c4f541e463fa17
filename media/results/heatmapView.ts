import { type ComponentChild, h } from "preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";
import { isCancelled } from "../../src/shared/errors.ts";
import type { Heatmap, RunSnapshot } from "../../src/shared/protocol/results.ts";
import { HeatCells } from "../plot/heatCells.ts";
import { HeatmapPlot } from "../plot/heatmapPlot.ts";
import { Failed } from "./asked.ts";
import { UnitSelect } from "./chartOptions.ts";
import type { PictureSource, ResultViewProps } from "./chartView.ts";
import { countText } from "./facts.ts";
import { HeatLegend } from "./heatLegend.ts";
import { heatmapNotes, pictureNote } from "./heatmapNotes.ts";
import { rerun } from "./host.ts";
import { type Look, unitOf } from "./look.ts";
import { Surroundings } from "./surroundings.ts";
import { Zone } from "./zone.ts";
import { useZoomingPlot } from "./zooming.ts";

const plotHeight = 320;

/** Longer names are cut in the list. */
const nameLength = 200;

export interface HeatmapViewProps extends ResultViewProps {
  readonly look: Look;
  readonly onLook: (change: Look) => void;
  readonly picture: PictureSource;
}

/** A map that was picked: by name, since the next answer may have others before it, and by place, since names may be alike. */
interface Pick {
  readonly index: number;
  readonly name: string;
}

/** The buckets of a range answer through time, one histogram after another. Dragging zooms into what is here already. */
export function HeatmapView({ host, run, part, result, look, onLook, picture }: HeatmapViewProps): ComponentChild {
  const [map, setMap] = useState<{ readonly id: number; readonly map: Heatmap } | undefined>(undefined);
  const [pick, setPick] = useState<Pick | undefined>(undefined);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const zone = useContext(Zone);
  const { plotHeight: height = plotHeight } = useContext(Surroundings);
  const { place, plot, width, zoom, whole, spoken, reset } = useZoomingPlot(
    result,
    (host, events) => new HeatmapPlot(host, { height, ...events }),
  );
  const group = map?.id === result.id ? placeOf(map.map.groups, pick) : 0;

  useEffect(() => {
    if (width === 0) return undefined;
    let isCurrent = true;
    const of = { key: run.key, part, id: result.id };
    const ask = { ...of, group, width, from: zoom?.from ?? null, to: zoom?.to ?? null };
    host.rpc.request("results/heatmap", ask).then(
      (answer) => {
        if (!isCurrent) return;
        setMap({ id: result.id, map: answer });
        setFailed(false);
      },
      (error: unknown) => isCurrent && setFailed(!isCancelled(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [result.id, group, zoom, width, attempt]);

  const shown = map?.map;
  // Bounds are of what was observed, whose unit is mostly not that of the query's values: `@unit` says nothing about it.
  const bounded: RunSnapshot = { ...run, unit: undefined, guessedUnit: shown?.guessedUnit };
  const boundLook: Look = look.boundUnit === undefined ? {} : { unit: look.boundUnit };
  const unit = unitOf(bounded, boundLook);
  const cells = useMemo(() => (shown === undefined ? undefined : new HeatCells(shown)), [shown]);
  useEffect(() => {
    // The names have come with another map than the one that was picked: that one is on its way.
    if (shown === undefined || cells === undefined || shown.group !== group) return;
    if (zoom === undefined) whole.current = { from: cells.edges[0] ?? 0, to: cells.edges[cells.columns] ?? 0 };
    plot.current?.setData({ cells, stepsPerColumn: shown.stepsPerColumn, unit, zone });
  }, [cells, unit, zone]);

  const notes = shown === undefined || cells === undefined ? [] : heatmapNotes(shown, cells, result);
  useEffect(() => {
    picture.current = () => {
      const chart = plot.current?.canvas;
      if (chart === undefined || shown === undefined || cells === undefined) return undefined;
      return { chart, rows: [], scale: cells, note: pictureNote(shown, notes) };
    };
    return () => {
      picture.current = undefined;
    };
  });

  return h(
    "div",
    { class: "chart-view" },
    h(
      "div",
      { class: "chart-tools" },
      shown === undefined ? null : groupTool(shown, group, setPick),
      shown === undefined
        ? null
        : h(UnitSelect, {
            of: "buckets",
            run: bounded,
            look: boundLook,
            onLook: ({ unit: boundUnit }) => boundUnit !== undefined && onLook({ boundUnit }),
          }),
      zoom === undefined
        ? null
        : [
            h(
              "button",
              {
                key: "ask",
                type: "button",
                class: "link",
                onClick: () => {
                  const [start, end] = [new Date(zoom.from).toISOString(), new Date(zoom.to).toISOString()];
                  const choices = { ...run.choices, start, end, step: "" };
                  rerun(host, run, choices);
                },
              },
              "Query this range",
            ),
            h("button", { key: "reset", type: "button", class: "link", onClick: reset }, "Reset zoom"),
          ],
    ),
    hasFailed ? h(Failed, { text: "This heatmap could not be drawn", retry: () => setAttempt(attempt + 1) }) : null,
    ...notes.map((text) => h("p", { key: text, class: "hint note" }, text)),
    h("div", {
      class: cells?.rows === 0 ? "plot plot-empty" : "plot",
      ref: place,
      tabIndex: 0,
      role: "application",
      "aria-label": `Heatmap of ${countText(shown?.boundaries.length ?? 0, "row", "rows")} of values through time. Arrow keys move from cell to cell, + and - zoom, Page Up and Page Down show what is before and after, 0 or Escape shows all. The table has all values.`,
    }),
    h("div", { class: "spoken", "aria-live": "polite" }, spoken),
    cells === undefined || cells.rows === 0 ? null : h(HeatLegend, { most: cells.most, hasHoles: cells.hasHoles }),
  );
}

/** Where what was picked is now; the first map if nothing was, or if that is gone. */
function placeOf(groups: readonly string[], pick: Pick | undefined): number {
  if (pick === undefined) return 0;
  return groups[pick.index] === pick.name ? pick.index : Math.max(0, groups.indexOf(pick.name));
}

/** The list of histograms, or the only one's name unless its labels say nothing. */
function groupTool({ groups, groupsTotal }: Heatmap, group: number, onPick: (pick: Pick) => void): ComponentChild {
  const short = (name: string) => (name.length > nameLength ? `${name.slice(0, nameLength)} …` : name);
  if (groupsTotal === 1) return groups[0] === "{}" ? null : h("span", { class: "heat-name" }, short(groups[0] ?? ""));
  return [
    h(
      "select",
      {
        key: "groups",
        class: "heat-groups",
        "aria-label": "Histogram",
        value: String(group),
        onChange: (event: Event) => {
          const index = Number((event.currentTarget as HTMLSelectElement).value);
          onPick({ index, name: groups[index] ?? "" });
        },
      },
      groups.map((name, index) => h("option", { key: index, value: String(index) }, short(name))),
    ),
    h(
      "span",
      { key: "many", class: "hint" },
      groups.length < groupsTotal
        ? `the first ${groups.length} of ${countText(groupsTotal, "histogram", "histograms")}`
        : `one of ${countText(groupsTotal, "histogram", "histograms")}`,
    ),
  ];
}
