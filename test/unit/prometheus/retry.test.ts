import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import type { Failure } from "../../../src/shared/errors.ts";
import type { MetricsSource, RequestOptions, RetryNote } from "../../../src/shared/model/source.ts";
import { type Script, startHostileServer } from "../../support/hostileServer.ts";
import { failureFrom, neverAborted, recordingLogger, testSource } from "../../support/sources.ts";

const vector = '{"status":"success","data":{"resultType":"vector","result":[]}}';
const names = '{"status":"success","data":["a"]}';

/** What a healthy server answers to either kind of read. */
const good: Script = ({ request, answer }) => answer(200, request.path.includes("/query") ? vector : names);

const fail =
  (status: number, body = "no", headers: Readonly<Record<string, string>> = {}): Script =>
  ({ answer }) =>
    answer(status, body, headers);

const soon = { "Retry-After": "0" };

/** The first `count` requests get one answer, all others a good one. */
const first =
  (count: number, script: Script): Script =>
  (exchange) =>
    (exchange.index < count ? script : good)(exchange);

const query = (source: MetricsSource, options: RequestOptions) => source.query({ query: "up" }, options);
const metadata = (source: MetricsSource, options: RequestOptions) => source.labelNames({}, options);

const reset: Script = (exchange) => exchange.reset();
const breaksOff =
  (text: string): Script =>
  ({ socket, reset }) =>
    socket.write(text, () => setTimeout(reset, 20));

const counts: readonly {
  readonly title: string;
  readonly script: Script;
  /** Requests that reach the server, and whether an answer comes of them. */
  readonly query: readonly [sent: number, outcome: Failure["kind"] | "answer"];
  readonly metadata: readonly [sent: number, outcome: Failure["kind"] | "answer"];
}[] = [
  {
    title: "a connection reset once",
    script: first(1, reset),
    query: [2, "answer"],
    metadata: [2, "answer"],
  },
  {
    title: "every connection reset",
    script: reset,
    query: [2, "unreachable"],
    metadata: [4, "unreachable"],
  },
  {
    title: "three connections reset",
    script: first(3, reset),
    query: [2, "unreachable"],
    metadata: [4, "answer"],
  },
  {
    title: "reset within the status line",
    script: breaksOff("HTTP/1.1 2"),
    query: [1, "unreachable"],
    metadata: [1, "unreachable"],
  },
  {
    title: "reset within the headers",
    script: breaksOff("HTTP/1.1 200 OK\r\nContent-Le"),
    query: [1, "unreachable"],
    metadata: [1, "unreachable"],
  },
  {
    title: "reset within the body",
    script: breaksOff('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"status":"success","data":'),
    query: [1, "unreachable"],
    metadata: [1, "unreachable"],
  },
  {
    title: "429 once, soon again",
    script: first(1, fail(429, "slow down", soon)),
    query: [2, "answer"],
    metadata: [2, "answer"],
  },
  {
    title: "429 by a date that is past",
    script: first(1, fail(429, "slow down", { "Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT" })),
    query: [2, "answer"],
    metadata: [2, "answer"],
  },
  {
    title: "429 always, soon again",
    script: fail(429, "slow down", soon),
    query: [2, "notPrometheus"],
    metadata: [4, "notPrometheus"],
  },
  {
    title: "429 in 6 s",
    script: fail(429, "slow down", { "Retry-After": "6" }),
    query: [1, "notPrometheus"],
    metadata: [1, "notPrometheus"],
  },
  {
    title: "429 for a limit of the query",
    script: fail(429, '{"error":"Query cost=16205 exceeds max limit=15000"}', soon),
    query: [1, "notPrometheus"],
    metadata: [1, "notPrometheus"],
  },
  {
    title: "502 page that names no time",
    script: fail(502, "<html><title>502 Bad Gateway</title></html>"),
    query: [1, "notPrometheus"],
    metadata: [4, "notPrometheus"],
  },
  {
    title: "502 page, soon again",
    script: fail(502, "<html><title>502 Bad Gateway</title></html>", soon),
    query: [2, "notPrometheus"],
    metadata: [4, "notPrometheus"],
  },
  {
    title: "503 in plain text once, soon again",
    script: first(1, fail(503, "Service Unavailable", soon)),
    query: [2, "answer"],
    metadata: [2, "answer"],
  },
  {
    title: "503 in plain text that names no time",
    script: fail(503, "Service Unavailable"),
    query: [1, "notPrometheus"],
    metadata: [4, "notPrometheus"],
  },
  {
    title: "503 because the query took too long",
    script: fail(503, '{"status":"error","errorType":"timeout","error":"query timed out"}', soon),
    query: [1, "timedOut"],
    metadata: [1, "timedOut"],
  },
  {
    title: "429 in an envelope",
    script: fail(429, '{"status":"error","errorType":"too_many_requests","error":"too many"}', soon),
    query: [1, "rejected"],
    metadata: [1, "rejected"],
  },
  {
    title: "an envelope with status 200",
    script: fail(200, '{"status":"error","errorType":"execution","error":"no"}', soon),
    query: [1, "rejected"],
    metadata: [1, "rejected"],
  },
  { title: "504", script: fail(504, "no", soon), query: [1, "timedOut"], metadata: [1, "timedOut"] },
  { title: "401", script: fail(401, "no", soon), query: [1, "unauthorized"], metadata: [1, "unauthorized"] },
  ...[404, 413, 414, 422, 500].map((status) => ({
    title: `${status}, soon again`,
    script: fail(status, "no", soon),
    query: [1, "notPrometheus"] as const,
    metadata: [1, "notPrometheus"] as const,
  })),
  {
    title: "a POST that is not allowed, then a GET that is to come again",
    script: (exchange) => fail(exchange.request.method === "POST" ? 405 : 429, "no", soon)(exchange),
    query: [2, "notPrometheus"],
    metadata: [4, "notPrometheus"],
  },
  {
    title: "a redirect to a server that resets",
    script: (exchange) =>
      exchange.request.path.startsWith("/api")
        ? exchange.answer(307, "", { Location: `/moved${exchange.request.path}` })
        : exchange.reset(),
    // Each sending takes a redirect, and its kept-alive socket is replaced once.
    query: [3, "unreachable"],
    metadata: [6, "unreachable"],
  },
];

