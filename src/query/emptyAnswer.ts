import { type SelectorFact, selectorsOf } from "../promql/selectors.ts";
import { isCancelled } from "../shared/errors.ts";
import type { UnixMs } from "../shared/model/answer.ts";
import type { MetricsSource, RequestOptions } from "../shared/model/source.ts";
import { formatDuration } from "../shared/model/time.ts";
import type { EmptyReason } from "../shared/protocol/results.ts";
import { seriesOf } from "./answerFacts.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How far back is looked for what is gone. */
const searchedMs = 30 * day;

/** A server takes the newest sample of the last five minutes for the present one. */
const lookbackMs = 5 * minute;

/** Selectors that are asked for; an expression may have hundreds. */
const mostSelectors = 20;

export interface EmptyQuestion {
  /** The expression as it was sent. */
  readonly query: string;
  /** The window of a range query, or twice the time of an instant one. */
  readonly start: UnixMs;
  readonly end: UnixMs;
}

/**
 * Why a query's answer is empty: whether the series that its selectors name were there in its window, and if not, when they
 * were, or whether only their labels are others. Sends at most three requests, one after the other. Throws what a request throws,
 * but for the last of them, which only adds times.
 */
export async function whyEmpty(
  source: MetricsSource,
  { query, start, end }: EmptyQuestion,
  options: RequestOptions,
): Promise<EmptyReason> {
  const all = selectorsOf(query);
  const distinct = [...new Map(all.map((one) => [`${one.text} ${one.offset}`, one])).values()];
  const selectors = distinct.filter(({ isPinned }) => !isPinned).slice(0, mostSelectors);
  const [first] = selectors;
  if (first === undefined) return { kind: "cannotTell", why: all.length === 0 ? "noSelector" : "pinned" };
  const counts = await countsIn(source, selectors, { start, end }, options);
  const missing = selectors.find((_, i) => counts[i] === undefined);
  if (missing === undefined) {
    const seen = await lenient(seenTimes(source, first, { end, backMs: day, stepMs: 5 * minute }, options));
    // What is there from the first looked-at moment on has been there for longer.
    const since = seen === undefined || seen.first < end - day + 15 * minute ? undefined : seen.first;
    const found = selectors.map((one, i) => ({ selector: one.text, series: counts[i] ?? 0 }));
    return { kind: "present", found, since, isWhole: selectors.length === distinct.length };
  }
  const selector = missing.text;
  const seen = await seenTimes(source, missing, { end, backMs: searchedMs, stepMs: hour }, options);
  if (seen !== undefined) return { kind: "gone", selector, ...seen };
  const name = missing.name ?? "";
  if (missing.name === undefined) return { kind: "neverSeen", selector, name, days: searchedMs / day };
  const scope = { matchers: [`{__name__=${JSON.stringify(name)}}`], start: end - searchedMs, end, limit: 1 };
  const { names } = await source.metricNames(scope, options);
  if (names.length === 0) return { kind: "neverSeen", selector, name, days: searchedMs / day };
  // Without matchers it was there, if only between the moments that were looked at.
  return missing.hasMatchers ? { kind: "otherLabels", selector, name } : { kind: "gone", selector };
}

/** How many series each selector has in the window, in one request; `undefined`: none. */
async function countsIn(
  source: MetricsSource,
  selectors: readonly SelectorFact[],
  { start, end }: { readonly start: UnixMs; readonly end: UnixMs },
  options: RequestOptions,
): Promise<readonly (number | undefined)[]> {
  const window = formatDuration(Math.max(lookbackMs, Math.ceil((end - start) / 1000) * 1000));
  const marked = selectors.map(
    ({ text, offset }, i) =>
      `label_replace(count(last_over_time(${text}[${window}] ${offset})), "selector", "${i}", "", "")`,
  );
  const { data } = await source.query({ query: marked.join("\nor\n"), time: end }, options);
  const counts = new Map(
    seriesOf(data).map(({ labels, values }) => [labels.find(([name]) => name === "selector")?.[1], values[0]]),
  );
  return selectors.map((_, i) => counts.get(String(i)));
}

/** When a selector's series had samples first and last, as far as is looked back, to the step; `undefined`: never. */
async function seenTimes(
  source: MetricsSource,
  { text, offset }: SelectorFact,
  { end, backMs, stepMs }: { readonly end: UnixMs; readonly backMs: number; readonly stepMs: number },
  options: RequestOptions,
): Promise<{ readonly first: UnixMs; readonly last: UnixMs } | undefined> {
  const newest = `timestamp(${text} ${offset})`;
  const times = `${newest}[${formatDuration(backMs)}:${formatDuration(stepMs)}]`;
  // What began since the last whole step is seen at the end only.
  const query = [
    `label_replace(min(min_over_time(${times})) or min(${newest}), "seen", "first", "", "")`,
    `label_replace(max(max_over_time(${times})) or max(${newest}), "seen", "last", "", "")`,
  ].join("\nor\n");
  const { data } = await source.query({ query, time: end }, options);
  const found = new Map(
    seriesOf(data).map(({ labels, values }) => [labels.find(([name]) => name === "seen")?.[1], values[0]]),
  );
  const [first, last] = [found.get("first"), found.get("last")];
  return first === undefined || last === undefined ? undefined : { first: first * 1000, last: last * 1000 };
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
