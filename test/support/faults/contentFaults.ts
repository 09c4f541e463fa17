import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { type Fault, gzipOf, jsonHeaders, malformed, oneSample, resultOf, status, tooFewBytes } from "./fault.ts";

const loginPage =
  "<!DOCTYPE html>\n<html><head><title>Sign in</title><script>steal()</script></head><body><h1>Hello</h1></body></html>";

const sample = (value: string, label = "a") => resultOf(`{"metric":{"job":"${label}"},"value":[1,${value}]}`);
const day = 86_400_000;
const dated = (aheadMs: number) => status(200, oneSample, { Date: new Date(Date.now() + aheadMs).toUTCString() });
const encoded = (bytes: Uint8Array, encoding: string) => status(200, bytes, { "Content-Encoding": encoding });

/** Faults of what an answer says: another program's page, JSON that is none or not the API's, compression. */
export const contentFaults: readonly Fault[] = [
  {
    title: "a login page with status 200",
    script: status(200, loginPage, { "Content-Type": "text/html" }),
    expected: { kind: "notPrometheus", status: 200, content: "html", detail: "Sign in Hello" },
    sent: ["POST"],
  },
  {
    title: "a login page that claims to be JSON",
    script: status(200, `\n\n ${loginPage}`, jsonHeaders),
    expected: { kind: "notPrometheus", status: 200, content: "html" },
    sent: ["POST"],
  },
  {
    title: "JSON that claims to be a page",
    script: status(200, oneSample, { "Content-Type": "text/html" }),
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "an exporter",
    script: status(200, "# HELP go_goroutines Number of goroutines.\n# TYPE go_goroutines gauge\ngo_goroutines 7\n"),
    expected: { kind: "notPrometheus", status: 200, content: "exposition" },
    sent: ["POST"],
  },
  {
    title: "an empty body with status 200",
    script: status(200),
    expected: { kind: "notPrometheus", status: 200, content: "empty", detail: "" },
    sent: ["POST"],
  },
  {
    title: "204 without a body",
    script: ({ head }) => head(204),
    expected: { kind: "notPrometheus", status: 204, content: "empty" },
    sent: ["POST"],
  },
  {
    title: "a JSON array",
    script: status(200, "[1,2]", jsonHeaders),
    expected: { kind: "notPrometheus", status: 200, content: "json" },
    sent: ["POST"],
  },
  {
    title: "an error envelope with status 200",
    script: status(200, '{"status":"error","errorType":"execution","error":"boom"}', jsonHeaders),
    expected: { kind: "rejected", status: 200, errorType: "execution", message: "boom" },
    sent: ["POST"],
  },
  {
    title: "a page in UTF-16",
    script: status(200, Buffer.from("\ufeff<html>", "utf16le"), { "Content-Type": "text/html" }),
    expected: { kind: "notPrometheus", status: 200 },
    sent: ["POST"],
  },
  {
    title: "the JSON of another program",
    script: status(200, '{"name":"Elasticsearch","tagline":"You Know, for Search"}', jsonHeaders),
    expected: malformed,
    sent: ["POST"],
  },
  {
    title: "success without data",
    script: status(200, '{"status":"success"}', jsonHeaders),
    expected: malformed,
    sent: ["POST"],
  },
  {
    title: "data that is null",
    script: status(200, '{"status":"success","data":null}', jsonHeaders),
    expected: malformed,
    sent: ["POST"],
  },
  {
    title: "an error told behind a whole result",
    script: status(
      200,
      `${oneSample.replace('"status":"success",', "").slice(0, -1)},"status":"error","errorType":"execution","error":"late"}`,
    ),
    expected: { kind: "rejected", status: 200, errorType: "execution", message: "late" },
    sent: ["POST"],
  },
  {
    title: "a document without its end",
    script: status(200, tooFewBytes, jsonHeaders),
    expected: malformed,
    sent: ["POST"],
  },
  {
    title: "something behind the document",
    script: status(200, `${oneSample} x`, jsonHeaders),
    expected: malformed,
    sent: ["POST"],
  },
  {
    title: "a document a line without a last one",
    script: status(200, `${oneSample}\n${oneSample}\n`, { "Content-Type": "application/x-ndjson" }),
    expected: malformed,
    sent: ["POST"],
  },
  {
    title: "a byte order mark",
    script: status(200, `\ufeff${oneSample}`, jsonHeaders),
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "a key twice, of which the last counts",
    script: status(200, resultOf('{"metric":{"job":"b"},"metric":{"job":"a"},"value":[1,"9"],"value":[1,"2"]}')),
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "values that are no numbers",
    script: status(
      200,
      ["NaN", "+Inf", "-Inf"]
        .map((value) => `{"metric":{},"value":[1,"${value}"]}`)
        .join()
        .replace(/.*/, (series) => resultOf(series)),
    ),
    expected: {
      series: [
        [{}, Number.NaN],
        [{}, Number.POSITIVE_INFINITY],
        [{}, Number.NEGATIVE_INFINITY],
      ],
    },
    sent: ["POST"],
  },
  {
    title: "a value of 400 digits",
    script: status(200, sample(`"0.${"3".repeat(400)}"`)),
    expected: { series: [[{ job: "a" }, 1 / 3]] },
    sent: ["POST"],
  },
  {
    title: "a value that is a word",
    script: status(200, sample('"many"')),
    expected: malformed,
    sent: ["POST"],
  },
  {
    title: "a lone surrogate in a label",
    script: status(200, sample('"2"', "\\ud83d")),
    expected: { series: [[{ job: "\ud83d" }, 2]] },
    sent: ["POST"],
  },
  {
    title: "a NUL in a label",
    script: status(200, sample('"2"', "\\u0000")),
    expected: { series: [[{ job: "\0" }, 2]] },
    sent: ["POST"],
  },
  {
    title: "bytes in a label that are no UTF-8",
    script: status(200, Buffer.from(sample('"2"', "\xff"), "latin1")),
    expected: { series: [[{ job: "\ufffd" }, 2]] },
    sent: ["POST"],
  },
  {
    title: "a label of a megabyte",
    script: status(200, sample('"2"', "x".repeat(1_000_000))),
    expected: { series: [[{ job: "x".repeat(1_000_000) }, 2]] },
    sent: ["POST"],
  },
  {
    title: "ten thousand labels",
    script: status(
      200,
      resultOf(`{"metric":{${Array.from({ length: 10_000 }, (_, i) => `"l${i}":"v"`)}},"value":[1,"2"]}`),
    ),
    expected: { series: [[Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`l${i}`, "v"])), 2]] },
    sent: ["POST"],
  },
  {
    title: "a hundred thousand levels where nobody looks",
    script: status(200, oneSample.replace('"status"', `"x":${"[".repeat(100_000)}${"]".repeat(100_000)},"status"`)),
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "a hundred thousand levels in the result",
    script: status(200, resultOf(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)),
    expected: malformed,
    sent: ["POST"],
  },
  {
    title: "times that go back",
    script: status(200, resultOf('{"metric":{},"values":[[2,"1"],[1,"1"]]}', "matrix")),
    expected: malformed,
    sent: ["POST"],
  },
  {
    title: "an answer that says that it is partial",
    script: status(200, resultOf('{"metric":{"job":"a"},"value":[1,"2"]}', "vector", ',"isPartial":true')),
    expected: { isPartial: true },
    sent: ["POST"],
  },
  {
    title: "an answer with a warning behind it",
    script: status(200, resultOf('{"metric":{"job":"a"},"value":[1,"2"]}', "vector", ',"warnings":["no store"]')),
    expected: { warnings: ["no store"] },
    sent: ["POST"],
  },
  {
    title: "more samples than are kept",
    script: status(
      200,
      resultOf(`{"metric":{"job":"a"},"value":[1,"2"]},${'{"metric":{},"value":[1,"3"]},'.repeat(50)}{}`),
    ),
    endpoint: { maxSamples: 1 },
    expected: { cut: { limit: "samples", allowed: 1 } },
    sent: ["POST"],
  },
  { title: "a clock that is a day ahead", script: dated(day), expected: { clockAheadMs: day }, sent: ["POST"] },
  { title: "a clock that is a day behind", script: dated(-day), expected: { clockAheadMs: -day }, sent: ["POST"] },
  // Compression
  {
    title: "gzip",
    script: ({ answer }) => answer(200, gzipOf(oneSample).bytes, gzipOf(oneSample).headers),
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "deflate",
    script: ({ answer }) => answer(200, deflateSync(oneSample), { "Content-Encoding": "Deflate" }),
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "gzip with a damaged middle",
    script({ answer }) {
      const { bytes, headers } = gzipOf(oneSample);
      bytes.fill(0xff, 20, 40);
      answer(200, bytes, headers);
    },
    expected: { kind: "malformed", expected: "intact gzip data" },
    sent: ["POST"],
  },
  {
    title: "gzip with a wrong checksum after a whole document",
    script({ answer }) {
      const { bytes, headers } = gzipOf(oneSample);
      bytes.fill(0, bytes.length - 8, bytes.length - 4);
      answer(200, bytes, headers);
    },
    expected: { kind: "malformed", expected: "intact gzip data" },
    sent: ["POST"],
  },
  {
    title: "gzip that ends early",
    script: ({ answer }) => answer(200, gzipOf(oneSample).bytes.subarray(0, 50), gzipOf(oneSample).headers),
    expected: { kind: "malformed", expected: "intact gzip data" },
    sent: ["POST"],
  },
  {
    title: "plain text that claims to be gzip",
    script: status(200, oneSample, { "Content-Encoding": "gzip" }),
    expected: { kind: "malformed", offset: 0, expected: "intact gzip data" },
    sent: ["POST"],
  },
  {
    title: "an encoding nobody asked for",
    script: status(200, oneSample, { "Content-Encoding": "br" }),
    expected: { kind: "malformed", offset: 0 },
    sent: ["POST"],
  },
  {
    title: "gzip six times over",
    script: status(200, oneSample, { "Content-Encoding": "gzip, gzip, gzip, gzip, gzip, gzip" }),
    expected: { kind: "malformed", offset: 0 },
    sent: ["POST"],
  },
  {
    title: "a damaged explanation of a failure",
    script: status(502, "xx", { "Content-Encoding": "gzip" }),
    expected: { kind: "notPrometheus", status: 502, content: "empty" },
    sent: ["POST"],
  },
  {
    title: "white space that unpacks to hundreds of megabytes",
    script: ({ answer }) => {
      const { bytes, headers } = gzipOf(" ".repeat(200_000_000));
      answer(200, bytes, headers);
    },
    expected: { kind: "notPrometheus", content: "empty" },
    sent: ["POST"],
  },
  {
    title: "gzip in two parts",
    script: encoded(Buffer.concat([gzipSync(tooFewBytes), gzipSync(oneSample.slice(tooFewBytes.length))]), "gzip"),
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "gzip of which the second part is missing",
    script: encoded(gzipSync(tooFewBytes), "gzip"),
    expected: malformed,
    sent: ["POST"],
  },
  {
    title: "deflate with a damaged middle",
    script: encoded(deflateSync(oneSample).fill(0xff, 20, 40), "deflate"),
    expected: { kind: "malformed", expected: "intact deflate data" },
    sent: ["POST"],
  },
  {
    title: "deflate without its header",
    script: encoded(deflateRawSync(oneSample), "deflate"),
    expected: { kind: "malformed", expected: "intact deflate data" },
    sent: ["POST"],
  },
  {
    title: "Brotli, which nobody asked for",
    script: encoded(brotliCompressSync(oneSample), "br"),
    expected: { kind: "malformed", offset: 0 },
    sent: ["POST"],
  },
  {
    title: "Zstandard, which nobody asked for",
    script: encoded(zstdCompressSync(oneSample), "zstd"),
    expected: { kind: "malformed", offset: 0 },
    sent: ["POST"],
  },
  {
    title: "gzip that unpacks a thousandfold",
    script: encoded(
      gzipSync(`${resultOf("", "vector").slice(0, -3)}{"metric":{"a":"${"a".repeat(50_000_000)}`),
      "gzip",
    ),
    endpoint: { maxBytes: 1_000_000 },
    expected: { series: [], cut: { limit: "bytes", allowed: 1_000_000 } },
    sent: ["POST"],
  },
];
