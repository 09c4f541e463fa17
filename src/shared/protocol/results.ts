import type { ServerPosition } from "../errors.ts";
import type { FailureActionKind } from "../failureAction.ts";
import type { Cut, UnixMs } from "../model/answer.ts";
import type { Labels } from "../model/labels.ts";

/** What a person may change in the panel, as text where it is text in a file. */
export interface PanelChoices {
  readonly mode: "both" | "range" | "instant";
  readonly start: string;
  readonly end: string;
  readonly time: string;
  /** A duration; empty: automatic. */
  readonly step: string;
  /** 0: all. */
  readonly maxSeries: number;
  /** A duration: how much earlier the answer is that this one is compared with; empty: none. */
  readonly compare: string;
}

/** A failure in words: what happened, more about it, what to do next. */
export interface PanelError {
  readonly title: string;
  readonly detail: string;
  readonly next: string;
  readonly position: ServerPosition | undefined;
  readonly isCancelled: boolean;
  /** Buttons, the likeliest first. */
  readonly actions: readonly PanelAction[];
}

/** Something that a person can do about a failure; the page runs the query again, the host does the rest. */
export interface PanelAction {
  readonly kind: FailureActionKind;
  readonly title: string;
}

/** Window and step of a range request. */
export interface SentTimes {
  readonly start: UnixMs;
  readonly end: UnixMs;
  readonly stepMs: number;
  readonly stepIsAutomatic: boolean;
}

/** What is known of an answer without its samples. */
export interface ResultSummary {
  /** Another one for each answer; requests name the answer they are about. */
  readonly id: number;
  /**
   * The answer that a person asked for and that this one only continues: as it is by now, or with more of its series. The id
   * itself where a person asked for this one.
   */
  readonly continues: number;
  readonly type: "matrix" | "vector" | "scalar" | "string";
  readonly seriesTotal: number;
  readonly seriesShown: number;
  /** The query as it was sent for this answer, and its times: an answer may be older than the run it is shown under. */
  readonly query: string;
  readonly sent: SentTimes | undefined;
  readonly instantTime: UnixMs | undefined;
  /** Whether there are more series at the server: it says so; it sent just as many as were asked for; or neither. */
  readonly serverHasMore: "yes" | "maybe" | "no";
  readonly sampleCount: number;
  readonly receivedBytes: number;
  readonly decodedBytes: number;
  readonly durationMs: number;
  readonly finishedAt: UnixMs;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  readonly isPartial: boolean;
  readonly cut: Cut | undefined;
  /** Server's clock minus ours in ms, where it is more than 30 s. */
  readonly clockSkewMs: number | undefined;
  readonly hasHistograms: boolean;
  /** Whether it can be a heatmap (range answers only): of series that are buckets, or of native histograms. */
  readonly canHeatmap: "classic" | "native" | undefined;
  /** Every series shown would be in a heatmap. */
  readonly isAllBuckets: boolean;
  /** Scalar or string. */
  readonly single: { readonly value: string; readonly time: UnixMs } | undefined;
}

/** A request that failed, why, and how long it waits before it is sent again; `attempt` is the number of that sending. */
export interface RetrySnapshot {
  readonly attempt: number;
  readonly waitMs: number;
  readonly title: string;
}

export interface PartSnapshot {
  readonly state: "running" | "done" | "failed";
  readonly startedAt: UnixMs;
  /** Of one that is running, from its first failure on. */
  readonly retry: RetrySnapshot | undefined;
  readonly error: PanelError | undefined;
  /** The newest answer; stale while a newer request runs or after it failed. */
  readonly result: ResultSummary | undefined;
  readonly isStale: boolean;
}

export interface RunSnapshot {
  readonly key: string;
  readonly title: string;
  readonly target: {
    readonly name: string;
    readonly origin: string;
    readonly color: string | undefined;
    /** True: its certificate was not checked. */
    readonly isUnverified?: boolean;
  };
  readonly text: string;
  readonly query: string;
  readonly choices: PanelChoices;
  /** What is asked for ends at a time that does not move on: asking again brings the same. */
  readonly isFixed: boolean;
  readonly sent: SentTimes | undefined;
  readonly instantTime: UnixMs | undefined;
  readonly range: PartSnapshot | undefined;
  readonly instant: PartSnapshot | undefined;
  /** The same range some time earlier. */
  readonly before: PartSnapshot | undefined;
  /** A template such as `{{instance}}`. */
  readonly legend: string | undefined;
  /** From a directive. */
  readonly unit: string | undefined;
  /** What the names of the query's metrics tell, where no directive does. */
  readonly guessedUnit: string | undefined;
  readonly view: string | undefined;
}

