import { isLoneSelector, type SelectorFact, selectorsOf } from "../promql/selectors.ts";
import { isCancelled } from "../shared/errors.ts";
import type { UnixMs } from "../shared/model/answer.ts";
import { labelValue } from "../shared/model/labels.ts";
import type { MetricsSource, RequestOptions } from "../shared/model/source.ts";
import { formatDuration } from "../shared/model/time.ts";
import type { EmptyReason } from "../shared/protocol/results.ts";
import { seriesOf } from "./answerFacts.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How far back is looked for what is gone. */
const searchedMs = 30 * day;

/** The time that is looked at closely, so that an end is told to the minute, and into how many steps it is cut at most. */
const closeMs = 65 * minute;
const closeSteps = 500;
const leastCloseStepMs = 15_000;

/** Selectors that are asked for; an expression may have hundreds. */
const mostSelectors = 20;

export interface EmptyQuestion {
  /** The expression as it was sent. */
  readonly query: string;
  /** The window of a range query, or twice the time of an instant one. */
  readonly start: UnixMs;
  readonly end: UnixMs;
  /** Of a range query; absent: it was an instant one. */
  readonly stepMs?: number | undefined;
}

/**
 * Why a query's answer is empty: whether the series that its selectors name were there at the moments that it looked at, and if
 * not, when they were, or whether only their labels are others. Sends at most four requests, one after the other. Throws what a
 * request throws, but for one that only adds times.
 */
export async function whyEmpty(
  source: MetricsSource,
  question: EmptyQuestion,
  options: RequestOptions,
): Promise<EmptyReason> {
  const { query, end } = question;
  const all = selectorsOf(query);
  const distinct = [...new Map(all.map((one) => [`${one.text} ${one.offset} ${one.rangeMs}`, one])).values()];
  const selectors = distinct.filter(({ isPinned }) => !isPinned).slice(0, mostSelectors);
  const [first] = selectors;
  if (first === undefined) return { kind: "cannotTell", why: all.length === 0 ? "noSelector" : "pinned" };
  const counts = await countsIn(source, selectors, question, options);
  const missing = selectors.find((_, i) => counts[i] === undefined);
  if (missing !== undefined) return whyMissing(source, missing, question, options);
  const found = selectors.map((one, i) => ({ selector: one.text, series: counts[i] ?? 0 }));
  if (isLoneSelector(query)) return { kind: "arrived", found };
  const seen = await lenient(seenTimes(source, first, { end, backMs: day, stepMs: 5 * minute }, options));
  // What is there from the first looked-at moment on has been there for longer.
  const since = seen === undefined || seen.first < end - day + 15 * minute ? undefined : seen.first;
  return { kind: "present", found, since, isWhole: selectors.length === distinct.length };
}

/** What became of a selector that had no series at any moment of the query. */
async function whyMissing(
  source: MetricsSource,
  missing: SelectorFact,
  { start, end, stepMs }: EmptyQuestion,
  options: RequestOptions,
): Promise<EmptyReason> {
  const { offset, offsetMs, hasMatchers, rangeMs, text } = missing;
  const selector = `${text} ${offset}`.trim();
  const window = { end, backMs: searchedMs, stepMs: hour, closeMs: Math.max(closeMs, end - start) };
  const seen = await seenTimes(source, missing, window, options);
  if (seen !== undefined) {
    const { first, last, isClose, present } = seen;
    // Its range holds no sample although the newest one is young enough to be the present value.
    if (present > 0 && rangeMs > 0) return { kind: "shortRange", selector, last, rangeMs };
    if (present > 0 && stepMs === undefined) return { kind: "arrived", found: [{ selector, series: present }] };
    const isInWindow = (isClose || present > 0) && last > start - offsetMs;
    if (stepMs !== undefined && isInWindow) return { kind: "between", selector, last, stepMs };
    return { kind: "gone", selector, first, last, toTheHour: !isClose };
  }
  // What was there between the looked-at moments only, such as a job of a minute, is known to the index.
  const times = { start: end - offsetMs - searchedMs, end: end - offsetMs, limit: 1 };
  const isKnown = async (matcher: string) =>
    (await source.metricNames({ matchers: [matcher], ...times }, options)).names.length > 0;
  if (await isKnown(text)) return { kind: "gone", selector };
  const days = searchedMs / day;
  const { name } = missing;
  if (name === undefined || offset !== "") return { kind: "neverSeen", selector, name: "", days };
  return hasMatchers && (await isKnown(`{__name__=${JSON.stringify(name)}}`))
    ? { kind: "otherLabels", selector, name }
    : { kind: "neverSeen", selector, name, days };
}

