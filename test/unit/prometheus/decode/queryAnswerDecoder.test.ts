import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  type DecodedBody,
  type DecodeLimits,
  QueryAnswerDecoder,
} from "../../../../src/prometheus/decode/queryAnswerDecoder.ts";
import { AppError } from "../../../../src/shared/errors.ts";
import type { Series } from "../../../../src/shared/model/answer.ts";

const limits: DecodeLimits = { maxSamples: 1_000_000, maxBytes: 100_000_000 };

function decode(body: string | Uint8Array, cuts: readonly number[] = [], bounds = limits): DecodedBody {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const decoder = new QueryAnswerDecoder(bounds);
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    // A copy, so that a span kept beyond its call would be seen.
    if (!decoder.write(Uint8Array.from(bytes.subarray(from, cut)))) break;
    from = cut;
  }
  return decoder.end();
}

/** The answer as plain values, in the shape that `reference` makes of the same document. */
function plain(decoded: DecodedBody): unknown {
  if (decoded.status === "error") return decoded;
  const { data, warnings, infos, isPartial, stats } = decoded;
  const columns =
    data.type === "matrix" || data.type === "vector"
      ? {
          type: data.type,
          series: data.series.map((series) => ({ ...series, times: [...series.times], values: [...series.values] })),
        }
      : data;
  return { status: "success", data: columns, warnings, infos, isPartial, stats };
}

interface Sent {
  readonly metric?: Readonly<Record<string, string>>;
  readonly values?: readonly [number, string][];
  readonly value?: readonly [number, string];
  readonly histograms?: readonly [number, SentHistogram][];
  readonly histogram?: readonly [number, SentHistogram];
}

interface SentHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly [number, string, string, string][];
}

function number(text: string): number {
  return text === "+Inf" ? Number.POSITIVE_INFINITY : text === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text);
}

/** A straightforward reading by `JSON.parse`. */
function reference(text: string): unknown {
  const body = JSON.parse(text);
  const { resultType, result, stats } = body.data;
  const histogram = ([time, sent]: readonly [number, SentHistogram]) => ({
    time: Math.round(time * 1000),
    count: number(sent.count),
    sum: number(sent.sum),
    buckets: (sent.buckets ?? []).map(([boundaries, lower, upper, count]) => ({
      boundaries,
      lower: number(lower),
      upper: number(upper),
      count: number(count),
    })),
  });
  const data =
    resultType === "matrix" || resultType === "vector"
      ? {
          type: resultType,
          series: (result as Sent[]).map((sent) => {
            const samples = sent.values ?? (sent.value === undefined ? [] : [sent.value]);
            const histograms = sent.histograms ?? (sent.histogram === undefined ? [] : [sent.histogram]);
            return {
              labels: Object.entries(sent.metric ?? {}),
              times: samples.map(([time]) => Math.round(time * 1000)),
              values: samples.map(([, value]) => number(value)),
              histograms: histograms.map(histogram),
            };
          }),
        }
      : {
          type: resultType,
          time: Math.round(result[0] * 1000),
          value: resultType === "scalar" ? number(result[1]) : result[1],
        };
  return {
    status: "success",
    data,
    warnings: body.warnings ?? [],
    infos: body.infos ?? [],
    isPartial: body.isPartial,
    stats: body.stats ?? stats,
  };
}

const value = fc.oneof(
  fc.constantFrom("NaN", "+Inf", "-Inf", "0", "-0", "1e+21", "1e-07"),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ min: 0, max: 1000, noNaN: true }).map((x) => x.toFixed(3)),
);
const seconds = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => ms / 1000);
const ascending = fc.uniqueArray(seconds, { maxLength: 12 }).map((times) => times.sort((a, b) => a - b));
const histogram = fc.record(
  {
    count: value,
    sum: value,
    buckets: fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), value, value, value), { maxLength: 4 }),
    unknown: fc.jsonValue(),
  },
  { requiredKeys: ["count", "sum"] },
);
// Names that an object of JavaScript orders or treats in a way of its own are the business of other tests.
const name = fc
  .oneof(fc.constantFrom("__name__", "job", "instance", "é.ü"), fc.string({ unit: "grapheme", minLength: 1 }))
  .filter((text) => !/^\d+$/.test(text) && text !== "__proto__");
