/** What a native histogram with integer counts has counted so far; buckets by index, as `schema` numbers them. */
export interface NativeHistogram {
  readonly time: number;
  /** Bucket `i` is (2^((i-1)/2^schema), 2^(i/2^schema)], below zero its mirror image. */
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly sum: number;
  readonly positive: ReadonlyMap<number, number>;
  readonly negative?: ReadonlyMap<number, number>;
}

/** The content type under which Prometheus 2.40 to 2.x takes native histograms; no text format has them. */
export const protobufContentType =
  "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

/*
 * Field numbers are those of `io/prometheus/client/metrics.proto` (github.com/prometheus/client_model), the wire format is
 * that of protobuf.dev/programming-guides/encoding.
 */

/** One series of native histograms as a delimited `MetricFamily`; nothing at all for none, as a family must not be empty. */
export function nativeHistogramFamily(name: string, samples: readonly NativeHistogram[]): Uint8Array {
  if (samples.length === 0) return Buffer.alloc(0);
  const histogramType = 4;
  const family = Buffer.concat([
    bytes(1, Buffer.from(name)),
    integer(3, histogramType),
    ...samples.map((one) => bytes(4, Buffer.concat([integer(6, one.time), bytes(7, histogramMessage(one))]))),
  ]);
  return Buffer.concat([varint(BigInt(family.length)), family]);
}

function histogramMessage(histogram: NativeHistogram): Buffer {
  const { schema, zeroThreshold, zeroCount, sum, positive, negative = new Map<number, number>() } = histogram;
  const counts = [zeroCount, ...positive.values(), ...negative.values()];
  return Buffer.concat([
    integer(
      1,
      counts.reduce((total, count) => total + count, 0),
    ),
    double(2, sum),
    signed(5, schema),
    double(6, zeroThreshold),
    integer(7, zeroCount),
    ...buckets(negative, { span: 9, delta: 10 }),
    ...buckets(positive, { span: 12, delta: 13 }),
  ]);
}

/** Spans of neighbouring buckets, the first one's offset from 0 and the others' from the end before, then each count less the last. */
function buckets(counts: ReadonlyMap<number, number>, fields: { readonly span: number; readonly delta: number }) {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const spans: { offset: number; length: number }[] = [];
  let end = 0;
  for (const [index] of sorted) {
    const span = spans.at(-1);
    if (span !== undefined && index === end) span.length++;
    else spans.push({ offset: index - end, length: 1 });
    end = index + 1;
  }
  return [
    ...spans.map(({ offset, length }) => bytes(fields.span, Buffer.concat([signed(1, offset), integer(2, length)]))),
    ...sorted.map(([, count], i) => signed(fields.delta, count - (sorted[i - 1]?.[1] ?? 0))),
  ];
}

function varint(value: bigint): Buffer {
  const out: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  out.push(Number(rest));
  return Buffer.from(out);
}

function tag(field: number, wireType: number): Buffer {
  return varint(BigInt(field * 8 + wireType));
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([tag(field, 0), varint(BigInt(value))]);
}

/** `sint32` and `sint64`, which are in zigzag: 0, -1, 1, -2 are 0, 1, 2, 3. */
function signed(field: number, value: number): Buffer {
  return integer(field, value < 0 ? -2 * value - 1 : 2 * value);
}

function double(field: number, value: number): Buffer {
  const eight = Buffer.alloc(8);
  eight.writeDoubleLE(value);
  return Buffer.concat([tag(field, 1), eight]);
}

function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([tag(field, 2), varint(BigInt(content.length)), content]);
}
