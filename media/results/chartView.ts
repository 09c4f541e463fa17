import { type ComponentChild, h } from "preact";
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { fullTime } from "../../src/shared/model/zonedTime.ts";
import type { Frame, LegendRow, PartName, ResultSummary, RunSnapshot } from "../../src/shared/protocol/results.ts";
import { LinePlot } from "../plot/linePlot.ts";
import { colorIndexes, readTheme } from "../plot/palette.ts";
import { moved, scaled, type Zoom } from "../plot/zoom.ts";
import { countText } from "./facts.ts";
import type { Host } from "./host.ts";
import { Legend } from "./legend.ts";
import { Zone } from "./zone.ts";

/** Lines that are drawn unasked: more cannot be told apart, and each costs time. */
const drawnAtFirst = 100;

const plotHeight = 300;

export interface ResultViewProps {
  readonly host: Host;
  readonly run: RunSnapshot;
  readonly part: PartName;
  readonly result: ResultSummary;
}

/** Which lines are shown: all, only one, or all but some. By name, since the next answer may have other lines before them. */
interface Shown {
  readonly only: string | undefined;
  readonly hidden: ReadonlySet<string>;
}

const everything: Shown = { only: undefined, hidden: new Set() };

/** The chart with its legend. Dragging zooms into what is here already; asking the server again is a button. */
export function ChartView({ host, run, part, result }: ResultViewProps): ComponentChild {
  const [legend, setLegend] = useState<{ readonly id: number; readonly rows: readonly LegendRow[] }>({
    id: -1,
    rows: [],
  });
  const [frame, setFrame] = useState<Frame | undefined>(undefined);
  const [zoom, setZoom] = useState<Zoom | undefined>(undefined);
  const [shown, setShown] = useState<Shown>(everything);
  const [drawsAll, setDrawsAll] = useState(false);
  const [width, setWidth] = useState(0);
  const [spoken, setSpoken] = useState("");
  const zone = useContext(Zone);
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<LinePlot>(undefined);
  const of = { key: run.key, part, id: result.id };
  const { rows } = legend;
  // The plot is made once, so what its keys change is read here.
  const whole = useRef<Zoom>(undefined);
  const now = useRef(zoom);
  now.current = zoom;
  const zoomTo = (make: (now: Zoom, whole: Zoom) => Zoom) => {
    if (whole.current === undefined) return;
    const next = make(now.current ?? whole.current, whole.current);
    const isWhole = next.from <= whole.current.from && next.to >= whole.current.to;
    now.current = isWhole ? undefined : next;
    setZoom(now.current);
    setSpoken(`${isWhole ? "The whole range: " : ""}${fullTime(next.from, zone)} to ${fullTime(next.to, zone)}`);
  };

  useEffect(() => {
    let isCurrent = true;
    setZoom(undefined);
    host.rpc.request("results/legend", of).then(
      (answer) => {
        if (!isCurrent) return;
        setLegend({ id: result.id, rows: answer.rows });
        setShown((old) => stillThere(old, answer.rows));
      },
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [result.id]);

  const drawn = useMemo(() => {
    const candidates = rows.filter(({ name }) => isShown(shown, name)).map(({ index }) => index);
    return drawsAll ? candidates : candidates.slice(0, drawnAtFirst);
  }, [rows, shown, drawsAll]);
  const colors = useMemo(
    () =>
      colorIndexes(
        rows.map(({ name }) => name),
        readTheme().colors.length,
      ),
    [rows],
  );

  useEffect(() => {
    const host = place.current;
    if (host === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.round(host.clientWidth / 50) * 50));
    observer.observe(host);
    const made = new LinePlot(host, {
      height: plotHeight,
      onZoom: (from, to) => setZoom({ from, to }),
      onReset: () => zoomTo((_now, all) => all),
      onScale: (factor, around) => zoomTo((shown, all) => scaled(shown, all, factor, around)),
      onMove: (part) => zoomTo((shown, all) => moved(shown, all, part)),
      onRead: setSpoken,
    });
    plot.current = made;
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, []);

  useEffect(() => {
    if (width === 0 || legend.id !== result.id) return undefined;
    let isCurrent = true;
    const ask = { ...of, width, from: zoom?.from ?? null, to: zoom?.to ?? null, lines: drawn };
    host.rpc.request("results/frame", ask).then(
      (answer) => {
        if (!isCurrent) return;
        if (zoom === undefined) whole.current = { from: answer.from, to: answer.to };
        setFrame(answer);
      },
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [legend, drawn, zoom, width]);

  useEffect(() => {
    if (frame === undefined) return;
    const lines = frame.lines.map((index) => ({ name: nameOf(run, rows[index]), color: colors[index] ?? 0 }));
    plot.current?.setData({ frame, lines, unit: run.unit, zone });
  }, [frame, zone]);

  const askRange = (window: Zoom) => {
    const choices = {
      ...run.choices,
      start: new Date(window.from).toISOString(),
      end: new Date(window.to).toISOString(),
      step: "",
    };
    void host.rpc.request("results/rerun", { key: run.key, choices });
  };
  const visible = rows.filter(({ name }) => isShown(shown, name)).length;
  return h(
    "div",
    { class: "chart-view" },
    h(
      "div",
      { class: "chart-tools" },
      drawn.length < visible
        ? [
            h("span", { key: "some" }, `Drawing ${drawn.length} of ${countText(visible, "series")}.`),
            h("button", { key: "all", type: "button", class: "link", onClick: () => setDrawsAll(true) }, "Draw all"),
          ]
        : null,
      frame !== undefined && !frame.isExact ? h("span", {}, "Each pixel shows its least and greatest value.") : null,
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
            h(
              "button",
              { key: "reset", type: "button", class: "link", onClick: () => setZoom(undefined) },
              "Reset zoom",
            ),
          ],
      shown === everything
        ? null
        : h("button", { type: "button", class: "link", onClick: () => setShown(everything) }, "Show all series"),
    ),
    h("div", {
      class: "plot",
      ref: place,
      tabIndex: 0,
      role: "application",
      "aria-label": `Chart of ${countText(result.seriesShown, "series")}. Left and right move through time, + and - zoom, Page Up and Page Down show what is before and after, 0 or Escape shows all. The table has all values.`,
    }),
    h("div", { class: "spoken", "aria-live": "polite" }, spoken),
    h(Legend, {
      rows,
      colors,
      unit: run.unit,
      nameOf: (row: LegendRow) => nameOf(run, row),
      isShown: ({ name }: LegendRow) => isShown(shown, name),
      onIsolate: ({ name }: LegendRow) =>
        setShown((old) => (old.only === name ? everything : { only: name, hidden: new Set() })),
      onToggle: ({ name }: LegendRow) => setShown((old) => toggled(old, name, rows)),
    }),
  );
}

function isShown({ only, hidden }: Shown, name: string): boolean {
  return only === undefined ? !hidden.has(name) : only === name;
}

function toggled(shown: Shown, name: string, rows: readonly LegendRow[]): Shown {
  const hidden = new Set(rows.map((row) => row.name).filter((one) => !isShown(shown, one)));
  if (!hidden.delete(name)) hidden.add(name);
  return hidden.size === 0 ? everything : { only: undefined, hidden };
}

/** What can still be meant once an answer with other lines is here. */
function stillThere({ only, hidden }: Shown, rows: readonly LegendRow[]): Shown {
  const names = new Set(rows.map(({ name }) => name));
  if (only !== undefined) return names.has(only) ? { only, hidden: new Set() } : everything;
  const left = new Set([...hidden].filter((name) => names.has(name)));
  return left.size === 0 ? everything : { only: undefined, hidden: left };
}

/** The legend template with labels filled in, or the whole selector. */
function nameOf(run: RunSnapshot, row: LegendRow | undefined): string {
  if (row === undefined) return "";
  if (run.legend === undefined || run.legend === "") return row.name;
  return (
    run.legend.replace(
      /\{\{\s*(.+?)\s*\}\}/g,
      (_all, label: string) => row.labels.find(([name]) => name === label)?.[1] ?? "",
    ) || row.name
  );
}
