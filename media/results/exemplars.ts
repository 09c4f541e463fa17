import { type ComponentChild, h } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { formatLabels } from "../../src/shared/model/labels.ts";
import { fullTime } from "../../src/shared/model/zonedTime.ts";
import type { ExemplarAnswer, ExemplarPoint, PartName } from "../../src/shared/protocol/results.ts";
import { ExemplarPoints } from "../plot/exemplarPoints.ts";
import type { Zoom } from "../plot/zoom.ts";
import { CopyButton } from "./copyButton.ts";
import { countText } from "./facts.ts";
import type { Host } from "./host.ts";
import { VirtualRows } from "./virtualRows.ts";
import { Zone } from "./zone.ts";

/** Warnings of the server that are said. */
const warningsShown = 5;

/** How the exemplars of the chart stand. */
type State = { readonly kind: "off" | "reading" | "cancelled" } | ExemplarAnswer;

/** The exemplars of a chart: a switch, diamonds for its plot, and a list. */
export interface Exemplars {
  readonly isOn: boolean;
  readonly state: State;
  /** Draws them; for the plot's options. */
  readonly points: ExemplarPoints;
  readonly picked: ExemplarPoint | undefined;
  readonly pick: (point: ExemplarPoint | undefined) => void;
  readonly toggle: () => void;
  readonly retry: () => void;
}

export interface ExemplarsOf {
  readonly host: Host;
  readonly of: { readonly key: string; readonly part: PartName; readonly id: number };
  readonly zoom: Zoom | undefined;
  readonly width: number;
}

/**
 * Exemplars are off until a person switches them on, and off again with each new answer: the server is asked for nothing
 * that nobody wanted.
 */