for (const { title, script, ...kinds } of counts) {
  for (const [kind, read] of [["query", query] as const, ["metadata", metadata] as const]) {
    test(`${kind}: ${title}`, async () => {
      await using server = await startHostileServer(script);
      using source = testSource(server.origin);
      const notes: RetryNote[] = [];
      const options = { signal: neverAborted(), onRetry: (note: RetryNote) => void notes.push(note) };
      const outcome = await read(source, options).then(
        () => "answer",
        (error) => error.failure.kind,
      );
      assert.deepEqual([server.requests.length, outcome], kinds[kind]);
      assert.ok(notes.length < server.requests.length);
      assert.ok(notes.every(({ attempt }, i) => attempt > (notes[i - 1]?.attempt ?? 1)));
    });
  }
}

test("a port where nobody listens is asked once more by a query, three times more for metadata", async () => {
  const { origin } = await (async () => {
    await using server = await startHostileServer(good);
    return server;
  })();
  using source = testSource(origin);
  for (const [read, attempts] of [[query, [2]] as const, [metadata, [2, 3, 4]] as const]) {
    const notes: RetryNote[] = [];
    const failure = await failureFrom(
      read(source, { signal: neverAborted(), onRetry: (note) => void notes.push(note) }),
    );
    assert.deepEqual({ ...failure, detail: "" }, { kind: "unreachable", code: "refused", detail: "" });
    assert.deepEqual(
      notes.map(({ attempt }) => attempt),
      attempts,
    );
  }
});

for (const [kind, read, sent] of [["query", query, 2] as const, ["metadata", metadata, 4] as const]) {
  test(`${kind}: replacing a kept-alive socket is one of the ${sent} sendings`, async () => {
    await using server = await startHostileServer((exchange) => (exchange.index === 0 ? good : reset)(exchange));
    using source = testSource(server.origin);
    await read(source, { signal: neverAborted() });
    assert.equal((await failureFrom(read(source, { signal: neverAborted() }))).kind, "unreachable");
    assert.equal(server.requests.length, 1 + sent);
  });
}

test("a kept-alive socket on which an answer has begun is not replaced", async () => {
  await using server = await startHostileServer((exchange) =>
    (exchange.index === 0 ? good : breaksOff("HTTP/1.1 2"))(exchange),
  );
  using source = testSource(server.origin);
  await query(source, { signal: neverAborted() });
  assert.equal((await failureFrom(query(source, { signal: neverAborted() }))).kind, "unreachable");
  assert.equal(server.requests.length, 2);
});

test("it waits as long as the server asks, tells why, and logs both sendings", async () => {
  const times: number[] = [];
  await using server = await startHostileServer((exchange) => {
    times.push(performance.now());
    first(1, fail(429, "slow down", { "Retry-After": "1" }))(exchange);
  });
  const logger = recordingLogger();
  using source = testSource(server.origin, {}, { log: logger });
  const notes: RetryNote[] = [];
  await query(source, { signal: neverAborted(), onRetry: (note) => void notes.push(note) });
  const [sent = 0, again = 0] = times;
  assert.ok(again - sent >= 1000, `${again - sent}`);
  const waitMs = notes[0]?.waitMs ?? 0;
  assert.ok(waitMs >= 1000 && waitMs <= 1100, `${waitMs}`);
  assert.deepEqual(notes, [
    {
      attempt: 2,
      waitMs,
      failure: { kind: "notPrometheus", status: 429, content: "text", detail: "slow down", retryAfterSeconds: 1 },
    },
  ]);
  assert.equal(logger.lines.length, 2);
  assert.match(logger.lines[0] ?? "", / 429 notPrometheus \d+ ms 9 B, sent again in \d+ ms$/);
  assert.match(logger.lines[1] ?? "", / 200 \d+ ms \d+ B$/);
});

