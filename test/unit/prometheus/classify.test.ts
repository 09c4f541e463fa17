import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { classifyAnswer, sniffContent } from "../../../src/prometheus/classify.ts";
import { foreignMessage, parsePosition } from "../../../src/prometheus/errorEnvelope.ts";
import { parseRetryAfter } from "../../../src/prometheus/retryAfter.ts";
import { cleanMessage, cleanPage, maxServerText } from "../../../src/prometheus/serverText.ts";

const same = (text: string) => text;
const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const context = { timeoutMs: 30_000, redact: same, now };

const contents: readonly (readonly [text: string, expected: string, contentType?: string])[] = [
  ["", "empty"],
  [" \n\t", "empty", "application/json"],
  ["<!DOCTYPE html>", "html"],
  ["\n  <p>", "html", "application/json"],
  ["# HELP up h", "exposition"],
  ["# EOF", "exposition"],
  ["go_goroutines 12\n", "exposition"],
  ['a:b{c="d"} +Inf\n', "exposition", "text/plain; version=0.0.4"],
  ["whatever", "exposition", "application/openmetrics-text; version=1.0.0"],
  ['{"a":1}', "json", "text/html"],
  ["[]", "json"],
  ["404 page not found", "text"],
  ["Method Not Allowed", "text"],
  ["Sign in", "html", "text/html; charset=utf-8"],
];

test("content is known by its first characters", () => {
  for (const [text, expected, type] of contents) assert.equal(sniffContent(text, type), expected, text);
});

const positions: readonly (readonly [message: string, expected: object | undefined])[] = [
  ['invalid parameter "query": 1:5: parse error: unexpected end of input', { line: 1, column: 5 }],
  ["12:345: parse error: x\ny", { line: 12, column: 345 }],
  ['invalid parameter "match[]": 1:5: parse error: x', undefined],
  ["unknown position: parse error: no expression found in input", undefined],
  ["query timed out at 1:5: parse error: x", undefined],
  ["1:99999999999: parse error: x", undefined],
];

test("the position of a parse error", () => {
  for (const [message, expected] of positions) assert.deepEqual(parsePosition(message), expected, message);
});

const waits: readonly (readonly [header: string | undefined, expected: number | undefined])[] = [
  [undefined, undefined],
  ["10", 10],
  [" 0 ", 0],
  ["-5", undefined],
  ["1.5", undefined],
  ["soon", undefined],
  ["", undefined],
  ["2026-01-02", undefined],
  ["Fri, 02 Jan 2026 03:04:35 GMT", 30],
  ["Friday, 02-Jan-26 03:04:06 GMT", 1],
  ["Fri, 02 Jan 2026 03:04:00 GMT", 0],
  ["Sunday, someday", undefined],
];

test("Retry-After in seconds and as a date", () => {
  for (const [header, expected] of waits) assert.equal(parseRetryAfter(header, now), expected, header);
});

test("messages of other APIs", () => {
  const rows: readonly (readonly [body: unknown, expected: string])[] = [
    [{ message: "Missing Authentication Token" }, "Missing Authentication Token"],
    [{ Message: "denied" }, "denied"],
    [{ error: { code: 403, message: "no", status: "PERMISSION_DENIED" } }, "no"],
    [{ error: "invalid_token", error_description: "expired" }, "invalid_token"],
    [{ detail: 7 }, ""],
    [{ errors: [{ status: "400", title: "no" }, { title: "other" }] }, ""],
    [{ errors: [{ message: "no such field" }] }, "no such field"],
    [["message"], ""],
    [null, ""],
  ];
  for (const [body, expected] of rows) assert.equal(foreignMessage(body), expected);
});

