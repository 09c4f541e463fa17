import { isRecord } from "../../connections/strictObject.ts";
import { maxTimeMs, parseTime, type TimeExpression } from "../../shared/model/time.ts";
import type { LinkBlock } from "./linkBlock.ts";

/** What Explore keeps of one half of its page, whichever release wrote it. */
interface Pane {
  readonly datasource: unknown;
  readonly queries: readonly unknown[];
  readonly from: unknown;
  readonly to: unknown;
}

/**
 * The Prometheus queries of a link to Grafana's Explore: `panes` (10.1 and newer), `left` and `right` as objects or, of old
 * releases, arrays. `undefined` for any other address; `"unreadable"` where its state is no JSON.
 */
export function readExploreLink(url: URL): readonly LinkBlock[] | "unreadable" | undefined {
  const place = /^(.*)\/explore\/*$/.exec(url.pathname);
  if (place === null) return undefined;
  const base = url.origin + (place[1] ?? "");
  const states = ["panes", "left", "right"].map((name) => url.searchParams.get(name));
  if (states.every((state) => state === null)) return undefined;
  const panes: Pane[] = [];
  for (const [i, state] of states.entries()) {
    if (state === null) continue;
    const value = parseJson(state);
    if (value === undefined) return "unreadable";
    if (i > 0) panes.push(...paneOf(value));
    else if (isRecord(value)) panes.push(...Object.values(value).flatMap(paneOf));
  }
  return panes.flatMap((pane) => pane.queries.flatMap((query) => blockOf(query, pane, base)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function paneOf(value: unknown): readonly Pane[] {
  if (Array.isArray(value)) {
    const [from, to, datasource, ...queries] = value as readonly unknown[];
    return [{ datasource, queries, from, to }];
  }
  if (!isRecord(value)) return [];
  const range = isRecord(value["range"]) ? value["range"] : {};
  const queries: readonly unknown[] = Array.isArray(value["queries"]) ? value["queries"] : [];
  return [{ datasource: value["datasource"], queries, from: range["from"], to: range["to"] }];
}

function blockOf(query: unknown, pane: Pane, base: string): readonly LinkBlock[] {
  if (!isRecord(query) || typeof query["expr"] !== "string") return [];
  const source = query["datasource"] ?? pane.datasource;
  if (!mayBePrometheus(source)) return [];
  const isInstant = query["instant"] === true;
  const isRange = query["range"] === true;
  const mode = isInstant === isRange ? undefined : isInstant ? "instant" : "range";
  const legend = query["legendFormat"];
  return [
    {
      expr: query["expr"],
      bases: basesOf(source, base),
      ...(mode === undefined ? {} : { mode }),
      ...timesOf(pane, mode === "instant"),
      // `__auto` leaves the choice to Grafana.
      ...(typeof legend === "string" && legend !== "" && legend !== "__auto" ? { legend } : {}),
    },
  ];
}

/** Loki's queries are called `expr` as well. Where the kind of source is not told, its name is all there is to go by. */
function mayBePrometheus(source: unknown): boolean {
  const type = isRecord(source) ? source["type"] : undefined;
  if (typeof type === "string") return /prometheus|victoriametrics-metrics/i.test(type);
  return !(typeof source === "string" && /loki/i.test(source));
}

/** Addresses of the source behind Grafana, under which a connection may be set up. */
function basesOf(source: unknown, base: string): readonly string[] {
  const uid = isRecord(source) ? source["uid"] : source;
  if (typeof uid !== "string" || !/^[\w.-]{1,100}$/.test(uid)) return [];
  return [`${base}/api/datasources/proxy/uid/${uid}`, `${base}/api/datasources/uid/${uid}/resources`];
}

function timesOf({ from, to }: Pane, isInstant: boolean): Partial<LinkBlock> {
  if (from === undefined && to === undefined) return {};
  const start = grafanaTime(from);
  const end = grafanaTime(to);
  if (end === undefined || (start === undefined && !isInstant)) return { leavesTimesOut: true };
  const isNow = end.kind === "now" && end.offsetMs === 0;
  if (isInstant) return isNow ? {} : { time: end };
  if (start === undefined) return {};
  if (isNow && start.kind === "now" && start.offsetMs <= -1) return { rangeMs: -start.offsetMs };
  return { start, end };
}

/** `now-1h`, milliseconds since 1970 as text or number, or ISO 8601. Rounded times (`now/d`) have no counterpart here. */
function grafanaTime(value: unknown): TimeExpression | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return undefined;
  if (!/^\d+$/.test(text)) return parseTime(text);
  const time = Number(text);
  return time <= maxTimeMs ? { kind: "at", time } : undefined;
}
