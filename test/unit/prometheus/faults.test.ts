import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import { deflateSync, gzipSync } from "node:zlib";
import { type Exchange, type Script, startHostileServer } from "../../support/hostileServer.ts";
import { failureFrom, neverAborted, type TestEndpoint, testSource } from "../../support/sources.ts";

const body = '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"a"},"value":[1,"2"]}]}}';
const loginPage =
  "<!DOCTYPE html>\n<html><head><title>Sign in</title><script>steal()</script></head><body><h1>Hello</h1></body></html>";
const jsonHeaders = { "Content-Type": "application/json" };
const tooFewBytes = body.slice(0, 40);

const once =
  (first: Script, then: Script): Script =>
  (exchange) =>
    (exchange.index === 0 ? first : then)(exchange);
const good: Script = (exchange) => exchange.answer(200, body, jsonHeaders);
const status =
  (code: number, text = "", headers: Readonly<Record<string, string>> = {}): Script =>
  (exchange) =>
    exchange.answer(code, text, headers);
const gzipOf = (text: string) => ({ bytes: gzipSync(text), headers: { ...jsonHeaders, "Content-Encoding": "gzip" } });

function chunk({ raw }: Exchange, text: string): void {
  raw(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

interface Fault {
  readonly title: string;
  readonly script: Script;
  readonly onConnection?: (socket: Socket) => boolean;
  readonly endpoint?: TestEndpoint;
  /** What must be in the failure; `"answer"`: the query succeeds with its one sample. */
  readonly expected: Readonly<Record<string, unknown>> | "answer";
  /** Methods of all requests that reached the server, in order. */
  readonly sent: readonly ("GET" | "POST")[];
}

const short = { timeoutMs: 300 };
const timedOut = { kind: "timedOut", by: "client", afterMs: 300 };
const reset = { kind: "unreachable", code: "reset" };
const malformed = { kind: "malformed" };

const faults: readonly Fault[] = [
  {
    title: "white space that unpacks to hundreds of megabytes",
    script: ({ answer }) => {
      const { bytes, headers } = gzipOf(" ".repeat(200_000_000));
      answer(200, bytes, headers);
    },
    expected: { kind: "notPrometheus", content: "empty" },
    sent: ["POST"],
  },
  // Below HTTP
  {
    title: "accepts and closes",
    script: good,
    onConnection: (socket) => {
      socket.end();
      return true;
    },
    expected: reset,
    sent: [],
  },
  {
    title: "reset before any byte of the answer",
    script: ({ reset }) => reset(),
    expected: reset,
    sent: ["POST", "POST"],
  },
  {
    title: "closed in an orderly way before any byte of the answer",
    script: ({ socket }) => socket.end(),
    expected: reset,
    sent: ["POST", "POST"],
  },
  {
    title: "reset in the middle of the headers",
    script({ raw, socket, reset }) {
      socket.write("HTTP/1.1 200 OK\r\nContent-Ty", () => setImmediate(reset));
      raw("");
    },
    expected: reset,
    sent: ["POST"],
  },
  {
    title: "reset in the middle of the body",
    script({ head, socket, reset }) {
      head(200, { ...jsonHeaders, "Content-Length": String(body.length) });
      socket.write(tooFewBytes, () => setImmediate(reset));
    },
    expected: reset,
    sent: ["POST"],
  },
  {
    title: "body shorter than Content-Length",
    script({ head, socket }) {
      head(200, { ...jsonHeaders, "Content-Length": String(body.length) });
      socket.end(tooFewBytes);
    },
    expected: reset,
    sent: ["POST"],
  },
  {
    title: "chunked body without its last chunk",
    script(exchange) {
      exchange.head(200, { ...jsonHeaders, "Transfer-Encoding": "chunked" });
      chunk(exchange, tooFewBytes);
      exchange.socket.end();
    },
    expected: reset,
    sent: ["POST"],
  },
  {
    title: "body that ends with the connection, cut off",
    script({ head, socket }) {
      head(200, { ...jsonHeaders, Connection: "close" });
      socket.end(tooFewBytes);
    },
    expected: malformed,
    sent: ["POST"],
  },
  {
    title: "body that ends with the connection, whole",
    script({ head, socket }) {
      head(200, { ...jsonHeaders, Connection: "close" });
      socket.end(body);
    },
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "broken chunk framing",
    script(exchange) {
      exchange.head(200, { ...jsonHeaders, "Transfer-Encoding": "chunked" });
      exchange.raw("zz\r\nnot a size\r\n");
    },
    expected: { kind: "unreachable", code: "network" },
    sent: ["POST"],
  },
  {
    title: "not HTTP at all",
    script: ({ raw }) => raw("SSH-2.0-OpenSSH_9.2\r\n"),
    expected: { kind: "unreachable", code: "network" },
    sent: ["POST"],
  },
  {
    title: "headers of 100 KB",
    script: ({ answer }) => answer(200, body, { "X-Long": "x".repeat(100_000) }),
    expected: { kind: "unreachable", code: "network" },
    sent: ["POST"],
  },
  // Time
  { title: "no headers ever", script: () => {}, endpoint: short, expected: timedOut, sent: ["POST"] },
  {
    title: "headers that stop half way",
    script: ({ raw }) => raw("HTTP/1.1 200 OK\r\nContent-Le"),
    endpoint: short,
    expected: timedOut,
    sent: ["POST"],
  },
  {
    title: "a body that stalls half way",
    script({ head, raw }) {
      head(200, { "Content-Length": String(body.length) });
      raw(tooFewBytes);
    },
    endpoint: short,
    expected: timedOut,
    sent: ["POST"],
  },
  {
    title: "a drip that never pauses for long and never ends",
    script({ head, raw, socket }) {
      head(200, jsonHeaders);
      raw("{");
      const timer = setInterval(() => raw(" "), 20);
      socket.on("close", () => clearInterval(timer));
    },
    endpoint: short,
    expected: timedOut,
    sent: ["POST"],
  },
  {
    title: "an explanation of a failure that stalls",
    script({ head, raw }) {
      head(502, { "Content-Length": "5000" });
      raw("<html>");
    },
    endpoint: short,
    expected: timedOut,
    sent: ["POST"],
  },
  // Content
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
    script: status(200, body, { "Content-Type": "text/html" }),
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
  // Compression
  {
    title: "gzip",
    script: ({ answer }) => answer(200, gzipOf(body).bytes, gzipOf(body).headers),
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "deflate",
    script: ({ answer }) => answer(200, deflateSync(body), { "Content-Encoding": "Deflate" }),
    expected: "answer",
    sent: ["POST"],
  },
  {
    title: "gzip with a damaged middle",
    script({ answer }) {
      const { bytes, headers } = gzipOf(body);
      bytes.fill(0xff, 20, 40);
      answer(200, bytes, headers);
    },
    expected: { kind: "malformed", expected: "intact gzip data" },
    sent: ["POST"],
  },
  {
    title: "gzip with a wrong checksum after a whole document",
    script({ answer }) {
      const { bytes, headers } = gzipOf(body);
      bytes.fill(0, bytes.length - 8, bytes.length - 4);
      answer(200, bytes, headers);
    },
    expected: { kind: "malformed", expected: "intact gzip data" },
    sent: ["POST"],
  },
  {
    title: "gzip that ends early",
    script: ({ answer }) => answer(200, gzipOf(body).bytes.subarray(0, 50), gzipOf(body).headers),
    expected: { kind: "malformed", expected: "intact gzip data" },
    sent: ["POST"],
  },
  {
    title: "plain text that claims to be gzip",
    script: status(200, body, { "Content-Encoding": "gzip" }),
    expected: { kind: "malformed", offset: 0, expected: "intact gzip data" },
    sent: ["POST"],
  },
  {
    title: "an encoding nobody asked for",
    script: status(200, body, { "Content-Encoding": "br" }),
    expected: { kind: "malformed", offset: 0 },
    sent: ["POST"],
  },
  {
    title: "gzip six times over",
    script: status(200, body, { "Content-Encoding": "gzip, gzip, gzip, gzip, gzip, gzip" }),
    expected: { kind: "malformed", offset: 0 },
    sent: ["POST"],
  },
  {
    title: "a damaged explanation of a failure",
    script: status(502, "xx", { "Content-Encoding": "gzip" }),
    expected: { kind: "notPrometheus", status: 502, content: "empty" },
    sent: ["POST"],
  },
  // Status
  {
    title: "401 with an empty body",
    script: status(401, "", { "WWW-Authenticate": 'Basic realm="VictoriaMetrics"' }),
    expected: { kind: "unauthorized", status: 401, detail: "" },
    sent: ["POST"],
  },
  {
    title: "401 of Mimir without a tenant",
    script: status(401, "no org id\n"),
    expected: { kind: "unauthorized", status: 401, detail: "no org id" },
    sent: ["POST"],
  },
  {
    title: "401 of nginx",
    script: status(401, "<html><head><title>401 Authorization Required</title></head></html>"),
    expected: { kind: "unauthorized", status: 401, detail: "401 Authorization Required" },
    sent: ["POST"],
  },
  {
    title: "403 for POST and for GET",
    script: status(403, '{"message":"Missing Authentication Token"}', jsonHeaders),
    expected: { kind: "unauthorized", status: 403, detail: "Missing Authentication Token" },
    sent: ["POST", "GET"],
  },
  { title: "403 for POST, 200 for GET", script: once(status(403), good), expected: "answer", sent: ["POST", "GET"] },
  { title: "405 for POST, 200 for GET", script: once(status(405), good), expected: "answer", sent: ["POST", "GET"] },
  { title: "501 for POST, 200 for GET", script: once(status(501), good), expected: "answer", sent: ["POST", "GET"] },
  {
    title: "403 for POST of a connection that only posts",
    script: status(403),
    endpoint: { method: "POST" },
    expected: { kind: "unauthorized", status: 403 },
    sent: ["POST"],
  },
  {
    title: "405 for GET of a connection that only gets",
    script: status(405, "Method Not Allowed"),
    endpoint: { method: "GET" },
    expected: { kind: "notPrometheus", status: 405, content: "text", detail: "Method Not Allowed" },
    sent: ["GET"],
  },
  {
    title: "404 in plain text",
    script: status(404, "404 page not found\n"),
    expected: { kind: "notPrometheus", status: 404, content: "text", detail: "404 page not found" },
    sent: ["POST"],
  },
  {
    title: "the old vmauth's answer to a wrong token",
    script: status(400, 'cannot find the provided auth token "Bearer t0p-s3cret" in config'),
    endpoint: { secrets: ["t0p-s3cret"] },
    expected: {
      kind: "unauthorized",
      status: 401,
      detail: 'cannot find the provided auth token "Bearer •••" in config',
    },
    sent: ["POST"],
  },
  {
    title: "400 with a place in the query",
    script: status(
      400,
      '{"status":"error","errorType":"bad_data","error":"invalid parameter \\"query\\": 2:5: parse error: unexpected <by>"}',
      jsonHeaders,
    ),
    expected: {
      kind: "rejected",
      status: 400,
      errorType: "bad_data",
      message: 'invalid parameter "query": 2:5: parse error: unexpected <by>',
      position: { line: 2, column: 5 },
    },
    sent: ["POST"],
  },
  {
    title: "422 of an agent",
    script: status(422, '{"status":"error","errorType":"execution","error":"unavailable with Prometheus Agent"}'),
    expected: { kind: "rejected", status: 422, errorType: "execution", message: "unavailable with Prometheus Agent" },
    sent: ["POST"],
  },
  {
    title: "429 with seconds to wait",
    script: status(429, "too many requests", { "Retry-After": "10" }),
    expected: { kind: "notPrometheus", status: 429, content: "text", retryAfterSeconds: 10 },
    sent: ["POST"],
  },
  {
    title: "500 in plain text",
    script: status(500, "panic: oh no"),
    expected: { kind: "notPrometheus", status: 500, content: "text", detail: "panic: oh no" },
    sent: ["POST"],
  },
  {
    title: "502 page of a gateway",
    script: status(502, "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"),
    expected: { kind: "notPrometheus", status: 502, content: "html", detail: "502 Bad Gateway nginx" },
    sent: ["POST"],
  },
  {
    title: "503 while starting",
    script: status(503, "Service Unavailable", { "X-Prometheus-Stopping": "false" }),
    expected: { kind: "notPrometheus", status: 503, content: "text", detail: "Service Unavailable" },
    sent: ["POST"],
  },
  {
    title: "503 because the query took too long",
    script: status(503, '{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}'),
    expected: { kind: "timedOut", by: "server", detail: "query timed out in expression evaluation" },
    sent: ["POST"],
  },
  {
    title: "503 in an envelope for another reason",
    script: status(503, '{"status":"error","errorType":"canceled","error":"context canceled"}'),
    expected: { kind: "rejected", status: 503, errorType: "canceled" },
    sent: ["POST"],
  },
  {
    title: "504 of a gateway",
    script: status(504, "<h1>504 Gateway Time-out</h1>"),
    expected: { kind: "timedOut", by: "server", detail: "504 Gateway Time-out" },
    sent: ["POST"],
  },
  {
    title: "an explanation without end",
    script({ head, raw, socket }) {
      head(500, { "Content-Type": "text/html" });
      const timer = setInterval(() => raw(`<p>${"long ".repeat(20_000)}`), 5);
      socket.on("close", () => clearInterval(timer));
    },
    expected: { kind: "notPrometheus", status: 500, content: "html" },
    sent: ["POST"],
  },
  {
    title: "an unknown encoding of a body that never ends",
    script({ head, raw }) {
      head(200, { "Content-Encoding": "zstd", "Content-Length": "1000" });
      raw("x");
    },
    expected: { kind: "malformed", offset: 0 },
    sent: ["POST"],
  },
  {
    title: "a page of a megabyte that explains nothing",
    script: status(500, `<p>${"long ".repeat(200_000)}`),
    expected: { kind: "notPrometheus", status: 500, content: "html" },
    sent: ["POST"],
  },
];

const unhandled: unknown[] = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

for (const { title, script, onConnection, endpoint, expected, sent } of faults) {
  test(title, async () => {
    await using server = await startHostileServer(script, onConnection);
    using source = testSource(server.origin, endpoint);
    const query = source.query({ query: "up" }, { signal: neverAborted() });
    if (expected === "answer") {
      const { data, cut } = await query;
      assert.equal(cut, undefined);
      assert.ok(data.type === "vector");
      assert.deepEqual([...(data.series[0]?.values ?? [])], [2]);
    } else {
      const failure = await failureFrom(query);
      assert.deepEqual({ ...failure, ...expected }, { ...failure });
    }
    assert.deepEqual(
      server.requests.map(({ method }) => method),
      sent,
    );
    source.dispose();
    await server.whenAllClosed();
    assert.deepEqual(unhandled, []);
  });
}

test("a name that cannot be resolved", async () => {
  using source = testSource("http://prometheus.invalid:9090");
  const failure = await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }));
  assert.ok(failure.kind === "unreachable");
  assert.equal(failure.code, "dns");
  assert.match(failure.detail, /prometheus\.invalid/);
});

