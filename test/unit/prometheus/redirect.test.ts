import assert from "node:assert/strict";
import { test } from "node:test";
import { decideRedirect } from "../../../src/prometheus/redirect.ts";
import { startHostileServer } from "../../support/hostileServer.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

const apiPath = "/api/v1/query";
const from = "http://prom.example:9090/api/v1/query";

const decisions: readonly {
  readonly title: string;
  readonly method?: "GET" | "POST";
  readonly status?: number;
  readonly location: string | undefined;
  readonly hops?: number;
  /** A URL that is followed, `to`, `crossOrigin` and perhaps `httpsOrigin` of a refusal, or `undefined` for "no redirect". */
  readonly expected: string | readonly [to: string, crossOrigin: boolean, httpsOrigin?: string] | undefined;
}[] = [
  {
    title: "same origin, prefix added",
    location: "/prom/api/v1/query?a=1",
    expected: "http://prom.example:9090/prom/api/v1/query?a=1",
  },
  { title: "trailing slash", location: "/api/v1/query/", expected: "http://prom.example:9090/api/v1/query/" },
  {
    title: "GET and 303",
    status: 303,
    location: "/x/api/v1/query",
    expected: "http://prom.example:9090/x/api/v1/query",
  },
  {
    title: "POST and 307",
    method: "POST",
    status: 307,
    location: "/x/api/v1/query",
    expected: "http://prom.example:9090/x/api/v1/query",
  },
  {
    title: "POST and 308",
    method: "POST",
    status: 308,
    location: "/x/api/v1/query",
    expected: "http://prom.example:9090/x/api/v1/query",
  },
  {
    title: "POST and 301",
    method: "POST",
    status: 301,
    location: "/x/api/v1/query",
    expected: ["http://prom.example:9090/x/api/v1/query", false],
  },
  {
    title: "POST and 302",
    method: "POST",
    status: 302,
    location: "/x/api/v1/query",
    expected: ["http://prom.example:9090/x/api/v1/query", false],
  },
  {
    title: "POST and 303",
    method: "POST",
    status: 303,
    location: "/x/api/v1/query",
    expected: ["http://prom.example:9090/x/api/v1/query", false],
  },
  {
    title: "fourth hop",
    hops: 3,
    location: "/x/api/v1/query",
    expected: ["http://prom.example:9090/x/api/v1/query", false],
  },
  {
    title: "login page of the same origin",
    location: "/login?next=%2Fapi",
    expected: ["http://prom.example:9090/login", false],
  },
  {
    title: "another endpoint, one that writes",
    method: "POST",
    status: 307,
    location: "/api/v1/admin/tsdb/delete_series?match[]=up",
    expected: ["http://prom.example:9090/api/v1/admin/tsdb/delete_series", false],
  },
  {
    title: "other host",
    location: "http://evil.example/api/v1/query?a=secret",
    expected: ["http://evil.example/api/v1/query", true],
  },
  {
    title: "other host without scheme",
    location: "//evil.example/api/v1/query",
    expected: ["http://evil.example/api/v1/query", true],
  },
  {
    title: "other port",
    location: "http://prom.example:9091/api/v1/query",
    expected: ["http://prom.example:9091/api/v1/query", true],
  },
  {
    title: "https of the same host",
    location: "https://prom.example:9090/api/v1/query",
    expected: ["https://prom.example:9090/api/v1/query", true, "https://prom.example:9090"],
  },
  {
    title: "https of the same host on its usual port",
    method: "POST",
    status: 301,
    location: "https://prom.example/api/v1/query/?a=1",
    expected: ["https://prom.example/api/v1/query/", true, "https://prom.example"],
  },
  {
    title: "https of the same host, another path",
    location: "https://prom.example/login",
    expected: ["https://prom.example/login", true],
  },
  {
    title: "https of the same host, another prefix",
    location: "https://prom.example/other/api/v1/query",
    expected: ["https://prom.example/other/api/v1/query", true],
  },
  {
    title: "https of the same host after a hop that the server chose",
    hops: 1,
    location: "https://prom.example/api/v1/query",
    expected: ["https://prom.example/api/v1/query", true],
  },
  {
    title: "https of another host",
    location: "https://prom.example.evil.example/api/v1/query",
    expected: ["https://prom.example.evil.example/api/v1/query", true],
  },
  {
    title: "user info is not an origin",
    location: "http://prom.example:9090@evil.example/api/v1/query",
    expected: ["http://evil.example/api/v1/query", true],
  },
  {
    title: "backslashes",
    location: "\\\\evil.example\\api\\v1\\query",
    expected: ["http://evil.example/api/v1/query", true],
  },
  {
    title: "a subdomain",
    location: "http://prom.example.evil.example:9090/api/v1/query",
    expected: ["http://prom.example.evil.example:9090/api/v1/query", true],
  },
  { title: "a program", location: "javascript:alert(1)//api/v1/query", expected: ["javascript:", true] },
  { title: "a file", location: "file:///etc/passwd", expected: ["file:", true] },
  { title: "no target", location: undefined, expected: undefined },
  { title: "a target that is no URL", location: "http://[", expected: undefined },
  { title: "304", status: 304, location: "/api/v1/query", expected: undefined },
  { title: "200", status: 200, location: "/api/v1/query", expected: undefined },
];