test("JSON without a message says what it consists of, or nothing, and never its braces", () => {
  const rows: readonly (readonly [text: string, expected: string])[] = [
    ["{}", ""],
    ["[]", ""],
    [' { "a": {} } ', ""],
    ['{"code":7}', "code: 7"],
    ['{"code":401,"ok":false,"data":null}', "code: 401, ok: false"],
    // Elasticsearch
    [
      '{"name":"es-1","cluster_name":"logs","version":{"number":"8.1.0"},"tagline":"You Know, for Search"}',
      "name: es-1, cluster_name: logs, tagline: You Know, for Search",
    ],
    ['{"<b>x</b>":"a\\nb <img src=x onerror=alert(1)>","token":"hunter22"}', "x : a b , token: •••"],
    ['{"message":"no","code":7}', "no"],
    ['[1,"two",{}]', ""],
    ['[{"message":"no"}]', "no"],
    ['{"cut":', '{"cut":'],
  ];
  const redact = (text: string) => text.replaceAll("hunter22", "•••");
  for (const status of [200, 401, 404]) {
    for (const [text, expected] of rows) {
      const failure = classifyAnswer({ status, headers: {}, text }, { ...context, redact });
      assert.ok("detail" in failure);
      assert.equal(failure.detail, expected, text);
    }
  }
});

test("401 and 403 come first, whatever the body is", () => {
  const bodies = [
    "",
    "<h1>403 Forbidden</h1>",
    '{"status":"error","errorType":"x","error":"why"}',
    "no org id\n",
    "# HELP",
  ];
  for (const status of [401, 403] as const) {
    for (const text of bodies)
      assert.equal(classifyAnswer({ status, headers: {}, text }, context).kind, "unauthorized");
  }
});

test("an envelope comes before the status, but 504 and the server's own timeout are timeouts", () => {
  const envelope = (errorType: string) => JSON.stringify({ status: "error", errorType, error: "e" });
  const kinds: readonly (readonly [status: number, text: string, expected: string])[] = [
    [404, envelope("not_found"), "rejected"],
    [404, "404 page not found", "notPrometheus"],
    [422, envelope("422"), "rejected"],
    [503, envelope("timeout"), "timedOut"],
    [503, envelope("unavailable"), "rejected"],
    [500, envelope("timeout"), "rejected"],
    [504, envelope("timeout"), "timedOut"],
    [504, "", "timedOut"],
    [503, "", "notPrometheus"],
    [400, '{"status":"error"', "notPrometheus"],
  ];
  for (const [status, text, expected] of kinds) {
    assert.equal(classifyAnswer({ status, headers: {}, text }, context).kind, expected, `${status} ${text}`);
  }
});

test("a server whose time was up says so in words, whatever the status", () => {
  const envelope = (errorType: string, error: string) => JSON.stringify({ status: "error", errorType, error });
  const late = "context deadline exceeded";
  const kinds: readonly (readonly [status: number, text: string, expected: string])[] = [
    [422, envelope("execution", `expanding series: rpc error: code = DeadlineExceeded desc = ${late}`), "timedOut"],
    [500, envelope("internal", late), "timedOut"],
    [422, envelope("422", "error when executing query: timeout exceeded: 30.000 seconds"), "timedOut"],
    [499, late, "timedOut"],
    [502, `upstream: ${late}`, "timedOut"],
    [502, `dial tcp 10.0.0.1:9090: ${late}`, "notPrometheus"],
    [400, envelope("bad_data", `1:1: parse error: unexpected "${late}"`), "rejected"],
    [422, envelope("bad_data", late), "rejected"],
    [400, late, "notPrometheus"],
    [422, envelope("execution", "many-to-many matching"), "rejected"],
  ];
  for (const [status, text, expected] of kinds) {
    assert.equal(classifyAnswer({ status, headers: {}, text }, context).kind, expected, `${status} ${text}`);
  }
});

test("how a server wants us to sign in", () => {
  const rows: readonly (readonly [header: string | undefined, scheme: string | undefined])[] = [
    ['Basic realm="VictoriaMetrics"', "basic"],
    ["bearer", "bearer"],
    ['Digest realm="x", Basic realm="y"', "digest"],
    ["Negotiate, NTLM", "negotiate"],
    ["NTLM", "ntlm"],
    ['Basically realm="x"', undefined],
    ["<script>", undefined],
    [undefined, undefined],
  ];
  for (const [header, scheme] of rows) {
    const headers = header === undefined ? {} : { "www-authenticate": header };
    const failure = classifyAnswer({ status: 401, headers, text: "" }, context);
    const expected = scheme === undefined ? {} : { scheme };
    assert.deepEqual(failure, { kind: "unauthorized", status: 401, detail: "", ...expected });
  }
});

