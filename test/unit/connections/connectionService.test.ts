import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConnectionService } from "../../../src/connections/connectionService.ts";
import { noDrafts, type SecretDrafts } from "../../../src/connections/credentials.ts";
import { networkPathOf } from "../../../src/connections/networkPath.ts";
import { type Profile, parseProfile } from "../../../src/connections/profile.ts";
import { ProfileStore } from "../../../src/connections/profileStore.ts";
import { ConnectionSecrets, type SecretPurpose } from "../../../src/connections/secrets.ts";
import { AppError, failureOf } from "../../../src/shared/errors.ts";
import type { QueryAnswer } from "../../../src/shared/model/answer.ts";
import type { OptionalEndpoint } from "../../../src/shared/model/capabilities.ts";
import type { RequestOptions, SourceFactory } from "../../../src/shared/model/source.ts";
import {
  answerOf,
  bareNetwork,
  FakeSource,
  MemoryProfileSettings,
  MemorySecrets,
  MemoryValues,
  silentLog,
  upVector,
} from "../../support/connectionDoubles.ts";

const one = { id: "one", name: "One", url: "https://one.example" };
const two = { id: "two", name: "Two", url: "https://two.example/p", auth: { type: "bearer" } };
const signal = new AbortController().signal;
const stored = noDrafts;

/** A token that was just typed. */
const typedToken = (value: string): SecretDrafts => ({ typed: new Map([["token", value]]), confirmed: [] });

function setUp(
  value: unknown,
  respond: (query: string) => QueryAnswer | Promise<QueryAnswer> = (query) =>
    query === "up" ? upVector([1, 0, 1]) : answerOf({ type: "scalar", time: 1, value: 2 }),
  change: (source: FakeSource) => void = () => {},
) {
  const log: string[] = [];
  const settings = new MemoryProfileSettings(value, log);
  const secretStore = new MemorySecrets(log);
  const secrets = new ConnectionSecrets(secretStore);
  const workspaceMemory = new MemoryValues();
  const sources: FakeSource[] = [];
  let loads = 0;
  const profiles = new ProfileStore(settings, (name) => (name === "TOKEN" ? "t" : undefined));
  const service = new ConnectionService({
    profiles,
    secrets,
    workspaceMemory,
    userMemory: new MemoryValues(),
    loadNetwork: async () => {
      loads++;
      const createSource: SourceFactory = (endpoint) => {
        const source = new FakeSource(endpoint, respond);
        change(source);
        sources.push(source);
        return source;
      };
      return { createSource, requestToken: () => assert.fail("no token is asked for") };
    },
    environment: (name) => (name === "TOKEN" ? "t" : undefined),
    files: bareNetwork.files,
    editorProxy: bareNetwork.editorProxy,
    programs: { run: async () => ({ code: 0, stdout: "t", stderr: "" }) },
    isTrusted: () => true,
    bounds: () => ({ maxSamples: 7, maxBytes: 8 }),
    clock: { now: () => 1000, setTimeout: () => ({ dispose() {} }) },
    log: silentLog,
  });
  let changes = 0;
  service.onDidChange(() => changes++);
  return {
    log,
    settings,
    secretStore,
    secrets,
    workspaceMemory,
    sources,
    profiles,
    service,
    loads: () => loads,
    changes: () => changes,
  };
}

function profileOf(raw: unknown): Profile {
  const parsed = parseProfile(raw);
  assert.ok(parsed.ok);
  return parsed.profile;
}

