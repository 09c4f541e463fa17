import { formatTime, parseTime } from "../../src/shared/model/time.ts";
import { fullTime, localTime, parseLocalTime, type TimeZone } from "../../src/shared/model/zonedTime.ts";

/**
 * A time of a run's choices as it is shown: a fixed one on the zone's wall clock, with its offset from UTC where the clock
 * shows it twice. What is shown is read back as the same moment.
 */
export function zonedText(text: string, zone: TimeZone): string {
  const time = parseTime(text.trim());
  if (time?.kind !== "at") return text;
  const forms = [localTime(time.time, zone), fullTime(time.time, zone)];
  return forms.find((form) => momentOf(form, zone) === time.time) ?? text;
}

function momentOf(text: string, zone: TimeZone): number | undefined {
  const time = parseTime(text);
  return time?.kind === "at" ? time.time : parseLocalTime(text, zone);
}

/** A time as a person wrote it, in a form that names the same moment in every zone; `undefined`: it is none. */
export function withoutZone(text: string, zone: TimeZone): string | undefined {
  const trimmed = text.trim();
  if (parseTime(trimmed) !== undefined) return trimmed;
  const time = parseLocalTime(trimmed, zone);
  return time === undefined ? undefined : formatTime({ kind: "at", time });
}
