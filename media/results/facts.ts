import { type ComponentChild, h } from "preact";
import { useContext } from "preact/hooks";
import { formatDuration } from "../../src/shared/model/time.ts";
import { fullTime, type TimeZone } from "../../src/shared/model/zonedTime.ts";
import type { ResultSummary, RunSnapshot } from "../../src/shared/protocol/results.ts";
import { Zone } from "./zone.ts";

const numbers = new Intl.NumberFormat("en-US");

/** `1,234 series`; `one` is also the plural of "series". */
export function countText(count: number, one: string, many = one): string {
  return `${numbers.format(count)} ${count === 1 ? one : many}`;
}

/** Bytes in units of 1024. */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return countText(bytes, "byte", "bytes");
  const step = Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** step).toFixed(1)} ${["B", "KiB", "MiB", "GiB"][step] ?? "B"}`;
}

/** A duration for people: whole milliseconds below ten seconds, seconds with a decimal above. */
export function elapsedText(ms: number): string {
  return ms < 10_000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function partFacts(name: string, { type, seriesTotal, sampleCount, receivedBytes, durationMs }: ResultSummary): string {
  const what =
    type === "matrix" || type === "vector"
      ? `${countText(seriesTotal, "series")}, ${countText(sampleCount, "sample", "samples")}`
      : type;
  return `${name}: ${what}, ${bytesText(receivedBytes)}, ${elapsedText(durationMs)}`;
}

/** Between the facts of a line. */
const separator = " · ";

/** The line under every answer: range, step, counts, sizes, durations, zone. */
export function runFacts(run: RunSnapshot, zone: TimeZone): string {
  return factsOf(run, zone).join(separator);
}

/** The same as a part of the page. */
export function Facts({ run }: { readonly run: RunSnapshot }): ComponentChild {
  const facts = factsOf(run, useContext(Zone));
  const result = run.range?.result ?? run.instant?.result;
  // Who listens is not told every ten seconds what nobody asked for.
  const live = result !== undefined && result.continues !== result.id ? "off" : "polite";
  return h(
    "p",
    { class: "facts", role: "status", "aria-live": live },
    facts.flatMap((fact, i) => [i === 0 ? "" : separator, h("span", { class: "fact", key: fact }, fact)]),
  );
}

function factsOf(run: RunSnapshot, zone: TimeZone): readonly string[] {
  const { range, instant } = run;
  // The times are those of the answer that is shown, which may be an earlier one.
  const sent = range?.result?.sent ?? run.sent;
  const instantTime = instant?.result?.instantTime ?? run.instantTime;
  const parts: string[] = [];
  if (sent !== undefined) {
    const step = `step ${formatDuration(sent.stepMs)}${sent.stepIsAutomatic ? " (automatic)" : ""}`;
    parts.push(`${fullTime(sent.start, zone)} to ${fullTime(sent.end, zone)}, ${step}`);
  } else if (instantTime !== undefined) parts.push(`at ${fullTime(instantTime, zone)}`);
  if (range?.result !== undefined) parts.push(partFacts("range", range.result));
  if (run.before?.result !== undefined) parts.push(partFacts(`${run.choices.compare} earlier`, run.before.result));
  if (instant?.result !== undefined) parts.push(partFacts("instant", instant.result));
  parts.push(`times in ${zone.name}`);
  return parts;
}

/** True while one of a run's requests is under way. */
export function isRunning(run: RunSnapshot): boolean {
  return [run.range, run.instant, run.before].some((part) => part?.state === "running");
}
