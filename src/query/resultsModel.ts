import { guessUnit } from "../promql/unitGuess.ts";
import { AppError, type Failure } from "../shared/errors.ts";
import {
  type FailureAction,
  type FailureActionKind,
  failureActionTitle,
  type Remedy,
} from "../shared/failureAction.ts";
import type { Series } from "../shared/model/answer.ts";
import { formatLabels, withoutVariables } from "../shared/model/labels.ts";
import { valueText } from "../shared/model/numberText.ts";
import type { RetryNote } from "../shared/model/source.ts";
import { formatDuration, formatTime } from "../shared/model/time.ts";
import type {
  Frame,
  Heatmap,
  LegendRow,
  PanelError,
  PartName,
  PartSnapshot,
  ResultSummary,
  ResultsContract,
  RetrySnapshot,
  RunSnapshot,
  SentTimes,
  SeriesDetail,
  Snapshot,
} from "../shared/protocol/results.ts";
import { saysTruncated, seriesOf } from "./answerFacts.ts";
import { answerJson } from "./answerJson.ts";
import { guessAnswerUnit } from "./answerUnit.ts";
import { chartColumns } from "./chartFrame.ts";
import { clockSkew } from "./clockSkew.ts";
import type { EmptyQuestion } from "./emptyAnswer.ts";
import { Heatmaps } from "./heatmap.ts";
import { heatmapAnswer } from "./heatmapAnswer.ts";
import { heatmapOf } from "./heatmapGroups.ts";
import { drawable, newestTime, ResultTable } from "./resultTable.ts";
import { isFixed, partsOf, type Run, type RunPart, type RunTarget } from "./run.ts";

/** Samples of one series that are shown as text, the newest ones. */
const samplesShown = 1000;

type Params<M extends keyof ResultsContract["requests"]> = ResultsContract["requests"][M]["params"];
type Result<M extends keyof ResultsContract["requests"]> = ResultsContract["requests"][M]["result"];

/** An answer with what has been worked out of it. */
interface Kept {
  readonly id: number;
  /** The answer that a person asked for and that this one continues. */
  readonly continues: number;
  /** A person wants all of its series, whatever the bound. */
  readonly showsAll: boolean;
  readonly part: Extract<RunPart, { state: "done" }>;
  /** The run that asked for it, which may be an earlier one than the run it is shown under. */
  readonly run: Run;
  /** Of a range request. */
  readonly sent: SentTimes | undefined;
  readonly stepMs: number | undefined;
  readonly from: number;
  readonly to: number;
  readonly shown: readonly Series[];
  readonly table: ResultTable;
  readonly heatmaps: Heatmaps;
  readonly canHeatmap: ResultSummary["canHeatmap"];
  readonly isAllBuckets: boolean;
}

export interface ResultsModelDeps {
  readonly describe: (
    failure: Failure,
    target: RunTarget,
  ) => {
    readonly title: string;
    readonly detail: string;
    readonly next: string;
    readonly actions?: readonly FailureAction[];
  };
  /** The setting: `local`, `utc` or an IANA name. */
  readonly timeZone: () => string;
  /** The file's URI, which changes when the file is moved. */
  readonly uri: () => string;
  readonly refreshes: () => Snapshot["refreshes"];
  /** True for a run that is under way and not to be spoken of. */
  readonly isQuiet: (run: Run) => boolean;
  /** Gives way to other work. */
  readonly pause: () => Promise<void>;
}

/**
 * What a results panel shows of one file's runs: a snapshot without samples, and samples as they are asked for. Keeps the
 * newest answer of each run's parts, which is stale while a newer request is under way and after one that failed.
 */
export class ResultsModel {
  readonly #deps: ResultsModelDeps;
  #file = "";
  #runs: readonly Run[] = [];
  #front: { readonly key: string; readonly number: number } | undefined;
  readonly #kept = new Map<string, Kept>();
  /** By keys of runs, as they were told of last. */
  readonly #told = new Map<string, { readonly run: Run; readonly isQuiet: boolean; readonly snapshot: RunSnapshot }>();
  #keptAt: number | undefined;
  #nextId = 1;

  constructor(deps: ResultsModelDeps) {
    this.#deps = deps;
  }

