import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { type ProbeFindings, type ProbeOptions, probeSource } from "../../../src/connections/capabilityProbe.ts";
import type { Clock } from "../../../src/platform/ports.ts";
import type { Failure } from "../../../src/shared/errors.ts";
import { type Exchange, startHostileServer } from "../../support/hostileServer.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

/* The probe over real sockets: what it sends, how much of it at a time, and what it makes of the answers. */

const clock: Clock = {
  now: () => 7,
  setTimeout(callback, ms) {
    const timer = setTimeout(callback, ms);
    return { dispose: () => clearTimeout(timer) };
  },
};

/** A clock whose deadlines pass at once, as soon as `isOver` says so. */
function impatientClock(ms: number): Clock {
  return { ...clock, setTimeout: (callback) => clock.setTimeout(callback, ms) };
}

const success = (data: unknown) => JSON.stringify({ status: "success", data });
const prometheus = (version: string) => success({ version, revision: "abc", branch: "HEAD", goVersion: "go1.26" });
const endpointOf = ({ request }: Exchange) =>
  new URL(request.path, "http://h").pathname.replace(/^(?:\/p)?\/(?:api\/v1\/)?/, "");

/** An endpoint's answer: a status with a body; a status alone is Go's page for it. */
type Reply = readonly [status: number, body?: string];

/** What a Prometheus 3.1 answers to the probe. */
const good: Readonly<Record<string, Reply>> = {
  "status/buildinfo": [200, prometheus("3.1.0")],
  metadata: [200, success({})],
  targets: [200, success({ activeTargets: [] })],
  rules: [200, success({ groups: [] })],
  alerts: [200, success({ alerts: [] })],
  "status/flags": [200, success({})],
  "status/runtimeinfo": [200, success({})],
  query_exemplars: [200, success([])],
  "status/tsdb": [200, success({})],
  federate: [200, ""],
};

async function probed(
  replies: Readonly<Record<string, Reply>>,
  options: Partial<ProbeOptions> = {},
): Promise<{ readonly findings: ProbeFindings; readonly requests: readonly string[] }> {
  await using server = await startHostileServer((exchange) => {
    const [status, body = "404 page not found\n"] = replies[endpointOf(exchange)] ?? [404];
    exchange.answer(status, body);
  });
  using source = testSource(`${server.origin}/p`);
  const findings = await probeSource(source, { signal: neverAborted(), clock, ...options });
  return { findings, requests: server.requests.map(({ method, path, body }) => `${method} ${path} ${body}`.trim()) };
}

const offered = ({ offers }: ProbeFindings) =>
  [...offers].flatMap(([endpoint, { offer }]) => (offer === "offered" ? [endpoint] : [])).sort();
const all = [
  ...["alerts", "buildInfo", "exemplars", "federate", "flags", "metadata", "rules", "runtimeInfo", "targets"],
  "tsdbStatus",
];

test("each endpoint is asked for once, below the base URL, in its smallest form", async () => {
  const { findings, requests } = await probed(good);
  assert.deepEqual(offered(findings), all);
  assert.deepEqual([...requests].sort(), [
    "GET /p/api/v1/alerts",
    "GET /p/api/v1/metadata?limit=1",
    "GET /p/api/v1/rules?type=record&rule_group%5B%5D=_&exclude_alerts=true",
    "GET /p/api/v1/status/buildinfo",
    "GET /p/api/v1/status/flags",
    "GET /p/api/v1/status/runtimeinfo",
    "GET /p/api/v1/status/tsdb?limit=1&topN=1&date=1970-01-02",
    "GET /p/api/v1/targets?state=active&scrapePool=_",
    "GET /p/federate?match%5B%5D=_",
    "POST /p/api/v1/query_exemplars query=_&start=1.000&end=2.000",
  ]);
});

