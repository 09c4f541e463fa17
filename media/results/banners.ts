import { type ComponentChild, h } from "preact";
import { useContext } from "preact/hooks";
import { formatDuration } from "../../src/shared/model/time.ts";
import { type TimeZone, wholeSecond } from "../../src/shared/model/zonedTime.ts";
import type {
  PanelAction,
  PanelChoices,
  PartSnapshot,
  ResultSummary,
  RunSnapshot,
} from "../../src/shared/protocol/results.ts";
import { withShorterRange, withWiderStep } from "../../src/shared/runChoices.ts";
import { AskingAgain } from "./askingAgain.ts";
import { countText } from "./facts.ts";
import { type Host, rerun } from "./host.ts";
import { Zone } from "./zone.ts";
import { zonedText } from "./zonedText.ts";

/** Something that must be said about an answer, so that nothing passes for whole that is not. */
interface Remark {
  readonly kind: "error" | "warning" | "info";
  readonly text: string;
  readonly more?: string;
  readonly actions?: readonly { readonly title: string; readonly run: () => void }[];
}

/** Failures, staleness, truncation, partial answers, warnings and infos of a run and of those drawn with it. */
export function Banners({
  host,
  run,
  others,
  isKept,
}: {
  readonly host: Host;
  readonly run: RunSnapshot;
  /** A kept panel has its own way to run again, which leaves it as it is. */
  readonly isKept: boolean;
  /** Runs whose answers are drawn in the same chart. */
  readonly others: readonly RunSnapshot[];
}): ComponentChild {
  const zone = useContext(Zone);
  const ofOthers = others.flatMap((other) =>
    remarksOf(host, other, zone, isKept).map((remark) => ({ ...remark, text: `${other.title}: ${remark.text}` })),
  );
  const remarks = [...remarksOf(host, run, zone, isKept), ...ofOthers];
  return h(
    "div",
    { class: "banners", role: "log", "aria-label": "Remarks" },
    h(AskingAgain, { run }),
    remarks.map(({ kind, text, more, actions = [] }, i) =>
      h(
        "div",
        { class: `banner banner-${kind}`, key: `${i} ${text}` },
        h(
          "span",
          { class: "banner-mark", "aria-label": kind },
          kind === "error" ? "✗" : kind === "warning" ? "⚠" : "ℹ",
        ),
        h("div", { class: "banner-text" }, h("div", {}, text), more ? h("div", { class: "banner-more" }, more) : null),
        actions.length === 0
          ? null
          : h(
              "div",
              { class: "banner-actions" },
              actions.map(({ title, run }) =>
                h("button", { key: title, type: "button", class: "link", onClick: run }, title),
              ),
            ),
      ),
    ),
  );
}

function remarksOf(host: Host, run: RunSnapshot, zone: TimeZone, isKept: boolean): readonly Remark[] {
  const parts = [run.range, run.instant, run.before].filter((part) => part !== undefined);
  const remarks = [...errorsOf(host, run, parts, { zone, isKept }), ...staleness(run, zone)];
  remarks.push(...noHeatmap(run));
  const results = parts.flatMap(({ result }) => (result === undefined ? [] : [result]));
  for (const result of results) remarks.push(...resultRemarks(host, run, result));
  remarks.push(...nativeHistograms(results));
  return unique(remarks);
}

/** What must not be lost where an answer goes without its banners: into a picture. */
export function cautionsOf(host: Host, run: RunSnapshot, zone: TimeZone): readonly string[] {
  const stale = staleness(run, zone).map(({ text, more }) => (more === undefined ? text : `${text} ${more}`));
  const results = [run.range, run.instant, run.before].flatMap((part) => part?.result ?? []);
  const warnings = results.flatMap((result) => resultRemarks(host, run, result));
  return [...new Set([...stale, ...warnings.filter(({ kind }) => kind === "warning").map(({ text }) => text)])];
}

/** Why what a block asks for is not shown. */
function noHeatmap({ view, range, instant }: RunSnapshot): Remark[] {
  if (view !== "heatmap") return [];
  if (range === undefined && instant?.result !== undefined) {
    return [{ kind: "info", text: '"@view heatmap" shows counts through time: ask for a range.' }];
  }
  if (range?.result === undefined || range.result.canHeatmap !== undefined || range.result.seriesTotal === 0) return [];
  return [
    {
      kind: "info",
      text: '"@view heatmap" needs buckets, which this answer has not: series with a label "le" or "vmrange", or native histograms.',
    },
  ];
}

/** What each view has of native histograms, said once for all answers of a run: an instant one brings a table with buckets. */
function nativeHistograms(results: readonly ResultSummary[]): Remark[] {
  const native = results.filter(({ hasHistograms }) => hasHistograms);
  if (native.length === 0) return [];
  const drawn = native.some(({ canHeatmap }) => canHeatmap !== undefined)
    ? "the heatmap draws their buckets, the chart the count of each"
    : "the chart draws the count of each";
  const listed = native.some(({ canHeatmap }) => canHeatmap === undefined)
    ? "sum, average and buckets"
    : "sum and average";
  return [{ kind: "info", text: `Native histograms: ${drawn}; the table has ${listed}.` }];
}