/** Waits for what goes on behind a call that nobody waits for. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function failure(work: Promise<unknown>) {
  return work.then(
    () => assert.fail("nothing was thrown"),
    (error: unknown) => failureOf(error),
  );
}

describe("the active connection", () => {
  test("is the chosen one, or the only one, and never a guess", async () => {
    const { service, settings } = setUp([]);
    assert.deepEqual(service.active, { kind: "none" });
    settings.replace([one]);
    assert.equal(service.active.kind, "ready");
    settings.replace([one, two]);
    assert.deepEqual(service.active, { kind: "none" });
    await service.select("two");
    assert.equal(service.active.kind === "ready" && service.active.profile.id, "two");
  });

  test("that is gone or disabled is not replaced by another one", async () => {
    const { service, settings } = setUp([one, two]);
    await service.select("two");
    settings.replace([one]);
    assert.deepEqual(service.active, { kind: "unusable", id: "two" });
    settings.replace([one, { ...two, oops: 1 }]);
    assert.deepEqual(service.active, { kind: "unusable", id: "two" });
  });

  test("a disabled entry beside a single usable one makes the choice unclear", () => {
    assert.deepEqual(setUp([one, { ...two, oops: 1 }]).service.active, { kind: "none" });
  });

  test("is forgotten with the connection", async () => {
    const { service } = setUp([one, two]);
    await service.select("two");
    await service.remove("two");
    assert.equal(service.active.kind === "ready" && service.active.profile.id, "one");
  });
});

describe("the way to a connection's server", () => {
  const secure = {
    ...one,
    url: "https://one.example",
    proxy: "http://proxy:3128",
    tls: { caFile: "/ca.pem", serverName: "prometheus.internal" },
  };

  test("is the profile's own, for a saved connection as for one that is tested", async () => {
    const { service, sources } = setUp([secure]);
    await service.sourceFor("one");
    await service.test(profileOf(secure), noDrafts, { signal: new AbortController().signal });
    assert.equal(sources.length, 2);
    for (const { endpoint } of sources) {
      const { signal } = new AbortController();
      assert.equal(endpoint.transport, "own");
      assert.deepEqual(await endpoint.proxy?.("https://one.example", { signal }), {
        kind: "proxy",
        origin: "http://proxy:3128",
        authorization: undefined,
      });
      const unread = await failure(endpoint.tls?.({ signal }) ?? Promise.resolve());
      assert.partialDeepStrictEqual(unread, { kind: "pemFile", role: "caFile", problem: "notFound", file: "/ca.pem" });
    }
  });

  test("has secrets of its own where VS Code's proxy wants credentials", async () => {
    const settings = new Map([
      ["proxy", "http://proxy:3128"],
      ["proxyAuthorization", "Basic cHJveHktc2VjcmV0"],
    ]);
    const proxied = profileOf({ ...one, url: "https://one.example" });
    const { signal } = new AbortController();
    const secretsOf = (profile: Profile) =>
      networkPathOf(profile, { ...bareNetwork, editorProxy: { read: (name) => settings.get(name) } }).secrets(
        profile.origin,
        { signal },
      );
    assert.deepEqual(await secretsOf(proxied), ["Basic cHJveHktc2VjcmV0", "cHJveHktc2VjcmV0", "proxy-secret"]);
    settings.set("proxyAuthorization", "Basic dXNlcjpwYTpzcw==");
    // As a proxy that has read it may say it.
    assert.deepEqual(await secretsOf(proxied), ["Basic dXNlcjpwYTpzcw==", "dXNlcjpwYTpzcw==", "user:pa:ss", "pa:ss"]);
    settings.set("proxyAuthorization", "Negotiate abc");
    assert.deepEqual(await secretsOf(proxied), ["Negotiate abc", "abc"]);
    assert.deepEqual(await secretsOf({ ...proxied, proxy: "none" }), []);
    assert.deepEqual(await secretsOf({ ...proxied, transport: "vscode" }), []);
  });
});

describe("the source of a connection", () => {
  test("is made once, from the profile, on first use", async () => {
    const { service, sources, loads } = setUp([
      { ...one, method: "GET", timeoutMs: 100, queryParams: { dedup: "true" } },
    ]);
    assert.equal(loads(), 0);
    const [a, b] = await Promise.all([service.sourceFor("one"), service.sourceFor("one")]);
    assert.equal(a, b);
    assert.equal(sources.length, 1);
    const { endpoint } = sources[0] ?? assert.fail();
    assert.deepEqual(
      [
        endpoint.baseUrl,
        endpoint.method,
        endpoint.timeoutMs,
        (await endpoint.credentials("https://one.example", { signal })).queryParams,
        endpoint.maxSamples,
        endpoint.maxBytes,
      ],
      ["https://one.example", "GET", 100, { dedup: "true" }, 7, 8],
    );
  });

  test("asks for pages of rules once its server is known to have them", async () => {
    const { service, sources } = setUp([one]);
    await service.sourceFor("one");
    const { endpoint } = sources[0] ?? assert.fail();
    assert.equal(endpoint.pagesRules, false);
    const profile = profileOf(one);
    for (const [version, expected] of [
      ["2.42.0", false],
      ["3.0.1", false],
      ["3.1.0", true],
      ["4.0.0", true],
    ] as const) {
      service.backends.note(profile, { application: undefined, version, revision: "a" });
      assert.equal(endpoint.pagesRules, expected, version);
    }
    // Newer vmalerts make pages of their own kind of the same parameter.
    service.backends.note(profile, { application: undefined, version: "2.24.0", revision: undefined });
    assert.equal(endpoint.pagesRules, false);
    service.backends.note(profile, { application: "Grafana Mimir", version: "3.1.0", revision: "a" });
    assert.equal(endpoint.pagesRules, false);
  });

  test("lets its server search for names once that is known to be offered", async () => {
    const { service, sources } = setUp([one]);
    await service.sourceFor("one");
    const { endpoint } = sources[0] ?? assert.fail();
    assert.equal(endpoint.searchesNames, false);
    for (const offer of ["notOffered", "offered", "refused"] as const) {
      service.capabilities.noteUse(profileOf(one), "search", offer, 200);
      assert.equal(endpoint.searchesNames, offer === "offered");
    }
  });

  test("is given up when its profile changes or goes, and only then", async () => {
    const { service, sources, settings } = setUp([one, two]);
    const before = await service.sourceFor("one");
    await service.sourceFor("two");
    settings.replace([one, { ...two, name: "Renamed" }]);
    await Promise.resolve();
    assert.deepEqual(
      sources.map(({ isDisposed }) => isDisposed),
      [false, true],
    );
    assert.equal(await service.sourceFor("one"), before);
    assert.notEqual(await service.sourceFor("two"), before);
    settings.replace([]);
    await Promise.resolve();
    assert.deepEqual(
      sources.map(({ isDisposed }) => isDisposed),
      [true, true, true],
    );
    assert.deepEqual(await failure(service.sourceFor("one")), {
      kind: "misconfigured",
      what: "connectionUnknown",
      detail: "one",
    });
  });

  test("made for a profile that changed meanwhile is never handed out", async () => {
    const { service, sources, settings } = setUp([one]);
    const asked = service.sourceFor("one");
    settings.replace([{ ...one, url: "https://elsewhere.example" }]);
    assert.equal((await failure(asked)).kind, "cancelled");
    assert.deepEqual(
      sources.map(({ isDisposed }) => isDisposed),
      [true],
    );
    await service.sourceFor("one");
    assert.equal(sources.at(-1)?.endpoint.baseUrl, "https://elsewhere.example");
  });

  test("ends with the service", async () => {
    const { service, sources } = setUp([one]);
    await service.sourceFor("one");
    service.dispose();
    await Promise.resolve();
    assert.equal(sources[0]?.isDisposed, true);
  });

  test("asks for a secret anew each time and names it for redaction", async () => {
    const { service, secrets, sources } = setUp([two]);
    const origin = "https://two.example";
    const source = await service.sourceFor("two");
    assert.equal((await failure(source.query({ query: "up" }, { signal }))).kind, "secretMissing");
    await secrets.save("two", "token", { origin, value: "first" });
    await source.query({ query: "up" }, { signal });
    await secrets.save("two", "token", { origin, value: "second" });
    await source.query({ query: "up" }, { signal });
    const [fake] = sources;
    assert.deepEqual(
      fake?.sent.map(({ headers }) => headers["Authorization"]),
      ["Bearer first", "Bearer second"],
    );
    assert.deepEqual((await fake?.endpoint.credentials(origin, { signal }))?.secrets, ["second"]);
  });
});

describe("health", () => {
  test("follows the queries that were really sent", async () => {
    let outcome: () => QueryAnswer = () => upVector([1]);
    const { service, changes } = setUp([one], () => outcome());
    const source = await service.sourceFor("one");
    assert.deepEqual(service.healthOf("one"), { state: "unknown" });
    await source.query({ query: "up" }, { signal });
    await settled();
    const before = changes();
    await source.query({ query: "up" }, { signal });
    assert.deepEqual(service.healthOf("one"), { state: "ok", at: 1000 });
    assert.equal(changes(), before);
    const refused = { kind: "unreachable", code: "refused", detail: "" } as const;
    outcome = () => {
      throw new AppError(refused);
    };
    await failure(source.query({ query: "up" }, { signal }));
    assert.deepEqual(service.healthOf("one"), { state: "failed", at: 1000, failure: refused });
    outcome = () => {
      throw new AppError({ kind: "rejected", status: 400, errorType: "bad_data", message: "" });
    };
    await failure(source.query({ query: "(" }, { signal }));
    assert.deepEqual(service.healthOf("one"), { state: "ok", at: 1000 });
  });

  test("is unknown again when the profile changes, not when another one does", async () => {
    const { service, settings } = setUp([one, two]);
    await service.check("one", { signal });
    settings.replace([one]);
    assert.equal(service.healthOf("one").state, "ok");
    settings.replace([{ ...one, timeoutMs: 500 }]);
    assert.equal(service.healthOf("one").state, "unknown");
  });
});

describe("a test", () => {
  test("asks 1+1, then up, and closes its source", async () => {
    const { service, sources } = setUp([one]);
    assert.deepEqual(await service.check("one", { signal }), {
      durationMs: 12,
      targets: { up: 2, total: 3 },
      upFailure: undefined,
      buildInfo: { application: "Prometheus", version: "3.1.0", revision: undefined },
      marksPartial: false,
    });
    assert.deepEqual(
      sources[0]?.sent.map(({ query }) => query),
      ["1+1", "up"],
    );
    assert.equal(sources[0]?.isDisposed, true);
  });

  test("succeeds without up", async () => {
    const { service } = setUp([one], (query) => {
      if (query === "up") throw new AppError({ kind: "rejected", status: 422, errorType: "execution", message: "no" });
      return answerOf({ type: "scalar", time: 1, value: 2 });
    });
    const report = await service.check("one", { signal });
    assert.equal(report.targets, undefined);
    assert.equal(report.upFailure?.kind, "rejected");
  });

  test("fails with 1+1, and the connection with it", async () => {
    const { service, sources } = setUp([one], () => {
      throw new AppError({ kind: "unauthorized", status: 401, detail: "" });
    });
    assert.equal((await failure(service.check("one", { signal }))).kind, "unauthorized");
    assert.equal(service.healthOf("one").state, "failed");
    assert.equal(sources[0]?.isDisposed, true);
  });

  test("of a draft uses the typed secret and stores nothing", async () => {
    const { service, sources, log } = setUp([]);
    await service.test(profileOf(two), typedToken("typed"), { signal });
    assert.equal(sources[0]?.sent[0]?.headers["Authorization"], "Bearer typed");
    assert.deepEqual(log, []);
  });

  test("of a draft sends a stored secret to another origin only when that was confirmed", async () => {
    const { service, secrets, sources } = setUp([two]);
    await secrets.save("two", "token", { origin: "https://two.example", value: "v" });
    const moved = profileOf({ ...two, url: "https://new.example" });
    assert.equal((await failure(service.test(moved, stored, { signal }))).kind, "originChanged");
    assert.deepEqual(sources[0]?.sent, []);
    await service.test(moved, { ...noDrafts, confirmed: ["https://new.example"] }, { signal });
    assert.equal(sources[1]?.sent[0]?.headers["Authorization"], "Bearer v");
  });

  test("that is cancelled says so", async () => {
    const controller = new AbortController();
    const { service } = setUp([one], (query) => {
      if (query === "1+1") controller.abort(new AppError({ kind: "cancelled" }));
      return upVector([]);
    });
    assert.equal((await failure(service.check("one", { signal: controller.signal }))).kind, "cancelled");
    assert.equal(service.healthOf("one").state, "unknown");
  });
});

describe("what a server offers", () => {
  /** A service whose servers answer probes with `reply`; `asked` is what they were asked, `open` the questions under way. */
  function setUpProbes(reply: (endpoint: OptionalEndpoint, signal: AbortSignal) => Promise<number>, value = [one]) {
    const asked: OptionalEndpoint[] = [];
    const parts = setUp(value, undefined, (source) => {
      Object.assign(source, {
        probe: (endpoint: OptionalEndpoint, options: RequestOptions) => {
          asked.push(endpoint);
          return reply(endpoint, options.signal);
        },
      });
    });
    const offers = () => {
      const known = parts.service.capabilities.of(parts.service.find("one") ?? assert.fail());
      return new Map([...(known?.offers ?? [])].map(([endpoint, { offer }]) => [endpoint, offer]));
    };
    return { ...parts, asked, offers };
  }

  const missing = (endpoint: OptionalEndpoint) => {
    if (endpoint !== "targets") return Promise.resolve(200);
    return Promise.reject(new AppError({ kind: "notPrometheus", status: 404, content: "text", detail: "" }));
  };

  test("is found out behind a test, which does not wait for it", async () => {
    const { service, asked, offers } = setUpProbes(missing);
    await service.check("one", { signal });
    assert.deepEqual(asked, []);
    await settled();
    assert.equal(asked.length, 9);
    assert.deepEqual([offers().get("targets"), offers().get("rules")], ["notOffered", "offered"]);
  });

  test("is found out by the first query, and by no later one", async () => {
    const { service, asked } = setUpProbes(missing);
    const source = await service.sourceFor("one");
    await settled();
    assert.deepEqual(asked, []);
    await source.query({ query: "up" }, { signal });
    await settled();
    assert.equal(asked.length, 9);
    await source.query({ query: "up" }, { signal });
    await settled();
    assert.equal(asked.length, 9);
  });

  test("is not asked again after a probe in trouble, but on demand", async () => {
    const { service, asked, offers } = setUpProbes(() =>
      Promise.reject(new AppError({ kind: "notPrometheus", status: 503, content: "text", detail: "" })),
    );
    const source = await service.sourceFor("one");
    await source.query({ query: "up" }, { signal });
    await settled();
    const before = asked.length;
    assert.ok(before <= 5, `${before} requests`);
    assert.deepEqual([offers().get("buildInfo"), offers().get("alerts")], ["offered", "unknown"]);
    await source.query({ query: "up" }, { signal });
    await settled();
    assert.equal(asked.length, before);
    await service.probe("one", { signal });
    assert.ok(asked.length > before);
  });

  test("is forgotten when the connection is asked in another way, and with the connection", async () => {
    const { service, settings, offers } = setUpProbes(missing);
    await service.probe("one", { signal });
    assert.equal(offers().size, 10);
    settings.replace([{ ...one, headers: { "X-Scope-OrgID": "b" } }]);
    assert.equal(offers().size, 0);
    await service.probe("one", { signal });
    settings.replace([]);
    settings.replace([one]);
    assert.equal(offers().size, 0);
    await service.probe("one", { signal });
    await service.remove("one");
    settings.replace([one]);
    assert.equal(offers().size, 0);
  });

  test("is corrected by using it, and a refused credential says nothing of it", async () => {
    const { service, offers, sources } = setUpProbes(missing);
    await service.probe("one", { signal });
    const source = await service.sourceFor("one");
    assert.ok(sources[0] !== undefined);
    Object.assign(sources[0], { targets: async () => [], rules: () => Promise.reject(new AppError(unauthorized)) });
    await source.targets({ signal });
    await failure(source.rules({ signal }));
    assert.deepEqual([offers().get("targets"), offers().get("rules")], ["offered", "offered"]);
  });

  test("stays as it was known when a probe is cancelled or learns nothing", async () => {
    let reply = missing;
    const { service, offers } = setUpProbes((endpoint) => reply(endpoint));
    await service.probe("one", { signal });
    const before = offers();
    const controller = new AbortController();
    reply = () => {
      controller.abort();
      return Promise.reject(new AppError({ kind: "cancelled" }));
    };
    assert.equal((await failure(service.probe("one", { signal: controller.signal }))).kind, "cancelled");
    assert.deepEqual(offers(), before);
  });

  test("of a connection that changes meanwhile is given up", async () => {
    const { service, settings, offers, asked } = setUpProbes(
      (_endpoint, stopped) =>
        new Promise((_resolve, reject) => {
          stopped.addEventListener("abort", () => reject(new AppError({ kind: "cancelled" })));
        }),
    );
    const probing = failure(service.probe("one", { signal }));
    await settled();
    settings.replace([{ ...one, url: "https://other.example" }]);
    assert.equal((await probing).kind, "cancelled");
    assert.equal(asked.length, 3);
    assert.equal(offers().size, 0);
  });

  test("marks of partial answers make it a cluster", async () => {
    const { service } = setUp([one], () => ({ ...upVector([1]), isPartial: false }));
    const profile = service.find("one") ?? assert.fail();
    assert.equal(service.programOf(profile).mode, undefined);
    const source = await service.sourceFor("one");
    await source.query({ query: "up" }, { signal });
    assert.equal(service.capabilities.of(profile)?.marksPartial, true);
  });
});

