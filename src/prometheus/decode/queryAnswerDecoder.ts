import { AppError } from "../../shared/errors.ts";
import type { Cut, HistogramBucket, HistogramSample, QueryData, Series, UnixMs } from "../../shared/model/answer.ts";
import { ColumnsBuilder } from "./columns.ts";
import { type JsonHandler, JsonTokens } from "./jsonTokens.ts";
import { parseNumber } from "./numbers.ts";
import { readSamples } from "./sampleReader.ts";
import { TextReader } from "./textReader.ts";

/** Bounds of a decoded answer. Samples of histograms count one for themselves and one for each bucket. */
export interface DecodeLimits {
  readonly maxSamples: number;
  readonly maxBytes: number;
  /** Estimated bytes of memory for series, labels and buckets; by default 512 MiB. */
  readonly maxStructureBytes?: number;
}

/** A body as Prometheus' envelope. After a cut only whole series before it are there, and nothing that came later. */
export type DecodedBody =
  | {
      readonly status: "success";
      readonly data: QueryData;
      readonly warnings: readonly string[];
      readonly infos: readonly string[];
      readonly isPartial: boolean | undefined;
      readonly stats: unknown;
      readonly cut: Cut | undefined;
      readonly sampleCount: number;
      readonly decodedBytes: number;
    }
  | {
      readonly status: "error";
      readonly errorType: string;
      readonly error: string;
      readonly warnings: readonly string[];
      readonly infos: readonly string[];
    };

/** Which part of the answer an open container is. Everything else is passed over by depth. */
type Place =
  | "top"
  | "data"
  | "result"
  | "series"
  | "metric"
  | "samples"
  | "sample"
  | "histograms"
  | "histogramSample"
  | "histogram"
  | "buckets"
  | "bucket"
  | "warnings"
  | "infos";

/** What a container under a key is, by the place that holds it. */
const children: Readonly<Partial<Record<Place, Readonly<Record<string, Place>>>>> = {
  top: { data: "data", warnings: "warnings", infos: "infos" },
  data: { result: "result" },
  series: {
    metric: "metric",
    values: "samples",
    value: "sample",
    histograms: "histograms",
    histogram: "histogramSample",
  },
  histogram: { buckets: "buckets" },
};

/** What an element of an array is, by the array. */
const elements: Readonly<Partial<Record<Place, Place>>> = {
  result: "series",
  samples: "sample",
  histograms: "histogramSample",
  histogramSample: "histogram",
  buckets: "bucket",
};

const objects: ReadonlySet<Place> = new Set(["top", "data", "series", "metric", "histogram"]);

/**
 * What series, labels and buckets may take in memory. Samples and text have bounds of their own, but a series without a sample
 * is three bytes of text and hundreds of memory.
 */
const defaultStructureBytes = 512 * 1024 * 1024;
const seriesBytes = 500;
const labelBytes = 100;
const bucketBytes = 80;

/** Warnings and infos that are kept; nobody reads more of them. */
const mostRemarks = 1000;