/**
 * The most series that each selector had at one of the query's moments, as far back as the query reads it from there, in one
 * request; `undefined`: none.
 */
async function countsIn(
  source: MetricsSource,
  selectors: readonly SelectorFact[],
  { start, end, stepMs }: EmptyQuestion,
  options: RequestOptions,
): Promise<readonly (number | undefined)[]> {
  const marked = selectors.map(({ text, rangeMs, offset }, i) => {
    const read = rangeMs > 0 ? `last_over_time(${text}[${formatDuration(rangeMs)}] ${offset})` : `${text} ${offset}`;
    return `label_replace(count(${read}), "selector", "${i}", "", "")`;
  });
  const query = marked.join("\nor\n");
  const { data } =
    stepMs === undefined
      ? await source.query({ query, time: end }, options)
      : await source.queryRange({ query, start, end, stepMs }, options);
  const counts = new Map(
    seriesOf(data).map(({ labels, values }) => [
      labelValue(labels, "selector"),
      values.reduce((a, b) => Math.max(a, b), 0),
    ]),
  );
  return selectors.map((_, i) => counts.get(String(i)));
}

interface SeenTimes {
  readonly first: UnixMs;
  readonly last: UnixMs;
  /** `last` lies in the time that was looked at closely: it is so to a step of that. */
  readonly isClose: boolean;
  /** How many series have a present value at the end. */
  readonly present: number;
}

/**
 * When a selector's series had samples first and last, as far as is looked back, to the step; `undefined`: at none of the moments
 * that were looked at. `closeMs`: the last stretch, which is looked at in smaller steps.
 */
async function seenTimes(
  source: MetricsSource,
  { text, offset }: SelectorFact,
  {
    end,
    backMs,
    stepMs,
    closeMs: close = 0,
  }: { readonly end: UnixMs; readonly backMs: number; readonly stepMs: number; readonly closeMs?: number },
  options: RequestOptions,
): Promise<SeenTimes | undefined> {
  const newest = `timestamp(${text} ${offset})`;
  const steps = (back: number, step: number) => `${newest}[${formatDuration(back)}:${formatDuration(step)}]`;
  const times = steps(backMs, stepMs);
  const closeStepMs = Math.max(leastCloseStepMs, Math.ceil(close / closeSteps / 1000) * 1000);
  // What began since the last whole step is seen at the end only.
  const parts = {
    first: `min(min_over_time(${times})) or min(${newest})`,
    last: `max(max_over_time(${times})) or max(${newest})`,
    present: `count(${newest})`,
    ...(close === 0 ? {} : { close: `max(max_over_time(${steps(close, closeStepMs)}))` }),
  };
  const marked = Object.entries(parts).map(([part, asked]) => `label_replace(${asked}, "seen", "${part}", "", "")`);
  const { data } = await source.query({ query: marked.join("\nor\n"), time: end }, options);
  const found = new Map(seriesOf(data).map(({ labels, values }) => [labelValue(labels, "seen"), values[0]]));
  const [first, last, near] = ["first", "last", "close"].map((part) => found.get(part));
  const all = [first, last, near].filter((time) => time !== undefined);
  if (all.length === 0) return undefined;
  return {
    first: Math.min(...all) * 1000,
    last: Math.max(...all) * 1000,
    isClose: near !== undefined,
    present: found.get("present") ?? 0,
  };
}

/** An answer that can be done without. */
async function lenient<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isCancelled(error)) throw error;
    return undefined;
  }
}