const unauthorized = { kind: "unauthorized", status: 401, detail: "" } as const;

describe("the program of a server", () => {
  const program = (service: ConnectionService, id: string) => service.backends.of(service.find(id) ?? assert.fail());
  const prometheus = { name: "Prometheus", version: "3.1.0", learntAt: 1000 };

  test("is learnt by a test, and by whoever reads the build information of the connection", async () => {
    const { service, changes } = setUp([one, two]);
    assert.equal(program(service, "one"), undefined);
    await service.check("one", { signal });
    assert.partialDeepStrictEqual(program(service, "one"), prometheus);
    await settled();
    const before = changes();
    const source = await service.sourceFor("two");
    assert.equal(program(service, "two"), undefined);
    await source.buildInfo({ signal });
    assert.partialDeepStrictEqual(program(service, "two"), prometheus);
    assert.equal(changes(), before + 1);
  });

  test("is not learnt by the test of a draft, which is nobody's yet", async () => {
    const { service } = setUp([one]);
    await service.test(profileOf({ ...one, url: "https://new.example" }), stored, { signal });
    assert.equal(program(service, "one"), undefined);
  });

  test("is unknown at another address and forgotten with the connection", async () => {
    const { service, settings } = setUp([one, two]);
    await service.check("one", { signal });
    settings.replace([{ ...one, url: "https://other.example" }, two]);
    assert.equal(program(service, "one"), undefined);
    settings.replace([one, two]);
    assert.partialDeepStrictEqual(program(service, "one"), prometheus);
    await service.remove("one");
    settings.replace([one, two]);
    assert.equal(program(service, "one"), undefined);
  });
});