const answers: readonly {
  readonly title: string;
  readonly replies: Readonly<Record<string, Reply>>;
  readonly expected: Readonly<Record<string, string>>;
}[] = [
  {
    title: "Grafana Cloud: neither targets nor rules nor alerts",
    replies: { ...good, targets: [404], rules: [404], alerts: [404], "status/flags": [404] },
    expected: { targets: "notOffered 404", rules: "notOffered 404", alerts: "notOffered 404", metadata: "offered 200" },
  },
  {
    title: "VictoriaMetrics' cluster: an unknown path is a 400",
    replies: { ...good, targets: [400, "unsupported URL format for path /select"] },
    expected: { targets: "notOffered 400" },
  },
  {
    title: "a proxy that allows by role",
    replies: { ...good, targets: [403, '{"message":"forbidden"}'], rules: [401, "Unauthorized"] },
    expected: { targets: "refused 403", rules: "refused 401" },
  },
  {
    title: "a server with an error of its own",
    replies: { ...good, "status/tsdb": [500, '{"status":"error","errorType":"internal","error":"x"}'] },
    expected: { tsdbStatus: "unknown 500", federate: "offered 200" },
  },
  {
    title: "an error with status 200, JSON of somebody else, and a page",
    replies: {
      ...good,
      targets: [200, '{"status":"error","errorType":"not_found","error":"x"}'],
      rules: [200, '{"ok":true}'],
      alerts: [200, "<!doctype html><p>Log in"],
    },
    expected: { targets: "unknown 200", rules: "unknown 200", alerts: "unknown 200" },
  },
  {
    title: "federation that answers with series, with a page, with JSON",
    replies: { ...good, federate: [200, "# TYPE up untyped\nup 1\n"] },
    expected: { federate: "offered 200" },
  },
  {
    title: "a page where federation should be",
    replies: { ...good, federate: [200, "<html>"] },
    expected: { federate: "unknown 200" },
  },
  {
    title: "JSON where federation should be",
    replies: { ...good, federate: [200, success({})] },
    expected: { federate: "unknown 200" },
  },
  {
    title: "exemplars of nothing",
    replies: { ...good, query_exemplars: [204, ""] },
    expected: { exemplars: "offered 204" },
  },
  {
    title: "an answer of many megabytes, of which the beginning is enough",
    replies: { ...good, alerts: [200, success({ alerts: ["x".repeat(8_000_000)] })] },
    expected: { alerts: "offered 200" },
  },
];

for (const { title, replies, expected } of answers) {
  test(`what is offered: ${title}`, async () => {
    const { findings } = await probed(replies);
    const found = Object.fromEntries(
      [...findings.offers].map(([endpoint, { offer, status, learntAt }]) => {
        assert.equal(learntAt, 7);
        return [endpoint, `${offer} ${status}`];
      }),
    );
    assert.partialDeepStrictEqual(found, expected);
    assert.equal(findings.isAgent, false);
  });
}

test("an agent is recognised by what it answers", async () => {
  const agent: Reply = [422, '{"status":"error","errorType":"execution","error":"unavailable with Prometheus Agent"}'];
  const { findings } = await probed({ ...good, rules: agent, alerts: agent, "status/tsdb": agent });
  assert.equal(findings.isAgent, true);
  assert.deepEqual(findings.offers.get("rules"), { offer: "notOffered", status: 422, learntAt: 7 });
});

const programs: readonly (readonly [title: string, build: Reply, extra: readonly string[]])[] = [
  ["Thanos has stores", [200, prometheus("0.39.2")], ["stores"]],
  ["Prometheus 3.9 has features", [200, prometheus("3.9.0")], ["features"]],
  ["Prometheus 3.14 has features", [200, prometheus("3.14.1")], ["features"]],
  ["Prometheus 3.8 has none", [200, prometheus("3.8.0")], []],
  ["VictoriaMetrics is not asked for either", [200, success({ version: "2.24.0" })], []],
  ["nor is who says nothing", [404], []],
];
for (const [title, build, extra] of programs) {
  test(`what only some have: ${title}`, async () => {
    const more: Readonly<Record<string, Reply>> = { stores: [200, success({})], features: [200, success({})] };
    const { findings, requests } = await probed({ ...good, ...more, "status/buildinfo": build });
    assert.equal(requests.length, 10 + extra.length);
    assert.deepEqual(
      offered(findings).filter((endpoint) => !all.includes(endpoint)),
      extra,
    );
  });
}

