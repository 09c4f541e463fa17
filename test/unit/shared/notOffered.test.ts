import assert from "node:assert/strict";
import { test } from "node:test";
import type { Failure } from "../../../src/shared/errors.ts";
import { isNotOffered, isOfAgent, offerAfter } from "../../../src/shared/notOffered.ts";

const foreign = (status: number, detail = "", content: "html" | "text" | "json" | "empty" = "text"): Failure => ({
  kind: "notPrometheus",
  status,
  content,
  detail,
});
const rejected = (status: number, errorType: string, message = ""): Failure => ({
  kind: "rejected",
  status,
  errorType,
  message,
});

const table: readonly (readonly [title: string, failure: Failure, expected: boolean])[] = [
  ["Go's page for an unknown path", foreign(404, "404 page not found"), true],
  ["a page of a managed service", foreign(404, "Error 404 (Not Found)!!1", "html"), true],
  ["JSON of a cloud's gateway", foreign(404, "Unknown operation", "json"), true],
  ["an empty 404", foreign(404, "", "empty"), true],
  ["a method that is not allowed", foreign(405, "Method Not Allowed"), true],
  ["a path that is gone", foreign(410), true],
  ["not implemented", foreign(501), true],
  ["VictoriaMetrics' unknown path", foreign(400, 'unsupported path requested: "/api/v1/x"'), true],
  [
    "VictoriaMetrics' unknown path behind the request's address",
    foreign(400, 'remoteAddr: "127.0.0.1:1"; requestURI: /x; unsupported path requested: "/x"'),
    true,
  ],
  ["VictoriaMetrics' cluster's unknown path", foreign(400, "unsupported URL format for path /select"), true],
  ["the envelope of a missing API", rejected(404, "not_found", "no such route"), true],
  ["an API that is switched off", rejected(404, "unavailable"), true],
  ["a refused method in the envelope", rejected(405, "unavailable"), true],
  ["an API that is gone", rejected(410, "not_found"), true],
  ["VictoriaMetrics' error type", rejected(404, "404", "not found"), true],
  ["an envelope without a type", rejected(404, "", "not found"), true],
  ["an agent", rejected(422, "execution", "unavailable with Prometheus Agent"), true],
  ["another refused evaluation", rejected(422, "execution", "too many samples"), false],
  ["a mistake in the request", rejected(400, "bad_data", "invalid parameter"), false],
  ["bad data with 404", rejected(404, "bad_data"), false],
  ["storage that is not ready", rejected(500, "unavailable", "TSDB not ready"), false],
  ["a server that starts", foreign(503, "Service Unavailable"), false],
  ["a broken gateway", foreign(502, "Bad Gateway", "html"), false],
  ["a wrong base URL that answers pages", foreign(200, "Welcome", "html"), false],
  ["another bad request", foreign(400, "tenant missing"), false],
  ["missing credentials", { kind: "unauthorized", status: 403, detail: "" }, false],
  ["a redirect", { kind: "redirected", status: 302, to: "http://h/login", crossOrigin: false }, false],
  ["no connection", { kind: "unreachable", code: "refused", detail: "" }, false],
  ["a deadline", { kind: "timedOut", by: "client", afterMs: 1, detail: "" }, false],
  ["a broken answer", { kind: "malformed", offset: 0, expected: "JSON" }, false],
  ["too much", { kind: "tooLarge", limit: "bytes", allowed: 1 }, false],
  ["a cancelled request", { kind: "cancelled" }, false],
  ["a bug", { kind: "bug", detail: "" }, false],
];

for (const [title, failure, expected] of table) {
  test(`${expected ? "not offered" : "something else"}: ${title}`, () => {
    assert.equal(isNotOffered(failure), expected);
  });
}

test("what a failure says of an endpoint, with the status that said so", () => {
  const cases: readonly (readonly [failure: Failure, expected: string])[] = [
    [foreign(404), "notOffered 404"],
    [rejected(422, "execution", "unavailable with Prometheus Agent"), "notOffered 422"],
    [{ kind: "unauthorized", status: 403, detail: "" }, "refused 403"],
    [{ kind: "unauthorized", status: 401, detail: "" }, "refused 401"],
    [foreign(503, "Service Unavailable"), "unknown 503"],
    [rejected(400, "bad_data"), "unknown 400"],
    [{ kind: "redirected", status: 302, to: "http://h/login", crossOrigin: true }, "unknown 302"],
    [{ kind: "timedOut", by: "client", afterMs: 1, detail: "" }, "unknown undefined"],
    [{ kind: "cancelled" }, "unknown undefined"],
  ];
  for (const [failure, expected] of cases) {
    const { offer, status } = offerAfter(failure);
    assert.equal(`${offer} ${status}`, expected);
  }
});

test("an agent is told by its own words", () => {
  assert.ok(isOfAgent(rejected(422, "execution", "unavailable with Prometheus Agent")));
  assert.ok(!isOfAgent(rejected(422, "execution", "too many samples")));
  assert.ok(!isOfAgent(foreign(422, "unavailable with Prometheus Agent")));
});