const metric = fc.dictionary(name, fc.string({ unit: "grapheme" }), { maxKeys: 4 });
const matrix = fc.array(
  fc
    .tuple(
      metric,
      ascending,
      ascending,
      fc.array(value, { minLength: 12, maxLength: 12 }),
      fc.array(histogram, { minLength: 12, maxLength: 12 }),
    )
    .map(([labels, times, histogramTimes, values, histograms]) => ({
      metric: labels,
      ...(times.length > 0 ? { values: times.map((time, i) => [time, values[i]]) } : {}),
      ...(histogramTimes.length > 0 ? { histograms: histogramTimes.map((time, i) => [time, histograms[i]]) } : {}),
    })),
  { maxLength: 5 },
);
const vector = fc.array(
  fc
    .tuple(metric, seconds, value, histogram, fc.boolean())
    .map(([labels, time, sample, h, isFloat]) =>
      isFloat ? { metric: labels, value: [time, sample] } : { metric: labels, histogram: [time, h] },
    ),
  { maxLength: 5 },
);
const data = fc.oneof(
  matrix.map((result) => ({ resultType: "matrix", result })),
  vector.map((result) => ({ resultType: "vector", result })),
  fc.tuple(seconds, value).map((result) => ({ resultType: "scalar", result })),
  fc.tuple(seconds, fc.string({ unit: "grapheme" })).map((result) => ({ resultType: "string", result })),
);
const answer = fc.record(
  {
    status: fc.constant("success"),
    data,
    warnings: fc.array(fc.string({ unit: "grapheme" }), { maxLength: 3 }),
    infos: fc.array(fc.string(), { maxLength: 3 }),
    isPartial: fc.boolean(),
    trace: fc.jsonValue(),
    stats: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
  },
  { requiredKeys: ["status", "data"] },
);

/** Numbers from 0 to below 1 that a seed decides (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Writes JSON with keys in a random order, random white space and random escapes. */
function writer(random: () => number): (value: unknown) => string {
  const space = () => [" ", "\n", "\t", "\r\n", "", "", ""][Math.floor(random() * 7)] ?? "";
  const text = (string: string) =>
    random() < 0.7
      ? JSON.stringify(string)
      : `"${[
          ...JSON.stringify(string)
            .slice(1, -1)
            .matchAll(/\\u[0-9a-f]{4}|\\.|[\s\S]/gu),
        ]
          .map(([unit]) =>
            unit.length === 1 && random() < 0.3 ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}` : unit,
          )
          .join("")}"`;
  const write = (item: unknown): string => {
    if (Array.isArray(item)) return `[${space()}${item.map((one) => write(one) + space()).join(`,${space()}`)}]`;
    if (typeof item === "object" && item !== null) {
      const entries = Object.entries(item).filter(([, one]) => one !== undefined);
      const isMetric = entries.every(([, one]) => typeof one === "string");
      if (!isMetric) entries.sort(() => random() - 0.5);
      return `{${space()}${entries.map(([key, one]) => `${text(key)}${space()}:${space()}${write(one)}`).join(`${space()},`)}${space()}}`;
    }
    return typeof item === "string" ? text(item) : JSON.stringify(item);
  };
  return write;
}

