import type { RunSnapshot } from "../../src/shared/protocol/results.ts";
import type { AxisKind, ChartStyle } from "../plot/linePlot.ts";
import { readStored, type StoredResult } from "./storedResult.ts";

/** The views of an answer. */
export const tabs = ["chart", "heatmap", "table", "stat", "json"] as const;

export type Tab = (typeof tabs)[number];

/** How a query's answers are looked at, as far as a person chose it. */
export interface Look {
  readonly tab?: Tab;
  readonly style?: ChartStyle;
  readonly axis?: AxisKind;
  /** A unit's id; empty: none. */
  readonly unit?: string;
  /** The same for the bounds of buckets, which are of what was observed and not of the query's values. */
  readonly boundUnit?: string;
  /** The query, as written, whose units these are: another one in its block has others. */
  readonly unitsOf?: string;
  /** Keys of other runs drawn in the same chart. */
  readonly others?: readonly string[];
}

/** How the panel is looked at; kept while it is hidden, and with its window. */
export interface ViewState {
  readonly run: string | undefined;
  /** Number of the last bringing to the front that was followed. */
  readonly front: number;
  /** Newest last, each under what `lookKey` makes of its run. */
  readonly looks: readonly (readonly [key: string, look: Look])[];
  /** What is shown when the window is opened again. */
  readonly stored: StoredResult | undefined;
}

/** How many looks are remembered. */
const mostLooks = 100;

/** What a look is remembered under: another query or another `@view` of its block is another matter. */
export function lookKey({ key, view }: RunSnapshot): string {
  return `${view ?? ""} ${key}`;
}

/** What a person chose for a run; units only if they were chosen for this very query. */
export function lookOf(state: ViewState, run: RunSnapshot): Look {
  const key = lookKey(run);
  const look = state.looks.find(([one]) => one === key)?.[1] ?? {};
  if (look.unitsOf === undefined || look.unitsOf === run.text) return look;
  const { unit: _unit, boundUnit: _boundUnit, unitsOf: _unitsOf, ...others } = look;
  return others;
}

/** The state with something chosen for a run. */
export function withLook(state: ViewState, run: RunSnapshot, change: Look): ViewState {
  const key = lookKey(run);
  const others = state.looks.filter(([one]) => one !== key);
  const hasUnit = change.unit !== undefined || change.boundUnit !== undefined;
  const look = { ...lookOf(state, run), ...change, ...(hasUnit ? { unitsOf: run.text } : {}) };
  return { ...state, looks: [...others, [key, look] as const].slice(-mostLooks) };
}

const styles: readonly unknown[] = ["lines", "stacked", "points"];
const axes: readonly unknown[] = ["auto", "zero", "log"];

/**
 * Reads a state that was stored, maybe by another version; what is not understood is left out. Units that were stored without
 * their query are those of whatever query the block has.
 */
export function readViewState(state: unknown): ViewState {
  if (typeof state !== "object" || state === null) return { run: undefined, looks: [], front: 0, stored: undefined };
  const { run, looks, front, stored } = state as Partial<Record<keyof ViewState, unknown>>;
  return {
    run: typeof run === "string" ? run : undefined,
    looks: Array.isArray(looks) ? looks.flatMap(readLook) : [],
    front: typeof front === "number" ? front : 0,
    stored: readStored(stored),
  };
}

function readLook(entry: unknown): (readonly [string, Look])[] {
  if (!Array.isArray(entry) || typeof entry[0] !== "string" || typeof entry[1] !== "object" || entry[1] === null)
    return [];
  const { tab, style, axis, unit, boundUnit, unitsOf, others } = entry[1] as Partial<Record<keyof Look, unknown>>;
  const look: Look = {
    ...(tabs.some((one) => one === tab) ? { tab: tab as Tab } : {}),
    ...(styles.includes(style) ? { style: style as ChartStyle } : {}),
    ...(axes.includes(axis) ? { axis: axis as AxisKind } : {}),
    ...(typeof unit === "string" ? { unit } : {}),
    ...(typeof boundUnit === "string" ? { boundUnit } : {}),
    ...(typeof unitsOf === "string" ? { unitsOf } : {}),
    ...(Array.isArray(others) ? { others: others.filter((one) => typeof one === "string") } : {}),
  };
  return [[entry[0], look]];
}

/** The unit of a run's values: chosen here, said in the text, or told by the names of its metrics. */
export function unitOf(run: RunSnapshot, look: Look): string | undefined {
  return look.unit ?? run.unit ?? run.guessedUnit;
}