describe("plain http with a secret", () => {
  const open = { ...two, url: "http://10.0.0.1:9090" };

  test("waits for one consent for each connection and origin", async () => {
    const { service, secrets, sources, settings } = setUp([open]);
    await secrets.save("two", "token", { origin: "http://10.0.0.1:9090", value: "v" });
    const source = await service.sourceFor("two");
    const refused = await failure(source.query({ query: "up" }, { signal }));
    assert.deepEqual(refused, { kind: "misconfigured", what: "plainHttpConsent", detail: "http://10.0.0.1:9090" });
    assert.deepEqual(sources[0]?.sent, []);
    const profile = service.find("two") ?? assert.fail();
    assert.equal(service.needsPlainHttpConsent(profile), true);
    await service.givePlainHttpConsent(profile);
    assert.equal(service.needsPlainHttpConsent(profile), false);
    await source.query({ query: "up" }, { signal });
    assert.equal(sources[0]?.sent.length, 1);
    settings.replace([{ ...two, url: "http://10.0.0.2:9090" }]);
    assert.equal(service.needsPlainHttpConsent(service.find("two") ?? assert.fail()), true);
  });

  test("is no matter on this machine, over https, or without a secret", () => {
    const { service } = setUp([]);
    for (const url of ["http://localhost:1", "http://127.0.0.1", "https://10.0.0.1"]) {
      assert.equal(service.needsPlainHttpConsent(profileOf({ ...two, url })), false);
    }
    assert.equal(service.needsPlainHttpConsent(profileOf({ ...one, url: "http://10.0.0.1" })), false);
  });

  test("a test asks for consent as well, unless it was just given", async () => {
    const { service } = setUp([]);
    const typed = typedToken("v");
    assert.equal((await failure(service.test(profileOf(open), typed, { signal }))).kind, "misconfigured");
    await service.test(profileOf(open), typed, { signal, mayUsePlainHttp: true });
  });
});

