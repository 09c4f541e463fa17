import type { UnixMs } from "./answer.ts";
import { maxTimeMs, parseTime } from "./time.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Offsets change at whole quarters of an hour, if ever. */
const offsetSlot = 15 * minute;

/** How many offsets are remembered; a chart needs few, an export of years some thousands. */
const mostOffsets = 50_000;

/** A time zone by its IANA name, which knows its offset from UTC at any moment. */
export class TimeZone {
  /** Such as `UTC` or `Europe/Berlin`. */
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  /** Throws `RangeError` for a name that is no zone. */
  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
    this.name = this.#format.resolvedOptions().timeZone;
  }

  /** What has to be added to a moment to get the zone's wall clock, in ms. */
  offsetAt(time: UnixMs): number {
    if (this.name === "UTC" || !(Math.abs(time) <= maxTimeMs)) return 0;
    const slot = Math.floor(time / offsetSlot);
    const known = this.#offsets.get(slot);
    if (known !== undefined) return known;
    if (this.#offsets.size >= mostOffsets) this.#offsets.clear();
    const offset = this.#read(time);
    this.#offsets.set(slot, offset);
    return offset;
  }

  #read(time: UnixMs): number {
    const text = this.#format.formatToParts(time).find(({ type }) => type === "timeZoneName")?.value ?? "";
    const match = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
    if (match === null) return 0;
    const size = Number(match[2]) * hour + Number(match[3]) * minute + Number(match[4] ?? 0) * 1000;
    return match[1] === "-" ? -size : size;
  }
}

/** True for an IANA name, whatever its case. */
export function isTimeZone(name: string): boolean {
  try {
    return new TimeZone(name).name !== "";
  } catch {
    return false;
  }
}

/** The zone of a setting: `local` (of this machine), `utc`, or an IANA name; the local one for anything else. */
export function timeZoneOf(setting: string): TimeZone {
  return new TimeZone(isTimeZone(setting) ? setting : Intl.DateTimeFormat().resolvedOptions().timeZone);
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** The zone's wall clock as the UTC fields of a `Date`. */
function wallClock(time: UnixMs, zone: TimeZone): Date {
  return new Date(time + zone.offsetAt(time));
}

function dayText(date: Date): string {
  return `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
}

function clockText(date: Date): string {
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

function milliseconds(date: Date): string {
  return `.${String(date.getUTCMilliseconds()).padStart(3, "0")}`;
}

/** `2026-01-31 13:00:00+01:00`: date, time and offset from UTC, to the millisecond only where there are any. */
export function fullTime(time: UnixMs, zone: TimeZone): string {
  if (!(Math.abs(time) <= maxTimeMs)) return "no time";
  const date = wallClock(time, zone);
  const offset = zone.offsetAt(time) / minute;
  const size = Math.abs(offset);
  const suffix = offset === 0 ? "Z" : `${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two((size % 60) | 0)}`;
  return `${dayText(date)} ${clockText(date)}${date.getUTCMilliseconds() === 0 ? "" : milliseconds(date)}${suffix}`;
}

/** `2026-01-31 13:00:00`: date and time on the zone's wall clock, to the millisecond only where there are any. */
export function localTime(time: UnixMs, zone: TimeZone): string {
  if (!(Math.abs(time) <= maxTimeMs)) return "no time";
  const date = wallClock(time, zone);
  return `${dayText(date)} ${clockText(date)}${date.getUTCMilliseconds() === 0 ? "" : milliseconds(date)}`;
}

/**
 * The moment at which the zone's wall clock shows `2026-01-31 13:00`, with seconds or without; `undefined` for any other text.
 * The earlier one of a time that the clock shows twice; one that it leaves out is as much later as it leaves out.
 */
export function parseLocalTime(text: string, zone: TimeZone): UnixMs | undefined {
  // Without a zone of its own: the time as UTC would show it is the clock's reading.
  const reading = /[Zz]$|[+-]\d\d:\d\d$/.test(text) ? undefined : parseTime(`${text}Z`);
  if (reading?.kind !== "at") return undefined;
  const wall = reading.time;
  const [before, after] = [wall - zone.offsetAt(wall - day), wall - zone.offsetAt(wall + day)];
  const fitting = [before, after].filter((time) => time + zone.offsetAt(time) === wall);
  return fitting.length === 0 ? before : Math.min(...fitting);
}

/** `2026-01-31 13:00:00 to 13:00:15+01:00`: two moments in full, the day and the offset only once where they are the same. */
export function fullStretch(from: UnixMs, to: UnixMs, zone: TimeZone): string {
  const [begin, end] = [fullTime(from, zone), fullTime(to, zone)];
  const form = /^(\S+) (\S+?)(Z|[+-]\d\d:\d\d)$/;
  const [first, last] = [form.exec(begin), form.exec(end)];
  const isOneDay = first !== null && last !== null && first[1] === last[1] && first[3] === last[3];
  return isOneDay ? `${first[1]} ${first[2]} to ${last[2]}${last[3]}` : `${begin} to ${end}`;
}

/** A moment in full without its milliseconds, for things that happened here: nobody reads them. */
export function wholeSecond(time: UnixMs, zone: TimeZone): string {
  return fullTime(Math.floor(time / 1000) * 1000, zone);
}

/** `13:05`, after the day where that is another one than the day of `near`: `2026-01-31 13:05`. */
export function shortTime(time: UnixMs, zone: TimeZone, near: UnixMs): string {
  const [date, other] = [wallClock(time, zone), wallClock(near, zone)];
  const clock = clockText(date).slice(0, 5);
  return dayText(date) === dayText(other) ? clock : `${dayText(date)} ${clock}`;
}

/** Good distances between ticks of time, in ms. */
export const timeIncrements = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 30, 90, 180, 365].map((n) => n * day),
];

/**
 * The moments of ticks from `from` to `to`: at multiples of `increment` on the zone's wall clock, so that days begin at
 * midnight there and hours are whole, also where the clock is put forward or back in between.
 */
export function tickTimes(from: UnixMs, to: UnixMs, increment: number, zone: TimeZone): number[] {
  const times: number[] = [];
  const offset = zone.offsetAt(from);
  for (let wall = Math.ceil((from + offset) / increment) * increment; ; wall += increment) {
    // Where hours and days are counted the offset may be another one by then.
    const time = increment < hour ? wall - offset : wall - zone.offsetAt(wall - zone.offsetAt(wall - offset));
    if (time > to) return times;
    if (time >= from && time > (times.at(-1) ?? Number.NEGATIVE_INFINITY)) times.push(time);
  }
}

/** Labels of ticks, as exact as their distance needs, with the day where it changes. */
export function tickTexts(ticks: readonly UnixMs[], zone: TimeZone): string[] {
  const step = ticks.length > 1 ? (ticks[1] ?? 0) - (ticks[0] ?? 0) : minute;
  let lastDay = "";
  return ticks.map((time) => {
    const date = wallClock(time, zone);
    const today = dayText(date).slice(5);
    const clock = clockText(date);
    const exact = step < 1000 ? clock + milliseconds(date) : step < minute ? clock : clock.slice(0, 5);
    // A day on which the clock changes has 23 hours.
    const text = step >= day - 2 * hour ? today : today === lastDay ? exact : `${exact}\n${today}`;
    lastDay = today;
    return text;
  });
}