/** What a person may have done with an answer or its query; the page names them in its menu, the host does them. */
export const resultActions = [
  "copyCurl",
  "copyPromtool",
  "openInServerUi",

  "keep",
  "exportCsv",
  "exportCsvWide",
  "exportJson",
  "exportMarkdown",
  "copyCsv",
  "copyMarkdown",
] as const;

export type ResultAction = (typeof resultActions)[number];

/**
 * A query that is asked again and again; `waiting`: nobody looks, so nothing is asked; `stopped`: it failed too often; `fixed`:
 * it is over, since the query asks for a time by now that does not move on.
 */
export interface RefreshState {
  readonly key: string;
  readonly everyMs: number;
  readonly state: "on" | "waiting" | "stopped" | "fixed";
}

/** All that a panel shows, but for samples. */
export interface Snapshot {
  readonly file: string;
  /** Of the setting: `local`, `utc` or an IANA name. */
  readonly timeZone: string;
  /** Where the file is, so that the panel can be opened again with its window. */
  readonly uri: string;
  readonly refreshes: readonly RefreshState[];
  /** When the panel was kept; from then on its answers stay as they are. */
  readonly keptAt: UnixMs | undefined;
  readonly runs: readonly RunSnapshot[];
  /** The run that was brought to the front last; another number for each time. */
  readonly front: { readonly key: string; readonly number: number } | undefined;
}

/**
 * A snapshot with only those of its runs that are new or have changed since the page was told last: a notebook has hundreds,
 * and one of them changes at a time. Which order they have among all is not said.
 */
export interface SnapshotChange extends Snapshot {
  /** One more with each change that a page is told of. */
  readonly number: number;
  /** The number of the change that this one follows on; 0: on none, `runs` are all there are. */
  readonly since: number;
  /** The keys of runs that are no more. */
  readonly gone: readonly string[];
}

export type PartName = "range" | "instant" | "before";

/** A line of the chart with the numbers of its legend row, over the whole answer. */
export interface LegendRow {
  /** Index in the answer. */
  readonly index: number;
  readonly name: string;
  readonly labels: Labels;
  readonly last: number | string;
  /** Of its last point; `null`: it has none. */
  readonly lastTime: UnixMs | null;
  readonly min: number | string;
  readonly max: number | string;
  readonly mean: number | string;
}

/**
 * Chart data: `points` x values, then `points` y values for each of `lines`, all float64 in one buffer, then a bit for each
 * y value (low bit first): set where there is a sample, since NaN is a legal one. Without a sample NaN is a gap, and any
 * other number says that the line goes on through here.
 */
export interface Frame {
  readonly points: number;
  /** Each line's layer in the request, and its index in that layer's answer. */
  readonly lines: readonly { readonly layer: number; readonly index: number }[];
  readonly isExact: boolean;
  readonly from: UnixMs;
  readonly to: UnixMs;
  readonly buffer: ArrayBuffer;
}

/** What the table can be sorted by: `sent`: the order in which the server sent the series; else a column. */
export type SortKey = "sent" | "series" | "value" | "last" | "min" | "max" | "mean" | "count";

/** A table row; numbers as text, just as sent or computed, since JSON has no NaN. */
export interface TableRow {
  readonly index: number;
  readonly name: string;
  readonly value: string;
  readonly time: UnixMs;
  readonly last: string;
  readonly min: string;
  readonly max: string;
  readonly mean: string;
  readonly count: number;
}

/** One series in full: its labels and the last of its samples, the newest first. */
export interface SeriesDetail {
  readonly labels: Labels;
  readonly selector: string;
  readonly samples: readonly (readonly [time: UnixMs, value: string])[];
  readonly sampleCount: number;
  readonly histogram:
    | { readonly time: UnixMs; readonly count: string; readonly sum: string; readonly buckets: readonly BucketText[] }
    | undefined;
}

/** A bucket with its bounds as interval text; `share` of the fullest bucket, 0 to 1. */
export interface BucketText {
  readonly interval: string;
  readonly count: string;
  readonly share: number;
}

