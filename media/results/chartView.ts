import { type ComponentChild, h } from "preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";
import { isCancelled } from "../../src/shared/errors.ts";
import { parseValue } from "../../src/shared/model/numberText.ts";
import { strokesOf } from "../../src/shared/model/strokes.ts";
import { unitNumber } from "../../src/shared/model/units.ts";
import type { Frame, LegendRow, PartName, ResultSummary, RunSnapshot } from "../../src/shared/protocol/results.ts";
import { columnOf, countNotPositive } from "../plot/frameColumns.ts";
import type { HeatScale } from "../plot/heatScale.ts";
import { LinePlot } from "../plot/linePlot.ts";
import { readTheme } from "../plot/palette.ts";
import type { PictureRow } from "../plot/picture.ts";
import type { Zoom } from "../plot/zoom.ts";
import { Failed, useAsked } from "./asked.ts";
import { type ChartRow, type Layer, layersOf, nameOf, prefixOf } from "./chartLayers.ts";
import { ChartOptions } from "./chartOptions.ts";
import { ExemplarList, ExemplarSwitch, useExemplars } from "./exemplars.ts";
import { countText } from "./facts.ts";
import { type Host, rerun } from "./host.ts";
import { Legend } from "./legend.ts";
import { type Look, unitOf } from "./look.ts";
import { Surroundings } from "./surroundings.ts";
import { Zone } from "./zone.ts";
import { useZoomingPlot } from "./zooming.ts";

/** Lines that are drawn unasked: more cannot be told apart, and each costs time. */
const drawnAtFirst = 100;

const plotHeight = 300;

export interface ResultViewProps {
  readonly host: Host;
  readonly run: RunSnapshot;
  readonly part: PartName;
  readonly result: ResultSummary;
}

export interface ChartViewProps extends ResultViewProps {
  /** All runs of the panel, whose answers may be drawn in the same chart. */
  readonly runs: readonly RunSnapshot[];
  readonly look: Look;
  readonly onLook: (change: Look) => void;
  readonly picture: PictureSource;
  /** Told when what is to be seen has been drawn. */
  readonly onDrawn: () => void;
}

/** Gives a picture of what is drawn, while something is. */
export interface PictureSource {
  current: (() => ChartPicture | undefined) | undefined;
}

export interface ChartPicture {
  readonly chart: HTMLCanvasElement;
  readonly rows: readonly PictureRow[];
  /** Of a heatmap's colours. */
  readonly scale?: HeatScale;
  /** What of the answer is not drawn, if anything. */
  readonly note: string;
}

/** A frame and the answers that it was made of. */
interface Drawing {
  readonly id: string;
  readonly frame: Frame;
}

/** Which lines are shown: all, only one, or all but some. By id, since the next answer may have other lines before them. */
interface Shown {
  readonly only: string | undefined;
  readonly hidden: ReadonlySet<string>;
}

const everything: Shown = { only: undefined, hidden: new Set() };

/** The legends of the layers' answers, by the answers that they are of; complete or not there. */
interface Legends {
  readonly id: string;
  readonly rows: readonly (readonly LegendRow[])[];
  readonly hasFailed: boolean;
  readonly retry: () => void;
}

const noRows: Legends["rows"] = [];

/** The answers that layers are of; another text for other answers. */
function idOf(layers: readonly Layer[]): string {
  return JSON.stringify(layers.map(({ of, shiftMs }) => [of.key, of.part, of.id, shiftMs]));
}

/** The legend of every layer, once all of them are here. */
function useLegends(host: Host, layers: readonly Layer[]): Legends {
  const { read, hasFailed, retry } = useAsked(idOf(layers), async () => {
    const answers = await Promise.all(layers.map(({ of }) => host.rpc.request("results/legend", of)));
    return answers.map(({ rows }) => rows);
  });
  return { id: read?.id ?? "", rows: read?.value ?? noRows, hasFailed, retry };
}