test("whether there is a search for names is told by the features", async () => {
  const features: readonly (readonly [reply: Reply, features: string | undefined, search: string | undefined])[] = [
    [[200, success({ api: { search: true } })], "offered 200", "offered 200"],
    [[200, success({ api: { search: false } })], "offered 200", "notOffered 200"],
    [[200, success({ api: { search: "true" } })], "offered 200", "notOffered 200"],
    [[200, success({ promql: {} })], "offered 200", "notOffered 200"],
    [[200, success({ api: true })], "unknown undefined", undefined],
    [[404], "notOffered 404", undefined],
  ];
  for (const [reply, ...expected] of features) {
    const build: Reply = [200, prometheus("3.14.0")];
    const { findings } = await probed({ ...good, "status/buildinfo": build, features: reply });
    const found = (["features", "search"] as const).map((one) => {
      const offer = findings.offers.get(one);
      return offer && `${offer.offer} ${offer.status}`;
    });
    assert.deepEqual(found, expected, JSON.stringify(reply));
  }
});

test("no more than three questions are under way, and every one is reported", async () => {
  let open = 0;
  let most = 0;
  const progress: string[] = [];
  await using server = await startHostileServer(async ({ answer }) => {
    most = Math.max(most, ++open);
    await pause(10);
    open--;
    answer(404);
  });
  using source = testSource(server.origin);
  const onProgress = (done: number, total: number) => void progress.push(`${done}/${total}`);
  await probeSource(source, { signal: neverAborted(), clock, onProgress });
  assert.equal(most, 3);
  assert.deepEqual([progress[0], progress[1], progress.at(-1)], ["0/10", "1/10", "10/10"]);
});

const troubles: readonly (readonly [title: string, fail: (exchange: Exchange) => void, failure: Failure["kind"]])[] = [
  ["is starting", ({ answer }) => answer(503, "Service Unavailable"), "notPrometheus"],
  ["is behind a broken gateway", ({ answer }) => answer(502, "<html>Bad Gateway"), "notPrometheus"],
  ["asks to slow down", ({ answer }) => answer(429, "too many", { "Retry-After": "10" }), "notPrometheus"],
  ["hangs up", ({ reset }) => reset(), "unreachable"],
  ["says nothing", () => undefined, "timedOut"],
];
for (const [title, fail, kind] of troubles) {
  test(`a server that ${title} is asked a handful of questions, none of them twice`, async () => {
    await using server = await startHostileServer(fail);
    using source = testSource(server.origin);
    const failure = await failureFrom(
      probeSource(source, { signal: neverAborted(), clock: impatientClock(kind === "timedOut" ? 200 : 20_000) }),
    );
    assert.equal(failure.kind, kind);
    assert.ok(server.requests.length <= 5, `${server.requests.length} requests`);
    assert.equal(new Set(server.requests.map(({ path }) => path)).size, server.requests.length);
  });
}

test("one slow endpoint hides none of the others", async () => {
  await using server = await startHostileServer((exchange) => {
    const [status, body] = good[endpointOf(exchange)] ?? [404];
    if (endpointOf(exchange) !== "rules") exchange.answer(status, body);
  });
  using source = testSource(server.origin);
  const { offers } = await probeSource(source, { signal: neverAborted(), clock: impatientClock(300) });
  assert.deepEqual(offers.get("rules"), { offer: "unknown", status: undefined, learntAt: 7 });
  assert.equal([...offers.values()].filter(({ offer }) => offer === "offered").length, 9);
});

test("a probe that is cancelled sends nothing more, and its sockets are closed", async () => {
  const controller = new AbortController();
  await using server = await startHostileServer(() => undefined);
  using source = testSource(server.origin);
  const probing = failureFrom(probeSource(source, { signal: controller.signal, clock }));
  await server.whenRequested(3);
  controller.abort();
  assert.equal((await probing).kind, "cancelled");
  await server.whenAllClosed();
  assert.equal(server.requests.length, 3);
});

test("a connection that lacks its secret is not probed", async () => {
  await using server = await startHostileServer(({ answer }) => answer(200, success({})));
  const missing = { kind: "secretMissing", connectionId: "a", purpose: "token" } as const;
  const { AppError } = await import("../../../src/shared/errors.ts");
  using source = testSource(server.origin, { credentials: () => Promise.reject(new AppError(missing)) });
  const failure = await failureFrom(probeSource(source, { signal: neverAborted(), clock }));
  assert.deepEqual(failure, missing);
  assert.equal(server.requests.length, 0);
});
