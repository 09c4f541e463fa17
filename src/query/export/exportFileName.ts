import type { UnixMs } from "../../shared/model/answer.ts";
import type { TimeZone } from "../../shared/model/zonedTime.ts";
import { isoTime } from "./exportSubject.ts";

/** Characters of a title that a file's name keeps, and their bytes: names end at 255, and others add to them. */
const mostCharacters = 60;
const mostBytes = 200;

/** A name that every file system takes, of a title and the zone's clock: `Error-rate-2026-01-31T13-00-00.csv`. */
export function exportFileName(title: string, time: UnixMs, zone: TimeZone, extension: string): string {
  const words = title.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}]+/gu, "-");
  const characters = [...words].slice(0, mostCharacters);
  while (Buffer.byteLength(characters.join("")) > mostBytes) characters.pop();
  const name = characters.join("").replace(/^-+|-+$/g, "");
  const clock = isoTime(time, zone).slice(0, 19).replaceAll(":", "-");
  return `${name === "" ? "promql-result" : name}-${clock}.${extension}`;
}