for (const { title, method = "GET", status = 302, location, hops = 0, expected } of decisions) {
  test(`redirect: ${title}`, () => {
    const decision = decideRedirect({ method, url: new URL(from), apiPath, hops }, status, location);
    if (expected === undefined) assert.equal(decision, undefined);
    else if (typeof expected === "string") {
      assert.ok(decision !== undefined && "follow" in decision);
      assert.equal(decision.follow.href, expected);
    } else {
      const [to, crossOrigin, httpsOrigin] = expected;
      const upgrade = httpsOrigin === undefined ? {} : { httpsOrigin };
      assert.deepEqual(decision, { refuse: { kind: "redirected", status, to, crossOrigin, ...upgrade } });
    }
  });
}

const answer = '{"status":"success","data":{"resultType":"vector","result":[]}}';
const credentials = { Authorization: "Bearer t0p-s3cret", "X-Scope-OrgID": "tenant" };

test("a POST is sent again with its form and credentials after 307 on the same origin", async () => {
  await using server = await startHostileServer(({ index, answer: reply }) => {
    if (index === 0) reply(307, "moved", { Location: "/prom/api/v1/query?dedup=true" });
    else reply(200, answer);
  });
  const asked: string[] = [];
  using source = testSource(server.origin, {
    headers: async (origin) => {
      asked.push(origin);
      return credentials;
    },
  });
  await source.query({ query: "up" }, { signal: neverAborted() });
  const [first, second] = server.requests;
  assert.equal(second?.method, "POST");
  assert.equal(second?.path, "/prom/api/v1/query?dedup=true");
  assert.equal(second?.body, first?.body);
  assert.equal(second?.headers["x-scope-orgid"], "tenant");
  assert.deepEqual(asked, [server.origin, server.origin]);
  assert.equal(server.accepted, 1);
});

test("nothing is sent to another origin, whatever the redirect", async () => {
  await using other = await startHostileServer(({ answer: reply }) => reply(200, answer));
  for (const status of [301, 302, 303, 307, 308]) {
    for (const method of ["GET", "POST"] as const) {
      await using server = await startHostileServer(({ answer: reply }) =>
        reply(status, "", { Location: `${other.origin}/api/v1/query?token=abc` }),
      );
      using source = testSource(server.origin, { method, headers: async () => credentials });
      assert.deepEqual(await failureFrom(source.query({ query: "up" }, { signal: neverAborted() })), {
        kind: "redirected",
        status,
        to: `${other.origin}/api/v1/query`,
        crossOrigin: true,
      });
      assert.equal(server.requests.length, 1);
    }
  }
  assert.equal(other.accepted, 0);
});

test("a loop ends after three hops", async () => {
  await using server = await startHostileServer(({ answer: reply }) => reply(302, "", { Location: "/api/v1/query" }));
  using source = testSource(server.origin, { method: "GET" });
  const failure = await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }));
  assert.equal(failure.kind, "redirected");
  assert.equal(server.requests.length, 4);
});

test("a secret in the path of a redirect is not shown", async () => {
  await using server = await startHostileServer(({ answer: reply }) =>
    reply(302, "", { Location: "http://login.example/t0p-s3cret/%74" }),
  );
  using source = testSource(server.origin, { secrets: ["t0p-s3cret"] });
  const failure = await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }));
  assert.ok(failure.kind === "redirected");
  assert.equal(failure.to, "http://login.example/•••/%74");
});

test("a redirect without a target is an answer that is not Prometheus'", async () => {
  await using server = await startHostileServer(({ answer: reply }) => reply(302, "gone"));
  using source = testSource(server.origin);
  assert.deepEqual(await failureFrom(source.query({ query: "up" }, { signal: neverAborted() })), {
    kind: "notPrometheus",
    status: 302,
    content: "text",
    detail: "gone",
  });
});