/** The chart with its legend. Dragging zooms into what is here already; asking the server again is a button. */
export function ChartView({
  host,
  run,
  part,
  result,
  runs,
  look,
  onLook,
  picture,
  onDrawn,
}: ChartViewProps): ComponentChild {
  const [drawing, setDrawing] = useState<Drawing | undefined>(undefined);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [shown, setShown] = useState<Shown>(everything);
  const [drawsAll, setDrawsAll] = useState(false);
  const zone = useContext(Zone);
  const { plotHeight: height = plotHeight } = useContext(Surroundings);
  const { place, plot, width, zoom, whole, spoken, reset } = useZoomingPlot(
    result,
    (host, events) => new LinePlot(host, { height, ...events, plugins: [exemplars.points.plugin] }),
  );
  const layers = layersOf({ of: { key: run.key, part, id: result.id }, run }, runs, look.others ?? []);
  const legends = useLegends(host, layers);
  const rows = useMemo(() => rowsOf(legends, layers), [legends.rows]);
  const frame = drawing?.frame;
  const isDrawn = drawing?.id === idOf(layers);
  const unit = unitOf(run, look);
  const style = look.style ?? "lines";
  const axis = look.axis ?? "auto";
  const exemplars = useExemplars({ host, of: { key: run.key, part, id: result.id }, zoom, width });
  useEffect(() => setShown((old) => stillThere(old, rows)), [rows]);

  const drawn = useMemo(() => {
    const candidates = rows.filter(({ id }) => isShown(shown, id));
    return drawsAll ? candidates : candidates.slice(0, drawnAtFirst);
  }, [rows, shown, drawsAll]);

  useEffect(() => {
    // Rows of other answers than these would name other series.
    if (width === 0 || legends.id !== idOf(layers)) return undefined;
    let isCurrent = true;
    const asked = layers.map(({ of, shiftMs }, layer) => ({
      ...of,
      shiftMs,
      lines: drawn.filter((row) => row.layer === layer).map(({ index }) => index),
    }));
    const reduce = style === "stacked" ? ("last" as const) : ("extremes" as const);
    const ask = { width, from: zoom?.from ?? null, to: zoom?.to ?? null, reduce, layers: asked };
    host.rpc.request("results/frame", ask).then(
      (answer) => {
        if (!isCurrent) return;
        if (zoom === undefined) whole.current = { from: answer.from, to: answer.to };
        setDrawing({ id: legends.id, frame: answer });
        setFailed(false);
      },
      (error: unknown) => isCurrent && setFailed(!isCancelled(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [legends.rows, drawn, zoom, width, style === "stacked", attempt]);

  useEffect(() => {
    if (frame === undefined) return;
    const byPlace = new Map(rows.map((row) => [`${row.layer} ${row.index}`, row]));
    const lines = frame.lines.flatMap(({ layer, index }) => {
      const row = byPlace.get(`${layer} ${index}`);
      return row === undefined ? [] : [{ name: row.title, isBefore: row.isBefore, ...row.stroke }];
    });
    // A frame of other answers is on its way out.
    if (lines.length !== frame.lines.length) return;
    plot.current?.setData({ frame, lines, unit, zone, style, axis });
    onDrawn();
  }, [frame, zone, style, axis, unit]);

  const visible = rows.filter(({ id }) => isShown(shown, id)).length;
  const share = `Drawing ${drawn.length} of ${countText(visible, "series")}.`;
  useEffect(() => {
    picture.current = () => {
      // What is drawn still is the chart of another answer.
      if (!isDrawn) return undefined;
      const chart = plot.current?.canvas;
      const value = ({ last }: ChartRow) => unitNumber(parseValue(last), unit);
      const named = drawn.map((row) => ({ title: row.title, value: value(row), color: row.stroke.color }));
      return chart && { chart, rows: named, note: drawn.length < visible ? share : "" };
    };
    return () => {
      picture.current = undefined;
    };
  });

  const askRange = (window: Zoom) => {
    const choices = {
      ...run.choices,
      start: new Date(window.from).toISOString(),
      end: new Date(window.to).toISOString(),
      step: "",
    };
    rerun(host, run, choices);
  };
  const notDrawn = useMemo(
    () =>
      frame === undefined || axis !== "log" || style === "stacked"
        ? 0
        : countNotPositive(frame.lines.map((_, i) => columnOf(frame, i))),
    [frame, axis, style],
  );
  const others = new Set(layers.map((layer) => unitOf(layer.run, layer.kind === "other" ? {} : look) ?? "none"));
  return h(
    "div",
    { class: "chart-view" },
    h(
      "div",
      { class: "chart-tools" },
      drawn.length < visible
        ? [
            h("span", { key: "some" }, share),
            h("button", { key: "all", type: "button", class: "link", onClick: () => setDrawsAll(true) }, "Draw all"),
          ]
        : null,
      h(ChartOptions, { run, runs, look, onLook }),
      frame !== undefined && !frame.isExact
        ? h("span", {}, `Each pixel shows its ${style === "stacked" ? "last value" : "least and greatest value"}.`)
        : null,
      notDrawn > 0
        ? h(
            "span",
            { role: "status" },
            `${countText(notDrawn, "value", "values")} of zero or less cannot be drawn here.`,
          )
        : null,
      others.size > 1 ? h("span", { role: "status" }, `Different units on one axis: ${[...others].join(", ")}.`) : null,
      zoom === undefined
        ? null
        : [
            // An instant answer is a chart only where the query names its own range, which no other window changes.
            part === "instant"
              ? null
              : h(
                  "button",
                  { key: "ask", type: "button", class: "link", onClick: () => askRange(zoom) },
                  "Query this range",
                ),
            h("button", { key: "reset", type: "button", class: "link", onClick: reset }, "Reset zoom"),
          ],
      shown === everything
        ? null
        : h("button", { type: "button", class: "link", onClick: () => setShown(everything) }, "Show all series"),
      h(ExemplarSwitch, exemplars),
    ),
    legends.hasFailed ? h(Failed, { text: "The series could not be read", retry: legends.retry }) : null,
    hasFailed ? h(Failed, { text: "This chart could not be drawn", retry: () => setAttempt(attempt + 1) }) : null,
    h("div", {
      // What only continues the answer before it takes nothing away.
      class: isDrawn || result.continues !== result.id ? "plot" : "plot stale",
      ref: place,
      tabIndex: 0,
      role: "application",
      "aria-label": `Chart of ${countText(result.seriesShown, "series")}. Left and right move through time, + and - zoom, Page Up and Page Down show what is before and after, 0 or Escape shows all. The table has all values.`,
    }),
    h("div", { class: "spoken", "aria-live": "polite" }, spoken),
    h(ExemplarList, { host, exemplars }),
    // A legend of nothing would say that there are no series.
    legends.hasFailed && rows.length === 0
      ? null
      : h(Legend, {
          host,
          rows,
          unit,
          isShown: ({ id }: ChartRow) => isShown(shown, id),
          onIsolate: ({ id }: ChartRow) =>
            setShown((old) => (old.only === id ? everything : { only: id, hidden: new Set() })),
          onToggle: ({ id }: ChartRow) => setShown((old) => toggled(old, id, rows)),
        }),
  );
}

/** The rows of all layers, each with the stroke that its name gives it; an earlier series has that of its later self. */
function rowsOf({ rows }: Legends, layers: readonly Layer[]): readonly ChartRow[] {
  const main = layers[0];
  const named = rows.flatMap((ofLayer, layer) => {
    const one = layers[layer];
    if (one === undefined || main === undefined) return [];
    const isBefore = one.kind === "before";
    const prefix = prefixOf(one, main.run);
    const strokeName = (row: LegendRow) => (one.kind === "other" ? `${one.of.key} ${row.name}` : row.name);
    return ofLayer.map((row) => ({
      ...row,
      layer,
      isBefore,
      id: `${one.of.part} ${one.of.key} ${row.name}`,
      title: prefix + nameOf(one.run, row),
      strokeName: strokeName(row),
    }));
  });
  const names = [...new Set(named.map(({ strokeName }) => strokeName))];
  const strokes = strokesOf(names, readTheme().colors.length);
  const byName = new Map(names.map((name, i) => [name, strokes[i] ?? { color: 0, dash: 0 }]));
  return named.map(({ strokeName, ...row }) => ({ ...row, stroke: byName.get(strokeName) ?? { color: 0, dash: 0 } }));
}

function isShown({ only, hidden }: Shown, id: string): boolean {
  return only === undefined ? !hidden.has(id) : only === id;
}

function toggled(shown: Shown, id: string, rows: readonly ChartRow[]): Shown {
  const hidden = new Set(rows.map((row) => row.id).filter((one) => !isShown(shown, one)));
  if (!hidden.delete(id)) hidden.add(id);
  return hidden.size === 0 ? everything : { only: undefined, hidden };
}

/** What can still be meant once an answer with other lines is here. */
function stillThere({ only, hidden }: Shown, rows: readonly ChartRow[]): Shown {
  if (only === undefined && hidden.size === 0) return everything;
  const ids = new Set(rows.map(({ id }) => id));
  if (only !== undefined) return ids.has(only) ? { only, hidden: new Set() } : everything;
  const left = new Set([...hidden].filter((id) => ids.has(id)));
  return left.size === 0 ? everything : { only: undefined, hidden: left };
}
