import type { Run, RunPart, RunRequest } from "../../src/query/run.ts";
import type { QueryAnswer, QueryData, Series } from "../../src/shared/model/answer.ts";
import type { Labels } from "../../src/shared/model/labels.ts";

/** The moment at which all runs of tests take place. */
export const testNow = Date.UTC(2026, 0, 2, 12, 0, 0);

const hour = 3_600_000;
const day = 24 * hour;

/** A series on a grid that ends at `testNow`. */
export function aSeries(labels: Labels, values: readonly number[], stepMs = 15_000): Series {
  const times = Float64Array.from(values, (_, i) => testNow - (values.length - 1 - i) * stepMs);
  return { labels, times, values: Float64Array.from(values), histograms: [] };
}

export function anAnswer(data: QueryData, changes: Partial<QueryAnswer> = {}): QueryAnswer {
  const series = data.type === "matrix" || data.type === "vector" ? data.series : [];
  return {
    data,
    warnings: [],
    infos: [],
    isPartial: undefined,
    cut: undefined,
    stats: undefined,
    sampleCount: series.reduce((sum, { times }) => sum + times.length, 0),
    receivedBytes: 1234,
    decodedBytes: 5678,
    durationMs: 42,
    serverClock: undefined,
    ...changes,
  };
}

export function done(answer: QueryAnswer, limitSent?: number): RunPart {
  return { state: "done", answer, finishedAt: testNow, limitSent };
}

export function aRequest(changes: Partial<RunRequest> = {}): RunRequest {
  return {
    key: "title:1:Requests",
    title: "Requests",
    text: "rate(http_requests_total[5m])",
    query: "rate(http_requests_total[5m])",
    target: { connectionId: "prod", name: "Production EU", origin: "https://prometheus.example", color: "red" },
    choices: {
      mode: "both",
      start: { kind: "now", offsetMs: -hour },
      end: { kind: "now", offsetMs: 0 },
      time: { kind: "now", offsetMs: 0 },
      stepMs: undefined,
      maxSeries: 1000,
      compareMs: undefined,
    },
    legend: undefined,
    unit: undefined,
    view: undefined,
    ...changes,
  };
}

/** A run with the given parts, over the hour before `testNow`. */
export function aRun(
  parts: { readonly range?: RunPart; readonly instant?: RunPart; readonly before?: RunPart },
  changes: Partial<RunRequest> = {},
): Run {
  const window = { start: testNow - hour, end: testNow, stepMs: 15_000, stepIsAutomatic: true };
  return {
    request: aRequest(changes),
    isAutomatic: false,
    startedAt: testNow,
    window,
    range: parts.range && { sent: window, part: parts.range },
    instant: parts.instant && { sentTime: testNow, part: parts.instant },
    before: parts.before && {
      sent: { ...window, start: window.start - day, end: window.end - day },
      part: parts.before,
    },
  };
}