describe("writing", () => {
  test("saves the secret before the profile and removes it after", async () => {
    const { service, log } = setUp([]);
    await service.save(profileOf(two), two, typedToken("v"), { replaceUnreadable: false });
    assert.equal(service.list().length, 1);
    await service.remove("two");
    assert.deepEqual(log, [
      "secret promqlWorkbench.secret.v1/two/token",
      "upsert two",
      "remove two",
      "forget promqlWorkbench.secret.v1/two/token",
    ]);
  });

  test("keeps the profile's other keys, takes keys away, and drops secrets of another way to sign in", async () => {
    const { service, settings, secretStore, secrets } = setUp([{ ...two, color: "red", headers: { "X-A": "1" } }]);
    await secrets.save("two", "token", { origin: "https://two.example", value: "v" });
    const changes = { auth: { type: "basic", username: "u" }, headers: undefined };
    await service.save(
      profileOf({ ...two, auth: changes.auth }),
      changes,
      { ...noDrafts, typed: new Map([["password", "p"]]) },
      { replaceUnreadable: false },
    );
    assert.deepEqual(settings.value, [{ ...two, color: "red", auth: changes.auth }]);
    assert.deepEqual([...secretStore.values.keys()], ["promqlWorkbench.secret.v1/two/password"]);
  });

  test("binds a kept secret to a confirmed origin and says when it is bound elsewhere", async () => {
    const { service, secrets } = setUp([two]);
    await secrets.save("two", "token", { origin: "https://old.example", value: "v" });
    const profile = profileOf(two);
    const move = await service.movedSecret(profile);
    assert.deepEqual(move, { from: "https://old.example", to: "https://two.example" });
    await service.confirmMove(profile, move);
    assert.equal(await service.movedSecret(profile), undefined);
    const moved = { ...two, url: "https://new.example" };
    const confirmed = { ...noDrafts, confirmed: ["https://new.example"] };
    await service.save(profileOf(moved), moved, confirmed, { replaceUnreadable: false });
    assert.equal(await service.movedSecret(profileOf(moved)), undefined);
  });

  test("keeps each secret for its own purpose and origin, and drops those that are needed no more", async () => {
    const { service, secrets, secretStore } = setUp([]);
    const auth = { type: "oauth2", tokenUrl: "https://login.example/token", clientId: "c" };
    const whole = { ...two, auth, secretHeaders: ["X-Api-Key"], secretQueryParams: ["authKey"] };
    const typed = new Map<SecretPurpose, string>([
      ["clientSecret", "s1"],
      ["header:X-Api-Key", "s2"],
      ["query:authKey", "s3"],
    ]);
    await service.save(profileOf(whole), whole, { typed, confirmed: [] }, { replaceUnreadable: false });
    const origins = [...typed.keys()].map(async (purpose) => {
      const stored = await secrets.read("two", purpose);
      return stored.state === "found" ? [stored.secret.origin, stored.secret.value] : stored.state;
    });
    assert.deepEqual(await Promise.all(origins), [
      ["https://login.example", "s1"],
      ["https://two.example", "s2"],
      ["https://two.example", "s3"],
    ]);
    const less = { ...two, auth, secretHeaders: ["X-Api-Key"] };
    await service.save(profileOf(less), less, noDrafts, { replaceUnreadable: false });
    assert.deepEqual([...secretStore.values.keys()].sort(), [
      "promqlWorkbench.secret.v1/two/clientSecret",
      "promqlWorkbench.secret.v1/two/header:X-Api-Key",
    ]);
    await service.remove("two");
    assert.equal(secretStore.values.size, 0);
  });

  test("says which secrets are missing, and takes one for the next request", async () => {
    const profile = { ...two, secretHeaders: ["X-Api-Key"] };
    const { service, secrets, sources } = setUp([profile]);
    const origin = "https://two.example";
    await secrets.save("two", "token", { origin, value: "t" });
    const [missing, ...others] = await service.missingSecrets(profileOf(profile));
    assert.deepEqual([missing, others], [{ purpose: "header:X-Api-Key", origin, isOptional: false }, []]);
    await service.replaceSecret("two", missing ?? assert.fail(), "k");
    assert.deepEqual(await service.missingSecrets(profileOf(profile)), []);
    await (await service.sourceFor("two")).query({ query: "up" }, { signal });
    assert.deepEqual(sources[0]?.sent[0]?.headers, { "X-Api-Key": "k", Authorization: "Bearer t" });
  });

  test("of a profile whose secret cannot be stored changes nothing", async () => {
    const { service, settings, secretStore } = setUp([]);
    secretStore.values.set("promqlWorkbench.secret.v1/two/token", "damaged");
    const saving = service.save(profileOf(two), two, typedToken("v"), { replaceUnreadable: false });
    assert.equal((await failure(saving)).kind, "misconfigured");
    assert.deepEqual(settings.value, []);
  });

  const key = "promqlWorkbench.secret.v1/two/token";
  const bound = '{"version":1,"origin":"https://two.example","value":"old"}';
  const refusals: readonly {
    readonly title: string;
    readonly before: string | undefined;
    readonly draft: SecretDrafts;
  }[] = [
    { title: "the one that works", before: bound, draft: typedToken("new") },
    { title: "that there is none", before: undefined, draft: typedToken("new") },
    { title: "one that cannot be read", before: "damaged", draft: typedToken("new") },
    {
      title: "where it is bound to",
      before: bound,
      draft: { ...noDrafts, confirmed: ["https://new.example"] },
    },
  ];
  for (const { title, before, draft } of refusals) {
    test(`that the settings refuse leaves the secret as it was: ${title}`, async () => {
      const { service, settings, secretStore } = setUp([two]);
      if (before !== undefined) secretStore.values.set(key, before);
      settings.upsert = () => Promise.reject(new AppError({ kind: "misconfigured", what: "settingsFile", detail: "" }));
      const moved = { ...two, url: "https://new.example" };
      const saving = service.save(profileOf(moved), moved, draft, { replaceUnreadable: true });
      assert.equal((await failure(saving)).kind, "misconfigured");
      assert.equal(secretStore.values.get(key), before);
    });
  }

  test("that fails twice says why the settings refused", async () => {
    const { service, settings, secretStore } = setUp([]);
    settings.upsert = () => Promise.reject(new AppError({ kind: "misconfigured", what: "settingsFile", detail: "" }));
    secretStore.delete = () => Promise.reject(new Error("the keyring is locked"));
    const saving = service.save(profileOf(two), two, typedToken("new"), { replaceUnreadable: false });
    assert.equal((await failure(saving)).kind, "misconfigured");
  });
});