export function useExemplars({ host, of, zoom, width }: ExemplarsOf): Exemplars {
  const [onFor, setOnFor] = useState<string | undefined>(undefined);
  const [state, setState] = useState<State>({ kind: "off" });
  const [picked, pick] = useState<ExemplarPoint | undefined>(undefined);
  const [attempt, setAttempt] = useState(0);
  const zone = useContext(Zone);
  const points = useRef<ExemplarPoints>(undefined);
  points.current ??= new ExemplarPoints(pick);
  const drawn = points.current;
  // The asking that came to nothing, which another zoom or width would not change.
  const fruitless = useRef<string>(undefined);
  const answer = `${of.part} ${of.id} ${of.key}`;
  const isOn = onFor === answer;

  useEffect(() => {
    if (!isOn) return undefined;
    setState({ kind: "reading" });
    return () => {
      fruitless.current = undefined;
      setState({ kind: "off" });
      pick(undefined);
      host.rpc.request("results/exemplarsOff", of).catch(() => undefined);
    };
  }, [isOn, answer]);

  useEffect(() => {
    const asking = `${attempt} ${answer}`;
    if (!isOn || width === 0 || fruitless.current === asking) return undefined;
    let isCurrent = true;
    const ask = { ...of, width, from: zoom?.from ?? null, to: zoom?.to ?? null };
    host.rpc.request("results/exemplars", ask).then(
      (read) => {
        if (!isCurrent) return;
        if (read.kind !== "read") fruitless.current = asking;
        setState(read);
        pick(undefined);
      },
      () => {
        if (!isCurrent) return;
        fruitless.current = asking;
        setState({ kind: "cancelled" });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [isOn, answer, zoom, width, attempt]);

  useEffect(() => {
    drawn.set(state.kind === "read" ? { points: state.points, picked, zone } : undefined);
  }, [state, picked, zone]);

  return {
    isOn,
    state,
    points: drawn,
    picked,
    pick,
    toggle: () => setOnFor(isOn ? undefined : answer),
    retry: () => {
      // The host remembers what became of it until it is given up.
      host.rpc.request("results/exemplarsOff", of).catch(() => undefined);
      setState({ kind: "reading" });
      setAttempt(attempt + 1);
    },
  };
}

/** The switch, for the chart's tools. */
export function ExemplarSwitch({ isOn, toggle }: Exemplars): ComponentChild {
  return h(
    "label",
    { class: "switch", title: "Asks the server for the exemplars of the query's series, such as traces" },
    h("input", { type: "checkbox", checked: isOn, onChange: toggle }),
    "Exemplars",
  );
}

const columns = ["Value", "Time", "Labels", "Series", "Trace"] as const;

/** What became of the exemplars, and each of them as a row. */
export function ExemplarList({
  host,
  exemplars: { state, picked, pick, retry },
}: {
  readonly host: Host;
  readonly exemplars: Exemplars;
}): ComponentChild {
  const zone = useContext(Zone);
  if (state.kind === "off") return null;
  const points = state.kind === "read" ? state.points : [];
  const canRetry = state.kind === "failed" || state.kind === "declined" || state.kind === "cancelled";
  const row = (index: number) => {
    const point = points[index];
    if (point === undefined) return { props: { class: "row" }, cells: [] };
    const isPicked = point === picked;
    const { time, value, labels, seriesLabels, traceId } = point;
    const own = formatLabels(labels);
    const series = formatLabels(seriesLabels);
    const show = () => pick(isPicked ? undefined : point);
    return {
      props: { class: isPicked ? "row row-selected" : "row" },
      cells: [
        h(
          "div",
          { class: "cell exemplar-value", role: "cell" },
          h(
            "button",
            { type: "button", class: "name", title: "Show in the chart", "aria-pressed": isPicked, onClick: show },
            value,
          ),
        ),
        h("div", { class: "cell exemplar-time", role: "cell" }, fullTime(time, zone)),
        h("div", { class: "cell exemplar-labels", role: "cell", title: own }, own),
        h("div", { class: "cell exemplar-labels", role: "cell", title: series }, series),
        h(
          "div",
          { class: "cell exemplar-trace", role: "cell" },
          traceId === null ? "" : h(CopyButton, { host, title: "Copy trace id", text: traceId }),
        ),
      ],
    };
  };
  const head = h(
    "div",
    { class: "row head", role: "row", "aria-rowindex": 1 },
    columns.map((title) => h("div", { key: title, class: headClass(title), role: "columnheader" }, title)),
  );
  return h(
    "section",
    { class: "exemplars", "aria-label": "Exemplars" },
    h("p", { class: "exemplars-said", role: "status" }, sentences(state).join(" ")),
    canRetry ? h("button", { type: "button", class: "link", onClick: retry }, "Try again") : null,
    points.length === 0 ? null : h("p", { class: "hint" }, "A hollow diamond's value lies beyond the axis."),
    points.length === 0
      ? null
      : h(VirtualRows, {
          count: points.length,
          rowHeight: 24,
          label: "Exemplars",
          columns: columns.length,
          head,
          row,
          reveal: picked === undefined ? undefined : points.indexOf(picked),
        }),
  );
}

function headClass(title: (typeof columns)[number]): string {
  const kind = title === "Series" ? "labels" : title.toLowerCase();
  return `cell exemplar-${kind}`;
}

function sentences(state: State): readonly string[] {
  switch (state.kind) {
    case "off":
      return [];
    case "reading":
      return ["Reading exemplars …"];
    case "cancelled":
      return ["Reading the exemplars was cancelled."];
    case "declined":
      return ["The server was not asked for exemplars."];
    case "notOffered":
      return ["This server does not offer exemplars. The chart is complete without them."];
    case "failed":
      return [state.error.title, state.error.detail, state.error.next].filter((text) => text !== "").map(ended);
    case "read":
      return [...countSentences(state), ...warningSentences(state.warnings)];
  }
}

function countSentences(answer: Extract<ExemplarAnswer, { kind: "read" }>): readonly string[] {
  const { points, inWindow, kept, total } = answer;
  const cut =
    kept < total
      ? [
          `The server sent ${countText(total, "exemplar", "exemplars")}; the first ${countText(kept, "is", "are")} looked at.`,
        ]
      : [];
  if (total === 0) {
    return [
      "The server has no exemplars of these series in this range.",
      "Prometheus keeps them only if it was started with --enable-feature=exemplar-storage.",
    ];
  }
  if (inWindow === 0) return ["None of the exemplars is in the stretch shown.", ...cut];
  const undrawn = points.filter(({ value }) => !Number.isFinite(Number(value))).length;
  return [
    points.length < inWindow
      ? `Of ${countText(inWindow, "exemplar", "exemplars")} in the stretch shown, the highest ${points.length}.`
      : `${countText(points.length, "exemplar", "exemplars")}.`,
    ...(undrawn === 0 ? [] : [`${countText(undrawn, "value", "values")} cannot be drawn.`]),
    ...cut,
  ];
}

function warningSentences(warnings: readonly string[]): readonly string[] {
  const more = warnings.length - warningsShown;
  return [
    ...warnings.slice(0, warningsShown).map(ended),
    ...(more > 0 ? [`${countText(more, "more warning", "more warnings")}.`] : []),
  ];
}

function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
