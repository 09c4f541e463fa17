import type { HistogramSample, Series } from "../../shared/model/answer.ts";
import type { Labels } from "../../shared/model/labels.ts";
import { lowerBound } from "../../shared/model/sorted.ts";

/**
 * Gathers the samples of one series after another into columns. Scratch space is used again for each series; what is kept
 * has its exact size. Timestamps that repeat, wholly or as one run, those of the longest column so far are shared with it:
 * on a grid a sample costs the eight bytes of its value.
 */
export class ColumnsBuilder {
  #times = new Float64Array(1024);
  #values = new Float64Array(1024);
  #length = 0;
  #shared = new Float64Array(0);

  get length(): number {
    return this.#length;
  }

  reset(): void {
    this.#length = 0;
  }

  push(time: number, value: number): void {
    if (this.#length === this.#times.length) this.#grow();
    this.#times[this.#length] = time;
    this.#values[this.#length] = value;
    this.#length++;
  }

  /** The series with all samples since the last `reset`; `undefined` if their times do not ascend. */
  finish(labels: Labels, histograms: readonly HistogramSample[]): Series | undefined {
    const times = this.#timeColumn();
    if (times === undefined) return undefined;
    return { labels, times, values: this.#values.slice(0, this.#length), histograms };
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    times.set(this.#times);
    this.#times = times;
    const values = new Float64Array(times.length);
    values.set(this.#values);
    this.#values = values;
  }

  #timeColumn(): Float64Array | undefined {
    const times = this.#times;
    const length = this.#length;
    const shared = this.#shared;
    const offset = length === 0 ? 0 : lowerBound(shared, times[0] ?? 0);
    let same = 0;
    while (same < length && times[same] === shared[offset + same]) same++;
    if (same === length) return length === shared.length ? shared : shared.subarray(offset, offset + length);
    for (let i = 1; i < length; i++) {
      if (!((times[i] ?? 0) > (times[i - 1] ?? 0))) return undefined;
    }
    const own = times.slice(0, length);
    if (length > shared.length) this.#shared = own;
    return own;
  }
}