/** What a container under a key is. Own keys only: a server may send any name, `constructor` too. */
function childOf(place: Place, key: string): Place | undefined {
  const table = children[place];
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Statistics of a query are small; a server that sends more is not worth the memory. */
const longestStats = 64 * 1024;

/**
 * Reads the body of `query` and `query_range` into columns while it arrives. Keys may come in any order, unknown ones are
 * passed over, of repeated ones the last counts. Throws `malformed` for what is no such answer. Written after the response
 * format of Prometheus' HTTP API (`/api/v1/query`), with what Thanos, Mimir and VictoriaMetrics add.
 */
export class QueryAnswerDecoder implements JsonHandler {
  readonly #limits: DecodeLimits;
  readonly #tokens: JsonTokens;
  readonly #text = new TextReader(() => this.#tokens.offset);
  readonly #columns = new ColumnsBuilder();
  readonly #places: Place[] = [];
  #skipped = 0;
  #key = "";
  #bytes = 0;
  #samples = 0;
  #structure = 0;
  #cut: Cut | undefined;

  #status: string | undefined;
  #errorType = "";
  #error = "";
  #isPartial: boolean | undefined;
  #stats: StatsCapture | undefined;
  #warnings: string[] = [];
  #infos: string[] = [];
  #resultType: string | undefined;
  #hasResult = false;
  #series: Series[] = [];
  /** The elements of a `result` that is itself one sample: scalar or string. */
  #pair: (number | string)[] | undefined;

  #labels: [string, string][] = [];
  #histograms: HistogramSample[] = [];
  #sample: number[] = [];
  #histogram: { count?: number; sum?: number; buckets: HistogramBucket[] } = { buckets: [] };
  #bucket: number[] = [];

  constructor(limits: DecodeLimits) {
    this.#limits = limits;
    this.#tokens = new JsonTokens(this);
  }

  get isDone(): boolean {
    return this.#cut !== undefined;
  }

  /** Takes the next piece of the decompressed body; false: a bound is reached and the rest is not wanted. */
  write(chunk: Uint8Array): boolean {
    if (this.#cut !== undefined) return false;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.maxBytes) {
      this.#cut = { limit: "bytes", allowed: this.#limits.maxBytes };
      return false;
    }
    this.#tokens.write(chunk);
    return !this.isDone;
  }

  /** The answer; throws `malformed` if the body ended early or is none. */
  end(): DecodedBody {
    if (this.#cut === undefined) this.#tokens.end();
    const { warnings, infos } = { warnings: this.#warnings, infos: this.#infos };
    if (this.#status === "error") {
      return { status: "error", errorType: this.#errorType, error: this.#error, warnings, infos };
    }
    if (this.#cut === undefined && this.#status !== "success") this.#fail('"status": "success" or "error"');
    // Cut before anything told that this is an answer at all.
    if (this.#cut !== undefined && this.#status === undefined && !this.#hasResult) {
      throw new AppError({ kind: "tooLarge", limit: "bytes", allowed: this.#limits.maxBytes });
    }
    return {
      status: "success",
      data: this.#data(),
      warnings,
      infos,
      isPartial: this.#isPartial,
      stats: this.#stats?.value(),
      cut: this.#cut,
      sampleCount: this.#samples,
      decodedBytes: this.#bytes,
    };
  }

  beginObject(): void {
    this.#begin(true);
  }

  beginArray(): void {
    this.#begin(false);
  }

  endObject(): void {
    this.#end("}");
  }

  endArray(): void {
    this.#end("]");
  }

  key(bytes: Uint8Array, from: number, to: number, escaped: boolean): void {
    if (this.#skipped > 0) this.#stats?.key(this.#captures, this.#text.read(bytes, from, to, escaped));
    else
      this.#key =
        this.#place === "metric"
          ? this.#text.interned(bytes, from, to, escaped)
          : this.#text.read(bytes, from, to, escaped);
  }

  string(bytes: Uint8Array, from: number, to: number, escaped: boolean): void {
    if (this.#skipped > 0) {
      if (this.#captures) this.#stats?.add(JSON.stringify(this.#text.read(bytes, from, to, escaped)));
      return;
    }
    switch (this.#place) {
      case "metric":
        this.#labels.push([this.#key, this.#text.interned(bytes, from, to, escaped)]);
        this.#charge(labelBytes + (to - from > 128 ? to - from : 0));
        return;
      case "sample":
        this.#addToSample(this.#numberOf(bytes, from, to, escaped));
        return;
      case "result":
        this.#addToPair(this.#text.read(bytes, from, to, escaped));
        return;
      case "histogram":
        this.#histogramNumber(bytes, from, to, escaped);
        return;
      case "bucket":
        this.#addToBucket(this.#numberOf(bytes, from, to, escaped));
        return;
      case "warnings":
        if (this.#warnings.length < mostRemarks) this.#warnings.push(this.#text.read(bytes, from, to, escaped));
        return;
      case "infos":
        if (this.#infos.length < mostRemarks) this.#infos.push(this.#text.read(bytes, from, to, escaped));
        return;
      case "top":
        this.#topString(this.#text.read(bytes, from, to, escaped));
        return;
      case "data":
        if (this.#key === "resultType") this.#resultType = this.#text.read(bytes, from, to, escaped);
        else if (this.#key === "result") this.#fail("an array of series or a sample");
        return;
      case "samples":
      case "histograms":
      case "histogramSample":
      case "buckets":
        throw this.#malformed("an array");
      case "series":
        if (childOf("series", this.#key) !== undefined) this.#fail(`an object or array as ${this.#key}`);
        return;
      case undefined:
        throw this.#malformed("an object");
    }
  }

  number(bytes: Uint8Array, from: number, to: number): void {
    if (this.#skipped > 0) {
      if (this.#captures) this.#stats?.add(this.#text.read(bytes, from, to, false));
      return;
    }
    const value = parseNumber(bytes, from, to) ?? this.#fail("a number");
    switch (this.#place) {
      case "sample":
      case "histogramSample":
        this.#addToSample(value);
        return;
      case "result":
        this.#addToPair(value);
        return;
      case "histogram":
        this.#histogramNumber(bytes, from, to, false);
        return;
      case "bucket":
        this.#addToBucket(value);
        return;
      case "top":
        // VictoriaMetrics sends its status code where Prometheus has a word.
        if (this.#key === "errorType") this.#errorType = String(value);
        return;
      case "metric":
      case "warnings":
      case "infos":
      case "samples":
      case "histograms":
      case "buckets":
        throw this.#malformed("a string");
      case undefined:
        throw this.#malformed("an object");
      case "data":
      case "series":
        return;
    }
  }

  literal(value: boolean | null): void {
    if (this.#skipped > 0) {
      if (this.#captures) this.#stats?.add(String(value));
      return;
    }
    const place = this.#place;
    if (place === undefined) this.#fail("an object");
    if (place === "top" && this.#key === "isPartial" && value !== null) this.#isPartial = value;
    // Go sends a nil slice as `null`.
    else if (place === "data" && this.#key === "result" && value === null) this.#hasResult = true;
    // `null` stands for "nothing" under any key of an object; an array of ours never holds a word.
    else if (!objects.has(place) || place === "metric") this.#fail("a value of the API");
  }

  /** The tight loop over `[[time,"value"],...]`; see `readSamples`. */
  readAhead(bytes: Uint8Array, from: number, to: number): number {
    if (this.#skipped > 0 || this.#place !== "samples") return from;
    const room = this.#limits.maxSamples - this.#samples;
    const before = this.#columns.length;
    const reached = readSamples(bytes, from, to, this.#columns, room);
    this.#samples += this.#columns.length - before;
    this.#checkSamples();
    return reached;
  }

  get #place(): Place | undefined {
    return this.#places.at(-1);
  }

  get #captures(): boolean {
    return this.#stats !== undefined && !this.#stats.isWhole;
  }

  /** A scalar or a string is a time and a value. */
  #addToPair(value: number | string): void {
    this.#pair ??= [];
    if (this.#pair.length === 2) this.#fail("a time and a value");
    this.#pair.push(value);
  }

  #addToSample(value: number): void {
    if (this.#sample.length === 2) this.#fail("a time and a value");
    this.#sample.push(value);
  }

  #addToBucket(value: number): void {
    if (this.#bucket.length === 4) this.#fail("four numbers in a bucket");
    this.#bucket.push(value);
  }

  /** Counts memory; over the bound the answer ends before the present series. */
  #charge(bytes: number): void {
    this.#structure += bytes;
    if (this.#structure > (this.#limits.maxStructureBytes ?? defaultStructureBytes) && this.#cut === undefined) {
      this.#cut = { limit: "series", allowed: this.#series.length };
    }
  }

  #malformed(expected: string): AppError {
    return new AppError({ kind: "malformed", offset: this.#tokens.offset, expected });
  }

  #fail(expected: string): never {
    throw this.#malformed(expected);
  }

  #begin(isObject: boolean): void {
    if (this.#skipped > 0) {
      this.#skipped++;
      if (this.#captures) this.#stats?.begin(isObject ? "{" : "[");
      return;
    }
    const place = this.#place;
    const next = place === undefined ? "top" : objects.has(place) ? childOf(place, this.#key) : elements[place];
    if (next === undefined) {
      if (place !== undefined && !objects.has(place)) this.#fail("no container here");
      if (place === "metric") this.#fail("a label value");
      this.#skipped = 1;
      if (this.#key === "stats" && (place === "top" || place === "data")) {
        this.#stats = new StatsCapture();
        this.#stats.begin(isObject ? "{" : "[");
      }
      return;
    }
    if (objects.has(next) !== isObject) this.#fail(objects.has(next) ? "an object" : "an array");
    this.#enter(next);
    this.#places.push(next);
  }

  #enter(place: Place): void {
    switch (place) {
      case "result":
        this.#hasResult = true;
        this.#series = [];
        this.#pair = undefined;
        return;
      case "series":
        if (this.#pair !== undefined) this.#fail("the value of a sample");
        this.#labels = [];
        this.#histograms = [];
        this.#columns.reset();
        this.#charge(seriesBytes);
        return;
      case "metric":
        this.#labels = [];
        return;
      case "samples":
        this.#columns.reset();
        return;
      case "histograms":
        this.#histograms = [];
        return;
      case "sample":
      case "histogramSample":
        this.#sample = [];
        return;
      case "histogram":
        this.#histogram = { buckets: [] };
        return;
      case "buckets":
        this.#histogram.buckets = [];
        return;
      case "bucket":
        this.#bucket = [];
        return;
      case "warnings":
        this.#warnings = [];
        return;
      case "infos":
        this.#infos = [];
        return;
      case "top":
      case "data":
        return;
    }
  }

  #end(mark: "}" | "]"): void {
    if (this.#skipped > 0) {
      if (this.#captures) this.#stats?.end(mark);
      this.#skipped--;
      if (this.#skipped === 0) this.#stats?.close();
      return;
    }
    switch (this.#places.pop()) {
      case "series":
        this.#finishSeries();
        return;
      case "sample":
        this.#finishSample();
        return;
      case "histogramSample":
        this.#finishHistogramSample();
        return;
      case "bucket":
        this.#finishBucket();
        return;
      case "result":
        if (this.#pair !== undefined && (this.#pair.length !== 2 || typeof this.#pair[0] !== "number")) {
          this.#fail("a time and a value");
        }
        return;
      default:
        return;
    }
  }

  #finishSeries(): void {
    const series = this.#columns.finish(this.#labels, this.#histograms);
    if (series === undefined) this.#fail("ascending times");
    this.#series.push(series);
  }

  #finishSample(): void {
    const [time, value] = this.#sample;
    if (this.#sample.length !== 2 || time === undefined || value === undefined || !Number.isFinite(time)) {
      this.#fail("a time and a number in quotes");
    }
    if (this.#places.at(-1) === "series") this.#columns.reset();
    this.#columns.push(toMs(time), value);
    this.#samples++;
    this.#checkSamples();
  }

  #finishHistogramSample(): void {
    const [time] = this.#sample;
    const { count, sum, buckets } = this.#histogram;
    if (this.#sample.length !== 1 || time === undefined || count === undefined || sum === undefined) {
      this.#fail("a time and a histogram with count and sum");
    }
    const previous = this.#histograms.at(-1);
    if (previous !== undefined && !(toMs(time) > previous.time)) this.#fail("ascending times");
    this.#histograms.push({ time: toMs(time), count, sum, buckets });
    this.#samples += 1 + buckets.length;
    this.#checkSamples();
  }

  #finishBucket(): void {
    const [boundaries, lower, upper, count] = this.#bucket;
    if (boundaries === undefined || lower === undefined || upper === undefined || count === undefined) {
      this.#fail("four numbers in a bucket");
    }
    this.#histogram.buckets.push({ boundaries, lower, upper, count });
    this.#charge(bucketBytes);
  }

  #histogramNumber(bytes: Uint8Array, from: number, to: number, escaped: boolean): void {
    if (this.#key === "count" || this.#key === "sum") {
      this.#histogram[this.#key] = this.#numberOf(bytes, from, to, escaped);
    }
  }

  /** The number in a JSON string or number; digits may be written as escapes, if nobody does it. */
  #numberOf(bytes: Uint8Array, from: number, to: number, escaped: boolean): number {
    const number = escaped ? numberIn(this.#text.read(bytes, from, to, true)) : parseNumber(bytes, from, to);
    return number ?? this.#fail("a number");
  }

  #topString(text: string): void {
    if (this.#key === "status") this.#status = text;
    else if (this.#key === "errorType") this.#errorType = text;
    else if (this.#key === "error") this.#error = text;
  }

  /** Stops when one sample more than allowed was read, so that an answer of exactly the bound is whole. */
  #checkSamples(): void {
    if (this.#samples > this.#limits.maxSamples) {
      this.#cut = { limit: "samples", allowed: this.#limits.maxSamples };
      this.#samples -= this.#columns.length;
    }
  }

  #data(): QueryData {
    const type = this.#resultType;
    const [time, value] = this.#pair ?? [];
    if (this.#cut !== undefined) {
      const isVector =
        type === "vector" || (type === undefined && this.#series.every(({ times }) => times.length <= 1));
      return { type: isVector ? "vector" : "matrix", series: this.#series };
    }
    if (!this.#hasResult) this.#fail("a result");
    if (type === "matrix" || type === "vector") {
      if (this.#pair !== undefined) this.#fail("an array of series");
      return { type, series: this.#series };
    }
    if (type === "string" && typeof time === "number" && typeof value === "string") {
      return { type, time: toMs(time), value };
    }
    if (type === "scalar" && typeof time === "number" && value !== undefined) {
      const number = typeof value === "number" ? value : numberIn(value);
      if (number !== undefined) return { type, time: toMs(time), value: number };
    }
    throw this.#malformed("a result of type matrix, vector, scalar or string");
  }
}

function numberIn(text: string): number | undefined {
  const bytes = Buffer.from(text);
  return parseNumber(bytes, 0, bytes.length);
}

/** The API's seconds, which have at most three decimals, in milliseconds. */
export function toMs(seconds: number): UnixMs {
  const ms = seconds * 1000;
  const whole = Math.round(ms);
  return Math.abs(ms - whole) < 1e-3 ? whole : ms;
}

/** Keeps a small JSON value as text until it is whole; a large one is let go. */
class StatsCapture {
  #text = "";
  #isWhole = false;
  #isTooLong = false;
  #needsComma = false;

  get isWhole(): boolean {
    return this.#isWhole;
  }

  begin(mark: "{" | "["): void {
    this.add(mark);
    this.#needsComma = false;
  }

  end(mark: "}" | "]"): void {
    this.#needsComma = false;
    this.add(mark);
  }

  key(isOpen: boolean, name: string): void {
    if (!isOpen) return;
    this.add(`${JSON.stringify(name)}:`);
    this.#needsComma = false;
  }

  add(piece: string): void {
    if (this.#isTooLong) return;
    this.#text += this.#needsComma ? `,${piece}` : piece;
    this.#needsComma = true;
    if (this.#text.length > longestStats) {
      this.#isTooLong = true;
      this.#text = "";
    }
  }

  close(): void {
    this.#isWhole = true;
  }

  value(): unknown {
    return this.#isWhole && !this.#isTooLong ? JSON.parse(this.#text) : undefined;
  }
}