  /**
   * Takes the present state of all runs of the file; `front`: the run to be looked at from now on. The answers to a run that
   * is not among them any more are given up.
   */
  update(file: string, runs: readonly Run[], front?: string): void {
    if (front !== undefined) this.#front = { key: front, number: (this.#front?.number ?? 0) + 1 };
    this.#file = file;
    this.#runs = runs;
    const keys = new Set(runs.map(({ request }) => request.key));
    for (const [slot, { run }] of this.#kept) if (!keys.has(run.request.key)) this.#kept.delete(slot);
    for (const key of this.#told.keys()) if (!keys.has(key)) this.#told.delete(key);
    for (const run of runs) {
      this.#keep(run, "range", run.range?.part);
      this.#keep(run, "instant", run.instant?.part);
      this.#keep(run, "before", run.before?.part);
    }
  }

  /** The file has another name now. */
  rename(file: string): void {
    this.#file = file;
  }

  /** From now on what is here stays as it is. */
  keep(now: number): void {
    this.#keptAt = now;
  }

  /** True while any request of any run is under way. */
  get isRunning(): boolean {
    return this.#runs.some((run) => partsOf(run).some(({ state }) => state === "running"));
  }

  run(key: string): Run | undefined {
    return this.#runs.find(({ request }) => request.key === key);
  }

  /** How failures are described may be another way now. */
  describeAnew(): void {
    this.#told.clear();
  }

  /** A run that is as it was is the very object that it was in the snapshot before. */
  snapshot(): Snapshot {
    return {
      file: this.#file,
      timeZone: this.#deps.timeZone(),
      uri: this.#deps.uri(),
      refreshes: this.#deps.refreshes(),
      keptAt: this.#keptAt,
      runs: this.#runs.map((run) => this.#toldOf(run)),
      front: this.#front,
    };
  }

  /**
   * The very answer that the page names, with the run that asked for it; throws where a newer one has taken its place.
   * `comparedWith`: the window of the earlier answer that it is shown with.
   */
  answer({ key, part, id }: { readonly key: string; readonly part: PartName; readonly id: number | null }): {
    readonly run: Run;
    readonly part: Extract<RunPart, { state: "done" }>;
    readonly comparedWith: SentTimes | undefined;
  } {
    const kept = this.#kept.get(`${part} ${key}`);
    if (kept === undefined || id === null) throw new AppError({ kind: "misconfigured", what: "noAnswer", detail: "" });
    if (kept.id !== id) throw new AppError({ kind: "misconfigured", what: "answerReplaced", detail: "" });
    const before = part === "range" ? this.#kept.get(`before ${key}`) : undefined;
    const comparedWith = before?.run.startedAt === kept.run.startedAt ? before.sent : undefined;
    return { run: kept.run, part: kept.part, comparedWith };
  }

  async legend(params: Params<"results/legend">): Promise<Result<"results/legend">> {
    const { shown, table } = this.#find(params);
    const names = await table.names();
    const statistics = await table.statistics();
    const rows = shown.map((series, index): LegendRow => {
      const numbers = statistics[index];
      const number = (value: number | undefined) => valueText(value ?? Number.NaN);
      return {
        index,
        name: names[index] ?? "",
        labels: series.labels,
        last: number(numbers?.last),
        lastTime: newestTime(series) ?? null,
        min: number(numbers?.min),
        max: number(numbers?.max),
        mean: number(numbers?.mean),
      };
    });
    return { rows };
  }

  async frame(params: Params<"results/frame">): Promise<Frame> {
    const layers = params.layers.map((layer) => ({ ...layer, kept: this.#find(layer) }));
    const lines = layers.flatMap(({ kept: { shown, stepMs }, lines: indexes, shiftMs }, layer) => {
      const gapMs = stepMs === undefined ? Number.POSITIVE_INFINITY : stepMs * 1.5;
      // Series that share their times go on sharing them.
      const shift = shifter(shiftMs);
      return indexes.flatMap((index) => {
        const series = shown[index];
        return series === undefined ? [] : [{ layer, index, ...shift(drawable(series)), gapMs }];
      });
    });
    const first = layers[0]?.kept;
    const window = { from: params.from ?? first?.from ?? 0, to: params.to ?? first?.to ?? 0 };
    const { width, reduce } = params;
    const columns = await chartColumns({ ...window, lines, width, reduce, pause: this.#deps.pause });
    return { ...window, ...columns, lines: lines.map(({ layer, index }) => ({ layer, index })) };
  }

  /** Which run asked for an answer, and over what. */
  asked(params: Params<"results/legend">): { readonly run: Run; readonly start: number; readonly end: number } {
    const { run, from, to } = this.#find(params);
    return { run, start: from, end: to };
  }

  /** The question that came to an empty answer. */
  emptyQuestion(params: Params<"results/whyEmpty">): { readonly run: Run; readonly question: EmptyQuestion } {
    const { run, sent } = this.#find(params);
    const time = run.instant?.sentTime ?? run.startedAt;
    return {
      run,
      question: { query: run.request.query, start: sent?.start ?? time, end: sent?.end ?? time, stepMs: sent?.stepMs },
    };
  }

  async heatmap(params: Params<"results/heatmap">): Promise<Heatmap> {
    const { heatmaps, run, from, to, stepMs } = this.#find(params);
    if (stepMs === undefined) throw new AppError({ kind: "bug", detail: "no heatmap of an answer without steps" });
    const answer = await heatmapAnswer(heatmaps, { ...params, window: { from, to, stepMs } });
    // Bounds have the unit of what was observed, as a quantile has.
    return { ...answer, guessedUnit: guessUnit(`histogram_quantile(0.5, ${run.request.query}\n)`) };
  }

  async page(params: Params<"results/page">): Promise<Result<"results/page">> {
    return this.#find(params).table.page(params);
  }

  async detail(params: Params<"results/detail">): Promise<SeriesDetail | null> {
    const { shown, table } = this.#find(params);
    const names = await table.names();
    const { index, name } = params;
    const series = shown[names[index] === name ? index : names.indexOf(name)];
    if (series === undefined) return null;
    const { labels, times, values, histograms } = series;
    const samples = Array.from({ length: Math.min(samplesShown, times.length) }, (_, i) => {
      const at = times.length - 1 - i;
      return [times[at] ?? Number.NaN, valueText(values[at] ?? Number.NaN)] as const;
    });
    const histogram = histograms.at(-1);
    const fullest = Math.max(0, ...(histogram?.buckets ?? []).map(({ count }) => count));
    return {
      labels,
      selector: withoutVariables(formatLabels(labels)),
      samples,
      sampleCount: times.length + histograms.length,
      histogram: histogram && {
        time: histogram.time,
        count: valueText(histogram.count),
        sum: valueText(histogram.sum),
        buckets: histogram.buckets.map(({ boundaries, lower, upper, count }) => ({
          interval: `${boundaries === 1 || boundaries === 3 ? "[" : "("}${valueText(lower)}, ${valueText(upper)}${boundaries === 0 || boundaries === 3 ? "]" : ")"}`,
          count: valueText(count),
          share: fullest > 0 ? Math.max(0, count / fullest) : 0,
        })),
      },
    };
  }

  json(params: Params<"results/json">): Result<"results/json"> {
    const { part, shown } = this.#find(params);
    return answerJson(part.answer, shown, part.limitSent);
  }

  /** Shows all series of a run's answers that are here, until it asks for something else; asks nobody for more. */
  showAll(key: string): void {
    for (const name of ["range", "instant", "before"] as const) {
      const slot = `${name} ${key}`;
      const kept = this.#kept.get(slot);
      if (kept === undefined || kept.shown.length === seriesOf(kept.part.answer.data).length) continue;
      this.#kept.set(slot, this.#worked({ ...kept, id: this.#nextId++, showsAll: true }));
    }
    this.#told.delete(key);
  }

  #keep(run: Run, name: PartName, part: RunPart | undefined): void {
    const slot = `${name} ${run.request.key}`;
    // What was not asked for, or came from another server, never stands below this run's head.
    const there = this.#kept.get(slot);
    const kept = part !== undefined && there !== undefined && isSameServer(there.run, run) ? there : undefined;
    if (kept === undefined) this.#kept.delete(slot);
    if (part?.state !== "done" || kept?.part === part) return;
    const id = this.#nextId++;
    const continues = run.isAutomatic && kept !== undefined ? kept.continues : id;
    const showsAll = kept?.showsAll === true && isSameQuestion(kept.run, run);
    const sent = name === "instant" ? undefined : run[name]?.sent;
    this.#kept.set(slot, this.#worked({ id, continues, showsAll, part, run, sent }));
  }

  /** An answer with what is worked out of it before anybody asks. */
  #worked(one: Pick<Kept, "id" | "continues" | "showsAll" | "part" | "run" | "sent">): Kept {
    const { id, continues, showsAll, part, run, sent } = one;
    const { data } = part.answer;
    const all = seriesOf(data);
    const most = showsAll ? undefined : run.request.choices.maxSeries;
    const shown = most === undefined || all.length <= most ? all : all.slice(0, most);
    const times = shown.flatMap((series) => {
      const { times: column } = drawable(series);
      return [column[0] ?? Number.NaN, column.at(-1) ?? Number.NaN];
    });
    const finite = times.filter(Number.isFinite);
    return {
      ...{ id, continues, showsAll, part, run, sent },
      stepMs: sent?.stepMs,
      from: sent?.start ?? finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      to: sent?.end ?? finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
      shown,
      table: new ResultTable(shown, this.#deps.pause),
      heatmaps: new Heatmaps(shown, this.#deps.pause),
      // Columns are steps: an answer that was asked for without them has none.
      ...heatmapOf(sent === undefined ? [] : shown),
    };
  }

  #find({ key, part, id }: { readonly key: string; readonly part: PartName; readonly id: number }): Kept {
    const kept = this.#kept.get(`${part} ${key}`);
    // The panel asks about an answer that a newer one has replaced: it will ask again for that.
    if (kept === undefined || kept.id !== id) throw new AppError({ kind: "cancelled" });
    return kept;
  }

  #toldOf(run: Run): RunSnapshot {
    const { key } = run.request;
    const told = this.#told.get(key);
    const isQuiet = this.#deps.isQuiet(run);
    if (told?.run === run && told.isQuiet === isQuiet) return told.snapshot;
    const snapshot = this.#runSnapshot(run, isQuiet ? told?.snapshot : undefined);
    this.#told.set(key, { run, isQuiet, snapshot });
    return snapshot;
  }

  /** `before`: what was told of it before a run that is not to be spoken of. */
  #runSnapshot(run: Run, before: RunSnapshot | undefined): RunSnapshot {
    const { key, title, target, text, query, choices, legend, unit, view } = run.request;
    return {
      key,
      title,
      target: {
        name: target.name,
        origin: target.origin,
        color: target.color,
        ...(target.isUnverified === true ? { isUnverified: true } : {}),
      },
      text,
      query,
      legend,
      unit,
      guessedUnit: guessAnswerUnit(query, this.#shownOf(run)),
      view,
      choices: {
        mode: choices.mode,
        start: formatTime(choices.start),
        end: formatTime(choices.end),
        time: formatTime(choices.time),
        step: choices.stepMs === undefined ? "" : formatDuration(choices.stepMs),
        maxSeries: choices.maxSeries ?? 0,
        compare: choices.compareMs === undefined ? "" : formatDuration(choices.compareMs),
      },
      isFixed: isFixed(choices),
      sent: run.range?.sent,
      instantTime: run.instant?.sentTime,
      range: run.range && this.#partSnapshot(run, "range", run.range.part, before?.range),
      instant: run.instant && this.#partSnapshot(run, "instant", run.instant.part, before?.instant),
      before: run.before && this.#partSnapshot(run, "before", run.before.part, before?.before),
    };
  }

  /** What is shown below a run's head, which may still be an earlier answer. */
  #shownOf({ request: { key } }: Run): readonly Series[] {
    const names = ["range", "instant", "before"] as const;
    return names.flatMap((name) => this.#kept.get(`${name} ${key}`)?.shown ?? []);
  }

  #partSnapshot(run: Run, name: PartName, part: RunPart, before: PartSnapshot | undefined): PartSnapshot {
    const kept = this.#kept.get(`${name} ${run.request.key}`);
    const isUntold = part.state === "running" && part.retry === undefined;
    if (isUntold && before !== undefined && before.result?.id === kept?.id) return before;
    return {
      state: part.state,
      startedAt: run.startedAt,
      retry: part.state === "running" ? part.retry && this.#retry(part.retry, run) : undefined,
      error: part.state === "failed" ? this.#runError(part.failure, run) : undefined,
      result: kept && summary(kept),
      isStale: kept !== undefined && kept.part !== part,
    };
  }

  #retry({ attempt, waitMs, failure }: RetryNote, { request }: Run): RetrySnapshot {
    return { attempt, waitMs, title: this.error(failure, request.target).title };
  }

  /** A failure in the panel's words; without buttons, for what is no part of a run. */
  error(failure: Failure, target: RunTarget): PanelError {
    const position = failure.kind === "rejected" ? failure.position : undefined;
    const { title, detail, next } = this.#deps.describe(failure, target);
    return { title, detail, next, position, isCancelled: failure.kind === "cancelled", actions: [] };
  }

  #runError(failure: Failure, run: Run): PanelError {
    const actions = this.#actionsFor(failure, run).map((action) => ({
      kind: action.kind,
      title: failureActionTitle(action),
    }));
    return { ...this.error(failure, run.request.target), actions };
  }

  #actionsFor(failure: Failure, { request: { target, choices } }: Run): readonly FailureAction[] {
    const { actions = [] } = this.#deps.describe(failure, target);
    // An instant query has neither step nor range.
    const isOfRange = ({ kind }: FailureAction) => kind === "widerStep" || kind === "shorterRange";
    return choices.mode === "instant" ? actions.filter((action) => !isOfRange(action)) : actions;
  }

  /** What the page's button stands for, as a failure of this run proposes it now. Throws `misconfigured` where none does. */
  remedy(key: string, kind: FailureActionKind): Remedy {
    const run = this.run(key);
    for (const part of partsOf(run)) {
      const actions = run === undefined || part.state !== "failed" ? [] : this.#actionsFor(part.failure, run);
      const action = actions.find((one) => one.kind === kind);
      if (run !== undefined && action !== undefined) {
        return { connectionId: run.request.target.connectionId, action };
      }
    }
    throw new AppError({ kind: "misconfigured", what: "answerReplaced", detail: "" });
  }
}