test("Retry-After is told of an envelope too", () => {
  const text = JSON.stringify({ status: "error", errorType: "too_many_requests", error: "e" });
  const failure = classifyAnswer({ status: 429, headers: { "retry-after": "10" }, text }, context);
  assert.partialDeepStrictEqual(failure, { kind: "rejected", status: 429, retryAfterSeconds: 10 });
});

test("tokens of PromQL survive in a message, markup does not", () => {
  const rows: readonly (readonly [text: string, expected: string])[] = [
    ["1:5: parse error: unexpected <by>", "1:5: parse error: unexpected <by>"],
    ["unexpected <op:or> in x<5 and y>3", "unexpected <op:or> in x<5 and y>3"],
    ["a<b and c>d", "a<b and c>d"],
    ['"<img src=x onerror=alert(1)>"', '" "'],
    ["<script>x</script>", "x"],
    ["x <svg/onload=alert(1)", "x"],
    ["two\nlines\tand\u0000\u001b[1m", "two lines and[1m"],
  ];
  for (const [text, expected] of rows) assert.equal(cleanMessage(text, same), expected);
});

test("a page gives its words", () => {
  const rows: readonly (readonly [text: string, expected: string])[] = [
    ["<html><title>401  Auth</title><!-- c --><style>p{}</style><p>x</p>", "401 Auth x"],
    ["<script>never closed", ""],
    ["<a <b>>", ">"],
    ["text with < signs 1 <2", "text with < signs 1 <2"],
  ];
  for (const [text, expected] of rows) assert.equal(cleanPage(text, same), expected);
});

test("a page whose heading repeats its title says it once", () => {
  const rows: readonly (readonly [text: string, expected: string])[] = [
    [
      "<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n<center><h1>401 Authorization Required</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n",
      "401 Authorization Required nginx/1.22.1",
    ],
    [
      // Apache's heading leaves the number out.
      "<title>404 Not Found</title><h1>Not Found</h1><p>The requested URL was not found on this server.</p>",
      "404 Not Found The requested URL was not found on this server.",
    ],
    ["<title>Sign in</title><h1>Sign in</h1>", "Sign in"],
    ["<title>Sign in</title><h1>Sign into Shop</h1>", "Sign in Sign into Shop"],
    ["<title>Grafana</title>", "Grafana"],
    ["<TITLE>a b</TITLE >b c", "a b c"],
    ["<title></title>x x", "x x"],
    ["<title>never closed", "never closed"],
    ["<!--<title>a</title>--><p>a</p>", "a"],
  ];
  for (const [text, expected] of rows) assert.equal(cleanPage(text, same), expected, text);
});

test("taking characters out cannot put a secret together", () => {
  const redact = (text: string) => text.replaceAll("hunter22", "•••");
  for (const clean of [cleanMessage, cleanPage]) assert.equal(clean("a hun\u0000ter\u202e22 b", redact), "a ••• b");
});

test("server text is bounded, of one line, whole characters and free of secrets, for any text", () => {
  const secret = "hunter22";
  const redact = (text: string) => text.replaceAll(secret, "•••");
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(secret, "hunter", "\u0000", "22", "<b>", "<script>", "😱", "\u202e", "\n", "<img "),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 120 }), (pieces) => {
      for (const clean of [cleanPage, cleanMessage]) {
        const text = clean(pieces.join(""), redact);
        assert.ok(text.length <= maxServerText);
        assert.ok(!text.includes(secret));
        assert.doesNotMatch(text, /\p{Cc}|\p{Surrogate}|[\u202a-\u202e\u2066-\u2069]/u);
      }
    }),
  );
});

test("a text that is all beginnings of tags costs no more than its length", () => {
  for (const piece of ["<a =", "<a a", "<img =", "<script", "<!--", "</a "]) {
    for (const clean of [cleanPage, cleanMessage])
      assert.ok(clean(piece.repeat(100_000), (text) => text).length <= maxServerText);
  }
});