/** An exemplar and its series; the value as text, since JSON has no NaN. */
export interface ExemplarPoint {
  readonly time: UnixMs;
  readonly value: string;
  readonly labels: Labels;
  readonly seriesLabels: Labels;
  readonly traceId: string | null;
}

/**
 * Exemplars of an answer's series in a window. `inWindow`: how many there are in it, of which `points` are the highest;
 * `total`: how many the server sent for the whole answer, of which the first `kept` are looked at.
 */
export type ExemplarAnswer =
  | {
      readonly kind: "read";
      readonly points: readonly ExemplarPoint[];
      readonly inWindow: number;
      readonly kept: number;
      readonly total: number;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "notOffered" }
  /** The person was asked whether to send the query, and declined. */
  | { readonly kind: "declined" }
  | { readonly kind: "failed"; readonly error: PanelError };

/**
 * Why an answer is empty. `present`: every selector has series in the window, the first of them `since` then (`undefined`: for
 * a day or longer, or nobody knows), so the rest of the expression drops them; `isWhole`: all selectors were asked for. `arrived`: there
 * are series now. `shortRange`: its samples are farther apart than the range in which the query looks for them. `between`: it had series in the window, but at none of the moments looked at, which are `stepMs`
 * apart. `gone`: it had series before (without times: only briefly); `first` is so to the hour, `last` as `toTheHour` says.
 * `otherLabels`: the metric is there, but with none of these labels.
 */
export type EmptyReason =
  | { readonly kind: "cannotTell"; readonly why: "noSelector" | "pinned" }
  | {
      readonly kind: "present";
      readonly found: readonly { readonly selector: string; readonly series: number }[];
      readonly since: UnixMs | undefined;
      readonly isWhole: boolean;
    }
  | { readonly kind: "arrived"; readonly found: readonly { readonly selector: string; readonly series: number }[] }
  | { readonly kind: "shortRange"; readonly selector: string; readonly last: UnixMs; readonly rangeMs: number }
  | { readonly kind: "between"; readonly selector: string; readonly last: UnixMs; readonly stepMs: number }
  | {
      readonly kind: "gone";
      readonly selector: string;
      readonly first?: UnixMs;
      readonly last?: UnixMs;
      readonly toTheHour?: boolean;
    }
  | { readonly kind: "otherLabels"; readonly selector: string; readonly name: string }
  | { readonly kind: "neverSeen"; readonly selector: string; readonly name: string; readonly days: number };

/** What became of asking why; `declined`: the person did not agree to send it. */
export type EmptyAnswer =
  | { readonly kind: "read"; readonly reason: EmptyReason }
  | { readonly kind: "declined" }
  | { readonly kind: "failed"; readonly error: PanelError };

/** What of a panel is looked at: a run, and the answer if it has one. */
export interface Looking {
  readonly key: string;
  readonly part: PartName;
  readonly id: number | null;
  /** IANA name of the zone that the page shows times in. */
  readonly zone: string;
}

/** Lines of one answer in a chart that may hold several; `shiftMs` is added to their times. */
export interface ChartLayer extends OfResult {
  readonly lines: readonly number[];
  readonly shiftMs: number;
}

/**
 * What must be said about a heatmap: its counts look like counters as scraped; some bucket counts less than one below it;
 * buckets of several resolutions share rows; rows were joined because there were too many.
 */
export type HeatmapRemark = "runningTotals" | "notCumulative" | "resolutions" | "joinedRows";

/**
 * A heatmap, all float64 in one buffer, since JSON has no infinity: `columns + 1` times at which columns begin and the last
 * one ends, the lower bounds of all rows, their upper bounds, then the counts, row by row from the lowest. A count of NaN is
 * a hole: nothing is known there, which is not 0.
 */
export interface Heatmap {
  /** Names of the first maps that this answer has; each is drawn by itself. */
  readonly groups: readonly string[];
  readonly groupsTotal: number;
  /** Which of them this is. */
  readonly group: number;
  /** Series of the answer that are in no map. */
  readonly otherSeries: number;
  /** Id of the unit that the query's names tell for what was observed; a guess. */
  readonly guessedUnit: string | undefined;
  readonly columns: number;
  /** A bucket's `boundaries` for each row: 0 = (lower, upper], 1 = [lower, upper), 2 = (lower, upper), 3 = [lower, upper]. */
  readonly boundaries: readonly number[];
  /** Steps whose mean a column has; 1: each step has its own. */
  readonly stepsPerColumn: number;
  readonly remarks: readonly HeatmapRemark[];
  readonly buffer: ArrayBuffer;
}