function isSameServer(a: Run, b: Run): boolean {
  const [one, other] = [a.request.target, b.request.target];
  return one.connectionId === other.connectionId && one.origin === other.origin;
}

/** True if both asked for the same, be it at another time. */
function isSameQuestion({ request: one }: Run, { request: other }: Run): boolean {
  return one.text === other.text && one.choices.maxSeries === other.choices.maxSeries;
}

/** Moves series in time; those with the same times column have the same one afterwards. */
function shifter(ms: number): (series: Series) => Series {
  if (ms === 0) return (series) => series;
  const moved = new Map<Float64Array, Float64Array>();
  return (series) => {
    const times = moved.get(series.times) ?? series.times.map((time) => time + ms);
    moved.set(series.times, times);
    return { ...series, times };
  };
}

function summary({ id, continues, part, run, sent, shown, canHeatmap, isAllBuckets }: Kept): ResultSummary {
  const { answer, finishedAt, limitSent } = part;
  const { data, cut, isPartial } = answer;
  const seriesTotal = seriesOf(data).length;
  const isTold = answer.warnings.some(saysTruncated);
  return {
    id,
    continues,
    query: run.request.query,
    sent,
    instantTime: run.instant?.sentTime,
    type: data.type,
    seriesTotal,
    seriesShown: shown.length,
    serverHasMore: isTold ? "yes" : limitSent !== undefined && seriesTotal === limitSent ? "maybe" : "no",
    sampleCount: answer.sampleCount,
    receivedBytes: answer.receivedBytes,
    decodedBytes: answer.decodedBytes,
    durationMs: answer.durationMs,
    finishedAt,
    warnings: answer.warnings.filter((warning) => !saysTruncated(warning)),
    infos: answer.infos,
    isPartial: isPartial === true,
    cut,
    clockSkewMs: clockSkew(answer),
    hasHistograms: shown.some(({ histograms }) => histograms.length > 0),
    canHeatmap,
    isAllBuckets,
    single:
      data.type === "scalar"
        ? { value: valueText(data.value), time: data.time }
        : data.type === "string"
          ? { value: data.value, time: data.time }
          : undefined,
  };
}
