import type { UnixMs } from "./answer.ts";

const unitMs: readonly (readonly [unit: string, ms: number])[] = [
  ["y", 31_536_000_000],
  ["w", 604_800_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

const durationForm = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/**
 * A PromQL duration (`1h30m`, units y w d h m s ms in this order, each once, whole numbers; a year has 365 days) or a
 * plain number of seconds, in milliseconds; `undefined` where it is neither. Prometheus' `model.ParseDuration`.
 */
export function parseDuration(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (text === "") return undefined;
  const match = durationForm.exec(text);
  if (match === null) return undefined;
  return unitMs.reduce((sum, [, ms], i) => sum + Number(match[i + 1] ?? 0) * ms, 0);
}

/**
 * The exact duration in PromQL's own form, largest units first and nothing dropped (90 s is `1m30s`, never `1m`).
 * Years and weeks are used only where they divide exactly, as Prometheus prints them. Fractions of a millisecond are rounded.
 */
export function formatDuration(ms: number): string {
  let rest = Math.round(Math.abs(ms));
  if (rest === 0) return "0s";
  let out = ms < 0 ? "-" : "";
  for (const [unit, size] of unitMs) {
    const exactOnly = unit === "y" || unit === "w";
    if (rest < size || (exactOnly && rest % size !== 0)) continue;
    out += `${Math.floor(rest / size)}${unit}`;
    rest %= size;
  }
  return out;
}

/** The latest moment that a `Date` holds, and the negative of the earliest, in unix ms. */
export const maxTimeMs = 8.64e15;

/** A moment as the user wrote it: relative to now (offset in ms, at most 0 for the past) or fixed. */
export type TimeExpression =
  | { readonly kind: "now"; readonly offsetMs: number }
  | { readonly kind: "at"; readonly time: UnixMs };

/**
 * Unix seconds from here on (the year 5138) are no moment that anybody asks for: the number counts something smaller. As many
 * seconds before 1970 likewise.
 */
const tooManySeconds = 1e11;

/** What a unix time of our days counts if it has at least so many units, and how many of them are a second. */
const smallerUnits = [
  { unit: "nanoseconds", from: 1e17, perSecond: 1e9 },
  { unit: "microseconds", from: 1e14, perSecond: 1e6 },
  { unit: "milliseconds", from: tooManySeconds, perSecond: 1e3 },
] as const;

/** A whole number too large for unix seconds: the unit that it seems to count, and the same moment in seconds, to a millisecond. */
export function smallerUnitOf(
  text: string,
): { readonly unit: (typeof smallerUnits)[number]["unit"]; readonly seconds: number } | undefined {
  const value = /^\d{12,19}$/.test(text) ? Number(text) : 0;
  const found = smallerUnits.find(({ from }) => value >= from);
  return found && { unit: found.unit, seconds: Math.round((value / found.perSecond) * 1000) / 1000 };
}

/** `now`, `now-6h`, `now+5m`, RFC 3339 (`2026-01-02T03:04:05Z`, offset required) or unix seconds. */
export function parseTime(text: string): TimeExpression | undefined {
  if (text === "now") return { kind: "now", offsetMs: 0 };
  const relative = /^now([+-])(.+)$/.exec(text);
  if (relative !== null) {
    const size = parseDuration(relative[2] ?? "");
    if (size === undefined || size > maxTimeMs / 2) return undefined;
    return { kind: "now", offsetMs: relative[1] === "-" ? -size : size };
  }
  if (/^-?\d+(\.\d+)?$/.test(text)) {
    const seconds = Number(text);
    return Math.abs(seconds) < tooManySeconds ? { kind: "at", time: seconds * 1000 } : undefined;
  }
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const time = Date.parse(text.replace(" ", "T").toUpperCase());
  return isDay(text) && Math.abs(time) <= maxTimeMs ? { kind: "at", time } : undefined;
}

/** False for a day that no month has, which `Date.parse` takes for one of the next month. */
function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split("-").map(Number);
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Writes a moment in a form that `parseTime` reads back; fixed moments as RFC 3339 in UTC. */
export function formatTime(time: TimeExpression): string {
  if (time.kind === "at") return new Date(time.time).toISOString().replace(/\.000Z$/, "Z");
  if (time.offsetMs === 0) return "now";
  return `now${time.offsetMs < 0 ? "-" : "+"}${formatDuration(Math.abs(time.offsetMs))}`;
}

/** The moment in unix ms, given the current one. */
export function resolveTime(time: TimeExpression, now: UnixMs): UnixMs {
  return time.kind === "at" ? time.time : now + time.offsetMs;
}
