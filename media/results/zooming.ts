import type { RefObject } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { fullTime } from "../../src/shared/model/zonedTime.ts";
import type { ResultSummary } from "../../src/shared/protocol/results.ts";
import { moved, scaled, type Zoom } from "../plot/zoom.ts";
import { Zone } from "./zone.ts";

/** What a plot tells of a person's pointer and keys. */
export interface PlotEvents {
  readonly onZoom: (from: number, to: number) => void;
  readonly onReset: () => void;
  readonly onScale: (factor: number, around: number | undefined) => void;
  readonly onMove: (part: number) => void;
  readonly onRead: (text: string) => void;
}

/** A plot in its place, and the stretch of time that a person looks at. */
export interface ZoomingPlot<P> {
  readonly place: RefObject<HTMLDivElement | null>;
  readonly plot: RefObject<P | null>;
  /** Of the place, in steps of 50 CSS pixels; 0: nothing can be drawn yet. */
  readonly width: number;
  /** `undefined`: the whole answer. */
  readonly zoom: Zoom | undefined;
  /** What the whole answer is, once it is known; to be set by whoever draws it. */
  readonly whole: RefObject<Zoom | null>;
  /** What those who do not see the plot are told. */
  readonly spoken: string;
  readonly reset: () => void;
}

/** Makes a plot once and keeps what part of the answer it shows; an answer that is a little newer is looked at as closely. */
export function useZoomingPlot<P extends { dispose(): void }>(
  result: ResultSummary,
  make: (host: HTMLElement, events: PlotEvents) => P,
): ZoomingPlot<P> {
  const [zoom, setZoom] = useState<Zoom | undefined>(undefined);
  const [width, setWidth] = useState(0);
  const [spoken, setSpoken] = useState("");
  const zone = useContext(Zone);
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<P>(null);
  // The plot is made once, so what its keys change, and the zone they are told in, is read here.
  const whole = useRef<Zoom>(null);
  const now = useRef(zoom);
  const zoneNow = useRef(zone);
  now.current = zoom;
  zoneNow.current = zone;
  const zoomTo = (change: (now: Zoom, whole: Zoom) => Zoom) => {
    if (whole.current === null) return;
    const next = change(now.current ?? whole.current, whole.current);
    const isWhole = next.from <= whole.current.from && next.to >= whole.current.to;
    now.current = isWhole ? undefined : next;
    setZoom(now.current);
    const [from, to] = [next.from, next.to].map((time) => fullTime(time, zoneNow.current));
    setSpoken(`${isWhole ? "The whole range: " : ""}${from} to ${to}`);
  };
  useEffect(() => {
    const { sent } = result;
    setZoom((old) => (old && sent && old.from >= sent.start && old.to <= sent.end ? old : undefined));
  }, [result.id]);
  useEffect(() => {
    const host = place.current;
    if (host === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.round(host.clientWidth / 50) * 50));
    observer.observe(host);
    const made = make(host, {
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
  return { place, plot, width, zoom, whole, spoken, reset: () => setZoom(undefined) };
}