test("a wait that would outlast the deadline is not begun: the failure says more than a time-out", async () => {
  await using server = await startHostileServer(fail(429, "slow down", { "Retry-After": "2" }));
  using source = testSource(server.origin, { timeoutMs: 1500 });
  for (const read of [query, metadata]) {
    const failure = await failureFrom(read(source, { signal: neverAborted() }));
    assert.ok(failure.kind === "notPrometheus" && failure.retryAfterSeconds === 2);
  }
  assert.equal(server.requests.length, 2);
});

test("one deadline for all sendings", async () => {
  await using server = await startHostileServer((exchange) => {
    if (exchange.index === 0) fail(503, "no", { "Retry-After": "1" })(exchange);
  });
  using source = testSource(server.origin, { timeoutMs: 1500 });
  const startedAt = performance.now();
  const failure = await failureFrom(query(source, { signal: neverAborted() }));
  const elapsed = performance.now() - startedAt;
  assert.deepEqual(failure, { kind: "timedOut", by: "client", afterMs: 1500, detail: "" });
  assert.equal(server.requests.length, 2);
  // A deadline of its own would have let the second sending take until 2.5 s.
  assert.ok(elapsed < 2400, `${elapsed}`);
});

for (const [kind, read] of [["query", query] as const, ["metadata", metadata] as const]) {
  test(`${kind}: cancelled while it waits, it ends at once and nothing more is sent`, async () => {
    await using server = await startHostileServer(fail(429, "slow down", { "Retry-After": "5" }));
    using source = testSource(server.origin);
    const controller = new AbortController();
    let cancelledAt = 0;
    const onRetry = () =>
      void setTimeout(() => {
        cancelledAt = performance.now();
        controller.abort();
      }, 20);
    const failure = await failureFrom(read(source, { signal: controller.signal, onRetry }));
    assert.deepEqual(failure, { kind: "cancelled" });
    // The wait itself would have taken 5 s.
    assert.ok(cancelledAt > 0 && performance.now() - cancelledAt < 2500);
    assert.equal(server.requests.length, 1);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });
}

test("disposing the source ends a wait", async () => {
  await using server = await startHostileServer(fail(429, "slow down", { "Retry-After": "5" }));
  using source = testSource(server.origin);
  const onRetry = () => void setTimeout(() => source.dispose(), 20);
  assert.deepEqual(await failureFrom(query(source, { signal: neverAborted(), onRetry })), { kind: "cancelled" });
  assert.equal(server.requests.length, 1);
});

test("identical reads share the sending again, all hear of it, and one that leaves meanwhile leaves alone", async () => {
  await using server = await startHostileServer(first(1, fail(503, "starting", { "Retry-After": "1" })));
  using source = testSource(server.origin);
  const controller = new AbortController();
  const heard: string[] = [];
  const impatient = failureFrom(
    metadata(source, {
      signal: controller.signal,
      onRetry() {
        heard.push("impatient");
        setTimeout(() => controller.abort(), 20);
      },
    }),
  );
  const patient = metadata(source, { signal: neverAborted(), onRetry: () => void heard.push("patient") });
  assert.deepEqual(await impatient, { kind: "cancelled" });
  assert.equal(server.requests.length, 1);
  assert.deepEqual([...(await patient).names], ["a"]);
  assert.deepEqual(heard, ["impatient", "patient"]);
  assert.equal(server.requests.length, 2);
});

test("a read that waits keeps its slot: what is queued is not sent to a server that asks to slow down", async () => {
  await using server = await startHostileServer(first(1, fail(429, "slow down", { "Retry-After": "1" })));
  using source = testSource(server.origin, { method: "GET" }, { transport: { maxConnections: 1 } });
  const signal = neverAborted();
  await Promise.all(["a", "b"].map((text) => source.query({ query: text }, { signal })));
  assert.deepEqual(
    server.requests.map(({ path }) => new URL(path, server.origin).searchParams.get("query")),
    ["a", "a", "b"],
  );
});

test("a finished retry leaves no listener on its caller's signal", async () => {
  await using server = await startHostileServer(first(2, reset));
  using source = testSource(server.origin);
  const signal = neverAborted();
  await metadata(source, { signal });
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("renewed credentials are one of the sendings, and the refused ones stay secret to the end", async () => {
  for (const [read, sent] of [[query, 2] as const, [metadata, 3] as const]) {
    await using server = await startHostileServer(({ index, answer }) => {
      if (index === 0) answer(401, "no");
      else if (index === 1) answer(503, "old-token", soon);
      else answer(404, "old-token new-token");
    });
    using source = testSource(server.origin, {
      async credentials(_origin, { refused }) {
        const token = refused === undefined && server.requests.length === 0 ? "old-token" : "new-token";
        return { headers: { Authorization: `Bearer ${token}` }, queryParams: {}, secrets: [token] };
      },
    });
    const failure = await failureFrom(read(source, { signal: neverAborted() }));
    assert.ok(failure.kind === "notPrometheus");
    assert.doesNotMatch(failure.detail, /token/);
    assert.equal(server.requests.length, sent);
  }
});
