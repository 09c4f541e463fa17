import type { UnixMs } from "../../shared/model/answer.ts";
import type { TimeZone } from "../../shared/model/zonedTime.ts";
import { textCell } from "./csvText.ts";
import { isoTime } from "./exportSubject.ts";

/** Longer columns are not worth remembering: a range has at most 11,000 points. */
const mostRemembered = 100_000;

/** Titles of the cells of a moment. */
export const timeTitles = "time,unix_seconds";

/** The cells of moments, ISO 8601 and unix seconds. Series share their times, so the last column's are remembered. */
export class TimeCells {
  readonly #zone: TimeZone;
  #column: ArrayBufferLike | undefined;
  #texts: string[] = [];

  constructor(zone: TimeZone) {
    this.#zone = zone;
  }

  /** The cells of `times[index]`. */
  at(times: Float64Array, index: number): string {
    const time = times[index] ?? Number.NaN;
    if (times.length > mostRemembered) return this.of(time);
    if (times.buffer !== this.#column) {
      this.#column = times.buffer;
      this.#texts = [];
    }
    // A column may be a view that begins inside another one's.
    const at = times.byteOffset / times.BYTES_PER_ELEMENT + index;
    const known = this.#texts[at];
    if (known !== undefined) return known;
    const text = this.of(time);
    this.#texts[at] = text;
    return text;
  }

  of(time: UnixMs): string {
    // A year before our era begins with a minus sign.
    return `${textCell(isoTime(time, this.#zone))},${time / 1000}`;
  }
}
