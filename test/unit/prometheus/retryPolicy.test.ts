import assert from "node:assert/strict";
import { test } from "node:test";
import { type FailedSend, retryWait } from "../../../src/prometheus/retryPolicy.ts";
import type { Failure, UnreachableCode } from "../../../src/shared/errors.ts";

const unreachable = (code: UnreachableCode): Failure => ({ kind: "unreachable", code, detail: "" });

function status(code: number, retryAfterSeconds?: number, detail = ""): Failure {
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return { kind: "notPrometheus", status: code, content: "text", detail, ...wait };
}

const envelope = (code: number, errorType: string): Failure => ({
  kind: "rejected",
  status: code,
  errorType,
  message: "",
});

/** A first failure with plenty of time left; half of the first backoff is 50 ms. */
const first: Omit<FailedSend, "endpoint" | "failure"> = { hasAnswer: false, sends: 1, leftMs: 20_000, random: 0.5 };
/** The same after a whole answer. */
const answered = { ...first, hasAnswer: true };

const tests: readonly {
  readonly title: string;
  readonly input: Omit<FailedSend, "endpoint">;
  /** Waits in ms for a range query and for label names. */
  readonly expected: readonly [query: number | undefined, metadata: number | undefined];
}[] = [
  // Below HTTP
  { title: "reset before any byte", input: { ...first, failure: unreachable("reset") }, expected: [50, 50] },
  { title: "refused", input: { ...first, failure: unreachable("refused") }, expected: [50, 50] },
  {
    title: "reset within an answer",
    input: { ...answered, failure: unreachable("reset") },
    expected: [undefined, undefined],
  },
  ...(["dns", "connectTimeout", "network"] as const).map((code) => ({
    title: `unreachable: ${code}`,
    input: { ...first, failure: unreachable(code) },
    expected: [undefined, undefined] as const,
  })),
  ...(
    [
      ["expired", undefined],
      ["closed", 50],
    ] as const
  ).map(([tls, wait]) => ({
    title: `no secure connection: ${tls}`,
    input: { ...first, failure: { kind: "unreachable", code: "tls", tls, detail: "" } as const },
    expected: [wait, wait] as const,
  })),
  // What passes
  ...[429, 502, 503].flatMap((code) => [
    {
      title: `${code}, 2 s asked for`,
      input: { ...answered, failure: status(code, 2) },
      expected: [2050, 2050] as const,
    },
    {
      title: `${code}, 5 s asked for`,
      input: { ...answered, failure: status(code, 5) },
      expected: [5050, 5050] as const,
    },
    {
      title: `${code}, 6 s asked for`,
      input: { ...answered, failure: status(code, 6) },
      expected: [undefined, undefined] as const,
    },
    {
      title: `${code}, at once allowed`,
      input: { ...answered, failure: status(code, 0) },
      expected: [50, 50] as const,
    },
    {
      title: `${code}, no time named`,
      input: { ...answered, failure: status(code) },
      expected: [undefined, 50] as const,
    },
  ]),
  // What does not
  ...[200, 204, 400, 404, 405, 408, 413, 414, 422, 431, 500, 501, 504].map((code) => ({
    title: `${code}, whatever it asks for`,
    input: { ...answered, failure: status(code, 1) },
    expected: [undefined, undefined] as const,
  })),
  ...(
    [
      [429, "too_many_requests"],
      [502, "bad_gateway"],
      [503, "unavailable"],
      [503, "canceled"],
      [422, "execution"],
    ] as const
  ).map(([code, type]) => ({
    title: `${code} in an envelope: ${type}`,
    input: { ...answered, failure: envelope(code, type) },
    expected: [undefined, undefined] as const,
  })),
  ...[
    "the query exceeded the maximum number of chunks (err-mimir-max-chunks-per-query)",
    "too much work for this tenant (err-mimir-query-limited)",
    "Response status: 429. Query cost=16205 exceeds max limit=15000",
    "more than the 10 samples per query that are allowed",
  ].map((detail) => ({
    title: `a limit of the query: ${detail}`,
    input: { ...answered, failure: status(429, 1, detail) },
    expected: [undefined, undefined] as const,
  })),
  {
    title: "a limit of requests",
    input: { ...answered, failure: status(429, 1, "too many outstanding requests: rate limit exceeded") },
    expected: [1050, 1050],
  },
  ...(
    [
      { kind: "timedOut", by: "client", afterMs: 300, detail: "" },
      { kind: "timedOut", by: "server", afterMs: 300, detail: "" },
      { kind: "cancelled" },
      { kind: "unauthorized", status: 401, detail: "" },
      { kind: "unauthorized", status: 403, detail: "" },
      { kind: "redirected", status: 302, to: "http://other.example/", crossOrigin: true },
      { kind: "malformed", offset: 10, expected: "}" },
      { kind: "tooLarge", limit: "bytes", allowed: 10 },
      { kind: "misconfigured", what: "request", detail: "" },
      { kind: "secretMissing", connectionId: "a", purpose: "token" },
      { kind: "originChanged", connectionId: "a", boundTo: "http://a", origin: "http://b" },
      { kind: "bug", detail: "" },
    ] satisfies Failure[]
  ).map((failure) => ({
    title: JSON.stringify(failure),
    input: { ...first, failure },
    expected: [undefined, undefined] as const,
  })),
  // How often: backoffs are up to 100, 200 and 400 ms
  {
    title: "after two sendings",
    input: { ...first, sends: 2, failure: unreachable("reset") },
    expected: [undefined, 100],
  },
  {
    title: "after three sendings",
    input: { ...first, sends: 3, failure: unreachable("reset") },
    expected: [undefined, 200],
  },
  {
    title: "after four sendings",
    input: { ...first, sends: 4, failure: unreachable("reset") },
    expected: [undefined, undefined],
  },
  {
    title: "after two sendings, 1 s asked for",
    input: { ...answered, sends: 2, failure: status(429, 1) },
    expected: [undefined, 1100],
  },
  // How random
  {
    title: "least jitter",
    input: { ...first, random: 0, failure: unreachable("reset") },
    expected: [0, 0],
  },
  {
    title: "most jitter",
    input: { ...first, random: 0.999_999, failure: unreachable("reset") },
    expected: [100, 100],
  },
  // How long
  {
    title: "just within the deadline",
    input: { ...answered, leftMs: 2051, failure: status(429, 2) },
    expected: [2050, 2050],
  },
  {
    title: "no longer within the deadline",
    input: { ...answered, leftMs: 2050, failure: status(429, 2) },
    expected: [undefined, undefined],
  },
  {
    title: "no time for a backoff",
    input: { ...first, leftMs: 50, failure: unreachable("reset") },
    expected: [undefined, undefined],
  },
];

for (const { title, input, expected } of tests) {
  test(title, () => {
    const of = (endpoint: FailedSend["endpoint"]) => retryWait({ ...input, endpoint });
    assert.deepEqual([of("queryRange"), of("labels")], expected);
    assert.deepEqual([of("query"), of("queryExemplars")], [expected[0], expected[0]]);
    assert.deepEqual([of("rules"), of("tsdbStatus")], [expected[1], expected[1]]);
  });
}
