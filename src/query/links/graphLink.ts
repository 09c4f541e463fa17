import { maxTimeMs, parseDuration, parseTime, type TimeExpression } from "../../shared/model/time.ts";
import type { LinkBlock } from "./linkBlock.ts";

/** Panels that are looked at; the pages show a few. */
const maxPanels = 200;

/**
 * The queries of a graph page: Prometheus 2.x and 3.x, Thanos, and VictoriaMetrics, which puts the same parameters behind `#`.
 * `undefined` for any other address.
 */
export function readGraphLink(url: URL): readonly LinkBlock[] | undefined {
  const behindHash = new URLSearchParams(url.hash.slice(url.hash.indexOf("?") + 1));
  const found = [url.searchParams, behindHash].find((one) => [...one.keys()].some((key) => /^g\d+\.expr$/.test(key)));
  if (found === undefined) return undefined;
  // The first of a name counts, as for the pages; looked up in a map since a hostile link may hold any number.
  const params = new Map([...found].reverse());
  const base = url.origin + url.pathname.replace(/\/(?:(?:(?:new|classic)\/)?(?:graph|query)|vmui)?\/*$/, "");
  // VictoriaMetrics serves the API beside its page and, as clusters do, only below `/prometheus`.
  const bases = [base, `${base}/prometheus`];
  const numbers = [...found.keys()].flatMap((key) => /^g(\d+)\.expr$/.exec(key)?.[1] ?? []);
  return [...new Set(numbers)].slice(0, maxPanels).map((n) => {
    const expr = params.get(`g${n}.expr`) ?? "";
    return { expr, bases, ...timesOf((name) => params.get(`g${n}.${name}`) ?? "") };
  });
}

function timesOf(setting: (name: string) => string): Omit<LinkBlock, "expr" | "bases"> {
  const reader = new Reader();
  // VictoriaMetrics writes the end also of a window that follows the clock.
  const follows = !["", "none"].includes(setting("relative_time"));
  const end = follows ? undefined : reader.time(setting("end_input"));
  if (["1", "table"].includes(setting("tab"))) {
    const time = reader.time(setting("moment_input")) ?? end;
    return { mode: "instant", ...(time === undefined ? {} : { time }), ...reader.remark };
  }
  const rangeMs = reader.duration(setting("range_input"));
  const stepMs =
    setting("res_type") === "auto" ? undefined : reader.duration(setting("res_step") || setting("step_input"));
  return {
    ...(rangeMs === undefined ? {} : { rangeMs }),
    ...(end === undefined ? {} : { end }),
    ...(stepMs === undefined ? {} : { stepMs }),
    ...reader.remark,
  };
}

/** The queries of a link to the HTTP API itself; `undefined` for any other address. */
export function readApiLink(url: URL): readonly LinkBlock[] | undefined {
  const api = /\/api\/v1\/query(_range)?\/*$/.exec(url.pathname);
  const expr = url.searchParams.get("query");
  if (api === null || expr === null) return undefined;
  const bases = [url.origin + url.pathname.slice(0, api.index)];
  const reader = new Reader();
  const param = (name: string) => url.searchParams.get(name) ?? "";
  if (api[1] === undefined) {
    const time = reader.time(param("time"));
    return [{ expr, bases, mode: "instant", ...(time === undefined ? {} : { time }), ...reader.remark }];
  }
  const start = reader.time(param("start"));
  const end = reader.time(param("end"));
  const stepMs = reader.duration(param("step"));
  return [
    {
      ...{ expr, bases, mode: "range" },
      ...(start === undefined ? {} : { start }),
      ...(end === undefined ? {} : { end }),
      ...(stepMs === undefined ? {} : { stepMs }),
      ...reader.remark,
    },
  ];
}

/** Reads times and durations of pages, and keeps in mind whether one could not be read. */
class Reader {
  #hasFailed = false;

  get remark(): { readonly leavesTimesOut?: boolean } {
    return this.#hasFailed ? { leavesTimesOut: true } : {};
  }

  /** Pages write UTC without saying so: `2026-01-02 12:00:00`, `2026-01-02T12:00`. */
  time(text: string): TimeExpression | undefined {
    const day = text.trim().replace(" ", "T");
    return this.#noted(text, parseTime(/^\d{4}-\d\d-\d\dT[\d:.]+$/.test(day) ? `${day}Z` : day));
  }

  duration(text: string): number | undefined {
    const ms = Math.round(parseDuration(text.replaceAll(" ", "")) ?? 0);
    return this.#noted(text, ms >= 1 && ms <= maxTimeMs ? ms : undefined);
  }

  #noted<T>(text: string, value: T | undefined): T | undefined {
    if (text !== "" && value === undefined) this.#hasFailed = true;
    return value;
  }
}
