import { type Fault, good, jsonHeaders, once, oneSample, pour, status } from "./fault.ts";

const elsewhere = "http://elsewhere.invalid/api/v1/query";

/** Faults that a status tells: refusals, gateways, redirects. */
export const statusFaults: readonly Fault[] = [
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
  {
    title: "407 of the server itself, with no proxy on the way",
    script: status(407, "Proxy Authentication Required"),
    expected: { kind: "notPrometheus", status: 407, content: "text", detail: "Proxy Authentication Required" },
    sent: ["POST"],
  },
  {
    title: "413 of a gateway",
    script: status(413, "<h1>413 Request Entity Too Large</h1>"),
    expected: { kind: "notPrometheus", status: 413, content: "html", detail: "413 Request Entity Too Large" },
    sent: ["POST"],
  },
  {
    title: "422 of VictoriaMetrics, whose error type is a number",
    script: status(422, '{"status":"error","errorType":"422","error":"too many points"}', jsonHeaders),
    expected: { kind: "rejected", status: 422, errorType: "422", message: "too many points" },
    sent: ["POST"],
  },
  {
    title: "429 that may be repeated at once, and then an answer",
    script: once(status(429, "slow down", { "Retry-After": "0" }), good),
    expected: "answer",
    sent: ["POST", "POST"],
  },
  {
    title: "429 with a time to wait that is no time",
    script: status(429, "slow down", { "Retry-After": "-1 or so" }),
    expected: { kind: "notPrometheus", status: 429 },
    sent: ["POST"],
  },
  {
    title: "499 of a gateway whose client went away",
    script: status(499, '{"status":"error","errorType":"canceled","error":"context canceled"}', jsonHeaders),
    expected: { kind: "rejected", status: 499, errorType: "canceled" },
    sent: ["POST"],
  },
  {
    title: "a status that nobody defined",
    script: status(999, "?"),
    expected: { kind: "notPrometheus", status: 999, content: "text" },
    sent: ["POST"],
  },
  {
    title: "a good answer with a bad status",
    script: status(500, oneSample, jsonHeaders),
    expected: { kind: "notPrometheus", status: 500, content: "json" },
    sent: ["POST"],
  },
  {
    title: "304, as if we had asked before",
    script: ({ head }) => head(304),
    expected: { kind: "notPrometheus", status: 304, content: "empty" },
    sent: ["POST"],
  },
  {
    title: "307 on the same origin",
    script: once(status(307, "", { Location: "/prom/api/v1/query" }), good),
    expected: "answer",
    sent: ["POST", "POST"],
  },
  {
    title: "302 on the same origin, which would lose the form",
    script: status(302, "", { Location: "/prom/api/v1/query" }),
    expected: { kind: "redirected", status: 302, crossOrigin: false },
    sent: ["POST"],
  },
  {
    title: "a redirect to a login page",
    script: status(302, "", { Location: "/login?next=%2F" }),
    endpoint: { method: "GET" },
    expected: { kind: "redirected", status: 302, crossOrigin: false },
    sent: ["GET"],
  },
  {
    title: "a redirect to another server",
    script: status(308, "", { Location: elsewhere }),
    expected: { kind: "redirected", status: 308, to: elsewhere, crossOrigin: true },
    sent: ["POST"],
  },
  {
    title: "a redirect in a circle",
    script: status(308, "", { Location: "/api/v1/query" }),
    expected: { kind: "redirected", status: 308, crossOrigin: false },
    sent: ["POST", "POST", "POST", "POST"],
  },
  {
    title: "a redirect whose page has no end",
    script: once((exchange) => {
      exchange.head(307, { Location: "/prom/api/v1/query" });
      pour(exchange, "x".repeat(60_000));
    }, good),
    expected: "answer",
    sent: ["POST", "POST"],
  },
  {
    title: "a redirect without a target",
    script: status(302, "gone"),
    expected: { kind: "notPrometheus", status: 302, content: "text", detail: "gone" },
    sent: ["POST"],
  },
];