describe("a decoded answer", () => {
  test("equals what JSON.parse reads, for any document, spelling and cuts", () => {
    fc.assert(
      fc.property(answer, fc.nat(), fc.array(fc.nat(), { maxLength: 8 }), (document, seed, rawCuts) => {
        const text = writer(randomFrom(seed))(document);
        const bytes = Buffer.from(text);
        const cuts = rawCuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
        assert.deepEqual(plain(decode(bytes, cuts)), reference(text));
      }),
      { numRuns: 1500, endOnFailure: true },
    );
  });

  const samples = Array.from({ length: 40 }, (_, i) => `[${1_435_781_430 + i}.5,"${i / 7}"]`).join(",");
  const documents: Readonly<Record<string, string>> = {
    matrix: `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up","a":"\\ud83d\\ude31 \\"é"},"values":[${samples}]},{"metric":{},"values":[${samples}]}]}}`,
    "result before its type":
      '{"data":{"result":[{"values":[[1,"2"]],"metric":{"a":"b"}}],"resultType":"matrix"},"status":"success"}',
    histograms:
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"histogram":[1.5,{"count":"42","sum":"34593.34","buckets":[[3,"-0.25","0.25","3"],[0,"0.25","+Inf","12"]]}]}]}}',
    scalar: '{"status":"success","data":{"resultType":"scalar","result":[1435781451.781,"1"]},"infos":["i"]}',
    string: '{"status":"success","data":{"resultType":"string","result":[1,"é \\n"]},"warnings":["w \\u0041"]}',
    unknown:
      '\ufeff {"x":[[[{"y":[1,2,{"z":null}]}]]],"status":"success","isPartial":true,"data":{"analysis":{},"resultType":"vector","result":[],"stats":{"a":{"b":[1,true,"c"]}}}} ',
  };
  for (const [title, document] of Object.entries(documents)) {
    test(`is the same for every cut: ${title}`, () => {
      const bytes = Buffer.from(document);
      const whole = plain(decode(bytes));
      assert.deepEqual(whole, reference(document.replace("\ufeff", "")));
      for (let cut = 0; cut <= bytes.length; cut++)
        assert.deepEqual(plain(decode(bytes, [cut])), whole, `cut at ${cut}`);
      const everyByte = Array.from(bytes, (_, i) => i);
      assert.deepEqual(plain(decode(bytes, everyByte)), whole);
    });

    test(`is refused when its end is missing: ${title}`, () => {
      const bytes = Buffer.from(document.trimEnd());
      for (let length = 0; length < bytes.length; length++) {
        assert.throws(() => decode(bytes.subarray(0, length)), isMalformed, `${length} bytes`);
      }
    });
  }

  test("shares the times of a grid, and keeps own ones only where there are holes", () => {
    const at = (from: number, to: number, without?: number) =>
      Array.from({ length: to - from }, (_, i) => i + from)
        .filter((second) => second !== without)
        .map((second) => `[${second},"1"]`);
    const series = [at(10, 20), at(10, 20), at(15, 20), at(10, 20, 14), at(5, 20), at(7, 12)];
    const body = decode(
      `{"status":"success","data":{"resultType":"matrix","result":[${series.map((values) => `{"metric":{},"values":[${values}]}`)}]}}`,
    );
    const [first, same, late, holed, longer, inner] = seriesOf(body).map(({ times }) => times);
    assert.equal(same, first);
    assert.equal(late?.buffer, first?.buffer);
    assert.deepEqual(
      [...(late ?? [])],
      [15, 16, 17, 18, 19].map((second) => second * 1000),
    );
    assert.notEqual(holed?.buffer, first?.buffer);
    assert.equal(inner?.buffer, longer?.buffer);
    assert.deepEqual(
      [...(inner ?? [])],
      [7, 8, 9, 10, 11].map((second) => second * 1000),
    );
  });

  test("keeps labels that are properties of every object", () => {
    const body = decode(
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__proto__":"a","constructor":"b","toString":"c"},"value":[1,"1"]}]}}',
    );
    assert.deepEqual(seriesOf(body)[0]?.labels, [
      ["__proto__", "a"],
      ["constructor", "b"],
      ["toString", "c"],
    ]);
  });

  test("takes nesting of any depth under a key it does not know", () => {
    const deep = 100_000;
    const body = decode(
      `{"status":"success","x":${"[".repeat(deep)}${"]".repeat(deep)},"data":{"resultType":"vector","result":[]}}`,
    );
    assert.deepEqual(seriesOf(body), []);
  });

  test("of repeated keys counts the last", () => {
    const body = decode(
      '{"status":"error","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"metric":{"c":"d"},"values":[[1,"1"]],"values":[[2,"2"]]}],"resultType":"matrix"},"status":"success"}',
    );
    assert.deepEqual(plain(body), {
      status: "success",
      data: { type: "matrix", series: [{ labels: [["c", "d"]], times: [2000], values: [2], histograms: [] }] },
      warnings: [],
      infos: [],
      isPartial: undefined,
      stats: undefined,
    });
  });

  test("says what a server said that refused", () => {
    assert.deepEqual(decode('{"status":"error","errorType":"bad_data","error":"1:2: parse error","data":null}'), {
      status: "error",
      errorType: "bad_data",
      error: "1:2: parse error",
      warnings: [],
      infos: [],
    });
    const ofVictoriaMetrics = decode('{"status":"error","errorType":"422","error":"no"}');
    assert.equal(ofVictoriaMetrics.status === "error" && ofVictoriaMetrics.errorType, "422");
  });

  const wrong: Readonly<Record<string, string>> = {
    nothing: "",
    "a page": "<html>",
    "an array": "[]",
    "no status": '{"data":{"resultType":"vector","result":[]}}',
    "no data": '{"status":"success"}',
    "null as data": '{"status":"success","data":null}',
    "a series for a scalar": '{"status":"success","data":{"resultType":"scalar","result":[]}}',
    "a sample for a vector": '{"status":"success","data":{"resultType":"vector","result":[1,"2"]}}',
    "an unknown type": '{"status":"success","data":{"resultType":"table","result":[]}}',
    "a text as value": '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"x"]}]}}',
    "three parts in a sample":
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1",2]}]}}',
    "an object as label value":
      '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":{}},"value":[1,"1"]}]}}',
    "times that go back":
      '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[2,"1"],[1,"1"]]}]}}',
    "text behind the end": '{"status":"success","data":{"resultType":"vector","result":[]}}{}',
    "a comma too many": '{"status":"success","data":{"resultType":"vector","result":[],}}',
    "a bad escape": '{"status":"success","warnings":["\\x41"],"data":{"resultType":"vector","result":[]}}',
    "a number that is none": '{"status":"success","x":01,"data":{"resultType":"vector","result":[]}}',
  };
  for (const [title, document] of Object.entries(wrong)) {
    test(`is refused: ${title}`, () => {
      assert.throws(() => decode(document), isMalformed);
    });
  }

  test("never fails but with a typed error, whatever bytes come", () => {
    const bytes = Buffer.from(documents["matrix"] ?? "");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (changes) => {
          const mutated = Uint8Array.from(bytes);
          for (const [at, byte] of changes) mutated[at] = byte;
          try {
            decode(mutated, [Math.floor(mutated.length / 2)]);
          } catch (error) {
            assert.ok(error instanceof AppError && error.failure.kind === "malformed", String(error));
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("stops at the bound of samples with the whole series before it, and says so", () => {
    const ten = Array.from({ length: 10 }, (_, i) => `[${i},"1"]`);
    const text = `{"status":"success","data":{"resultType":"matrix","result":[${Array.from({ length: 3 }, (_, i) => `{"metric":{"i":"${i}"},"values":[${ten}]}`)}]}}`;
    const exact = decode(text, [], { ...limits, maxSamples: 30 });
    assert.ok(exact.status === "success" && exact.cut === undefined && exact.sampleCount === 30);
    const cut = decode(text, [], { ...limits, maxSamples: 25 });
    assert.ok(cut.status === "success");
    assert.deepEqual(cut.cut, { limit: "samples", allowed: 25 });
    assert.deepEqual(
      seriesOf(cut).map(({ labels }) => labels[0]?.[1]),
      ["0", "1"],
    );
    assert.equal(cut.sampleCount, 20);
  });

  test("stops at the bound of bytes", () => {
    const text = documents["matrix"] ?? "";
    const bytes = Buffer.from(text);
    const decoder = new QueryAnswerDecoder({ ...limits, maxBytes: 100 });
    assert.equal(decoder.write(bytes.subarray(0, 90)), true);
    assert.equal(decoder.write(bytes.subarray(90)), false);
    const body = decoder.end();
    assert.deepEqual(body.status === "success" && body.cut, { limit: "bytes", allowed: 100 });
    assert.deepEqual(seriesOf(body), []);
  });

  test("stops at the bound of memory, which series without samples reach first, and says so", () => {
    const series = Array.from({ length: 100 }, (_, i) => `{"metric":{"i":"${i}"},"value":[1,"2"]}`);
    const body = `{"status":"success","data":{"resultType":"vector","result":[${series.join(",")}]}}`;
    const decoded = decode(body, [], { ...limits, maxStructureBytes: 30_000 });
    assert.ok(decoded.status === "success" && decoded.data.type === "vector");
    assert.equal(decoded.data.series.length, 50);
    assert.deepEqual(decoded.cut, { limit: "series", allowed: 50 });
    const empty = `{"status":"success","data":{"resultType":"matrix","result":[${"{},".repeat(1000)}`;
    const bomb = decode(empty, [], { ...limits, maxStructureBytes: 30_000 });
    assert.deepEqual(bomb.status === "success" && bomb.cut?.limit, "series");
  });

  test("refuses a sample, a scalar or a bucket of more elements at the first one too many", () => {
    const many = `${"1,".repeat(200_000)}1`;
    const bodies = [
      `{"data":{"result":[${many}]}}`,
      `{"data":{"result":[{"value":[${many}]}]}}`,
      `{"data":{"result":[{"histogram":[1,{"count":"1","sum":"1","buckets":[[${many}]]}]}]}}`,
    ];
    for (const body of bodies) {
      assert.throws(
        () => decode(body),
        (error) => error instanceof AppError && error.failure.kind === "malformed",
      );
    }
  });

  test("passes over keys that every object has by birth", () => {
    for (const key of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      const body = `{"status":"success","${key}":{},"data":{"${key}":[],"resultType":"vector","result":[{"metric":{},"${key}":{},"value":[1,"2"]}]}}`;
      const decoded = decode(body);
      assert.ok(decoded.status === "success" && decoded.data.type === "vector", key);
      assert.equal(decoded.data.series.length, 1);
    }
  });

  test("takes null for an empty result, and no time that is none", () => {
    const decoded = decode('{"status":"success","data":{"resultType":"vector","result":null}}');
    assert.deepEqual(decoded.status === "success" && decoded.data, { type: "vector", series: [] });
    for (const time of ["1e400", '"NaN"', '"+Inf"']) {
      const body = `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[${time},"2"]}]}}`;
      assert.throws(() => decode(body), AppError, time);
    }
  });

  test("never takes an error, or another document, that is cut for an empty answer", () => {
    const small = { maxSamples: 10, maxBytes: 60 };
    const refused = decode(
      `{"status":"error","errorType":"x","error":"no","warnings":["${"w".repeat(100)}"]}`,
      [50],
      small,
    );
    assert.equal(refused.status, "error");
    assert.throws(
      () => decode(`{"hello":"${"x".repeat(100)}"}`, [50], small),
      (error) => error instanceof AppError && error.failure.kind === "tooLarge",
    );
  });
});

function seriesOf(body: DecodedBody): readonly Series[] {
  assert.ok(body.status === "success" && (body.data.type === "matrix" || body.data.type === "vector"));
  return body.data.series;
}

function isMalformed(error: unknown): boolean {
  return error instanceof AppError && error.failure.kind === "malformed";
}