test("a port where nobody listens", async () => {
  const { origin } = await (async () => {
    await using server = await startHostileServer(good);
    return server;
  })();
  using source = testSource(origin);
  const failure = await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }));
  assert.ok(failure.kind === "unreachable");
  assert.equal(failure.code, "refused");
});

test("a TLS handshake that nobody answers ends with the connect timeout", async () => {
  await using server = await startHostileServer(good, () => true);
  using source = testSource(`https://127.0.0.1:${server.port}`, {}, { transport: { connectTimeoutMs: 300 } });
  const failure = await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }));
  assert.ok(failure.kind === "unreachable");
  assert.equal(failure.code, "connectTimeout");
  await server.whenAllClosed();
});

test("https to a server that speaks plain HTTP", async () => {
  await using server = await startHostileServer(good, (socket) => {
    socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    return true;
  });
  using source = testSource(`https://127.0.0.1:${server.port}`);
  const failure = await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }));
  assert.ok(failure.kind === "unreachable");
  assert.equal(failure.code, "tls");
});

test("a gzip bomb stops at the bound instead of growing in memory", async () => {
  const bomb = gzipSync(Buffer.concat([Buffer.from('{"status":"success","data":["'), Buffer.alloc(100_000_000, "a")]));
  await using server = await startHostileServer(({ answer }) => answer(200, bomb, { "Content-Encoding": "gzip" }));
  using source = testSource(server.origin);
  assert.deepEqual(await failureFrom(source.labelNames({}, { signal: neverAborted() })), {
    kind: "tooLarge",
    limit: "bytes",
    allowed: 64 * 1024 * 1024,
  });
});

test("a compressed answer to a query is cut where its decompressed bytes pass the bound", async () => {
  const series = '{"metric":{"job":"a"},"value":[1,"2"]},'.repeat(100_000);
  const large = `{"status":"success","data":{"resultType":"vector","result":[${series}${'{"metric":{},"value":[1,"2"]}'}]}}`;
  const { bytes, headers } = gzipOf(large);
  await using server = await startHostileServer(({ answer }) => answer(200, bytes, headers));
  using source = testSource(server.origin, { maxBytes: 100_000 });
  const { cut, decodedBytes, receivedBytes } = await source.query({ query: "up" }, { signal: neverAborted() });
  assert.deepEqual(cut, { limit: "bytes", allowed: 100_000 });
  assert.ok(decodedBytes < 100_000 + 2 * 64 * 1024, `${decodedBytes}`);
  assert.ok(receivedBytes > 0 && receivedBytes < decodedBytes);
});
