function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Local date and time with the offset from UTC, to the millisecond only where there are any. */
export function fullTime(ms: number): string {
  if (!Number.isFinite(ms)) return "no time";
  const date = new Date(ms);
  const offset = -date.getTimezoneOffset();
  const size = Math.abs(offset);
  const zone = offset === 0 ? "Z" : `${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  const rest = date.getMilliseconds() === 0 ? "" : `.${String(date.getMilliseconds()).padStart(3, "0")}`;
  return `${dayText(date)} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}${rest}${zone}`;
}

function dayText(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Labels of ticks, as exact as their distance needs, with the day where it changes. */
export function tickTexts(ticks: readonly number[]): string[] {
  const step = ticks.length > 1 ? (ticks[1] ?? 0) - (ticks[0] ?? 0) : 60_000;
  let lastDay = "";
  return ticks.map((ms) => {
    const date = new Date(ms);
    const day = dayText(date).slice(5);
    const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
    const time =
      step < 1000
        ? `${clock}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`
        : step < 60_000
          ? `${clock}:${two(date.getSeconds())}`
          : clock;
    const text = step >= 86_400_000 ? day : day === lastDay ? time : `${time}\n${day}`;
    lastDay = day;
    return text;
  });
}

/** The zone that all times are shown in. */
export function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