/** Which answer a request is about; it fails where a newer one has taken its place. */
export interface OfResult {
  readonly key: string;
  readonly part: PartName;
  readonly id: number;
}

/** The results panel: the webview asks, the host answers. */
export interface ResultsContract {
  requests: {
    "results/ready": { params: Record<string, never>; result: Snapshot };
    /** What a page has not been told yet; `isWhole`: it knows nothing, or has missed something. */
    "results/changes": { params: { readonly isWhole: boolean }; result: SnapshotChange };
    "results/legend": { params: OfResult; result: { readonly rows: readonly LegendRow[] } };
    "results/frame": {
      params: {
        /** Plot width in CSS pixels; at most twice as many points come back for each line. */
        readonly width: number;
        /** `null`: from the first time of the first layer's answer to its last. */
        readonly from: UnixMs | null;
        readonly to: UnixMs | null;
        /** What stands for a pixel's points where there are more: the least and greatest value, or the last one. */
        readonly reduce: "extremes" | "last";
        readonly layers: readonly ChartLayer[];
      };
      result: Frame;
    };
    /** Asks the server when it is first sent for an answer: only a person's switch may do so. */
    "results/exemplars": {
      params: OfResult & {
        /** Plot width in CSS pixels. */
        readonly width: number;
        readonly from: UnixMs | null;
        readonly to: UnixMs | null;
      };
      result: ExemplarAnswer;
    };
    /** They are switched off: a reading under way is given up. */
    "results/exemplarsOff": { params: OfResult; result: null };
    /** Asks the server why this answer is empty: only a person's click may do so. */
    "results/whyEmpty": { params: OfResult; result: EmptyAnswer };
    /** Nobody waits for it any more. */
    "results/whyEmptyOff": { params: OfResult; result: null };
    "results/heatmap": {
      params: OfResult & {
        readonly group: number;
        /** Plot width in CSS pixels; at most a third as many columns come back. */
        readonly width: number;
        readonly from: UnixMs | null;
        readonly to: UnixMs | null;
      };
      result: Heatmap;
    };
    "results/page": {
      params: OfResult & {
        readonly from: number;
        readonly to: number;
        readonly sort: SortKey;
        readonly descending: boolean;
        readonly search: string;
      };
      result: { readonly rows: readonly TableRow[]; readonly total: number };
    };
    /** The series of this name, which is at `index` unless the answer is another one by now; `null`: there is none. */
    "results/detail": {
      params: OfResult & { readonly index: number; readonly name: string };
      result: SeriesDetail | null;
    };
    "results/json": {
      params: OfResult;
      result: {
        readonly text: string;
        readonly seriesShown: number;
        readonly seriesTotal: number;
        /** In words what is not here. */
        readonly cut: string | undefined;
      };
    };
    /** `text`: the expression as written when it was run. */
    "results/rerun": {
      params: { readonly key: string; readonly text: string; readonly choices: PanelChoices };
      result: null;
    };
    /** Shows all series of a run's answers that are here; sends nothing. */
    "results/showAll": { params: { readonly key: string }; result: null };
    /** Asks again every so many ms; 0: no more. */
    "results/refresh": { params: { readonly key: string; readonly everyMs: number }; result: null };
    /** Does what a failure of this run proposes. */
    "results/remedy": { params: { readonly key: string; readonly kind: FailureActionKind }; result: null };
    "results/cancel": { params: { readonly key: string }; result: null };
    "results/reveal": { params: { readonly key: string; readonly position: ServerPosition | null }; result: null };
    /** Told whenever another answer is looked at, so that commands of VS Code's are about that one. */
    "results/looking": { params: Looking; result: null };
    "results/act": { params: Looking & { readonly action: ResultAction }; result: { readonly said: string } };
    /** Changes the setting; `choose`: the person picks from all zones. */
    "results/timeZone": { params: { readonly zone: "local" | "utc" | "choose" }; result: null };
    /** A PNG, to be saved where the person says. */
    "results/savePicture": {
      params: { readonly key: string; readonly bytes: ArrayBuffer };
      result: { readonly said: string };
    };
    "results/copy": { params: { readonly text: string }; result: null };
  };
  events: {
    /** To panels. */
    "results/changed": Snapshot;
    /** To pages of notebooks. */
    "results/someChanged": SnapshotChange;
  };
}