/** Both requests of a run mostly fail for the same reason, if in slightly other words: said once. */
function errorsOf(
  host: Host,
  run: RunSnapshot,
  parts: readonly PartSnapshot[],
  { zone, isKept }: { readonly zone: TimeZone; readonly isKept: boolean },
): Remark[] {
  const errors = new Map(
    parts.flatMap(({ error }) =>
      error === undefined ? [] : [[JSON.stringify([error.title, error.position]), error] as const],
    ),
  );
  return [...errors.values()].map(({ title, detail, next, position, isCancelled, actions }): Remark => {
    if (isCancelled) return { kind: "info", text: "Cancelled." };
    const show = {
      title: "Show in Editor",
      run: () =>
        host.attempt(
          host.rpc.request("results/reveal", { key: run.key, position: position ?? null }),
          "The place in the text could not be shown",
        ),
    };
    const more = [detail, next].filter((text) => text !== "").join("\n");
    const offered = actions.filter(({ kind }) => !(isKept && kind === "retry"));
    const buttons = offered.flatMap((action) => buttonFor(host, run, zone, action));
    return { kind: "error", text: title, more, actions: [...(position === undefined ? [] : [show]), ...buttons] };
  });
}

/** The button of an action, which says what it will ask for; none where the run leaves nothing to change. */
function buttonFor(
  host: Host,
  run: RunSnapshot,
  zone: TimeZone,
  { kind, title }: PanelAction,
): NonNullable<Remark["actions"]> {
  const again = (choices: PanelChoices) => () => rerun(host, run, choices);
  switch (kind) {
    case "retry":
      return [{ title, run: again(run.choices) }];
    case "widerStep": {
      const choices = withWiderStep(run.choices, run.sent);
      return choices === undefined ? [] : [{ title: `${title}: ${choices.step}`, run: again(choices) }];
    }
    case "shorterRange": {
      const choices = withShorterRange(run.choices, run.sent);
      return choices === undefined
        ? []
        : [{ title: `${title}: from ${zonedText(choices.start, zone)}`, run: again(choices) }];
    }
    default:
      return [
        {
          title,
          run: () =>
            host.attempt(host.rpc.request("results/remedy", { key: run.key, kind }), `"${title}" could not be done`),
        },
      ];
  }
}

/** Which answers are earlier ones, of when, and to which query if that was another one. */
function staleness(run: RunSnapshot, zone: TimeZone): Remark[] {
  const { range, instant } = run;
  const both = range?.isStale === true && instant?.isStale === true && run.before === undefined;
  const named: readonly (readonly [string, PartSnapshot | undefined])[] = both
    ? [["answer", range]]
    : [
        [instant === undefined ? "answer" : "range answer", range],
        [range === undefined ? "answer" : "instant answer", instant],
        ["answer to compare with", run.before],
      ];
  return named.flatMap(([name, part]): Remark[] => {
    if (part?.isStale !== true || part.result === undefined) return [];
    const { finishedAt, query } = part.result;
    const age = `The ${name} below is the earlier one of ${wholeSecond(finishedAt, zone)}`;
    const more = query === run.query ? {} : { more: `It answers another query: ${query}` };
    return [
      { kind: "info", text: part.state === "running" ? `${age}; the new one is on its way.` : `${age}.`, ...more },
    ];
  });
}

function resultRemarks(host: Host, run: RunSnapshot, result: ResultSummary): Remark[] {
  const remarks: Remark[] = [];
  const { seriesShown, seriesTotal, cut } = result;
  const loadAll = {
    title: "Load All",
    run: () => rerun(host, run, { ...run.choices, maxSeries: 0 }),
  };
  // All of them are here: nothing needs to be asked for.
  const showAll = {
    title: "Show All",
    run: () =>
      host.attempt(host.rpc.request("results/showAll", { key: run.key }), "The other series could not be shown"),
  };
  if (result.serverHasMore !== "no") {
    const more = result.serverHasMore === "yes" ? "the server has more" : "the server may have more";
    remarks.push({
      kind: "warning",
      text: `First ${countText(seriesShown, "series")}; ${more}.`,
      ...(run.choices.maxSeries === 0
        ? { more: "All were asked for: the server, or a gateway, has a limit of its own." }
        : { actions: [loadAll] }),
    });
  } else if (seriesShown < seriesTotal) {
    remarks.push({
      kind: "warning",
      text: `First ${countText(seriesShown, "series")} of ${countText(seriesTotal, "series")}.`,
      actions: [showAll],
    });
  }
  if (cut !== undefined) {
    const bounds = {
      samples: countText(cut.allowed, "sample", "samples"),
      bytes: `${countText(cut.allowed, "byte", "bytes")} of text`,
      series: "what fits in memory",
    };
    const advice = {
      samples: 'Ask for a shorter range or a wider step, or raise "promqlWorkbench.query.maxSamples".',
      bytes: 'Ask for a shorter range or a wider step, or raise "promqlWorkbench.query.maxResponseBytes".',
      series: "Ask for fewer series: add matchers, or aggregate.",
    };
    remarks.push({
      kind: "warning",
      text: `The answer was cut at ${bounds[cut.limit]}: only the ${countText(seriesTotal, "series")} before that are here.`,
      more: advice[cut.limit],
    });
  }
  if (result.isPartial)
    remarks.push({ kind: "warning", text: "Partial answer: some of the server's storage did not respond." });
  if (result.clockSkewMs !== undefined) {
    const side = result.clockSkewMs > 0 ? "ahead of" : "behind";
    remarks.push({
      kind: "warning",
      text: `The server's clock is ${formatDuration(Math.abs(result.clockSkewMs))} ${side} this machine's: "now" differs.`,
    });
  }
  for (const text of result.warnings) remarks.push({ kind: "warning", text });
  for (const text of result.infos) remarks.push({ kind: "info", text });
  return remarks;
}

function unique(remarks: readonly Remark[]): readonly Remark[] {
  const seen = new Set<string>();
  return remarks.filter(({ kind, text, more }) => {
    const id = `${kind} ${text} ${more ?? ""}`;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}
